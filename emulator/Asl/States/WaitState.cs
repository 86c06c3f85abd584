using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Lets time pass.</summary>
internal sealed partial class WaitState : State
{
    private static readonly string[] Kinds = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

    private readonly DataFlow _flow;
    private readonly int? _seconds;
    private readonly JsonPath? _secondsPath;
    private readonly string? _timestamp;
    private readonly JsonPath? _timestampPath;
    private readonly JsonataField? _secondsField;
    private readonly JsonataField? _timestampField;

    public WaitState(DefinitionReader reader, string name)
        : base(reader, name, "Wait")
    {
        _flow = DataFlow.Read(reader);
        var given = Kinds.Where(reader.Has).ToList();
        _secondsField = reader.JsonataOnly("Seconds");
        _timestampField = reader.JsonataOnly("Timestamp");
        _seconds = reader.Integer("Seconds", 0, TaskState.LongestTimeout);
        _secondsPath = reader.Path("SecondsPath");
        _timestamp = reader.String("Timestamp");
        _timestampPath = reader.Path("TimestampPath");
        if (_timestamp is not null && Moment(_timestamp) is null)
        {
            reader.Wrong("String does not match RFC3339 timestamp", "Timestamp");
        }

        if (given.Count != 1)
        {
            reader.Wrong($"Exactly one of these fields is required: [{string.Join(", ", Kinds)}]");
        }
    }

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        var input = scope.With(_flow.Input(scope));
        step.Put(position with { Phase = Phase.Wait, Due = Until(input, position.Entered) });
    }

    internal override void Elapsed(Step step, Position position)
    {
        var scope = step.Scope(position);
        var (output, assigned) = _flow.Passed(scope.With(_flow.Input(scope)));
        step.Exit(position, output, assigned, Next);
    }

    /// <summary>An RFC 3339 time with capital T, and Z or an offset; null for any other text.</summary>
    internal static DateTimeOffset? Moment(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;

    private DateTimeOffset Until(Scope input, DateTimeOffset entered)
    {
        if (_seconds is { } seconds)
        {
            return entered.AddSeconds(seconds);
        }

        if (_secondsField is not null)
        {
            return entered.AddSeconds(_secondsField.Integer(input, 0));
        }

        if (_timestampField is not null)
        {
            var text = _timestampField.Evaluate(input, "string").GetString()!;
            return Moment(text)
                ?? throw new WorkflowException(
                    WorkflowError.QueryEvaluationError,
                    $"The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}",
                    "Timestamp"
                )
                {
                    IsOfValue = true,
                };
        }

        if (_secondsPath is not null)
        {
            return entered.AddSeconds(Seconds(_secondsPath, input));
        }

        if (_timestampPath is null)
        {
            return Moment(_timestamp!)!.Value;
        }

        var stamp = Referenced(_timestampPath, input, "TimestampPath");
        return stamp.ValueKind == JsonValueKind.String && Moment(stamp.GetString()!) is { } time
            ? time
            : throw WorkflowException.Runtime(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
                    + $"{_timestampPath.Text} == {Shown(stamp)}"
            );
    }

    /// <summary>Whole seconds; AWS words each fault on its own (recorded).</summary>
    private static int Seconds(JsonPath path, Scope input)
    {
        var value = Referenced(path, input, "SecondsPath");
        var what = $"{path.Text} == {Shown(value)}";
        if (value.ValueKind != JsonValueKind.Number)
        {
            throw WorkflowException.Runtime($"The SecondsPath parameter does not reference a valid integer value: {what}");
        }

        if (!value.TryGetInt64(out var seconds))
        {
            throw WorkflowException.Runtime($"The SecondsPath parameter cannot be parsed as a long value: {what}");
        }

        return seconds < 0 ? throw WorkflowException.Runtime($"The SecondsPath parameter references a negative value: {what}")
            : seconds > TaskState.LongestTimeout
                ? throw WorkflowException.Runtime($"The SecondsPath parameter does not reference a valid integer value: {what}")
            : (int)seconds;
    }

    /// <summary>What a path of a field reads, where AWS has words of its own for one that finds nothing.</summary>
    internal static JsonElement Referenced(JsonPath path, Scope scope, string field) =>
        path.TryRead(scope, out var value)
            ? value
            : throw WorkflowException.Runtime($"The {field} parameter does not reference an input value: {path.Text}");

    /// <summary>Texts without their quotes, as AWS shows values in causes.</summary>
    internal static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : Json.Compact(value);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})\z")]
    private static partial Regex Rfc3339();
}
