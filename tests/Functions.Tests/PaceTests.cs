using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
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
        using var run = await Run.CreateAsync(cloud, messages: 100);

        var first = await run.RunAsync();
        Assert.Equal((85, 15), (first.Sent, first.Paced)); // What the function had the time for.
        Assert.Equal("2026-11-23T06:30:14.000Z", first.PacedUntil);
        var waiting = await run.ReadAsync("99");
        Assert.Equal(
            ("Failure", "Paced", "2026-11-23T06:30:19.000Z"),
            (waiting["sendStatus"].S, waiting["sendReason"].S, waiting["sendDue"].S)
        );
        Assert.False(waiting.ContainsKey("sendAttempts") || waiting.ContainsKey("sendError"));

        var second = await run.RunAsync();
        Assert.Equal((15, 0, 85), (second.Sent, second.Paced, second.Skipped));
        Assert.Equal(100, run.Published.Count);
        Assert.All(
            run.Published.GroupBy(at => at.ToUnixTimeSeconds()),
            second => Assert.True(second.Count() <= PerSecond, $"{second.Key}: {second.Count()}")
        );
    }

    /// <summary>Whoever left the claim may have published: the next attempt says so, as if this one had not begun.</summary>
    [Fact]
    public async Task What_is_given_back_is_as_it_was_before_it_was_claimed()
    {
        cloud.SkipWithout();
        using var client = cloud.DynamoDb();
        var name = await cloud.TableAsync();
        var left = new AttributeValue
        {
            M = new() { ["token"] = new("dead"), ["until"] = new(Instant.Text(Now.AddMinutes(-1))) },
        };
        var item = new Dictionary<string, AttributeValue>
        {
            ["sequenceNo"] = new("1"),
            ["message"] = new("Hello"),
            ["sendAttempts"] = new() { N = "1" },
            ["sendClaim"] = left,
        };
        await client.PutItemAsync(name, item);
        var table = new MessageTable(client, name, Cloud.Shape) { CallLimit = FakeAws.Patience };
        var attempt = PublisherTests.Attempt("1") with { Seen = item, Number = 2, Until = Now + Timeouts.Lease };
        Assert.True((await table.ClaimAsync(attempt, Now, CancellationToken.None)).Done);

        Assert.True((await table.GiveBackAsync(attempt, "Paced", Now.AddMinutes(1), Now, CancellationToken.None)).Done);

        var after = (await client.GetItemAsync(name, new() { ["sequenceNo"] = new("1") }, true)).Item;
        Assert.Equal(("1", "dead", "Paced"), (after["sendAttempts"].N, after["sendClaim"].M["token"].S, after["sendReason"].S));
    }

    /// <summary>A call that takes 1.4 s would else bring three waves into one second: SNS disables an e-mail subscription above ten.</summary>
    [Theory]
    [InlineData("claim")]
    [InlineData("publish")]
    public async Task No_second_has_more_than_two_waves_although_calls_take_long(string slow)
    {
        cloud.SkipWithout();
        using var run = await Run.CreateAsync(cloud, messages: 60, slow);
        for (var sent = 0; sent < 60; )
        {
            var result = await run.RunAsync();
            sent += result.Sent;
            Assert.True(result.Sent + result.Paced > 0, $"{result}");
            Assert.Equal(0, result.Failed + result.Retried);
        }

        Assert.Equal(60, run.Published.Count);
        var most = run.Published.Max(from => run.Published.Count(at => at >= from && at < from.AddSeconds(1)));
        Assert.InRange(most, PerSecond, 2 * PerSecond);
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i => run.ReadAsync($"{i}"))),
            item => Assert.Equal("1", item["sendAttempts"].N)
        );
    }

    /// <summary>Messages in a table, a topic that notes when it gets them, and a function that brings them there at five a second.</summary>
    private sealed class Run : IDisposable
    {
        private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1.4);

        private readonly JumpingTime time = new(Now);
        private readonly AmazonDynamoDBClient client;
        private readonly AmazonSimpleNotificationServiceClient sns;
        private readonly ProcessFunction function;
        private readonly string table;
        private readonly int messages;

        private Run(Cloud cloud, string table, string control, int messages, string? slow)
        {
            (this.table, this.messages) = (table, messages);
            var config = cloud.Config<AmazonDynamoDBConfig>();
            config.HttpClientFactory = new SlowCalls(
                cloud,
                // Nothing but a claim writes the id of the trace.
                body =>
                    Take(
                        slow == "claim"
                        && body.Contains("sendTraceId\"", StringComparison.Ordinal)
                        && body.Contains("UpdateExpression", StringComparison.Ordinal)
                            ? 3 * PerSecond
                            : 0
                    )
            );
            client = new(FakeAws.Credentials, config);
            var topic = new FakeAws(sent =>
            {
                Take(slow == "publish" ? 3 : 0);
                var entries = sent.Form.Keys.Count(key => key.EndsWith(".Id", StringComparison.Ordinal)); // Waves of five, each one PublishBatch.
                Published.AddRange(Enumerable.Repeat(time.GetUtcNow(), entries));
                var results = Enumerable
                    .Range(0, entries)
                    .Select(i => $"<member><Id>{i}</Id><MessageId>m-{Published.Count}-{i}</MessageId></member>");
                return Answer.Ok(
                    $"<PublishBatchResponse><PublishBatchResult><Successful>{string.Concat(results)}</Successful><Failed/></PublishBatchResult></PublishBatchResponse>"
                );
            });
            sns = new(FakeAws.Credentials, topic.Config<AmazonSimpleNotificationServiceConfig>());
            var log = new Log(TextWriter.Null, time);
            var items = new MessageTable(client, table, Cloud.Shape) { CallLimit = FakeAws.Patience };
            var sender = new Sender(items, Cloud.Shape, new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 3), () => 0.5, log);
            function = new(items, sender, new Publisher(sns, "arn:t", time), "disa", log, time, new Pace(client, control, PerSecond));
        }

        public List<DateTimeOffset> Published { get; } = [];

        public static async Task<Run> CreateAsync(Cloud cloud, int messages, string? slow = null)
        {
            var table = await cloud.TableAsync();
            using var client = cloud.DynamoDb();
            for (var i = 0; i < messages; i++)
            {
                await client.PutItemAsync(table, new() { ["sequenceNo"] = new($"{i}"), ["message"] = new("Hello") });
            }

            return new(cloud, table, await cloud.ControlTableAsync(), messages, slow);
        }

        public async Task<Dictionary<string, AttributeValue>> ReadAsync(string id) =>
            (await client.GetItemAsync(table, new() { ["sequenceNo"] = new(id) }, true)).Item;

        public Task<ProcessResult> RunAsync()
        {
            var deadline = time.GetUtcNow() + Timeouts.Function;
            return function.RunAsync(
                new(
                    Instant.Text(time.GetUtcNow()),
                    "run",
                    new(
                        [
                            .. Enumerable
                                .Range(0, messages)
                                .Select(id => new SendItem(
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

        public void Dispose()
        {
            client.Dispose();
            sns.Dispose();
        }

        private int calls;

        /// <summary>Every so many calls, one takes long.</summary>
        private void Take(int every)
        {
            if (every > 0 && Interlocked.Increment(ref calls) % every == 0)
            {
                time.Advance(Slow);
            }
        }
    }

    /// <summary>Tells of each call's body before it is made.</summary>
    private sealed class SlowCalls(Cloud cloud, Action<string> called) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(called, cloud.Handler()));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        private sealed class Handler(Action<string> called, HttpMessageHandler inner) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                called(await request.Content!.ReadAsStringAsync(cancellationToken));
                return await base.SendAsync(request, cancellationToken);
            }
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
