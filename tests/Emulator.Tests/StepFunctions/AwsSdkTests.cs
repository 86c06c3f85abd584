using System.Text.Json;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Calls of <c>aws-sdk</c>: names in PascalCase, and each wire's answer as JSON.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html, "Learning to use AWS service SDK integrations in Step Functions".</remarks>
public sealed class AwsSdkTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await Run("s3:createBucket", """{"Bucket":"box"}""");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task An_object_is_written_and_read_as_text()
    {
        var put = await Run(
            "s3:putObject",
            """{"Bucket":"box","Key":"a/k","Body":{"n":1},"Metadata":{"colour":"red"},"ContentType":"text/x"}"""
        );
        var got = await Run("s3:getObject", """{"Bucket":"box","Key":"a/k"}""");

        Assert.Equal(["ETag", "ServerSideEncryption"], Names(put).Intersect(["ETag", "ServerSideEncryption"]));
        Assert.Equal("""{"n":1}""", got.GetProperty("Body").GetString());
        Assert.Equal(7, got.GetProperty("ContentLength").GetInt32());
        Assert.Equal("text/x", got.GetProperty("ContentType").GetString());
        Assert.Equal("""{"colour":"red"}""", got.GetProperty("Metadata").GetRawText());
        Assert.Equal("bytes", got.GetProperty("AcceptRanges").GetString());
        Assert.EndsWith("Z", got.GetProperty("LastModified").GetString());
        Assert.StartsWith("\"", got.GetProperty("ETag").GetString());
    }

    // SDKs make up the token: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html.
    [Fact]
    public async Task A_secret_is_made_without_a_token_of_the_workflows()
    {
        var made = await Run("secretsmanager:createSecret", """{"Name":"one","SecretString":"x"}""");

        Assert.Equal("one", made.GetProperty("Name").GetString());
        Assert.True(Guid.TryParse(made.GetProperty("VersionId").GetString(), out _));
    }

    /// <summary>A task that runs again after a power cut has the same token: the second request is the first again.</summary>
    [Fact]
    public async Task A_secret_is_made_once_where_the_power_goes_before_the_task_is_recorded()
    {
        const string start = "AWSStepFunctions.StartExecution";
        var directory = Directory.CreateTempSubdirectory("disa-").FullName;
        var started = 0;
        try
        {
            for (var cut = 1; cut <= 12; cut++)
            {
                var power = new PowerCut(cut);
                var data = Path.Combine(directory, $"cut{cut}");
                string? execution = null;
                try
                {
                    await using var before = await TestCloud.Start(
                        new LocalCloudOptions { DataDirectory = data, BeforeWrite = power.BeforeWrite }
                    );
                    var definition = Definition("aws-sdk:secretsmanager:createSecret", """{"Name":"one","SecretString":"x"}""", "$", false);
                    var machine = await before.Json(
                        "states",
                        "AWSStepFunctions.CreateStateMachine",
                        $$"""{"name":"m","roleArn":"{{Bench.Role}}","definition":{{Bench.Quote(definition)}}}"""
                    );
                    var run = $$"""{"stateMachineArn":"{{machine.GetProperty("stateMachineArn").GetString()}}"}""";
                    execution = (await before.Json("states", start, run)).GetProperty("executionArn").GetString();
                    await Task.WhenAny(before.Clock.Settle(TimeSpan.FromSeconds(10)), power.Happened.Task);
                }
                catch (Exception) when (power.Happened.Task.IsCompleted)
                {
                    // As a machine without power.
                }

                if (execution is null)
                {
                    continue;
                }

                started++;
                await using var after = await TestCloud.Start(new LocalCloudOptions { DataDirectory = data });
                await after.Clock.Settle(TimeSpan.FromSeconds(10));
                var end = await after.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");
                Assert.True(end.GetProperty("status").GetString() == "SUCCEEDED", $"cut before write {cut}: {end}");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        Assert.NotEqual(0, started);
    }

    [Theory]
    [InlineData("s3:listObjectsV2", """{"Bucket":"box","Prefix":"p/","MaxKeys":1}""", "$.Contents[0].Key", "\"p/1\"")]
    [InlineData("s3:listObjectsV2", """{"Bucket":"box","Prefix":"p/","MaxKeys":1}""", "$.IsTruncated", "true")]
    [InlineData("s3:listObjectsV2", """{"Bucket":"box","Prefix":"p/","MaxKeys":1}""", "$.KeyCount", "1")]
    [InlineData("s3:listObjectsV2", """{"Bucket":"box","Delimiter":"/"}""", "$.CommonPrefixes[0].Prefix", "\"p/\"")]
    [InlineData("s3:listBuckets", "{}", "$.Buckets[0].Name", "\"box\"")]
    [InlineData("s3:headObject", """{"Bucket":"box","Key":"p/1"}""", "$.ContentLength", "3")]
    [InlineData("s3:getObjectAcl", """{"Bucket":"box","Key":"p/1"}""", "$.Grants[0].Grantee.Type", "\"CanonicalUser\"")]
    [InlineData(
        "s3:deleteObjects",
        """{"Bucket":"box","Delete":{"Objects":[{"Key":"p/1"},{"Key":"p/2"}]}}""",
        "$.Deleted[1].Key",
        "\"p/2\""
    )]
    [InlineData("s3:copyObject", """{"Bucket":"box","Key":"c","CopySource":"box/p/1"}""", "$.CopyObjectResult.LastModified", null)]
    [InlineData("s3:getBucketPolicy", """{"Bucket":"box"}""", "$.Policy", null)]
    [InlineData("s3:getBucketLocation", """{"Bucket":"box"}""", "$", "{\"LocationConstraint\":\"\"}")]
    [InlineData("s3:getObjectTagging", """{"Bucket":"box","Key":"p/1"}""", "$.TagSet", """[{"Key":"t","Value":"v"}]""")]
    public async Task Answers_in_XML_are_JSON(string action, string parameters, string path, string? value)
    {
        await Run("s3:putObject", """{"Bucket":"box","Key":"p/1","Body":"one","Tagging":"t=v"}""");
        await Run("s3:putObject", """{"Bucket":"box","Key":"p/2","Body":"two"}""");
        await Run(
            "s3:putBucketPolicy",
            """{"Bucket":"box","Policy":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObjectAcl","Resource":"arn:aws:s3:::box/none"}]}}"""
        );

        var answer = await Run(action, parameters, path);

        Assert.True(value is null ? answer.ValueKind == JsonValueKind.String : value == answer.GetRawText(), answer.GetRawText());
    }

    [Theory]
    [InlineData(
        "s3:getObject",
        """{"Bucket":"box","Key":"none"}""",
        "S3.NoSuchKeyException",
        "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: "
    )]
    [InlineData(
        "s3:getObject",
        """{"Bucket":"none-such","Key":"k"}""",
        "S3.NoSuchBucketException",
        "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: "
    )]
    [InlineData(
        "s3:createBucket",
        """{"Bucket":"B"}""",
        "S3.S3Exception",
        "The specified bucket is not valid. (Service: S3, Status Code: 400, Request ID: "
    )]
    [InlineData("lambda:invoke", """{"FunctionName":"none"}""", "Lambda.ResourceNotFoundException", "Function not found: ")]
    [InlineData("sqs:getQueueUrl", """{"QueueName":"none"}""", "Sqs.QueueDoesNotExistException", "The specified queue does not exist")]
    public async Task Errors_have_the_names_of_exceptions(string action, string parameters, string error, string cause)
    {
        var caught = await Run(action, parameters, catches: true);

        Assert.Equal(error, caught.GetProperty("Error").GetString());
        Assert.StartsWith(cause, caught.GetProperty("Cause").GetString());
    }

    [Fact]
    public async Task Names_that_begin_with_several_capitals_are_spelled_as_words()
    {
        var queue = (await Run("sqs:createQueue", """{"QueueName":"q"}""")).GetProperty("QueueUrl").GetString();

        var sent = await Run("sqs:sendMessage", $$"""{"QueueUrl":"{{queue}}","MessageBody":"m"}""");
        var optimised = await Run("sqs:sendMessage", $$"""{"QueueUrl":"{{queue}}","MessageBody":"m"}""", isSdk: false);

        Assert.Contains("Md5OfMessageBody", Names(sent));
        Assert.Contains("MD5OfMessageBody", Names(optimised));
    }

    [Theory]
    [InlineData("""{"Bucket":"box"}""", "SCHEMA_VALIDATION_FAILED: The field \"Key\" is required but was missing at /States/A/Parameters")]
    [InlineData(
        """{"Bucket":"box","Key.$":"$","key":"k"}""",
        "SCHEMA_VALIDATION_FAILED: The field \"key\" is not supported by Step Functions at /States/A/Parameters"
    )]
    public async Task Parameters_that_the_operation_does_not_have_are_refused_at_creation(string parameters, string message)
    {
        var definition = Definition("aws-sdk:s3:getObject", parameters, "$", false);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                $$"""{"name":"m","roleArn":"{{Bench.Role}}","definition":{{Bench.Quote(definition)}}}"""
            )
        );

        var answer = JsonElement.Parse(refused.Message[(refused.Message.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        Assert.Equal($"Invalid State Machine Definition: '{message}'", answer.GetProperty("message").GetString());
    }

    private static IEnumerable<string> Names(JsonElement value) => value.EnumerateObject().Select(member => member.Name);

    private static string Definition(string resource, string parameters, string path, bool catches) =>
        $$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::{{resource}}","Parameters":{{parameters}},"""
        + $$""" "OutputPath":"{{path}}",{{(catches ? "\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"Z\"}]," : "")}}"Next":"Z"},"Z":"""
        + """{"Type":"Succeed"}}}""";

    private async Task<JsonElement> Run(string action, string parameters, string path = "$", bool catches = false, bool isSdk = true)
    {
        var definition = Definition((isSdk ? "aws-sdk:" : "") + action, parameters, path, catches);
        var machine = await cloud.Json(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            $$"""{"name":"m{{Guid.NewGuid():N}}","roleArn":"{{Bench.Role}}","definition":{{Bench.Quote(definition)}}}"""
        );
        var started = await cloud.Json(
            "states",
            "AWSStepFunctions.StartExecution",
            $$"""{"stateMachineArn":"{{machine.GetProperty("stateMachineArn").GetString()}}"}"""
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        var description = await cloud.Json(
            "states",
            "AWSStepFunctions.DescribeExecution",
            $$"""{"executionArn":"{{started.GetProperty("executionArn").GetString()}}"}"""
        );
        Assert.True(description.TryGetProperty("output", out var output), description.GetRawText());
        return JsonElement.Parse(output.GetString()!);
    }
}
