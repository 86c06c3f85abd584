using System.Net;
using System.Text;
using System.Text.Json;

namespace Disa.Journeys;

/// <summary>The arithmetic of <c>disa cost</c>, on usage that a test writes, and a small measurement.</summary>
public sealed class CostTests
{
    private const string Usage = """
        {"since":"2026-11-23T00:00:00+00:00","lines":[
          {"service":"dynamodb","resource":"t","unit":"WriteRequestUnits","amount":3000000},
          {"service":"dynamodb","resource":"t/i","unit":"WriteRequestUnits","amount":1000000},
          {"service":"dynamodb","resource":"t","unit":"ReadRequestUnits","amount":2000000},
          {"service":"lambda","resource":"f","unit":"Requests","amount":1000000},
          {"service":"lambda","resource":"f","unit":"GBSecondsArm","amount":30000},
          {"service":"lambda","resource":"g","unit":"GBSecondsX86","amount":30000},
          {"service":"states","resource":"m","unit":"StateTransitions","amount":5000000},
          {"service":"states","resource":"m","unit":"ExpressRequests","amount":1000000},
          {"service":"states","resource":"m","unit":"ExpressGBSeconds","amount":6000},
          {"service":"sns","resource":"t","unit":"PublishRequests","amount":1000000},
          {"service":"sns","resource":"t","unit":"Messages","amount":2000000},
          {"service":"sns","resource":"t","unit":"EmailDeliveries","amount":1000000},
          {"service":"sns","resource":"operators","unit":"Messages","amount":7},
          {"service":"cloudwatch","resource":"","unit":"PutMetricDataRequests","amount":1000000},
          {"service":"cloudwatch","resource":"PutMetricData","unit":"Calls","amount":1000000},
          {"service":"sfn","resource":"StartExecution","unit":"Calls","amount":4000000},
          {"service":"logs","resource":"g","unit":"IngestedBytes","amount":2147483648},
          {"service":"kms","resource":"k","unit":"Requests","amount":10000}],
         "standing":[{"service":"cloudwatch","resource":"","unit":"Alarms","amount":2},{"service":"kms","resource":"","unit":"CustomerKeys","amount":1}]}
        """;

    [Theory]
    [InlineData("DynamoDB write units", "t", 1.875)]
    [InlineData("DynamoDB write units", "t/i", 0.625)]
    [InlineData("DynamoDB read units", "t", 0.25)]
    [InlineData("Lambda requests", "f", 0.20)]
    [InlineData("Lambda GB-seconds (arm64)", "f", 0.400002)]
    [InlineData("Lambda GB-seconds (x86_64)", "g", 0.500001)]
    [InlineData("Step Functions transitions", "m", 125)]
    [InlineData("Step Functions EXPRESS requests", "m", 1)]
    [InlineData("Step Functions EXPRESS GB-seconds", "m", 0.10002)]
    [InlineData("SNS publishes (64 KB)", "t", 0.50)]
    [InlineData("SNS e-mail deliveries", "t", 20)]
    [InlineData("CloudWatch PutMetricData", "", 10)]
    [InlineData("CloudWatch Logs bytes", "g", 1)]
    [InlineData("KMS requests", "k", 0.03)]
    public async Task A_line_is_its_units_at_the_list_price(string what, string resource, double usd)
    {
        var line = (await Report())
            .GetProperty("lines")
            .EnumerateArray()
            .Single(line => line.GetProperty("what").GetString() == what && line.GetProperty("resource").GetString() == resource);

        Assert.Equal(usd, line.GetProperty("usd").GetDouble(), 9);
        Assert.Equal(usd / 2, line.GetProperty("perMillion").GetDouble(), 9);
    }

    [Fact]
    public async Task Totals_are_with_and_without_mail_for_a_million_and_by_the_month()
    {
        var report = await Report();

        Assert.Equal(2_000_000, report.GetProperty("messages").GetInt64());
        Assert.Equal(141.480023, report.GetProperty("usd").GetDouble(), 6);
        Assert.Equal(161.480023, report.GetProperty("usdDelivered").GetDouble(), 6);
        Assert.Equal(141.480023 / 2, report.GetProperty("perMillion").GetDouble(), 6);
        Assert.Equal(1.20, report.GetProperty("usdMonthly").GetDouble(), 9);
        Assert.Equal(
            (0.5, 2),
            (
                report.GetProperty("calls").GetProperty("cloudWatch").GetDouble(),
                report.GetProperty("calls").GetProperty("stepFunctions").GetDouble()
            )
        );
        Assert.Equal(1_000_000, (await Report("--messages", "1000000")).GetProperty("messages").GetInt64());
    }

