using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Disa.Functions.Retry;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>
/// Every conditional write of the functions is applied, its answer is lost, and the SDK repeats it: the condition then fails on the
/// writer's own effect, and the writer must see that it was its own.
/// </summary>
public abstract class LostAnswerTests(Cloud cloud)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    /// <summary>Each write that the dispatcher makes to a table, and whether it is known to be done.</summary>
    private static readonly Dictionary<string, Func<World, Task<bool>>> Writes = new(StringComparer.Ordinal)
    {
        ["Claim"] = async world => (await world.Table.ClaimAsync(world.Attempt(), Now, CancellationToken.None)).Done,
        ["RecordSent"] = async world =>
        {
            await world.Calm.ClaimAsync(world.Attempt(), Now, CancellationToken.None);
            return (
                await world.Table.RecordSentAsync(
                    world.Attempt(),
                    "m-1",
                    World.History("m-1", null),
                    Now,
                    TimeSpan.FromDays(30),
                    CancellationToken.None
                )
            ).Done;
        },
        ["RecordFailure"] = async world =>
        {
            await world.Calm.ClaimAsync(world.Attempt(), Now, CancellationToken.None);
            var fault = new Fault(FaultClass.Configuration, "NotFound", "no topic");
            return (
                await world.Table.RecordFailureAsync(
                    world.Attempt(),
                    "SendFailed",
                    fault,
                    World.History(null, fault),
                    Now.AddMinutes(1),
                    Now,
                    CancellationToken.None
                )
            ).Done;
        },
        ["GiveBack"] = async world =>
        {
            await world.Calm.ClaimAsync(world.Attempt(), Now, CancellationToken.None);
            return (await world.Table.GiveBackAsync(world.Attempt(), "Paced", Now.AddMinutes(1), Now, CancellationToken.None)).Done;
        },
        ["Park"] = async world =>
            (
                await world.Table.DecideAsync(
                    world.Item,
                    "InvalidMessage",
                    new(FaultClass.Permanent, "MessageEmpty", "empty"),
                    null,
                    Now,
                    CancellationToken.None
                )
            ).Done,
        ["PutOff"] = async world =>
            (await world.Table.DecideAsync(world.Item, "Scheduled", null, Now.AddHours(1), Now, CancellationToken.None)).Done,
        ["Watch"] = async world =>
        {
            await world.Calm.ClaimAsync(world.Attempt(), Now, CancellationToken.None);
            return await world.Table.WatchAsync(world.Item.Key, await world.ReadAsync(), CancellationToken.None);
        },
        ["DueAgain"] = async world =>
            await new DueAgain(world.Client, world.Name, Cloud.Shape).MakeAsync(
                world.Item.Key,
                await world.ReadAsync(),
                "Redriven",
                Now,
                CancellationToken.None
            ),
        ["Breaker"] = world =>
            new BreakerStore(world.Client, world.Control, "alarm").WriteAsync(
                new() { State = BreakerState.Open, ProbeToken = "p" },
                Now,
                CancellationToken.None
            ),
    };

    public static TheoryData<string> Names => [.. Writes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_write_that_was_applied_and_whose_answer_was_lost_is_known_as_ones_own(string write)
    {
        cloud.SkipWithout();
        using var world = await World.CreateAsync(cloud);
        Assert.True(await Writes[write](world));
        Assert.Equal(1, world.Lost);
    }

    [Fact]
    public async Task A_claim_of_somebody_else_is_never_taken_for_ones_own()
    {
        cloud.SkipWithout();
        using var world = await World.CreateAsync(cloud);
        await world.Calm.ClaimAsync(world.Attempt("other"), Now, CancellationToken.None);
        var claimed = await world.Table.ClaimAsync(world.Attempt(), Now, CancellationToken.None);
        Assert.False(claimed.Done);
        Assert.Equal("other", claimed.Item!["sendClaim"].M["token"].S);
    }

    [Fact]
    public async Task Claims_that_went_together_and_got_no_answer_are_known_as_ones_own()
    {
        cloud.SkipWithout();
        using var world = await World.CreateAsync(cloud);
        Attempt[] attempts = [world.Attempt(), PublisherTests.Attempt("2") with { Until = Now + Timeouts.Lease }];
        await world.PutAsync("2");

        var writes = world.Table.Together();
        var claims = attempts.Select(attempt => world.Table.ClaimAsync(attempt, Now, CancellationToken.None, writes)).ToList();
        writes.Send(CancellationToken.None);

        Assert.All(await Task.WhenAll(claims), claim => Assert.True(claim.Done));
        Assert.Equal(1, world.Lost);
    }

    [Fact]
    public async Task A_message_whose_claim_got_no_answer_is_sent_at_once_and_once()
    {
        cloud.SkipWithout();
        using var world = await World.CreateAsync(cloud);
        var topic = new FakeAws(_ =>
            Answer.Ok("<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>")
        );
        using var sns = new AmazonSimpleNotificationServiceClient(
            FakeAws.Credentials,
            topic.Config<AmazonSimpleNotificationServiceConfig>()
        );
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var log = new Log(TextWriter.Null, time);
        var sender = new Sender(world.Table, Cloud.Shape, new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 3), () => 0.5, log);
        var function = new ProcessFunction(world.Table, sender, new Publisher(sns, "arn:t", time), "disa", log, time);
        var items = new SendItem[] { new(world.Item.Key.Json, Instant.Text(Now)) };
        var result = await function.RunAsync(
            new(Instant.Text(Now), "run", new(items, false, false, "test", null, null)),
            () => TimeSpan.FromMinutes(1),
            CancellationToken.None
        );
        Assert.Equal((1, 1), (result.Sent, world.Lost));
        Assert.Equal("Successful", (await world.ReadAsync())["sendStatus"].S);
        Assert.DoesNotContain("disa-possible-duplicate", topic.Requests.Single().Body, StringComparison.Ordinal);
    }

    /// <summary>A table with one message, a client that loses the answer to its first write, and one that does not.</summary>
    private sealed class World : IDisposable
    {
        private readonly AmazonDynamoDBClient calm;
        private readonly LosingAnswers losing;

        private World(Cloud cloud, string name, string control)
        {
            (Name, Control) = (name, control);
            calm = cloud.DynamoDb();
            losing = new LosingAnswers(cloud);
            var config = cloud.Config<AmazonDynamoDBConfig>();
            config.HttpClientFactory = losing;
            Client = new(FakeAws.Credentials, config);
            (Table, Calm) = (new(Client, name, Cloud.Shape), new(calm, name, Cloud.Shape));
        }

        public string Name { get; }

        public string Control { get; }

        public AmazonDynamoDBClient Client { get; }

        public MessageTable Table { get; }

        public MessageTable Calm { get; }

        public int Lost => losing.Lost;

        public WorkItem Item => PublisherTests.Attempt("1").Item with { SeenAt = Now };

        public static async Task<World> CreateAsync(Cloud cloud)
        {
            var world = new World(cloud, await cloud.TableAsync(), await cloud.ControlTableAsync());
            await world.PutAsync("1");
            return world;
        }

        public Task PutAsync(string id) => calm.PutItemAsync(Name, new() { ["sequenceNo"] = new(id), ["message"] = new("Hello") });

        public Attempt Attempt(string token = "token") =>
            PublisherTests.Attempt("1") with
            {
                Item = Item,
                Token = token,
                Until = Now + Timeouts.Lease,
            };

        public static AttributeValue History(string? messageId, Fault? fault) =>
            Process.History.With(new Dictionary<string, AttributeValue>(), 1, Now, messageId, fault);

        public async Task<Dictionary<string, AttributeValue>> ReadAsync() =>
            (await calm.GetItemAsync(Name, new() { ["sequenceNo"] = new("1") }, true)).Item;

        public void Dispose()
        {
            Client.Dispose();
            calm.Dispose();
        }
    }

    /// <summary>Lets the first write take effect and then breaks its connection.</summary>
    private sealed class LosingAnswers(Cloud cloud) : HttpClientFactory
    {
        private int lost;

        public int Lost => lost;

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this, cloud.Handler()));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        private sealed class Handler(LosingAnswers answers, HttpMessageHandler inner) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (
                    request.Headers.TryGetValues("X-Amz-Target", out var target)
                    && target.Single().Split('.')[1] is "UpdateItem" or "PutItem" or "BatchExecuteStatement"
                    && response.IsSuccessStatusCode
                    && Interlocked.CompareExchange(ref answers.lost, 1, 0) == 0
                )
                {
                    response.Dispose();
                    throw new HttpRequestException("The connection was reset.", new IOException("reset"));
                }

                return response;
            }
        }
    }
}

/// <summary>Lost answers of the emulator.</summary>
public sealed class LostAnswersOfTheEmulatorTests(Emulated aws) : LostAnswerTests(aws);

/// <summary>Lost answers of an AWS that this project did not write.</summary>
public sealed class LostAnswersOfMotoTests(Moto aws) : LostAnswerTests(aws);
