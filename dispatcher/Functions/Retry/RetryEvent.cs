using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Functions.Retry;

/// <summary>The schedule's input, EventBridge's event on the alarm's change of state, the workflow's report, or a call by hand.</summary>
/// <param name="Source">disa.schedule, aws.cloudwatch, disa.report or disa.cli; disa.audit asks for the audit instead.</param>
/// <param name="Time">The time of the schedule or of the event: what is due is due by this time.</param>
/// <param name="Force">Ignore due times (but never the alarm).</param>
/// <param name="Detail">EventBridge's detail.</param>
/// <param name="Run">The workflow's data at the end of the execution that reports.</param>
public sealed record RetryEvent(string? Source, string? Time, bool Force, AlarmChange? Detail, ReportedRun? Run = null)
{
    /// <summary>What the report says of the breaker; null where it only asks for a sweep.</summary>
    [JsonIgnore]
    public BreakerReport? Report =>
        Run switch
        {
            null or { Report.Kind: ReportRequest.More } or { Report: null, Result: null, Error: null } => null,

            // Without a result the process function did not come to one: that says nothing of the topic.
            { Result: { } result } => new(Run.Report?.Token, result.Sent, result.Failed),
            _ => new(Run.Report?.Token, 0, 0),
        };
}

/// <summary>An execution of the workflow as it reports itself.</summary>
/// <param name="Report">Which probe it was.</param>
/// <param name="Items">Its items; only their number matters.</param>
/// <param name="Result">What the process function answered.</param>
/// <param name="Error">Why it did not answer.</param>
public sealed record ReportedRun(ReportRequest? Report, IReadOnlyList<JsonElement>? Items, ReportedResult? Result, JsonElement? Error);

/// <summary>Of the process function's answer, what matters to the breaker.</summary>
public sealed record ReportedResult(int Sent, int Failed);

/// <summary>The alarm as EventBridge tells of it.</summary>
public sealed record AlarmChange(string? AlarmName, AlarmState? State);

/// <summary>The state that the alarm changed to, and when.</summary>
public sealed record AlarmState(string? Value, string? Timestamp);

/// <summary>What the sweep did.</summary>
/// <param name="Breaker">ALARM, RAMP, OK or INSUFFICIENT_DATA.</param>
/// <param name="Due">Due messages that it found, up to its bound; in Alarm they are held.</param>
/// <param name="Started">Messages for which it started the workflow.</param>
/// <param name="Executions">In how many new executions.</param>
/// <param name="More">Whether it left due messages to the next sweep.</param>
public sealed record RetryResult(string Breaker, int Due, int Started, int Executions, bool More);

/// <summary>The JSON of the retry function, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RetryEvent))]
[JsonSerializable(typeof(RetryResult))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class RetryJson : JsonSerializerContext;
