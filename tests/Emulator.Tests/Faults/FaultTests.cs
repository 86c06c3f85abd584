using System.Diagnostics;
using System.Text.Json;
using Disa.Emulator.Tests.Lambda;

namespace Disa.Emulator.Tests.Faults;

/// <summary>What goes wrong on request, through the wire: each kind, and what is refused.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData(
        "dynamodb:PutItem=ProvisionedThroughputExceededException@1",
        400,
        "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
    )]
    [InlineData("dynamodb:*=InternalServerError@1", 500, "com.amazonaws.dynamodb.v20120810#InternalServerError")]
    public async Task An_error_comes_before_the_effect_and_looks_as_the_service_s_own(string fault, int status, string type)
    {
        await cloud.CreateTable("table");
        await Ask(fault);

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Put("table", "1", "hello"));

        Assert.Equal(status, error.Status);
        Assert.Equal(type, JsonElement.Parse(error.Body).GetProperty("__type").GetString());
        await Faults(HttpMethod.Delete);
        Assert.False(await IsThere("1"));
    }

    [Fact]
    public async Task A_throttled_publish_is_SNS_s_in_the_query_protocol()
    {
        await cloud.Query("sns", "CreateTopic", ("Name", "t"));
        await Ask("sns:Publish=Throttled@1");

        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query("sns", "Publish", ("TopicArn", "arn:aws:sns:us-east-1:000000000000:t"), ("Message", "hello"))
        );

        Assert.Equal(429, error.Status);
        Assert.Contains("<Code>Throttled</Code>", error.Body);
    }

    [Fact]
    public async Task A_timeout_comes_after_the_effect_and_a_dropped_call_has_none()
    {
        await cloud.CreateTable("table");

        await Ask("dynamodb:PutItem=timeout@1");
        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.Put("table", "after", "hello"));
        await Faults(HttpMethod.Delete);
        await Ask("dynamodb:PutItem=drop@1");
        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.Put("table", "before", "hello"));
        await Faults(HttpMethod.Delete);

        Assert.True(await IsThere("after"));
        Assert.False(await IsThere("before"));
    }

    /// <summary>"InternalError 500" may come once the message is accepted: SDKs repeat it, and the repetition is a message of its own.</summary>
    [Fact]
    public async Task An_error_after_the_effect_has_the_effect_and_one_without_the_word_has_none()
    {
        await cloud.CreateTable("table");

        await Ask("dynamodb:PutItem=InternalServerError:after@1");
        var after = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Put("table", "after", "hello"));
        await Faults(HttpMethod.Delete);
        await Ask("dynamodb:PutItem=InternalServerError@1");
        await Assert.ThrowsAsync<TestAwsException>(() => cloud.Put("table", "without", "hello"));
        await Faults(HttpMethod.Delete);
        await Ask("dynamodb:UpdateItem=InternalServerError:after@1");
        Assert.Equal(
            "DynamoDB.InternalServerErrorException",
            await Error("arn:aws:states:::dynamodb:updateItem", """{"TableName":"table","Key":{"id":{"S":"workflow"}}}""")
        );
        await Faults(HttpMethod.Delete);

        Assert.Equal(500, after.Status);
        Assert.True(await IsThere("after"));
        Assert.True(await IsThere("workflow"));
        Assert.False(await IsThere("without"));
    }

    [Fact]
    public async Task Latency_passes_on_real_clocks()
    {
        await Ask("dynamodb:ListTables=latency:300ms@1");
        var started = Stopwatch.GetTimestamp();

        await cloud.Json("dynamodb", "DynamoDB_20120810.ListTables", "{}");

        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task The_same_seed_and_calls_give_the_same_faults_and_other_rules_change_nothing()
    {
        var first = await Pattern(7, "dynamodb:ListTables=ThrottlingException@0.3");
        var again = await Pattern(7, "sns:Publish=Throttled@0.5", "dynamodb:ListTables=ThrottlingException@0.3");
        var other = await Pattern(8, "dynamodb:ListTables=ThrottlingException@0.3");

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(letter => letter == 'x'), 8, 30);
    }

    [Fact]
    public async Task Workflows_meet_the_same_faults_by_the_names_of_their_integrations()
    {
        await cloud.CreateTable("table");
        await Ask(
            "dynamodb:UpdateItem=ProvisionedThroughputExceededException@1",
            "lambda:Invoke=TooManyRequestsException@1",
            "dynamodb:GetItem=timeout@1",
            "sns:Publish=drop@1"
        );

        Assert.Equal(
            "DynamoDB.ProvisionedThroughputExceededException",
            await Error("arn:aws:states:::dynamodb:updateItem", """{"TableName":"table","Key":{"id":{"S":"1"}}}""")
        );
        Assert.Equal("Lambda.TooManyRequestsException", await Error("arn:aws:states:::lambda:invoke", """{"FunctionName":"none"}"""));
        Assert.Equal(
            "DynamoDB.SdkClientException",
            await Error("arn:aws:states:::dynamodb:getItem", """{"TableName":"table","Key":{"id":{"S":"1"}}}""")
        );
        Assert.Equal(
            "Sns.SdkClientException",
            await Error("arn:aws:states:::aws-sdk:sns:publish", """{"TopicArn":"arn:aws:sns:us-east-1:000000000000:t","Message":"m"}""")
        );
    }

    [Fact]
    public async Task Lost_metrics_are_neither_taken_from_logs_nor_put()
    {
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"g"}""");
        await cloud.Json("logs", "Logs_20140328.CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""");
        await Ask("metrics:lost@1");

        var now = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var line = $$"""{"_aws":{"Timestamp":{{now}},"CloudWatchMetrics":[{"Namespace":"Disa","Metrics":[{"Name":"Sent"}]}]},"Sent":3}""";
        await cloud.Json(
            "logs",
            "Logs_20140328.PutLogEvents",
            JsonSerializer.Serialize(
                new
                {
                    logGroupName = "g",
                    logStreamName = "s",
                    logEvents = new[] { new { timestamp = now, message = line } },
                }
            )
        );
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query(
                "monitoring",
                "PutMetricData",
                ("Version", "2010-08-01"),
                ("Namespace", "Disa"),
                ("MetricData.member.1.MetricName", "Sent"),
                ("MetricData.member.1.Value", "1")
            )
        );

        Assert.Equal(500, error.Status);
        Assert.DoesNotContain(
            "<MetricName>",
            await cloud.Query("monitoring", "ListMetrics", ("Version", "2010-08-01"), ("Namespace", "Disa"))
        );
    }

    [Theory]
    [InlineData("snss:Publish=Throttled@0.2", "there is no service 'snss'")]
    [InlineData("sns:publish=Throttled@0.2", "sns has no operation 'publish'; it is Publish.")]
    [InlineData("sns:Publish=SlowDown@0.2", "'SlowDown' is not an error that can be injected into sns")]
    [InlineData("sns:Publish=Throttled:after@0.2", "'Throttled' of 'sns:Publish=Throttled:after@0.2' has the status 429")]
    [InlineData("lambda:freeze=soon@0.2", "is not a duration")]
    [InlineData("sns:Publish=Throttled@1.5", "the rate 1.5")]
    [InlineData("sns:Publish=Throttled", "is not a valid fault; faults look like")]
    [InlineData("sns:Publish=latency:5weeks@0.5", "is not a duration")]
    [InlineData("stream:lose@0.5", "is not a valid fault")]
    public async Task What_is_no_fault_is_refused_in_one_sentence(string fault, string sentence)
    {
        var (status, text) = await cloud.Send(
            HttpMethod.Post,
            "x",
            "/_disa/faults",
            JsonSerializer.Serialize(new { faults = new[] { "sns:Publish=drop@1", fault } }),
            "application/json"
        );

        Assert.Equal(400, status);
        Assert.Contains(sentence, JsonElement.Parse(text).GetProperty("message").GetString());
        Assert.Empty((await Faults(HttpMethod.Get)).GetProperty("faults").EnumerateArray());
    }

    [Fact]
    public async Task Faults_are_counted_and_never_touch_the_emulator_s_own_paths()
    {
        await Ask("dynamodb:*=drop@1");
        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.Json("dynamodb", "DynamoDB_20120810.ListTables", "{}"));

        var shown = (await Faults(HttpMethod.Get)).GetProperty("faults")[0];

        Assert.Equal("""{"fault":"dynamodb:*=drop@1","calls":1,"hits":1}""", shown.GetRawText());
    }

    private async Task<string> Pattern(long seed, params string[] faults)
    {
        await Faults(HttpMethod.Delete);
        await Faults(HttpMethod.Post, JsonSerializer.Serialize(new { faults, seed }));
        var pattern = "";
        for (var i = 0; i < 60; i++)
        {
            var (status, _) = await cloud.Send(
                HttpMethod.Post,
                "dynamodb",
                "/",
                "{}",
                "application/x-amz-json-1.0",
                null,
                ("X-Amz-Target", "DynamoDB_20120810.ListTables")
            );
            pattern += status == 200 ? '.' : 'x';
        }

        return pattern;
    }

    private async Task<string?> Error(string resource, string parameters)
    {
        var definition =
            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":\""
            + resource
            + "\",\"Parameters\":"
            + parameters
            + ",\"End\":true}}}";
        var machine = (
            await cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                JsonSerializer.Serialize(
                    new
                    {
                        name = $"m{Guid.NewGuid():N}",
                        roleArn = "arn:aws:iam::000000000000:role/workflow",
                        definition,
                    }
                )
            )
        ).GetProperty("stateMachineArn").GetString();
        var execution = (
            await cloud.Json("states", "AWSStepFunctions.StartExecution", JsonSerializer.Serialize(new { stateMachineArn = machine }))
        )
            .GetProperty("executionArn")
            .GetString();
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        return (
            await cloud.Json("states", "AWSStepFunctions.DescribeExecution", JsonSerializer.Serialize(new { executionArn = execution }))
        )
            .GetProperty("error")
            .GetString();
    }

    private async Task<bool> IsThere(string id) =>
        (
            await cloud.Json(
                "dynamodb",
                "DynamoDB_20120810.GetItem",
                JsonSerializer.Serialize(
                    new
                    {
                        TableName = "table",
                        Key = new { id = new { S = id } },
                        ConsistentRead = true,
                    }
                )
            )
        ).TryGetProperty("Item", out _);

    private Task<JsonElement> Ask(params string[] faults) => Faults(HttpMethod.Post, JsonSerializer.Serialize(new { faults, seed = 1 }));

    private async Task<JsonElement> Faults(HttpMethod method, string body = "")
    {
        var (status, text) = await cloud.Send(method, "x", "/_disa/faults", body, "application/json");
        Assert.Equal(200, status);
        return JsonElement.Parse(text);
    }
}
