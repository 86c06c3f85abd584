using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>What is published in any one second, whoever publishes it, is no more than the stack allows.</summary>
public abstract class PaceTests(Cloud cloud)
{
    private const int PerSecond = 5;
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Moments_follow_one_another_from_now_on_and_not_further_than_the_horizon()
    {
        cloud.SkipWithout();
        using var client = cloud.DynamoDb();
        var pace = new Pace(client, await cloud.ControlTableAsync(), PerSecond);
        Assert.Equal(Now, await pace.ReserveAsync(10, Now, CancellationToken.None));
        Assert.Equal(Now.AddSeconds(2), await pace.ReserveAsync(5, Now, CancellationToken.None));
        Assert.Equal(Now.AddSeconds(3), await pace.ReserveAsync(1000, Now.AddSeconds(1), CancellationToken.None));
        Assert.Null(await pace.ReserveAsync(1, Now.AddSeconds(2), CancellationToken.None));
        Assert.Equal(Now.AddSeconds(203), await pace.ReserveAsync(1, Now.AddSeconds(4), CancellationToken.None));
        Assert.Equal(Now.AddHours(1), await pace.ReserveAsync(1, Now.AddHours(1), CancellationToken.None)); // Nothing is saved up.
    }

    [Fact]
    public async Task Many_at_once_get_a_moment_each()
    {
        cloud.SkipWithout();
        using var client = cloud.DynamoDb();
        var pace = new Pace(client, await cloud.ControlTableAsync(), 10);
        var moments = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => pace.ReserveAsync(1, Now, CancellationToken.None)));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (DateTimeOffset?)Now.AddMilliseconds(100 * i)), moments.Order());
    }

    [Fact]
    public async Task A_batch_goes_in_waves_and_what_has_to_wait_longer_says_so_and_goes_at_its_moment_without_an_attempt()
    {
        cloud.SkipWithout();
        using var client = cloud.DynamoDb();
        var (table, control) = (await cloud.TableAsync(), await cloud.ControlTableAsync());
        var ids = Enumerable.Range(0, 100).Select(i => $"{i}").ToList();
        foreach (var id in ids)
        {
            await client.PutItemAsync(table, new() { ["sequenceNo"] = new(id), ["message"] = new("Hello") });
        }

        var time = new JumpingTime(Now);
        var published = new List<DateTimeOffset>();
        var topic = new FakeAws(sent =>
        {
            var entries = sent.Form.Keys.Count(key => key.EndsWith(".Id", StringComparison.Ordinal)); // Waves of five, each one PublishBatch.
            published.AddRange(Enumerable.Repeat(time.GetUtcNow(), entries));
            var results = Enumerable
                .Range(0, entries)
                .Select(i => $"<member><Id>{i}</Id><MessageId>m-{published.Count}-{i}</MessageId></member>");
            return Answer.Ok(
                $"<PublishBatchResponse><PublishBatchResult><Successful>{string.Concat(results)}</Successful><Failed/></PublishBatchResult></PublishBatchResponse>"
            );
        });
        using var sns = new AmazonSimpleNotificationServiceClient(
            FakeAws.Credentials,
            topic.Config<AmazonSimpleNotificationServiceConfig>()
        );
        var log = new Log(TextWriter.Null, time);
        var messages = new MessageTable(client, table, Cloud.Shape) { CallLimit = FakeAws.Patience };
        var sender = new Sender(messages, Cloud.Shape, new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 3), () => 0.5, log);
        var function = new ProcessFunction(
            messages,
            sender,
            new Publisher(sns, "arn:t", time),
            "disa",
            log,
            time,
            new Pace(client, control, PerSecond)
        );

        var first = await RunAsync();
        Assert.Equal((85, 15), (first.Sent, first.Paced)); // What the function had the time for.
        Assert.Equal("2026-11-23T06:30:14.000Z", first.PacedUntil);
        var waiting = (await client.GetItemAsync(table, new() { ["sequenceNo"] = new("99") }, true)).Item;
        Assert.Equal(
            ("Failure", "Paced", "2026-11-23T06:30:19.000Z"),
            (waiting["sendStatus"].S, waiting["sendReason"].S, waiting["sendDue"].S)
        );
        Assert.False(waiting.ContainsKey("sendAttempts") || waiting.ContainsKey("sendError"));

        var second = await RunAsync();
        Assert.Equal((15, 0, 85), (second.Sent, second.Paced, second.Skipped));
        Assert.Equal(100, published.Count);
        Assert.All(
            published.GroupBy(at => at.ToUnixTimeSeconds()),
            second => Assert.True(second.Count() <= PerSecond, $"{second.Key}: {second.Count()}")
        );

        Task<ProcessResult> RunAsync()
        {
            var deadline = time.GetUtcNow() + Timeouts.Function;
            return function.RunAsync(
                new(
                    Instant.Text(time.GetUtcNow()),
                    "run",
                    new(
                        [
                            .. ids.Select(id => new SendItem(
                                System.Text.Json.JsonElement.Parse($$"""{"sequenceNo":{"S":"{{id}}"} }"""),
                                Instant.Text(Now)
                            )),
                        ],
                        false,
                        false,
                        "test",
                        null,
                        null
                    )
                ),
                () => deadline - time.GetUtcNow(),
                CancellationToken.None
            );
        }
    }

    /// <summary>Whoever waits finds the time come.</summary>
    private sealed class JumpingTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero)
            {
                Task.Run(() => Advance(dueTime));
            }

            return timer;
        }
    }
}

/// <summary>The pace on the emulator.</summary>
public sealed class PaceOnTheEmulatorTests(Emulated aws) : PaceTests(aws);

/// <summary>The pace on an AWS that this project did not write.</summary>
public sealed class PaceOnMotoTests(Moto aws) : PaceTests(aws);
