using System.Net;
using System.Net.Sockets;
using Amazon;
using Amazon.CloudWatch;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService;
using Amazon.SQS;
using Amazon.StepFunctions;

[assembly: AssemblyFixture(typeof(Disa.Functions.Tests.Moto))]

namespace Disa.Functions.Tests;

/// <summary>An AWS that this project did not write (moto_server), where one is on PATH; the tests that need it are skipped elsewhere.</summary>
public sealed class Moto : IAsyncLifetime
{
    private System.Diagnostics.Process? process;

    public string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "moto_server")).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return;
        }

        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        process = new System.Diagnostics.Process { StartInfo = new(path, ["-H", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardError = true, RedirectStandardOutput = true } };
        var ready = new TaskCompletionSource();
        process.ErrorDataReceived += (_, line) => { if (line.Data?.Contains("Running on", StringComparison.Ordinal) == true) { ready.TrySetResult(); } };
        process.OutputDataReceived += (_, _) => { };
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("moto_server ended."));
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Url = $"http://127.0.0.1:{port}";
    }

    public ValueTask DisposeAsync()
    {
        process?.Kill(entireProcessTree: true);
        process?.Dispose();
        return ValueTask.CompletedTask;
    }

    public static void SkipWithout(Moto moto) => Assert.SkipWhen(moto?.Url is not { Length: > 0 }, "moto_server is not on PATH.");

    internal T Config<T>()
        where T : Amazon.Runtime.ClientConfig, new() => new() { ServiceURL = Url, AuthenticationRegion = "us-east-1" };

    internal AmazonDynamoDBClient DynamoDb() => new(FakeAws.Credentials, Config<AmazonDynamoDBConfig>());

    internal AmazonSimpleNotificationServiceClient Sns() => new(FakeAws.Credentials, Config<AmazonSimpleNotificationServiceConfig>());

    internal AmazonSQSClient Sqs() => new(FakeAws.Credentials, Config<AmazonSQSConfig>());

    internal AmazonStepFunctionsClient StepFunctions() => new(FakeAws.Credentials, Config<AmazonStepFunctionsConfig>());

    internal AmazonCloudWatchClient CloudWatch() => new(FakeAws.Credentials, Config<AmazonCloudWatchConfig>());

    /// <summary>A table as the stack makes it, with a name of its own.</summary>
    internal async Task<string> TableAsync()
    {
        using var client = DynamoDb();
        var name = $"messages-{Guid.NewGuid():N}";
        await client.CreateTableAsync(new CreateTableRequest
        {
            TableName = name,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("sequenceNo", ScalarAttributeType.S), new("sendShard", ScalarAttributeType.S), new("sendDue", ScalarAttributeType.S)],
            KeySchema = [new("sequenceNo", KeyType.HASH)],
            GlobalSecondaryIndexes = [new() { IndexName = SendAttributes.DueIndex, KeySchema = [new("sendShard", KeyType.HASH), new("sendDue", KeyType.RANGE)], Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY } }],
        });
        return name;
    }

    internal async Task<string> ControlTableAsync()
    {
        using var client = DynamoDb();
        var name = $"control-{Guid.NewGuid():N}";
        await client.CreateTableAsync(new CreateTableRequest { TableName = name, BillingMode = BillingMode.PAY_PER_REQUEST, AttributeDefinitions = [new("id", ScalarAttributeType.S)], KeySchema = [new("id", KeyType.HASH)] });
        return name;
    }
}
