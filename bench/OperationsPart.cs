using System.Net;

namespace Disa.Bench;

/// <summary>Single operations, against whatever other emulator does them here.</summary>
internal static class OperationsPart
{
    private const string Table = """{"TableName":"bench","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST"}""";
    private const string Item = """{"pk":{"S":"p########"},"sk":{"S":"a"},"message":{"S":"Hello, this is a message of some sixty bytes to be sent around."},"n":{"N":"42"}}""";
    private const string Key = """{"pk":{"S":"p########"},"sk":{"S":"a"}}""";

    private static readonly (string Name, string Body)[] Operations =
    [
        ("PutItem", $$"""{"TableName":"bench","Item":{{Item}}}"""),
        ("GetItem", """{"TableName":"bench","Key":{"pk":{"S":"fixed"},"sk":{"S":"a"}},"ConsistentRead":true}"""),
        ("UpdateItem", $$$"""{"TableName":"bench","Key":{{{Key}}},"UpdateExpression":"SET s = :s, #c = if_not_exists(#c, :z) + :one","ExpressionAttributeNames":{"#c":"count"},"ExpressionAttributeValues":{":s":{"S":"Successful"},":z":{"N":"0"},":one":{"N":"1"} } }"""),
        ("Query", """{"TableName":"bench","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"fixed"}},"Limit":10}"""),
        ("TransactWriteItems", $$$"""{"TransactItems":[{"Put":{"TableName":"bench","Item":{{{Item}}} } },{"Update":{"TableName":"bench","Key":{"pk":{"S":"u########"},"sk":{"S":"b"} },"UpdateExpression":"SET s = :s","ExpressionAttributeValues":{":s":{"S":"x"} } } }]}"""),
    ];

    public static async Task Run(Bench bench)
    {
        Func<Task<ServerProcess?>> dynalite = bench.Servers.Dynalite, moto = bench.Servers.Moto;
        foreach (var (name, body) in Operations)
        {
            foreach (var connections in (int[])[1, 16, 64])
            {
                await Compare(bench, name, connections, body, dynalite, moto).ConfigureAwait(false);
            }
        }

        await Neighbours.Run(bench).ConfigureAwait(false);
    }

    /// <summary>Answers a second of one operation, of a server that runs already and that has the bench's table from now on.</summary>
    public static async Task<double> Hit(int port, string operation, int connections, TimeSpan span, CancellationToken cancellation)
    {
        var server = new IPEndPoint(IPAddress.Loopback, port);
        await Prepare(server, cancellation).ConfigureAwait(false);
        var body = Operations.Single(candidate => candidate.Name == operation).Body;
        return (await Load.For(span, server, connections, Call.Dynamo(server.ToString(), operation, body), cancellation).ConfigureAwait(false)).PerSecond;
    }

    private static async Task Compare(Bench bench, string operation, int connections, string body, Func<Task<ServerProcess?>> dynalite, Func<Task<ServerProcess?>> moto)
    {
        var disa = new List<double>();
        var others = new Dictionary<string, List<double>>();
        for (var run = 0; run < bench.Repeats; run++)
        {
            using (var data = new TemporaryDirectory())
            using (var server = await bench.Servers.Disa(data.FullName).ConfigureAwait(false))
            {
                disa.Add(await Measure(server).ConfigureAwait(false));
            }

            Note("loopback", (await Yardsticks.Loopback(bench.Servers, connections, Call.Dynamo("localhost", operation, body), bench.Span, bench.Cancellation).ConfigureAwait(false)).PerSecond);
            await Against("dynalite", dynalite).ConfigureAwait(false);
            if (connections == 1)
            {
                // It answers one at a time: more connections are not faster.
                await Against("moto", moto).ConfigureAwait(false);
            }
        }

        foreach (var (other, values) in others)
        {
            var aim = operation == "PutItem" && connections == 64 ? other == "dynalite" ? "10x" : "0.5x" : null;
            bench.Add(new Figure("operations", $"{operation}, {connections} connections", "/s", [.. disa], other, [.. values], aim));
        }

        async Task Against(string name, Func<Task<ServerProcess?>> start)
        {
            if (await start().ConfigureAwait(false) is { } server)
            {
                using (server)
                {
                    try
                    {
                        Note(name, await Measure(server).ConfigureAwait(false));
                    }
                    catch (RefusedException)
                    {
                        // It does not do this operation: there is nothing to compare with.
                    }
                }
            }
        }

        void Note(string name, double value)
        {
            if (!others.TryGetValue(name, out var values))
            {
                others[name] = values = [];
            }

            values.Add(value);
        }

        async Task<double> Measure(ServerProcess server)
        {
            await Prepare(server.Address, bench.Cancellation).ConfigureAwait(false);
            return (await Load.For(bench.Span, server.Address, connections, Call.Dynamo(server.Host, operation, body), bench.Cancellation).ConfigureAwait(false)).PerSecond;
        }
    }

    private static async Task Prepare(IPEndPoint server, CancellationToken cancellation)
    {
        var host = server.ToString();
        try
        {
            await Bench.Ask(server, Call.Dynamo(host, "CreateTable", Table), cancellation).ConfigureAwait(false);
        }
        catch (RefusedException exists) when (exists.Message.Contains("ResourceInUseException", StringComparison.Ordinal))
        {
            // From a run before, on a server that runs on.
        }

        while ((await Bench.Ask(server, Call.Dynamo(host, "DescribeTable", """{"TableName":"bench"}"""), cancellation).ConfigureAwait(false)).GetProperty("Table").GetProperty("TableStatus").GetString() != "ACTIVE")
        {
        }

        for (var sort = 'a'; sort <= 'j'; sort++)
        {
            await Bench.Ask(server, Call.Dynamo(host, "PutItem", $$"""{"TableName":"bench","Item":{"pk":{"S":"fixed"},"sk":{"S":"{{sort}}"},"message":{"S":"Hello"} } }"""), cancellation).ConfigureAwait(false);
        }
    }
}
