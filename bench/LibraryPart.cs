using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Emulator;

namespace Disa.Bench;

/// <summary>An AWS in the test's own process: how long it takes to be there, and what a call costs beside one over a loopback port.</summary>
internal static class LibraryPart
{
    private const int Warm = 20;
    private const int Starts = 50;

    public static async Task Run(Bench bench)
    {
        using var data = new TemporaryDirectory();
        using (var server = await bench.Servers.DisaStarting(data.FullName).ConfigureAwait(false))
        {
            await server.Ready(bench.Cancellation).ConfigureAwait(false);
        }

        var (fresh, restored) = (new List<double>(), new List<double>());
        var (inside, outside) = (new List<double>(), new List<double>());
        for (var run = 0; run < bench.Repeats; run++)
        {
            fresh.Add(await Milliseconds(() => LocalAws.StartAsync()).ConfigureAwait(false));
            restored.Add(await Milliseconds(() => LocalAws.RestoreAsync(data.FullName)).ConfigureAwait(false));
            var (within, over) = await Puts(bench).ConfigureAwait(false);
            inside.Add(within);
            outside.Add(over);
        }

        bench.Add(new Figure("library", "a fresh one, warm", "ms", [.. fresh], Aim: "under 5 ms"));
        bench.Add(new Figure("library", "a restored stack of Disa, warm", "ms", [.. restored], Aim: "under 50 ms"));
        bench.Add(new Figure("library", "PutItem by the SDK, one after the other", "/s", [.. inside], "over loopback", [.. outside], "3x"));
    }

    /// <summary>The median of many starts, after those that compile.</summary>
    private static async Task<double> Milliseconds(Func<Task<LocalAws>> start)
    {
        var times = new List<double>();
        for (var count = 0; count < Warm + Starts; count++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var aws = await start().ConfigureAwait(false);
            if (count >= Warm)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        return Figure.MedianOf(times);
    }

    private static async Task<(double Inside, double Outside)> Puts(Bench bench)
    {
        await using var aws = await LocalAws.StartAsync(new LocalAwsOptions { Instant = true }).ConfigureAwait(false);
        using var inside = new AmazonDynamoDBClient(aws.Credentials, aws.Configure(new AmazonDynamoDBConfig()));
        await inside
            .CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = "things",
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    AttributeDefinitions = [new AttributeDefinition("id", ScalarAttributeType.S)],
                    KeySchema = [new KeySchemaElement("id", KeyType.HASH)],
                },
                bench.Cancellation
            )
            .ConfigureAwait(false);
        using var outside = new AmazonDynamoDBClient(
            aws.Credentials,
            new AmazonDynamoDBConfig
            {
                ServiceURL = (await aws.ListenAsync().ConfigureAwait(false)).ToString(),
                AuthenticationRegion = aws.Region,
            }
        );
        await PutFor(bench, inside, bench.Span / 3).ConfigureAwait(false);
        await PutFor(bench, outside, bench.Span / 3).ConfigureAwait(false);
        return (
            await PutFor(bench, inside, bench.Span).ConfigureAwait(false),
            await PutFor(bench, outside, bench.Span).ConfigureAwait(false)
        );
    }

    private static async Task<double> PutFor(Bench bench, AmazonDynamoDBClient client, TimeSpan span)
    {
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        for (; Stopwatch.GetElapsedTime(started) < span; count++)
        {
            await client
                .PutItemAsync(
                    "things",
                    new()
                    {
                        ["id"] = new AttributeValue($"{count}"),
                        ["text"] = new AttributeValue("Some sixty bytes of text, as in the other figures."),
                    },
                    bench.Cancellation
                )
                .ConfigureAwait(false);
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
