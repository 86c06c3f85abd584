using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>One rule of a Retry list.</summary>
internal sealed class Retrier
{
    private Retrier(DefinitionReader reader)
    {
        ErrorEquals = ErrorNames.Read(reader);
        IntervalSeconds = reader.Integer("IntervalSeconds", 1, TaskState.LongestTimeout) ?? 1;
        MaxAttempts = reader.Integer("MaxAttempts", 0, TaskState.LongestTimeout) ?? 3;
        BackoffRate = reader.Number("BackoffRate", 1) ?? 2;
        MaxDelaySeconds = reader.Integer("MaxDelaySeconds", 1, 31_622_400);
        var jitter = reader.String("JitterStrategy");
        HasJitter = jitter == "FULL";
        if (jitter is not (null or "FULL" or "NONE"))
        {
            reader.Wrong("Value must be one of: [FULL, NONE]", "JitterStrategy");
        }

        if (MaxDelaySeconds <= IntervalSeconds)
        {
            reader.Wrong("MaxDelaySeconds must be greater than IntervalSeconds", "MaxDelaySeconds");
        }

        reader.NoOthers();
    }

    public IReadOnlyList<string> ErrorEquals { get; }

    public int IntervalSeconds { get; }

    public int MaxAttempts { get; }

    public double BackoffRate { get; }

    public int? MaxDelaySeconds { get; }

    /// <summary>Full jitter: anything from nothing to the delay.</summary>
    public bool HasJitter { get; }

    /// <param name="attempts">Retries that this rule has already made.</param>
    public TimeSpan Delay(int attempts, Random random)
    {
        var seconds = Math.Min(IntervalSeconds * Math.Pow(BackoffRate, attempts), MaxDelaySeconds ?? TaskState.LongestTimeout);
        return TimeSpan.FromSeconds(HasJitter ? seconds * random.NextDouble() : seconds);
    }

    public static IReadOnlyList<Retrier> ReadAll(DefinitionReader reader) =>
        ErrorNames.ReadRules(reader, "Retry", inner => new Retrier(inner), rule => rule.ErrorEquals);
}

/// <summary>One rule of a Catch list.</summary>
internal sealed class Catcher
{
    private readonly Optional<JsonPath> _resultPath;
    private readonly Template? _assign;
    private readonly JsonataTemplate? _output;
    private readonly JsonataTemplate? _variables;

    private Catcher(DefinitionReader reader)
    {
        ErrorEquals = ErrorNames.Read(reader);
        reader.Require("Next");
        Next = reader.String("Next") ?? "";
        Languages.Refuse(reader, reader.Language);
        if (reader.Language == QueryLanguage.Jsonata)
        {
            var prefix = reader.Location[(reader.Location.LastIndexOf('/') + 1)..] + "/";
            _output = reader.Jsonata("Output", JsonataPlace.Error, prefix);
            _variables = reader.Jsonata("Assign", JsonataPlace.Error, prefix);
        }
        else
        {
            _resultPath = reader.NullablePath("ResultPath", reference: true);
            _assign = reader.Template("Assign");
        }

        reader.NoOthers();
    }

    public IReadOnlyList<string> ErrorEquals { get; }

    public string Next { get; }

    /// <summary>What goes to <see cref="Next"/>: the raw input with the error in its place.</summary>
    public (JsonElement Output, JsonElement Assigned) Output(Scope raw, WorkflowError error)
    {
        var result = Json.Write(w =>
        {
            w.WriteStartObject();
            // SendTaskFailure with nothing to say is caught as null and null (recorded on AWS).
            w.WriteString("Error", error.Error);
            w.WriteString("Cause", error.Error is null ? error.Cause : error.Cause ?? "");
            w.WriteEndObject();
        });
        if (_output is not null || _variables is not null)
        {
            var scope = raw.WithError(result);
            var variables = _variables?.Evaluate(scope) ?? default;
            return (_output?.Evaluate(scope) ?? result, variables);
        }

        var output =
            !_resultPath.IsSet ? result
            : _resultPath.Value is null ? raw.Input
            : ReferencePath.Put(_resultPath.Value, raw.Input, result);
        return (output, _assign?.Evaluate(raw.With(result)) ?? default);
    }

    public static IReadOnlyList<Catcher> ReadAll(DefinitionReader reader) =>
        ErrorNames.ReadRules(reader, "Catch", inner => new Catcher(inner), rule => rule.ErrorEquals);
}

/// <summary>The rules for ErrorEquals: not empty, and States.ALL alone and in the last rule.</summary>
internal static class ErrorNames
{
    public static IReadOnlyList<string> Read(DefinitionReader reader)
    {
        reader.Require("ErrorEquals");
        var names = reader.Strings("ErrorEquals");
        if (names.Count > 1 && names.Contains(WorkflowError.All))
        {
            reader.Wrong("States.ALL must appear alone in the ErrorEquals array", "ErrorEquals");
        }

        return names;
    }

    public static IReadOnlyList<T> ReadRules<T>(
        DefinitionReader reader,
        string field,
        Func<DefinitionReader, T> read,
        Func<T, IReadOnlyList<string>> names
    )
    {
        var list = reader.Array(field);
        if (list.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var rules = new List<T>();
        foreach (var item in list.EnumerateArray())
        {
            var at = $"{field}[{rules.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                reader.Wrong("Expected value of type Object", at);
                continue;
            }

            if (rules.Count > 0 && names(rules[^1]).Contains(WorkflowError.All))
            {
                reader.Wrong("States.ALL must appear in the last rule", $"{field}[{rules.Count - 1}]/ErrorEquals");
            }

            rules.Add(read(reader.Inner(at, item)));
        }

        return rules;
    }
}
