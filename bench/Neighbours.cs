using System.IO.Compression;
using System.Text;

namespace Disa.Bench;

/// <summary>One operation of each of the other services, against moto's server where it is at hand.</summary>
internal static class Neighbours
{
    private const string Machine =
        """{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Next\":\"B\"},\"B\":{\"Type\":\"Pass\",\"Next\":\"C\"},\"C\":{\"Type\":\"Succeed\"}}}""";
    private const string Trust =
        """{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\"states.amazonaws.com\",\"lambda.amazonaws.com\"]},\"Action\":\"sts:AssumeRole\"}]}""";

    private static readonly string Text = new('x', 1000);

    public static async Task Run(Bench bench)
    {
        await Compare(bench, "S3 PutObject, 1 kB", 16, PrepareBucket).ConfigureAwait(false);
        await Compare(bench, "SQS SendMessage", 16, PrepareQueue).ConfigureAwait(false);
        await Compare(bench, "SQS ReceiveMessage of one message", 1, PrepareReceive).ConfigureAwait(false);
        await Compare(bench, "SNS Publish to one queue", 16, PrepareTopic).ConfigureAwait(false);
        await Compare(
                bench,
                "StartExecution, three states, EXPRESS",
                16,
                (on, server) => PrepareMachine(on, server, "EXPRESS"),
                hasMoto: false
            )
            .ConfigureAwait(false);
        await Compare(
                bench,
                "StartExecution, three states, STANDARD",
                16,
                (on, server) => PrepareMachine(on, server, "STANDARD"),
                hasMoto: false
            )
            .ConfigureAwait(false);
        await Compare(bench, "Invoke of an empty function, warm (node)", 1, PrepareFunction, hasMoto: false).ConfigureAwait(false);
    }

    private static async Task Compare(
        Bench bench,
        string name,
        int connections,
        Func<Bench, ServerProcess, Task<Call>> prepare,
        bool hasMoto = true
    )
    {
        var (disa, loopback, moto) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < bench.Repeats; run++)
        {
            Call call;
            using (var data = new TemporaryDirectory())
            using (var server = await bench.Servers.Disa(data.FullName).ConfigureAwait(false))
            {
                call = await prepare(bench, server).ConfigureAwait(false);
                await Load.For(bench.Span, server.Address, connections, call, bench.Cancellation).ConfigureAwait(false);
                disa.Add(
                    (await Load.For(bench.Span, server.Address, connections, call, bench.Cancellation).ConfigureAwait(false)).PerSecond
                );
            }

            loopback.Add(
                (
                    await Yardsticks.Loopback(bench.Servers, connections, call, bench.Span, bench.Cancellation).ConfigureAwait(false)
                ).PerSecond
            );
            if (hasMoto && await bench.Servers.Moto().ConfigureAwait(false) is { } other)
            {
                using (other)
                {
                    // It answers one at a time: more connections are not faster.
                    moto.Add(
                        (
                            await Load.For(
                                    bench.Span,
                                    other.Address,
                                    1,
                                    await prepare(bench, other).ConfigureAwait(false),
                                    bench.Cancellation
                                )
                                .ConfigureAwait(false)
                        ).PerSecond
                    );
                }
            }
        }

