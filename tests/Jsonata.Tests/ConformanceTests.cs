using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Disa.Jsonata.Tests;

/// <summary>The reference's public conformance cases, where they are at hand: JSONATA_CASES names the folder of cases.json and datasets.json.</summary>
public sealed class ConformanceTests
{
    private static readonly EvaluationEnvironment Environment = new(
        new DateTimeOffset(2026, 7, 16, 12, 0, 0, TimeSpan.Zero),
        new Random(1)
    );

    private static string Folder([CallerFilePath] string here = "") =>
        System.Environment.GetEnvironmentVariable("JSONATA_CASES")
        ?? Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "shared", "jsonata");

    [Fact]
    public void Every_case_of_the_reference_comes_out_as_it_says()
    {
        var file = Path.Combine(Folder(), "cases.json");
        Assert.SkipUnless(File.Exists(file), "the reference's cases are not at hand");
        var cases = JsonElement.Parse(File.ReadAllText(file));
        var datasets = JsonElement.Parse(File.ReadAllText(Path.Combine(Folder(), "datasets.json")));

        var wrong = cases.EnumerateArray().Select(one => Wrong(one, datasets)).Where(text => text is not null).ToList();

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.GetArrayLength()} cases are wrong:\n{string.Join('\n', wrong)}");
    }

    private static string? Wrong(JsonElement one, JsonElement datasets)
    {
        var expression = Source(one.GetProperty("expr"));
        var name = $"{one.GetProperty("group").GetString()}/{one.GetProperty("case").GetString()}: {expression}";
        var expected = Expected(one);
        try
        {
            var result = Evaluate(one, expression, datasets);
            return expected.Code is not null ? $"{name} -> {result}, not {expected.Code}"
                : AreEqual(result, expected.Result, one.TryGetProperty("unordered", out _)) ? null
                : $"{name} -> {result}, not {expected.Result}";
        }
        catch (Exception failure) when (failure is not JsonataException)
        {
            return $"{name} -> {failure}";
        }
        catch (JsonataException error)
        {
            return
                error.Code == expected.Code
                && (expected.Token is null || error.Token == expected.Token)
                && (expected.Message is null || error.Message == expected.Message)
                ? null
                : $"{name} -> {error.Code} {error.Token} {error.Message}, not {expected.Code ?? expected.Result.ToString()} {expected.Token} {expected.Message}";
        }
    }

    /// <summary>Half a surrogate pair is no text in .NET; it stays the escape that JSONata reads as well.</summary>
    private static string Source(JsonElement expression) =>
        expression.GetRawText() is var raw && raw.Contains("\\ud800", StringComparison.Ordinal) ? raw[1..^1] : expression.GetString()!;

    private static (string? Code, string? Token, string? Message, JsonElement Result) Expected(JsonElement one)
    {
        string? Text(JsonElement source, string member) => source.TryGetProperty(member, out var value) ? value.GetString() : null;

        var error = one.TryGetProperty("error", out var given) ? given : one;
        return (
            Text(error, "code"),
            Text(error, "token"),
            one.TryGetProperty("error", out _) ? Text(error, "message") : null,
            one.TryGetProperty("result", out var result) ? result : default
        );
    }

    private static JsonElement Evaluate(JsonElement one, string expression, JsonElement datasets)
    {
        var input =
            one.TryGetProperty("data", out var data) ? data
            : one.TryGetProperty("dataset", out var dataset) && dataset.ValueKind == JsonValueKind.String
                ? datasets.GetProperty(dataset.GetString()!)
            : default;
        var bindings = new JsonataBindings();
        if (one.TryGetProperty("bindings", out var bound) && bound.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in bound.EnumerateObject())
            {
                bindings.Add(member.Name, member.Value);
            }
        }

        var options = new EvaluationOptions { AllowsEval = true };
        if (one.TryGetProperty("depth", out var depth) && one.GetProperty("group").GetString() == "tail-recursion")
        {
            options = options with { MaxDepth = depth.GetInt32(), MaxSteps = 2_000_000 };
        }

        return JsonataExpression.Parse(expression).Evaluate(input, bindings, Environment, options);
    }

    private static bool AreEqual(JsonElement actual, JsonElement expected, bool isUnordered)
    {
        if (isUnordered && actual.ValueKind == JsonValueKind.Array && expected.ValueKind == JsonValueKind.Array)
        {
            var left = actual.EnumerateArray().Select(item => item.GetRawText()).Order(StringComparer.Ordinal);
            return left.SequenceEqual(expected.EnumerateArray().Select(item => item.GetRawText()).Order(StringComparer.Ordinal));
        }

        if (actual.ValueKind == JsonValueKind.Undefined || expected.ValueKind == JsonValueKind.Undefined)
        {
            return actual.ValueKind == expected.ValueKind;
        }

        if (actual.ValueKind != expected.ValueKind)
        {
            return false;
        }

        return actual.ValueKind switch
        {
            JsonValueKind.Number => actual.GetDouble() == expected.GetDouble(),
            JsonValueKind.Array => actual.GetArrayLength() == expected.GetArrayLength()
                && actual.EnumerateArray().Zip(expected.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second, false)),
            JsonValueKind.Object => actual.EnumerateObject().Count() == expected.EnumerateObject().Count()
                && actual
                    .EnumerateObject()
                    .All(member => expected.TryGetProperty(member.Name, out var other) && AreEqual(member.Value, other, false)),
            _ => JsonElement.DeepEquals(actual, expected),
        };
    }
}
