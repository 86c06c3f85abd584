using System.Net.Http.Json;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.LocalAwsTests;

/// <summary>An AWS in the test's own process, used with the SDK's real clients.</summary>
public sealed class LocalAwsTests
{
    [Fact]
    public async Task The_SDK_reaches_it_without_a_port()
    {
        await using var aws = await LocalAws.StartAsync(new LocalAwsOptions { Instant = true });
        using var dynamo = Dynamo(aws);
        await CreateTable(dynamo, "things");
        await dynamo.PutItemAsync("things", Item("1", "a first thing"));

        Assert.Equal("a first thing", (await dynamo.GetItemAsync("things", Key("1"))).Item["text"].S);
        var missing = await Assert.ThrowsAsync<Amazon.DynamoDBv2.Model.ResourceNotFoundException>(() =>
            dynamo.GetItemAsync("nothing", Key("1"))
        );
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, missing.StatusCode);
        Assert.Null(aws.Endpoint);
    }

    [Fact]
    public async Task Bodies_headers_and_empty_answers_of_S3_go_through()
    {
        await using var aws = await LocalAws.StartAsync();
        using var s3 = new AmazonS3Client(aws.Credentials, aws.Configure(new AmazonS3Config()));
        await s3.PutBucketAsync("files");
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        var put = new Amazon.S3.Model.PutObjectRequest
        {
            BucketName = "files",
            Key = "a folder/Grüße & more.bin",
            InputStream = new MemoryStream(bytes),
            ContentType = "application/x-thing",
        };
        put.Metadata["note"] = "plain";
        await s3.PutObjectAsync(put);

        using var got = await s3.GetObjectAsync("files", put.Key);
        var read = new MemoryStream();
        await got.ResponseStream.CopyToAsync(read);
        Assert.Equal(bytes, read.ToArray());
        Assert.Equal("application/x-thing", got.Headers.ContentType);
        Assert.Equal("plain", got.Metadata["note"]);
        Assert.Equal(bytes.Length, (await s3.GetObjectMetadataAsync("files", put.Key)).ContentLength);
        await s3.DeleteObjectAsync("files", put.Key);
        Assert.Equal("NoSuchKey", (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.GetObjectAsync("files", put.Key))).ErrorCode);
    }

    [Fact]
    public async Task Any_number_of_them_are_apart()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(async number =>
                {
                    await using var aws = await LocalAws.StartAsync(new LocalAwsOptions { Instant = true });
                    using var dynamo = Dynamo(aws);
                    await CreateTable(dynamo, "same");
                    await dynamo.PutItemAsync("same", Item("1", $"of {number}"));
                    await aws.Time.AdvanceAsync(TimeSpan.FromHours(number));
                    Assert.Equal($"of {number}", (await dynamo.GetItemAsync("same", Key("1"))).Item["text"].S);
                    Assert.Equal(1, (await dynamo.ScanAsync(new ScanRequest("same"))).Count);
                })
        );
    }

    [Fact]
    public async Task Accounts_of_one_are_apart()
    {
        await using var aws = await LocalAws.StartAsync(new LocalAwsOptions { Instant = true });
        var (one, other) = (aws.NewAccount(), aws.NewAccount());
        using var ones = Dynamo(one);
        using var others = Dynamo(other);
        await CreateTable(ones, "mine");

        Assert.Empty((await others.ListTablesAsync()).TableNames);
        Assert.Equal(["mine"], (await ones.ListTablesAsync()).TableNames);
        Assert.NotEqual(one.Id, other.Id);
        Assert.Throws<ArgumentException>(() => aws.Account("12"));
    }

    [Fact]
    public async Task A_template_is_deployed_updated_and_refused_with_its_reasons()
    {
        await using var aws = await LocalAws.StartAsync();
        var stack = await aws.DeployAsync("orders.yaml", new { Stage = "test" });

        Assert.Equal("orders", stack.Name);
        Assert.Equal("orders-test", stack.Outputs["Table"]);
        Assert.Equal("orders-test", stack.Resources["Orders"]);
        Assert.Equal(stack.Id, (await aws.DeployAsync("orders.yaml", new { Stage = "test" })).Id);
        Assert.Equal("orders-next", (await aws.DeployAsync("orders.yaml", new { Stage = "next" })).Outputs["Table"]);
        Assert.Equal(
            "ValidationError",
            (await Assert.ThrowsAsync<LocalAwsException>(() => aws.DeployAsync("orders.yaml", stackName: "without"))).Code
        );
        var failed = await Assert.ThrowsAsync<LocalAwsException>(() =>
            aws.DeployTemplateAsync(
                """
                Resources:
                  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: "incoming-next" } }
                """,
                "twice"
            )
        );
        Assert.Equal("ROLLBACK_COMPLETE", failed.Code);
        Assert.Contains("Queue (AWS::SQS::Queue): ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("exist", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_keeps_everything_and_a_port_can_be_chosen()
    {
        var folder = Directory.CreateTempSubdirectory("disa-local-");
        try
        {
            Uri first;
            await using (var aws = await LocalAws.StartAsync(new() { DataDirectory = folder.FullName }))
            {
                using var sqs = Sqs(aws);
                await sqs.CreateQueueAsync("kept");
                first = await aws.ListenAsync();
            }

            await using var again = await LocalAws.StartAsync(new() { DataDirectory = folder.FullName, Port = first.Port });
            using var after = Sqs(again);
            Assert.EndsWith("/kept", (await after.GetQueueUrlAsync("kept")).QueueUrl, StringComparison.Ordinal);
            Assert.Equal(first, await again.ListenAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Time_moves_through_what_falls_due()
    {
        await using var aws = await LocalAws.StartAsync();
        var stack = await aws.DeployAsync("orders.yaml", new { Stage = "test" });
        using var sqs = Sqs(aws);
        var before = aws.Time.Now;

        await aws.Time.AdvanceAsync(TimeSpan.FromHours(26));
        await aws.SettledAsync();

        Assert.InRange(aws.Time.Now - before, TimeSpan.FromHours(26), TimeSpan.FromHours(26.1));
        var executions = await aws.ExecutionsAsync(stack.Outputs["Machine"]);
        Assert.All(executions, execution => Assert.Equal("SUCCEEDED", execution.Status));
        Assert.NotEmpty(executions);
        Assert.Equal(executions, await aws.ExecutionsAsync("later-test"), (one, other) => one.Arn == other.Arn);
        Assert.Equal("ExecutionStarted", executions[0].History[0].GetProperty("type").GetString());
        var message = Assert.Single((await sqs.ReceiveMessageAsync(stack.Outputs["Queue"])).Messages);
        Assert.Equal("an hour later", message.Body);
        Assert.Contains(aws.Usage, item => item is { Service: "states", Amount: > 0 });
    }

    [Fact]
    public async Task Faults_reach_the_SDK_as_they_would_on_AWS()
    {
        await using var aws = await LocalAws.StartAsync(new LocalAwsOptions { Instant = true });
        using var dynamo = Dynamo(aws, config => config.MaxErrorRetry = 0);
        await CreateTable(dynamo, "things");
        aws.Faults.Add("dynamodb:PutItem=ProvisionedThroughputExceededException@1", seed: 7);
        await Assert.ThrowsAsync<ProvisionedThroughputExceededException>(() => dynamo.PutItemAsync("things", Item("1", "never")));
        aws.Faults.Clear();
        aws.Faults.Add("dynamodb:PutItem=drop@1");
        await Assert.ThrowsAnyAsync<IOException>(() => dynamo.PutItemAsync("things", Item("2", "no answer")));
        Assert.Equal(1, Assert.Single(aws.Faults.Counts).Hits);
        aws.Faults.Clear();

        Assert.Empty((await dynamo.GetItemAsync("things", Key("1"))).Item ?? []);
        Assert.Contains(
            "is not a valid fault",
            Assert.Throws<ArgumentException>(() => aws.Faults.Add("sns is down")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_saved_state_is_restored_any_number_of_times()
    {
        var directory = Directory.CreateTempSubdirectory("local-aws-");
        try
        {
            string queue;
            DateTimeOffset saved;
            await using (var first = await LocalAws.StartAsync())
            {
                var stack = await first.DeployAsync("orders.yaml", new { Stage = "test" });
                queue = stack.Outputs["Queue"];
                using var sqs = Sqs(first);
                await sqs.SendMessageAsync(queue, "kept");
                await first.Time.AdvanceAsync(TimeSpan.FromMinutes(90));
                await first.SaveAsync(directory.FullName);
                saved = first.Time.Now;
                await sqs.SendMessageAsync(queue, "after it was saved");
            }

            foreach (var round in Enumerable.Range(1, 3))
            {
                await using var copy = await LocalAws.RestoreAsync(directory.FullName);
                using var sqs = Sqs(copy);
                using var dynamo = Dynamo(copy);
                Assert.Equal("kept", Assert.Single((await sqs.ReceiveMessageAsync(queue)).Messages).Body);
                await dynamo.PutItemAsync("orders-test", Item("1", $"round {round}"));
                Assert.Equal(1, (await dynamo.ScanAsync(new ScanRequest("orders-test"))).Count);
                Assert.InRange(copy.Time.Now - saved, TimeSpan.Zero, TimeSpan.FromMinutes(5));
            }

            await using (var again = await LocalAws.RestoreAsync(directory.FullName))
            {
                await again.SaveAsync(directory.FullName);
            }

            Assert.Equal("orders-test", (await Names(directory.FullName)).Single());
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => LocalAws.RestoreAsync(directory.FullName));

        static async Task<List<string>> Names(string path)
        {
            await using var aws = await LocalAws.RestoreAsync(path);
            using var dynamo = Dynamo(aws);
            return (await dynamo.ListTablesAsync()).TableNames;
        }
    }

    [Fact]
    public async Task Other_processes_reach_it_by_a_port_that_is_opened_when_asked_for()
    {
        await using var aws = await LocalAws.StartAsync();
        var endpoint = await aws.ListenAsync();
        Assert.True(endpoint.IsLoopback);
        Assert.Equal(endpoint, aws.Endpoint);
        Assert.Equal(endpoint, await aws.ListenAsync());
        using var http = new HttpClient { BaseAddress = endpoint };
        var health = await http.GetFromJsonAsync<System.Text.Json.JsonElement>("_disa/health");
        Assert.Equal("ready", health.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_says_for_what()
    {
        await using var aws = await LocalAws.StartAsync(new LocalAwsOptions { Patience = TimeSpan.FromMilliseconds(200) });
        using var dynamo = Dynamo(aws);
        aws.Faults.Add("dynamodb:ListTables=latency:1m@1");
        using var gone = new CancellationTokenSource();
        var call = dynamo.ListTablesAsync(gone.Token);

        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => aws.SettledAsync());

        Assert.Equal("After 0.2 s there is still in progress: ListTables.", timeout.Message);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    internal static AmazonDynamoDBClient Dynamo(AwsAccount aws, Action<AmazonDynamoDBConfig>? configure = null)
    {
        var config = aws.Configure(new AmazonDynamoDBConfig());
        configure?.Invoke(config);
        return new AmazonDynamoDBClient(aws.Credentials, config);
    }

    internal static AmazonSQSClient Sqs(AwsAccount aws) => new(aws.Credentials, aws.Configure(new AmazonSQSConfig()));

    internal static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new AttributeValue(id) };

    internal static Dictionary<string, AttributeValue> Item(string id, string text) =>
        new() { ["id"] = new AttributeValue(id), ["text"] = new AttributeValue(text) };

    internal static Task CreateTable(AmazonDynamoDBClient dynamo, string name) =>
        dynamo.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions = [new AttributeDefinition("id", ScalarAttributeType.S)],
                KeySchema = [new KeySchemaElement("id", KeyType.HASH)],
            }
        );
}
