using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Functions.Process;

/// <summary>What the workflow hands over.</summary>
/// <param name="Time">When the workflow came here; this machine's clock is asked only where it is absent.</param>
/// <param name="Execution">The execution's name, for the logs.</param>
/// <param name="Batch">The execution's input, with what the breaker record said.</param>
public sealed record ProcessEvent(string? Time, string? Execution, SendBatch? Batch);

/// <summary>The items to send.</summary>
/// <param name="Items">Their keys.</param>
/// <param name="Force">Whether times that are not due yet are ignored.</param>
/// <param name="Redrive">Whether parked items are sent again.</param>
/// <param name="Source">What asked for it.</param>
/// <param name="Report">What the workflow will tell the retry function; present on probes.</param>
/// <param name="Breaker">What the workflow read of the breaker record.</param>
public sealed record SendBatch(
    IReadOnlyList<SendItem>? Items,
    bool Force,
    bool Redrive,
    string? Source,
    SendReport? Report,
    BreakerRead? Breaker
);

/// <summary>An item's key in DynamoDB JSON, and when it was first seen.</summary>
public sealed record SendItem(JsonElement Key, string? SeenAt);

/// <summary>probe, ramp or more.</summary>
public sealed record SendReport(string? Kind);

/// <summary>The answer to reading the breaker record; without an item there is none yet.</summary>
public sealed record BreakerRead([property: JsonPropertyName("Item")] BreakerItem? Item);

/// <summary>The breaker record in DynamoDB JSON.</summary>
public sealed record BreakerItem(BreakerStateValue? State);

/// <summary>ALARM, OK, INSUFFICIENT_DATA, or UNREADABLE where the workflow could not read it.</summary>
public sealed record BreakerStateValue([property: JsonPropertyName("S")] string? S);

/// <summary>What became of the items; the details are on the items. Failed are those that speak against the topic.</summary>
/// <param name="PacedUntil">When the first of those may go that were put off to keep the pace, or given back to the function as it is now; null where none was, or only for the sweep.</param>
public sealed record ProcessResult(
    int Sent,
    int Failed,
    int Retried,
    int Rejected,
    int Deferred,
    int Skipped,
    int Paced = 0,
    string? PacedUntil = null
);

/// <summary>The JSON of the process function, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProcessEvent))]
[JsonSerializable(typeof(ProcessResult))]
internal sealed partial class ProcessJson : JsonSerializerContext;
