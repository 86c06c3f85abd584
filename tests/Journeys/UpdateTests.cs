using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>A stack is updated while messages come in: nothing fails, and nothing waits for a retry.</summary>
/// <remarks>
/// With <c>DISA_TESTS=all</c>, every parameter of the root template that lists its values goes from each of them to each other one. Without it, the
/// types of the topic and of the workflow and one more parameter go from one value to another and back, drawn by <c>DISA_TESTS_SEED</c>.
/// </remarks>
[Collection(nameof(Alone))]
public sealed partial class UpdateTests(ITestOutputHelper output)
{
    /// <summary>The keys of a table that messages are in: another one is another table.</summary>
    private static readonly string[] OfTheTable = ["PartitionKeyType", "SortKeyType"];

    private static readonly string[] Always = ["StateMachineType", "TopicType"];

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task Between_every_two_values_of_a_parameter_no_message_fails_or_waits()
    {
        await using var disa = await RunningDisa.Up(null, "--email", "");
        using var stop = new CancellationTokenSource();
        var load = Load(disa, stop.Token);
        var updates = 0;
        foreach (var (parameter, values) in Parameters(Sample.Seeded(output.WriteLine)))
        {
            var walk = Walk(values);
            foreach (var value in walk)
            {
                var clock = Stopwatch.StartNew();
                var deployed = await disa.Disa("deploy", "--yes", "--param", $"{parameter}={value}");
                Assert.True(deployed.ExitCode == 0, $"{parameter}={value}: {deployed.Error}");
                updates++;
                output.WriteLine($"{parameter}={value}: {clock.Elapsed.TotalSeconds:0.0} s");
            }
        }

        await stop.CancelAsync();
        var put = await load;
        var wrong = new List<string>();
        for (var i = 0; i < put; i++)
        {
            var item = await disa.Decided(Id(i), _ => true);
            if (item["sendStatus"].S != "Successful" || item["sendAttempts"].N != "1")
            {
                wrong.Add(
                    $"{Id(i)} seen at {item.GetValueOrDefault("sendSeenAt")?.S} is {item["sendStatus"].S} after {item.GetValueOrDefault("sendAttempts")?.N} attempts: {item.GetValueOrDefault("sendReason")?.S} {item.GetValueOrDefault("sendError")?.M.GetValueOrDefault("code")?.S} {item.GetValueOrDefault("sendError")?.M.GetValueOrDefault("text")?.S}"
                );
            }
        }

        output.WriteLine($"{updates} updates, {put} messages");
        Assert.True(put > updates, $"only {put} messages in {updates} updates");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(10).Prepend($"{wrong.Count} of {put} messages:")));
    }

    /// <summary>Puts a message every few milliseconds until it is told to stop; answers how many.</summary>
    private static async Task<int> Load(RunningDisa disa, CancellationToken stop)
    {
        var table = disa.Table;
        for (var i = 0; ; i++)
        {
            await disa.DynamoDb.PutItemAsync(
                table,
                new()
                {
                    ["sequenceNo"] = new AttributeValue { S = Id(i) },
                    ["message"] = new AttributeValue { S = $"Message {i}." },
                },
                CancellationToken.None
            );
            try
            {
                await Task.Delay(Between, TimeProvider.System, stop);
            }
            catch (OperationCanceledException)
            {
                return i + 1;
            }
        }
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"u-{number:D6}");

    /// <summary>The parameters of the root template that list their values, with their default first.</summary>
    private static IEnumerable<(string Name, IReadOnlyList<string> Values)> Parameters(Random random)
    {
        var all = Listed().ToList();
        if (Sample.IsAll)
        {
            return all;
        }

        var others = all.Where(parameter => !Always.Contains(parameter.Name)).ToArray();
        var drawn = others[random.Next(others.Length)];
        return all.Where(parameter => Always.Contains(parameter.Name))
            .Append(drawn)
            .Select(parameter => (parameter.Name, Two(parameter.Values, random)));
    }

    private static IReadOnlyList<string> Two(IReadOnlyList<string> values, Random random) =>
        [values[0], values[random.Next(1, values.Count)]];

    private static IEnumerable<(string Name, IReadOnlyList<string> Values)> Listed()
    {
        var template = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Program.DisaPath)!, "artefacts/cft/disa-root-stack.yaml"));
        var parameters = template[..template.IndexOf("\nConditions:", StringComparison.Ordinal)];
        foreach (Match match in Parameter().Matches(parameters))
        {
            var name = match.Groups["name"].Value;
            if (match.Groups["values"].Success && !OfTheTable.Contains(name))
            {
                var first = Plain(match.Groups["default"].Value);
                yield return (name, [first, .. match.Groups["values"].Value.Split(',').Select(Plain).Where(value => value != first)]);
            }
        }
    }

    private static string Plain(string value) => value.Trim().Trim('"');

    /// <summary>From the first value over every ordered pair once and back to it: each value is left for each other one.</summary>
    private static List<string> Walk(IReadOnlyList<string> values)
    {
        var left = values.ToDictionary(value => value, value => new Queue<string>(values.Where(other => other != value)));
        var (path, walk) = (new Stack<string>([values[0]]), new List<string>());
        while (path.Count > 0)
        {
            if (left[path.Peek()].TryDequeue(out var next))
            {
                path.Push(next);
            }
            else
            {
                walk.Add(path.Pop());
            }
        }

        walk.Reverse();
        return walk[1..];
    }

    [GeneratedRegex(
        @"^  (?<name>[A-Za-z]+):\n(?:    (?:Default: (?<default>.*)|AllowedValues: \[(?<values>.*)\]|.*)\n)+",
        RegexOptions.Multiline
    )]
    private static partial Regex Parameter();
}