        bench.Add(new Figure("operations", name, "/s", [.. disa], "loopback", [.. loopback]));
        if (moto.Count > 0)
        {
            bench.Add(new Figure("operations", name, "/s", [.. disa], "moto", [.. moto]));
        }
    }

    private static async Task<Call> PrepareBucket(Bench bench, ServerProcess server)
    {
        await bench
            .Ask(server, Call.Rest(server.Host, "s3", "PUT", "/bench-bucket", "", "x-amz-content-sha256: UNSIGNED-PAYLOAD"))
            .ConfigureAwait(false);
        return Call.Rest(
            server.Host,
            "s3",
            "PUT",
            "/bench-bucket/key-########",
            Text,
            "x-amz-content-sha256: UNSIGNED-PAYLOAD",
            "Content-Type: text/plain"
        );
    }

    private static async Task<Call> PrepareQueue(Bench bench, ServerProcess server)
    {
        var queue = await Queue(bench, server).ConfigureAwait(false);
        return Call.Json(
            server.Host,
            "sqs",
            "1.0",
            "AmazonSQS.SendMessage",
            $$"""{"QueueUrl":"{{queue}}","MessageBody":"message ########"}"""
        );
    }

    /// <summary>A message each, of a queue of two thousand; nothing is deleted, all are visible again at once.</summary>
    private static async Task<Call> PrepareReceive(Bench bench, ServerProcess server)
    {
        var queue = await Queue(bench, server).ConfigureAwait(false);
        var send = Call.Json(
            server.Host,
            "sqs",
            "1.0",
            "AmazonSQS.SendMessage",
            $$"""{"QueueUrl":"{{queue}}","MessageBody":"message ########"}"""
        );
        await Load.Times(2000, server.Address, 4, send, bench.Cancellation).ConfigureAwait(false);
        return Call.Json(
            server.Host,
            "sqs",
            "1.0",
            "AmazonSQS.ReceiveMessage",
            $$"""{"QueueUrl":"{{queue}}","MaxNumberOfMessages":1,"VisibilityTimeout":0}"""
        );
    }

    private static async Task<Call> PrepareTopic(Bench bench, ServerProcess server)
    {
        var queue = await Queue(bench, server).ConfigureAwait(false);
        await bench.Send(server, Call.Query(server.Host, "sns", "Action=CreateTopic&Name=bench&Version=2010-03-31")).ConfigureAwait(false);
        var topic = "arn:aws:sns:us-east-1:" + Account(queue) + ":bench";
        var policy =
            $$$"""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}""";
        await bench
            .Ask(
                server,
                Call.Json(
                    server.Host,
                    "sqs",
                    "1.0",
                    "AmazonSQS.SetQueueAttributes",
                    $$$"""{"QueueUrl":"{{{queue}}}","Attributes":{"Policy":"{{{policy}}}"}}"""
                )
            )
            .ConfigureAwait(false);
        await bench
            .Send(
                server,
                Call.Query(
                    server.Host,
                    "sns",
                    $"Action=Subscribe&Version=2010-03-31&TopicArn={topic}&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{Account(queue)}:bench"
                )
            )
            .ConfigureAwait(false);
        return Call.Query(server.Host, "sns", $"Action=Publish&Version=2010-03-31&TopicArn={topic}&Message=message-########");
    }

    private static async Task<Call> PrepareMachine(Bench bench, ServerProcess server, string type)
    {
        var role = await Role(bench, server).ConfigureAwait(false);
        var created = await bench
            .Ask(
                server,
                Call.Json(
                    server.Host,
                    "states",
                    "1.0",
                    "AWSStepFunctions.CreateStateMachine",
                    $$"""{"name":"bench","type":"{{type}}","definition":"{{Machine}}","roleArn":"{{role}}"}"""
                )
            )
            .ConfigureAwait(false);
        return Call.Json(
            server.Host,
            "states",
            "1.0",
            "AWSStepFunctions.StartExecution",
            $$"""{"stateMachineArn":"{{created.GetProperty("stateMachineArn").GetString()}}","name":"run-########","input":"{}"}"""
        );
    }

    private static async Task<Call> PrepareFunction(Bench bench, ServerProcess server)
    {
        var role = await Role(bench, server).ConfigureAwait(false);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("index.js").Open();
            entry.Write("exports.handler = async () => ({})"u8);
        }

        await bench
            .Ask(
                server,
                Call.Rest(
                    server.Host,
                    "lambda",
                    "POST",
                    "/2015-03-31/functions",
                    $$"""{"FunctionName":"bench","Runtime":"nodejs20.x","Handler":"index.handler","Role":"{{role}}","Code":{"ZipFile":"{{Convert.ToBase64String(zip.ToArray())}}"} }""",
                    "Content-Type: application/json"
                )
            )
            .ConfigureAwait(false);
        while (
            (
                await bench
                    .Ask(server, Call.Rest(server.Host, "lambda", "GET", "/2015-03-31/functions/bench/configuration"))
                    .ConfigureAwait(false)
            )
                .GetProperty("State")
                .GetString() == "Pending"
        ) { }

        return Call.Rest(server.Host, "lambda", "POST", "/2015-03-31/functions/bench/invocations", "{}", "Content-Type: application/json");
    }

    private static async Task<string> Queue(Bench bench, ServerProcess server) =>
        (
            await bench
                .Ask(server, Call.Json(server.Host, "sqs", "1.0", "AmazonSQS.CreateQueue", """{"QueueName":"bench"}"""))
                .ConfigureAwait(false)
        )
            .GetProperty("QueueUrl")
            .GetString()!;

    private static async Task<string> Role(Bench bench, ServerProcess server)
    {
        var trust = Uri.EscapeDataString(Trust.Replace("\\\"", "\"", StringComparison.Ordinal));
        var answer = await bench
            .Send(
                server,
                Call.Query(server.Host, "iam", $"Action=CreateRole&Version=2010-05-08&RoleName=bench&AssumeRolePolicyDocument={trust}")
            )
            .ConfigureAwait(false);
        var start = answer.IndexOf("<Arn>", StringComparison.Ordinal) + 5;
        return answer[start..answer.IndexOf("</Arn>", start, StringComparison.Ordinal)];
    }

    private static string Account(string queueUrl) => queueUrl.Split('/')[^2];
}
