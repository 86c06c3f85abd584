using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Disa.Functions.Process;

namespace Disa.Functions.Tests;

/// <summary>Writes of several items in one request.</summary>
/// <remarks>
/// An error of one statement says which, with the item where ALL_OLD is asked for, and the others are carried out:
/// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html.
/// </remarks>
public sealed class WritesTogetherTests(Emulated aws)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Ten_claims_are_one_request_and_each_hears_of_its_own_outcome()
    {
        var calls = new Calls(aws);
        using var client = Client(calls);
        var name = await aws.TableAsync();
        await PutAsync(client, name, "free");
        await PutAsync(client, name, "sent", ("sendStatus", new("Successful")));
        await PutAsync(client, name, "taken", ("sendClaim", Claim("other", Now.AddMinutes(1))));
        await PutAsync(client, name, "left", ("sendClaim", Claim("dead", Now.AddMinutes(-1))));
        await PutAsync(client, name, "counted", ("sendAttempts", new() { N = "1" }));
        calls.Operations.Clear();

        var claims = await ClaimAsync(client, name, "free", "sent", "taken", "left", "counted", "gone");

        Assert.Equal([true, false, false, true, false, false], claims.Select(claim => claim.Done));
        Assert.Equal("other", claims[2].Item!["sendClaim"].M["token"].S);
        Assert.Null(claims[5].Item);
        Assert.Equal(["BatchExecuteStatement"], calls.Operations);
        Assert.Equal("token", (await ReadAsync(client, name, "left"))["sendClaim"].M["token"].S);
    }

    [Fact]
    public async Task A_write_leaves_the_same_item_whether_it_goes_alone_or_with_others()
    {
        using var client = aws.DynamoDb();
        var name = await aws.TableAsync();
        var table = new MessageTable(client, name, Cloud.Shape) { CallLimit = FakeAws.Patience };
        foreach (var id in (string[])["a", "b", "alone"])
        {
            await PutAsync(client, name, id, ("sendReason", new("Held")), ("sendDue", new("2026")), ("sendShard", new("1")));
        }

        foreach (var id in (string[])["a", "b", "alone"])
        {
            Assert.True((await table.ClaimAsync(Attempt(id), Now, CancellationToken.None)).Done);
        }

        var together = table.Together();
        var begun = new[] { "a", "b" }.Select(id => RecordAsync(table, id, together)).ToList();
        together.Send(CancellationToken.None);
        await Task.WhenAll(begun);
        await RecordAsync(table, "alone", null);

        var (one, alone) = (await ReadAsync(client, name, "a"), await ReadAsync(client, name, "alone"));
        Assert.Equal("Successful", one["sendStatus"].S);
        foreach (var item in (Dictionary<string, AttributeValue>[])[one, alone])
        {
            item.Remove("sequenceNo");
            item.Remove("sendList"); // of the shard and the trace of its key
            item.Remove("sendTraceId");
        }

        Assert.True(AttributeValues.Has(one, alone) && AttributeValues.Has(alone, one));
    }

    [Fact]
    public async Task A_write_that_comes_while_the_others_are_being_sent_goes_by_itself()
    {
        var calls = new Calls(aws);
        using var client = Client(calls);
        var name = await aws.TableAsync();
        foreach (var id in (string[])["a", "b", "late"])
        {
            await PutAsync(client, name, id);
        }

        var table = new MessageTable(client, name, Cloud.Shape) { CallLimit = FakeAws.Patience };
        var together = table.Together();
        var claims = new[] { "a", "b" }.Select(id => table.ClaimAsync(Attempt(id), Now, CancellationToken.None, together)).ToList();
        Task<Written>? late = null;
        calls.Operations.Clear();
        calls.AtBatch = () => late = table.ClaimAsync(Attempt("late"), Now, CancellationToken.None, together);
        together.Send(CancellationToken.None);

        Assert.All(await Task.WhenAll(claims), claim => Assert.True(claim.Done));
        Assert.True((await late!).Done);
        Assert.Equal(["BatchExecuteStatement", "UpdateItem"], calls.Operations);
    }

    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("ValidationException")]
    public async Task Where_a_batch_is_refused_the_writes_go_one_by_one(string code)
    {
        var calls = new Calls(aws) { Refusal = code };
        using var client = Client(calls);
        var name = await aws.TableAsync();
        await PutAsync(client, name, "free");
        await PutAsync(client, name, "sent", ("sendStatus", new("Successful")));

        var claims = await ClaimAsync(client, name, "free", "sent");

        Assert.Equal([true, false], claims.Select(claim => claim.Done));
    }

    private static async Task RecordAsync(MessageTable table, string id, WritesTogether? together)
    {
        var attempt = Attempt(id);
        var history = History.With(attempt.Seen, 1, Now, "m", null);
        Assert.True((await table.RecordSentAsync(attempt, "m", history, Now, TimeSpan.FromDays(1), CancellationToken.None, together)).Done);
    }

    private static async Task<Written[]> ClaimAsync(AmazonDynamoDBClient client, string name, params string[] ids)
    {
        var table = new MessageTable(client, name, Cloud.Shape) { CallLimit = FakeAws.Patience };
        var writes = table.Together();
        var claims = ids.Select(id => table.ClaimAsync(Attempt(id), Now, CancellationToken.None, writes)).ToList();
        writes.Send(CancellationToken.None);
        return await Task.WhenAll(claims);
    }

    private static Attempt Attempt(string id) => PublisherTests.Attempt(id) with { Token = "token", Until = Now + Timeouts.Lease };

    private static AttributeValue Claim(string token, DateTimeOffset until) =>
        new()
        {
            M = new() { ["token"] = new(token), ["until"] = new(Instant.Text(until)) },
        };

    private static Task PutAsync(
        AmazonDynamoDBClient client,
        string table,
        string id,
        params (string Name, AttributeValue Value)[] attributes
    ) =>
        client.PutItemAsync(
            table,
            new(attributes.ToDictionary(pair => pair.Name, pair => pair.Value)) { ["sequenceNo"] = new(id), ["message"] = new("Hello") }
        );

    private static async Task<Dictionary<string, AttributeValue>> ReadAsync(AmazonDynamoDBClient client, string table, string id) =>
        (await client.GetItemAsync(table, new() { ["sequenceNo"] = new(id) }, true)).Item;

    private AmazonDynamoDBClient Client(Calls calls)
    {
        var config = aws.Config<AmazonDynamoDBConfig>();
        config.HttpClientFactory = calls;
        return new(FakeAws.Credentials, config);
    }

    /// <summary>Remembers the operations that are called, and refuses batches where it is to.</summary>
    private sealed class Calls(Cloud cloud) : HttpClientFactory
    {
        public List<string> Operations { get; } = [];

        public string? Refusal { get; init; }

        /// <summary>Called when a batch is on its way.</summary>
        public Action? AtBatch { get; set; }

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this, cloud.Handler()));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        private sealed class Handler(Calls calls, HttpMessageHandler inner) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[1];
                lock (calls.Operations)
                {
                    calls.Operations.Add(operation);
                }

                if (operation == "BatchExecuteStatement")
                {
                    calls.AtBatch?.Invoke();
                }

                return operation == "BatchExecuteStatement" && calls.Refusal is { } code
                    ? new(System.Net.HttpStatusCode.BadRequest)
                    {
                        Content = new StringContent($$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{code}}","message":"no"}"""),
                        RequestMessage = request,
                    }
                    : await base.SendAsync(request, cancellationToken);
            }
        }
    }
}
