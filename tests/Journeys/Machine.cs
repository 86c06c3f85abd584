using System.Net.Http.Json;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Disa.Emulator;
using Disa.Emulator.Aws;

namespace Disa.Journeys;

/// <summary>A mail of the journey, and whether its message says that it may be a duplicate.</summary>
public sealed record Mailed(string MessageId, bool MayBeDuplicate);

/// <summary>An emulator in this process over a data directory of the journey's stack: switched on, and off by disposing it.</summary>
public sealed class Machine : IAsyncDisposable
{
    private static readonly Caller Somebody = new(
        "000000000000",
        "us-east-1",
        Principal.Root("aws", "000000000000"),
        "000000000000",
        "000000000000",
        "journey"
    );

    private readonly LocalCloud cloud;
    private readonly Stack stack;
    private readonly HttpClient http;
    private readonly AmazonDynamoDBClient dynamoDb;
    private readonly AmazonSQSClient sqs;

    private Machine(LocalCloud cloud, Stack stack)
    {
        this.cloud = cloud;
        this.stack = stack;
        http = new HttpClient { BaseAddress = cloud.Endpoint };
        var url = cloud.Endpoint.ToString();

        // What is not answered at once is not acknowledged: no request is repeated.
        dynamoDb = new(
            RunningDisa.Credentials,
            new AmazonDynamoDBConfig
            {
                ServiceURL = url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
        sqs = new(
            RunningDisa.Credentials,
            new AmazonSQSConfig
            {
                ServiceURL = url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
    }

    public static async Task<Machine> Start(
        string directory,
        Stack stack,
        Disk? disk = null,
        Microsoft.Extensions.Logging.ILoggerFactory? loggers = null
    )
    {
        var machine = new Machine(
            await LocalCloud.Start(
                new LocalCloudOptions
                {
                    DataDirectory = directory,
                    BeforeWrite = disk is null ? null : disk.BeforeWrite,
                    Loggers = loggers ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
                }
            ),
            stack
        );
        await machine.Settle();
        return machine;
    }

    /// <summary>Completes when nothing is in progress.</summary>
    public async Task Settle() =>
        Assert.True(await cloud.Clock.Settle(RunningDisa.Patience), $"Something is still in progress after {RunningDisa.Patience}.");

    public async Task Advance(TimeSpan span)
    {
        await cloud.Advance(span);
        await Settle();
    }

    public Task Put(string id, string message) =>
        dynamoDb.PutItemAsync(
            stack.Table,
            new()
            {
                ["sequenceNo"] = new() { S = id },
                ["message"] = new() { S = message },
            }
        );

    /// <summary>The failure switch: the process function publishes to this topic.</summary>
    /// <returns>The one that it published to.</returns>
    public async Task<string> PointAt(string topicArn)
    {
        var configuration = await Call("lambda", "GetFunctionConfiguration", new { FunctionName = stack.ProcessFunction });
        var variables = configuration
            .GetProperty("Environment")
            .GetProperty("Variables")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value.GetString());
        var before = variables["SNS_TOPIC_ARN"]!;
        variables["SNS_TOPIC_ARN"] = topicArn;
        await Call(
            "lambda",
            "UpdateFunctionConfiguration",
            new { FunctionName = stack.ProcessFunction, Environment = new { Variables = variables } }
        );
        await Settle();
        return before;
    }

    public async Task<Dictionary<string, AttributeValue>?> Item(string id) =>
        (
            await dynamoDb.GetItemAsync(
                new GetItemRequest(stack.Table, new() { ["sequenceNo"] = new() { S = id } }) { ConsistentRead = true }
            )
        ).Item
            is { Count: > 0 } item
            ? item
            : null;

    /// <summary>The mails of a message, oldest first; what a mail does not show is taken from the copy that the queue beside it has.</summary>
    public async Task<List<Mailed>> Mails(string message)
    {
        var copies = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (
            (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(stack.CopiesUrl) { MaxNumberOfMessages = 10 })).Messages
                is { Count: > 0 } received
        )
        {
            foreach (var copy in received.Select(one => JsonElement.Parse(one.Body)))
            {
                copies[copy.GetProperty("MessageId").GetString()!] = copy.GetProperty("MessageAttributes")
                    .TryGetProperty("disa-possible-duplicate", out _);
            }
        }

        var inbox = await http.GetFromJsonAsync<JsonElement>("/_disa/inbox");
        return
        [
            .. inbox
                .GetProperty("mails")
                .EnumerateArray()
                .Where(mail => mail.GetProperty("body").GetString()!.StartsWith(message + "\n", StringComparison.Ordinal))
                .Select(mail => mail.GetProperty("messageId").GetString()!)
                .Select(id => new Mailed(id, copies[id])),
        ];
    }

    /// <summary>Each execution's status, and its history.</summary>
    public async Task<List<(string Name, string Status, List<JsonElement> Events)>> Executions()
    {
        var all = new List<(string, string, List<JsonElement>)>();
        var listed = await Call("sfn", "ListExecutions", new { stateMachineArn = stack.StateMachineArn });
        foreach (var execution in listed.GetProperty("executions").EnumerateArray())
        {
            var history = await Call(
                "sfn",
                "GetExecutionHistory",
                new { executionArn = execution.GetProperty("executionArn").GetString() }
            );
            all.Add(
                (
                    execution.GetProperty("name").GetString()!,
                    execution.GetProperty("status").GetString()!,
                    [.. history.GetProperty("events").EnumerateArray()]
                )
            );
        }

        return all;
    }

    public async Task<string> AlarmState() =>
        (await Call("cloudwatch", "DescribeAlarms", new { AlarmNames = (string[])[stack.AlarmName] }))
            .GetProperty("MetricAlarms")[0]
            .GetProperty("StateValue")
            .GetString()!;

    /// <summary>Stream records and sweeps that were given up.</summary>
    public async Task<int> GivenUp() =>
        int.Parse(
            (await sqs.GetQueueAttributesAsync(stack.DeadLetterUrl, ["ApproximateNumberOfMessages"])).Attributes[
                "ApproximateNumberOfMessages"
            ]
        );

    /// <summary>A queue that gets what the topic's subscriber gets.</summary>
    public async Task SubscribeCopies(string queueName)
    {
        var policy =
            $$$$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"{{{{{stack.TopicArn}}}}}"}}}}""";
        await sqs.CreateQueueAsync(new CreateQueueRequest(queueName) { Attributes = new() { ["Policy"] = policy } });
        await Call(
            "sns",
            "Subscribe",
            new
            {
                stack.TopicArn,
                Protocol = "sqs",
                Endpoint = $"arn:aws:sqs:us-east-1:000000000000:{queueName}",
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        dynamoDb.Dispose();
        sqs.Dispose();
        http.Dispose();
        await cloud.DisposeAsync();
    }

    /// <param name="principal">Who calls; null for the account itself.</param>
    public Task<JsonElement> Call(string service, string operation, object request, string? principal = null) =>
        cloud.Services.Call(
            service,
            operation,
            JsonSerializer.SerializeToElement(request),
            principal is null ? Somebody : Somebody with { Principal = Principal.Parse(principal) },
            CancellationToken.None
        );
}
