using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Asl;

/// <summary>What a position is waiting for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
public enum Phase
{
    /// <summary>Nothing: its state is to be entered.</summary>
    Enter,

    /// <summary>A task that someone must run; after a restart it is run again, unless it was submitted.</summary>
    Task,

    /// <summary>The end of a Wait state.</summary>
    Wait,

    /// <summary>The next attempt of a failed state.</summary>
    Retry,

    /// <summary>The branches or iterations below it.</summary>
    Join,

    /// <summary>The Map run of a distributed Map.</summary>
    MapRun,

    /// <summary>Nothing: its state, which failed before, is to be run again without being entered.</summary>
    Redrive,

    /// <summary>Its siblings: it has reached the end of its branch.</summary>
    Done,
}

/// <summary>Where one line of execution stands: the whole execution is its root position and those of branches in flight.</summary>
/// <remarks>Immutable and serialisable: an execution can be put down between any two decisions and taken up again.</remarks>
public sealed record Position
{
    /// <summary>0 for the execution itself; branches and iterations count up from 1.</summary>
    public int Id { get; init; }

    /// <summary>The position of the Parallel or Map state that started this one; -1 for the root.</summary>
    public int Parent { get; init; } = -1;

    /// <summary>Which branch, or which item.</summary>
    public int Index { get; init; }

    public required string State { get; init; }

    public Phase Phase { get; init; }

    /// <summary>The state's raw input.</summary>
    public JsonElement Input { get; init; }

    /// <summary>The variables visible here: an object.</summary>
    public JsonElement Variables { get; init; }

    /// <summary>The id of the history event that the next one follows.</summary>
    public long LastEvent { get; init; }

    public long EnteredEvent { get; init; }

    /// <summary>What <see cref="EnteredEvent"/> follows.</summary>
    public long EnteredAfter { get; init; }

    public DateTimeOffset Entered { get; init; }

    /// <summary>When something happens by itself: the wait's end, the retry, the task's timeout.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Retries so far, per retrier.</summary>
    public IReadOnlyList<int> Attempts { get; init; } = [];

    public int RetryCount { get; init; }

    public TaskOrder? Task { get; init; }

    public Join? Join { get; init; }

    public MapOrder? Map { get; init; }

    /// <summary>The result of a branch that is <see cref="Phase.Done"/>.</summary>
    public JsonElement Output { get; init; }
}

/// <summary>A task as it was scheduled.</summary>
public sealed record TaskOrder
{
    /// <summary>The id of its scheduled event: tells a late answer of an earlier attempt from this one's.</summary>
    public long Id { get; init; }

    public required string Resource { get; init; }

    public JsonElement Parameters { get; init; }

    /// <summary>The task token that the callback must bring, for <c>.waitForTaskToken</c> and activities alone.</summary>
    public string? Token { get; init; }

    /// <summary>The call was answered, or a worker has taken it; what remains is the callback or the other execution's end.</summary>
    public bool Submitted { get; init; }

    /// <summary>What the call answered, as long as the task is not over.</summary>
    public JsonElement Submission { get; init; }

    /// <summary>Of a task with Credentials: the role that it is done as.</summary>
    public string? RoleArn { get; init; }

    public int? HeartbeatSeconds { get; init; }

    /// <summary>Of an activity, whose time begins when a worker takes its task.</summary>
    public int? TimeoutSeconds { get; init; }

    public DateTimeOffset? TimeoutAt { get; init; }

    public DateTimeOffset? HeartbeatAt { get; init; }
}

/// <summary>What a Parallel or Map state is collecting.</summary>
public sealed record Join
{
    /// <summary>How many branches or iterations there are.</summary>
    public int Length { get; init; }

    /// <summary>How many of them have been started.</summary>
    public int Started { get; init; }

    /// <summary>How many of them have reached their end.</summary>
    public int Finished { get; init; }

    /// <summary>The effective input, from which items are selected.</summary>
    public JsonElement Input { get; init; }

    /// <summary>A Map's items; undefined for a Parallel.</summary>
    public JsonElement Items { get; init; }
}

/// <summary>JSON of positions, for whoever keeps them.</summary>
[JsonSourceGenerationOptions(
    MaxDepth = 256,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(VerbatimConverter)]
)]
[JsonSerializable(typeof(Position))]
[JsonSerializable(typeof(MapOrder))]
public sealed partial class PositionJson : JsonSerializerContext;

/// <summary>Keeps free JSON to the letter, white space and escapes included: history events show it so.</summary>
internal sealed class VerbatimConverter : JsonConverter<JsonElement>
{
    public override bool HandleNull => true;

    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
