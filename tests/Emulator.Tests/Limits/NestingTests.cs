using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;
using Disa.Emulator.Tests.CloudFormation;

namespace Disa.Emulator.Tests.Limits;

/// <summary>
/// Input that nests as deeply as its size allows is refused in the caller's protocol. Without a limit it ends the process by a stack
/// overflow, and no test after it runs.
/// </summary>
public class NestingTests
{
    private const int Body = 50_000;

    public static TheoryData<string> Templates =>
        new()
        {
            "Resources: " + new string('[', Body),
            "Resources: " + new string('{', Body),
            string.Concat(Enumerable.Repeat("{\"Resources\":", Body / 13)),
            "{\"Resources\":" + new string('[', Body),
            "Resources: {A: {Type: 'T::T::T', Properties: {P: " + Repeated("!Join ['', [", Body / 12),
            "Resources: {A: {Type: 'T::T::T', Properties: {P: " + Repeated("{'Fn::If': [C, ", Body / 15),
            "Resources:\n  A: {Type: 'T::T::T'}\nConditions:\n  C: " + Repeated("!Not [", Body / 6),
            "Resources: " + Repeated("- ", Body / 2),
        };

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_may_nest_so_deep_and_no_deeper(string text) =>
        Assert.StartsWith(
            "Template format error: ",
            Assert.Throws<AwsException>(() => TemplateParser.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_template_that_nests_too_deeply_is_refused_from_the_body_and_from_S3()
    {
        await using var cloud = await StackCloud.Start();
        cloud.World.Templates["deep.yaml"] = "Resources: " + new string('[', 200_000);

        Assert.StartsWith(
            "ValidationError: Template format error: ",
            await cloud.Refused("ValidateTemplate", ("TemplateBody", "Resources: " + new string('[', Body))),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "ValidationError: Template format error: ",
            await cloud.Refused("ValidateTemplate", ("TemplateURL", "https://bucket.s3.amazonaws.com/deep.yaml")),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "ValidationError: Template format error: ",
            await cloud.Refused("CreateStack", ("StackName", "a"), ("TemplateURL", "https://bucket.s3.amazonaws.com/deep.yaml")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_real_templates_nest_is_read()
    {
        var deep = Enumerable.Range(0, 20).Aggregate("x", (inner, _) => $"!If [C, {inner}, y]");

        var template = TemplateParser.Parse(
            $"Conditions: {{C: !Equals [a, a]}}\nResources: {{A: {{Type: 'T::T::T', Properties: {{P: {deep}}}}}}}"
        );

        Assert.Equal(
            "{\"P\":\"x\"}",
            new Evaluation(template, new Dictionary<string, string>(), Engine.Pseudo).Properties(template.Resources["A"]).ToJsonText()
        );
    }

    [Fact]
    public void Conditions_may_stand_in_a_long_row()
    {
        var conditions = new StringBuilder("  C0: !Equals [a, a]\n");
        for (var i = 1; i < 25_000; i++)
        {
            conditions.Append(System.Globalization.CultureInfo.InvariantCulture, $"  C{i}: !Not [!Condition C{i - 1}]\n");
        }

        // The last first, so that each leads to the next.
        var rows = string.Join('\n', conditions.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var template = TemplateParser.Parse($"Conditions:\n{rows}\nResources: {{A: {{Type: 'T::T::T'}}}}");

        Assert.False(new Evaluation(template, new Dictionary<string, string>(), Engine.Pseudo).ConditionValues["C24999"]);
    }

    [Theory]
    [InlineData("$.a[?(", "(")]
    [InlineData("$.a[?(", "!")]
    [InlineData("$.a[?(", "@[?(")]
    [InlineData("$.a[?(@.b in ", "[")]
    [InlineData("", "States.Format(")]
    [InlineData("States.Array(", "$[?(")]
    public async Task A_path_may_nest_so_deep_and_no_deeper(string start, string again)
    {
        await using var cloud = await TestCloud.Start();
        var path = start + Repeated(again, 900_000 / again.Length);
        var definition = $$$$"""{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"p.$":"{{{{path}}}}"},"End":true}}}""";

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                $$"""{"name":"m","roleArn":"arn:aws:iam::000000000000:role/r","definition":{{System.Text.Json.JsonSerializer.Serialize(definition)}}}"""
            )
        );

        Assert.Equal(400, refused.Status);
        Assert.Contains("InvalidDefinition", refused.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("NOT ", "")]
    [InlineData("NOT (", ")")]
    public async Task A_condition_may_nest_so_deep_and_no_deeper(string open, string close)
    {
        await using var cloud = await TableCloud();
        var times = 4000 / (open.Length + close.Length);
        var condition = Repeated(open, times) + "a = b" + Repeated(close, times);

        await Refused(
            cloud,
            "ValidationException",
            "PutItem",
            $$$"""{"TableName":"table","Item":{"k":{"S":"1"}},"ConditionExpression":"{{{condition}}}"}"""
        );
        await Refused(cloud, "ValidationException", "Scan", $$$"""{"TableName":"table","FilterExpression":"{{{condition}}}"}""");
    }

    [Fact]
    public async Task An_expression_has_at_most_300_operators()
    {
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
        await using var cloud = await TableCloud();
        string Condition(int comparisons) => string.Join(" OR ", Enumerable.Repeat("a=b", comparisons));

        await cloud.Json("dynamodb", "DynamoDB_20120810.Scan", $$"""{"TableName":"table","FilterExpression":"{{Condition(150)}}"}""");
        await Refused(cloud, "ValidationException", "Scan", $$"""{"TableName":"table","FilterExpression":"{{Condition(151)}}"}""");
    }

    [Theory]
    [InlineData("SET a = ", "(", ")")]
    [InlineData("SET a = ", "if_not_exists(b, ", ")")]
    [InlineData("SET a = ", "list_append(b, ", ")")]
    public async Task An_update_may_nest_so_deep_and_no_deeper(string start, string open, string close)
    {
        await using var cloud = await TableCloud();
        var times = 4000 / (open.Length + close.Length);

        await Refused(
            cloud,
            "ValidationException",
            "UpdateItem",
            $$$"""{"TableName":"table","Key":{"k":{"S":"1"}},"UpdateExpression":"{{{start + Repeated(open, times)}}}b{{{Repeated(close, times)}}}"}"""
        );
    }

    [Fact]
    public async Task A_document_path_has_at_most_32_steps()
    {
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes: 32 levels
        await using var cloud = await TableCloud();

        await Refused(
            cloud,
            "ValidationException",
            "UpdateItem",
            $$$"""{"TableName":"table","Key":{"k":{"S":"1"}},"UpdateExpression":"REMOVE a{{{Repeated(".a", 33)}}}"}"""
        );
        await Refused(
            cloud,
            "ValidationException",
            "Scan",
            $$$"""{"TableName":"table","ProjectionExpression":"a{{{Repeated("[0]", 1000)}}}"}"""
        );
    }

    [Theory]
    [InlineData("{\"L\":[", "]}")]
    [InlineData("{\"M\":{\"a\":", "}}")]
    public async Task An_attribute_has_32_levels_and_no_more(string open, string close)
    {
        await using var cloud = await TableCloud();
        string Item(int levels) =>
            $$$"""{"TableName":"table","Item":{"k":{"S":"1"},"a":{{{Repeated(open, levels)}}}{"S":"x"}{{{Repeated(close, levels)}}}}}""";

        await cloud.Json("dynamodb", "DynamoDB_20120810.PutItem", Item(32)); // the answer is empty
        var (_, read) = await cloud.Send(
            HttpMethod.Post,
            "dynamodb",
            "/",
            """{"TableName":"table","Key":{"k":{"S":"1"}}}""",
            "application/x-amz-json-1.0",
            null,
            ("X-Amz-Target", "DynamoDB_20120810.GetItem")
        );
        Assert.Contains("\"x\"", read, StringComparison.Ordinal);
        await Refused(cloud, "ValidationException", "PutItem", Item(33));
        await Refused(cloud, "Exception", "PutItem", Item(100_000));
    }

    [Theory]
    [InlineData("sns", "Publish", "TopicArn")]
    [InlineData("cloudformation", "CreateStack", "Parameters.member.1.ParameterKey")]
    [InlineData("sts", "GetCallerIdentity", "a")]
    public async Task A_form_may_nest_so_deep_and_no_deeper(string service, string action, string start)
    {
        await using var cloud = await TestCloud.Start();

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query(service, action, (start + Repeated(".a", 1_000_000), "x"))
        );

        Assert.Equal(400, refused.Status);
    }

    [Theory]
    [InlineData("<Tagging><TagSet>", "/bucket?tagging")]
    [InlineData("<LifecycleConfiguration>", "/bucket?lifecycle")]
    public async Task An_XML_body_may_nest_so_deep_and_no_deeper(string start, string path)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(HttpMethod.Put, "s3", path, start + Repeated("<a>", 500_000))
        );

        Assert.Equal(400, refused.Status);
        Assert.Contains("MalformedXML", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CBOR_body_may_nest_so_deep_and_no_deeper()
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        foreach (
            var again in (byte[][])
                [
                    [0x81],
                    [0xa1, 0x61, 0x61],
                    [0xc1],
                ]
        )
        {
            var body = Enumerable.Repeat(again, 300_000).SelectMany(part => part).ToArray();
            using var request = cloud.Signed(
                HttpMethod.Post,
                "monitoring",
                "/service/GraniteServiceVersion20100801/operation/PutMetricData",
                "",
                []
            );
            request.Content = new ByteArrayContent(body);

            using var answer = await http.SendAsync(request);

            Assert.Equal(400, (int)answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("dynamodb", "DynamoDB_20120810.PutItem", "{\"Item\":")]
    [InlineData("states", "AWSStepFunctions.StartExecution", "{\"input\":")]
    [InlineData("sqs", "AmazonSQS.SendMessage", "{\"MessageAttributes\":")]
    [InlineData("events", "AWSEvents.PutEvents", "{\"Entries\":")]
    public async Task A_JSON_body_may_nest_so_deep_and_no_deeper(string service, string target, string start)
    {
        await using var cloud = await TestCloud.Start();

        foreach (var again in (string[])["[", "{\"a\":"])
        {
            var refused = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json(service, target, start + Repeated(again, 500_000)));
            Assert.Equal(400, refused.Status);
        }
    }

    [Fact]
    public async Task Patterns_policies_and_filters_may_nest_so_deep_and_no_deeper()
    {
        await using var cloud = await TestCloud.Start();
        var deep = System.Text.Json.JsonSerializer.Serialize(Repeated("{\"a\":", 100_000) + "[1]" + new string('}', 100_000));
        Task<TestAwsException> Refused(Func<Task> call) => Assert.ThrowsAsync<TestAwsException>(call);

        Assert.Equal(
            400,
            (await Refused(() => cloud.Json("events", "AWSEvents.PutRule", $$"""{"Name":"r","EventPattern":{{deep}}}"""))).Status
        );
        Assert.Equal(
            400,
            (
                await Refused(() =>
                    cloud.Json("events", "AWSEvents.TestEventPattern", $$"""{"Event":{{deep}},"EventPattern":"{\"source\":[\"a\"]}"}""")
                )
            ).Status
        );
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"g"}""");
        Assert.Equal(
            400,
            (
                await Refused(() =>
                    cloud.Json(
                        "logs",
                        "Logs_20140328.FilterLogEvents",
                        $$"""{"logGroupName":"g","filterPattern":"{ {{new string('(', 900_000)}} $.a = 1 }"}"""
                    )
                )
            ).Status
        );
        Assert.Equal(
            400,
            (
                await Refused(() =>
                    cloud.Query(
                        "iam",
                        "CreatePolicy",
                        ("PolicyName", "p"),
                        ("PolicyDocument", "{\"Version\":\"2012-10-17\",\"Statement\":" + new string('[', 6000))
                    )
                )
            ).Status
        );
    }

    [Theory]
    [InlineData(60)]
    [InlineData(99)]
    public async Task A_property_may_nest_as_deep_as_its_template(int levels)
    {
        await using var cloud = await StackCloud.Start();
        var nested = levels - 5;

        var status = await cloud.Do(
            "CreateStack",
            "deep",
            $"Resources: {{A: {{Type: 'Test::Some::Thing', Properties: {{Size: {new string('[', nested)}x{new string(']', nested)}}}}}}}"
        );

        Assert.Equal("CREATE_COMPLETE", status);
    }

    private static async Task<TestCloud> TableCloud()
    {
        var cloud = await TestCloud.Start();
        await cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.CreateTable",
            """{"TableName":"table","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],"KeySchema":[{"AttributeName":"k","KeyType":"HASH"}]}"""
        );
        await cloud.Json("dynamodb", "DynamoDB_20120810.DescribeTable", """{"TableName":"table"}""");
        return cloud;
    }

    private static async Task Refused(TestCloud cloud, string code, string operation, string body)
    {
        var refused = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("dynamodb", "DynamoDB_20120810." + operation, body));
        Assert.Equal(400, refused.Status);
        Assert.Contains(code, refused.Body, StringComparison.Ordinal);
    }

    private static string Repeated(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