    [Theory]
    [InlineData("burst", 7.0)]
    [InlineData("one-by-one", 9.5)]
    public async Task A_measured_workload_stays_below_its_bound(string workload, double bound)
    {
        var report = (
            await Program.Run(Program.DisaPath, ["cost", "--workload", workload, "--messages", "60", "--type", "EXPRESS", "--json"])
        ).Json();

        // Durations are this machine's, busy as it is; what does not depend on it must stay far below.
        var timed = report
            .GetProperty("lines")
            .EnumerateArray()
            .Where(line => line.GetProperty("what").GetString()!.Contains("GB-seconds", StringComparison.Ordinal))
            .Sum(line => line.GetProperty("perMillion").GetDouble());
        Assert.InRange(report.GetProperty("perMillion").GetDouble() - timed, 1, bound);
        Assert.Equal(60, report.GetProperty("messages").GetInt64());
        Assert.Equal(report.GetProperty("perMillion").GetDouble(), report.GetProperty("perMillionDelivered").GetDouble()); // Nobody is subscribed: mail has a pace of its own.
    }

    [Fact]
    public async Task A_workload_is_measured_at_several_sizes_with_the_share_of_each_service()
    {
        string[] arguments = ["cost", "--workload", "burst", "--messages", "20", "--type", "EXPRESS", "--size", "512,10k"];
        var sizes = (await Program.Run(Program.DisaPath, [.. arguments, "--json"])).Json().EnumerateArray().ToList();

        Assert.Equal([512, 10_240], sizes.Select(one => one.GetProperty("size").GetInt32()));
        foreach (var one in sizes)
        {
            var services = one.GetProperty("services").EnumerateArray().ToList();
            Assert.Equal(1, services.Sum(service => service.GetProperty("share").GetDouble()), 6);
            var perMillion = one.GetProperty("report").GetProperty("perMillion").GetDouble();
            Assert.Equal(perMillion, services.Sum(service => service.GetProperty("perMillion").GetDouble()), 6);
        }

        // The put and each status write bill the whole item, rounded up to 1 KB: 1 KB, and 11 KB.
        Assert.InRange(DynamoDb(sizes[1]) / DynamoDb(sizes[0]), 4, 11);
        var table = await Program.Run(Program.DisaPath, arguments);
        Assert.Matches(@"512 B[^\n]+10 KB", table.Output);
        Assert.Matches(@"DynamoDB[^\n]+\d \(\d+ %\)[^\n]+\d \(\d+ %\)", table.Output);

        static double DynamoDb(JsonElement one) =>
            one.GetProperty("services")
                .EnumerateArray()
                .Single(service => service.GetProperty("service").GetString() == "DynamoDB")
                .GetProperty("perMillion")
                .GetDouble();
    }

    private const string Stacks = """
        <DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
          <StackName>disa</StackName><StackStatus>CREATE_COMPLETE</StackStatus>
          <Outputs><member><OutputKey>TopicArn</OutputKey><OutputValue>arn:aws:sns:us-east-1:000000000000:t</OutputValue></member></Outputs>
        </member></Stacks></DescribeStacksResult></DescribeStacksResponse>
        """;

    /// <summary>What the command makes of the usage above, as an emulator would answer it.</summary>
    private static async Task<JsonElement> Report(params string[] further)
    {
        using var listener = new HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var answering = Task.Run(async () =>
        {
            // The count, and, unless it is said how many messages it was, the stack: its topic is the one that counts.
            foreach (
                var (path, type, body) in (
                    ((string, string, string)[])[("/_disa/usage", "application/json", Usage), ("/", "text/xml", Stacks)]
                ).Take(further.Length == 0 ? 2 : 1)
            )
            {
                var context = await listener.GetContextAsync();
                Assert.Equal(path, context.Request.Url!.AbsolutePath);
                context.Response.ContentType = type;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
        });
        var report = (
            await Program.Run(Program.DisaPath, ["cost", "--json", "--endpoint-url", $"http://127.0.0.1:{port}", .. further])
        ).Json();
        await answering;
        return report;
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
