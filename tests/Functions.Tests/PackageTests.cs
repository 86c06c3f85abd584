using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService.Model;
using Amazon.SQS.Model;
using Amazon.StepFunctions.Model;

namespace Disa.Functions.Tests;

/// <summary>The packages as Lambda gets them: unpacked, started as processes, fed by a Runtime API, against an AWS.</summary>
public abstract class PackageTests(Cloud cloud)
{
    private const string Region = "us-east-1";

    [Fact]
    public async Task From_the_stream_to_the_topic_and_back_from_a_failure()
    {
        cloud.SkipWithout();
        using var dynamoDb = cloud.DynamoDb();
        using var sns = cloud.Sns();
        using var sqs = cloud.Sqs();
        var table = await cloud.TableAsync();
        var topic = (await sns.PublishAsync(new PublishRequest { TopicArn = await TopicAsync(sqs), Message = "first" })).MessageId;
        Assert.NotEmpty(topic!);
        await dynamoDb.PutItemAsync(table, new() { ["sequenceNo"] = new("1"), ["message"] = new("Hello") });

        var settings = new Dictionary<string, string>
        {
            ["TABLE_NAME"] = table,
            ["CONTROL_TABLE_NAME"] = await cloud.ControlTableAsync(),
            ["ALARM_NAME"] = "none",
            ["STATE_MACHINE_ARN"] = "arn:aws:states:us-east-1:123456789012:stateMachine:none",
            ["SNS_TOPIC_ARN"] = TopicArn,
            ["DISA_STACK"] = "disa",
        };
        const string time = "2026-11-23T06:30:00.000Z";
        var sent = await InvokeAsync(
            "disa_process",
            settings,
            $$$"""{"time":"{{{time}}}","batch":{"items":[{"key":{"sequenceNo":{"S":"1"} },"seenAt":"2026-11-23T06:30:00.000Z"}],"force":false} }"""
        );
        Assert.Equal("""{"sent":1,"failed":0,"retried":0,"rejected":0,"deferred":0,"skipped":0,"paced":0,"pacedUntil":null}""", sent.Body);
        Assert.Equal("Successful", (await dynamoDb.GetItemAsync(table, new() { ["sequenceNo"] = new("1") })).Item["sendStatus"].S);
        var received = await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = QueueUrl,
                MaxNumberOfMessages = 10,
                MessageAttributeNames = ["All"],
            }
        );
        Assert.Contains(
            received.Messages,
            message =>
                message.Body.Contains("Hello", StringComparison.Ordinal) && message.Body.Contains("disa-attempt", StringComparison.Ordinal)
        );

        // A state machine that does not exist: the record is handed back.
        var init = await InvokeAsync(
            "disa_init_process",
            settings,
            """{"Records":[{"eventID":"e","eventName":"INSERT","dynamodb":{"Keys":{"sequenceNo":{"S":"1"} },"SequenceNumber":"7"} }]}"""
        );
        Assert.Equal("""{"batchItemFailures":[{"itemIdentifier":"7"}]}""", init.Body);

        // A topic that does not exist: a failure with a next attempt.
        await dynamoDb.PutItemAsync(table, new() { ["sequenceNo"] = new("2"), ["message"] = new("Hello") });
        settings["SNS_TOPIC_ARN"] = TopicArn + "-none";
        var failed = await InvokeAsync(
            "disa_process",
            settings,
            $$$"""{"time":"{{{time}}}","batch":{"items":[{"key":{"sequenceNo":{"S":"2"} },"seenAt":"2026-11-23T06:30:00.000Z"}],"force":false} }"""
        );
        Assert.Equal(
            """{"sent":0,"failed":1,"retried":0,"rejected":0,"deferred":0,"skipped":0,"paced":0,"pacedUntil":null}""",
            failed.Body
        );
        var item = (await dynamoDb.GetItemAsync(table, new() { ["sequenceNo"] = new("2") })).Item;
        Assert.Equal(("Failure", "configuration"), (item["sendStatus"].S, item["sendError"].M["class"].S));

        // No alarm: due messages would be sent; this workflow does not exist, so the sweep fails and says so.
        var retry = await InvokeAsync("disa_retry", settings, $$"""{"source":"disa.cli","time":"{{time}}","force":true}""");
        Assert.Equal("StateMachineDoesNotExistException", retry.ErrorType);
    }

    [Theory]
    [InlineData("disa_init_process")]
    [InlineData("disa_process")]
    [InlineData("disa_retry")]
    public async Task A_setting_that_is_missing_is_an_error_of_the_initialisation(string package)
    {
        await using var api = await RuntimeApi.StartAsync();
        var folder = await UnpackAsync(package);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, package + ".dll")]) { RedirectStandardOutput = true };
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Address;
        start.Environment["AWS_REGION"] = Region;
        using var process = System.Diagnostics.Process.Start(start)!;
        var taken = await api.TakenAsync();
        Assert.Equal(("init/error", "InvalidOperationException"), (taken.Path, taken.ErrorType));
        Assert.Contains("is not set", taken.Body, StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> UnpackAsync(string package)
    {
        var folder = Directory.CreateTempSubdirectory("disa-package-").FullName;
        await ZipFile.ExtractToDirectoryAsync(Path.Combine(AppContext.BaseDirectory, "artefacts/code/dotnet", package + ".zip"), folder);
        return folder;
    }

    private string TopicArn { get; set; } = "";

    private string QueueUrl { get; set; } = "";

    private async Task<string> TopicAsync(Amazon.SQS.AmazonSQSClient sqs)
    {
        // Making topics is no operation of the typed clients: the topic comes from a stack, as in life.
        using var cloudFormation = cloud.CloudFormation();
        await cloudFormation.CreateStackAsync(
            new()
            {
                StackName = "topic",
                TemplateBody = """{"Resources":{"T":{"Type":"AWS::SNS::Topic"}},"Outputs":{"Arn":{"Value":{"Ref":"T"}}}}""",
            }
        );
        var stacks = await cloudFormation.DescribeStacksAsync(new() { StackName = "topic" });
        while (stacks.Stacks.Single().StackStatus == "CREATE_IN_PROGRESS")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            stacks = await cloudFormation.DescribeStacksAsync(new() { StackName = "topic" });
        }

        TopicArn = stacks.Stacks.Single().Outputs.Single().OutputValue!;
        QueueUrl = (await sqs.CreateQueueAsync("received")).QueueUrl;
        var queueArn = (await sqs.GetQueueAttributesAsync(QueueUrl, ["QueueArn"])).QueueARN;
        using var sns = cloud.Sns();
        await sns.SubscribeAsync(
            new()
            {
                TopicArn = TopicArn,
                Protocol = "sqs",
                Endpoint = queueArn,
            }
        );
        return TopicArn;
    }

    private async Task<Taken> InvokeAsync(string package, Dictionary<string, string> settings, string text)
    {
        var folder = await UnpackAsync(package);
        await using var api = await RuntimeApi.StartAsync();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, package + ".dll")])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Address;
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = package;
        start.Environment["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
        start.Environment["AWS_ENDPOINT_URL"] = cloud.Url;
        start.Environment["AWS_REGION"] = Region;
        start.Environment["AWS_ACCESS_KEY_ID"] = "000000000000";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "secret";
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var taken = await api.InvokeAsync(text);
        process.Kill();
        await process.WaitForExitAsync();
        foreach (var line in (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line); // Every line of the log is one JSON object.
        }

        Directory.Delete(folder, recursive: true);
        return taken;
    }
}

/// <summary>The packages on an AWS that this project did not write.</summary>
public sealed class PackageOnMotoTests(Moto aws) : PackageTests(aws);

/// <summary>The packages on the emulator.</summary>
public sealed class PackageOnTheEmulatorTests(Emulated aws) : PackageTests(aws);
