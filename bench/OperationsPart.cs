using System.Net;

namespace Disa.Bench;

/// <summary>Single operations, against whatever other emulator does them here.</summary>
internal static class OperationsPart
{
    private const string Table =
        """{"TableName":"bench","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST"}""";
    private const string Item =
        """{"pk":{"S":"p########"},"sk":{"S":"a"},"message":{"S":"Hello, this is a message of some sixty bytes to be sent around."},"n":{"N":"42"}}""";
    private const string Key = """{"pk":{"S":"p########"},"sk":{"S":"a"}}""";

    private static readonly (string Name, string Body)[] Operations =
    [
        ("PutItem", $$"""{"TableName":"bench","Item":{{Item}}}"""),
        ("GetItem", """{"TableName":"bench","Key":{"pk":{"S":"fixed"},"sk":{"S":"a"}},"ConsistentRead":true}"""),
        (
            "UpdateItem",
            $$$"""{"TableName":"bench","Key":{{{Key}}},"UpdateExpression":"SET s = :s, #c = if_not_exists(#c, :z) + :one","ExpressionAttributeNames":{"#c":"count"},"ExpressionAttributeValues":{":s":{"S":"Successful"},":z":{"N":"0"},":one":{"N":"1"} } }"""
        ),
        (
            "Query",
            """{"TableName":"bench","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"fixed"}},"Limit":10}"""
        ),
        (
            "TransactWriteItems",
            $$$"""{"TransactItems":[{"Put":{"TableName":"bench","Item":{{{Item}}} } },{"Update":{"TableName":"bench","Key":{"pk":{"S":"u########"},"sk":{"S":"b"} },"UpdateExpression":"SET s = :s","ExpressionAttributeValues":{":s":{"S":"x"} } } }]}"""
        ),
    ];

    public static async Task Run(Bench bench)
    {
        var rates = new Dictionary<(string Operation, int Connections, string Server), List<double>>();
        for (var run = 0; run < bench.Repeats; run++)
        {
            await Compare(
                    bench,
                    (operation, connections, server, rate) =>
                    {
                        if (!rates.TryGetValue((operation, connections, server), out var values))
                        {
                            rates[(operation, connections, server)] = values = [];
                        }

                        values.Add(rate);
                    }
                )
                .ConfigureAwait(false);
        }

        foreach (var ((operation, connections, other), values) in rates.Where(entry => entry.Key.Server != "disa"))
        {
            var aim =
                operation == "PutItem" && connections == 64
                    ? other switch
                    {
                        "dynalite" => "10x",
                        "loopback" => "0.5x",
                        _ => null,
                    }
                    : null;
            bench.Add(
                new Figure(
                    "operations",
                    $"{operation}, {connections} connections",
                    "/s",
                    [.. rates[(operation, connections, "disa")]],
                    other,
                    [.. values],
                    aim
                )
            );
        }

        await Neighbours.Run(bench).ConfigureAwait(false);
    }

    /// <summary>Answers a second of one operation, of a server that runs already and that has the bench's table from now on.</summary>
    public static async Task<double> Hit(int port, string operation, int connections, TimeSpan span, CancellationToken cancellation)
    {
        var server = new IPEndPoint(IPAddress.Loopback, port);
        await Prepare(server, cancellation).ConfigureAwait(false);
        var body = Operations.Single(candidate => candidate.Name == operation).Body;
        return (
            await Load.For(span, server, connections, Call.Dynamo(server.ToString(), operation, body), cancellation).ConfigureAwait(false)
        ).PerSecond;
    }

    /// <summary>All servers run beside each other, and answer in turn, each operation once at full load before it counts.</summary>
    private static async Task Compare(Bench bench, Action<string, int, string, double> note)
    {
        using var data = new TemporaryDirectory();
        using var disa = await bench.Servers.Disa(data.FullName).ConfigureAwait(false);
        using var dynalite = await bench.Servers.Dynalite().ConfigureAwait(false);
        using var moto = await bench.Servers.Moto().ConfigureAwait(false);
        foreach (var (operation, body) in Operations)
        {
            List<(string Name, ServerProcess Server)> able = [("disa", disa)];
            foreach (var (name, server) in ((string, ServerProcess?)[])[("dynalite", dynalite), ("moto", moto)])
            {
                if (server is not null && await Does(server, operation, body).ConfigureAwait(false))
                {
                    able.Add((name, server));
                }
            }

            await Prepare(disa.Address, bench.Cancellation).ConfigureAwait(false);
            foreach (var (name, server) in able)
            {
                await Measure(server, name == "moto" ? 1 : 64, operation, body).ConfigureAwait(false);
            }

            foreach (var connections in (int[])[1, 16, 64])
            {
                foreach (var (name, server) in able)
                {
                    // moto answers one at a time: more connections are not faster.
                    if (name != "moto" || connections == 1)
                    {
                        note(operation, connections, name, await Measure(server, connections, operation, body).ConfigureAwait(false));
                    }
                }

                var loopback = await Yardsticks
                    .Loopback(bench.Servers, connections, Call.Dynamo("localhost", operation, body), bench.Span, bench.Cancellation)
                    .ConfigureAwait(false);
                note(operation, connections, "loopback", loopback.PerSecond);
            }
        }

        async Task<double> Measure(ServerProcess server, int connections, string operation, string body) =>
            (
                await Load.For(bench.Span, server.Address, connections, Call.Dynamo(server.Host, operation, body), bench.Cancellation)
                    .ConfigureAwait(false)
            ).PerSecond;

        async Task<bool> Does(ServerProcess server, string operation, string body)
        {
            await Prepare(server.Address, bench.Cancellation).ConfigureAwait(false);
            try
            {
                await Load.Times(1, server.Address, 1, Call.Dynamo(server.Host, operation, body), bench.Cancellation).ConfigureAwait(false);
                return true;
            }
            catch (RefusedException)
            {
                return false;
            }
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

        while (
            (await Bench.Ask(server, Call.Dynamo(host, "DescribeTable", """{"TableName":"bench"}"""), cancellation).ConfigureAwait(false))
                .GetProperty("Table")
                .GetProperty("TableStatus")
                .GetString() != "ACTIVE"
        ) { }

        for (var sort = 'a'; sort <= 'j'; sort++)
        {
            await Bench
                .Ask(
                    server,
                    Call.Dynamo(
                        host,
                        "PutItem",
                        $$"""{"TableName":"bench","Item":{"pk":{"S":"fixed"},"sk":{"S":"{{sort}}"},"message":{"S":"Hello"} } }"""
                    ),
                    cancellation
                )
                .ConfigureAwait(false);
        }
    }
}
