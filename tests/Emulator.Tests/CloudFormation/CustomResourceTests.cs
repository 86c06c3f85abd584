using System.Net;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// Resources that a topic's reader makes, and conditions that wait for signals: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html,
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html.
/// </summary>
public sealed class CustomResourceTests : IAsyncLifetime
{
    private const string Topic = "arn:aws:sns:us-east-1:000000000000:requests";
    private const string Queue = "http://localhost/000000000000/requests";

    private const string Template = """
        Resources:
          C:
            Type: Custom::Thing
            Properties: {ServiceToken: 'arn:aws:sns:us-east-1:000000000000:requests', Size: 1, Flag: true, Deep: {A: [2]}}
        Outputs:
          Id: {Value: !Ref C}
          Answer: {Value: !GetAtt C.Answer}
        """;

    private readonly HttpClient http = new();
    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync()
    {
        stacks = await StackCloud.Start();
        await stacks.Cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"requests"}""");
        await stacks.Cloud.Query("sns", "CreateTopic", ("Name", "requests"));
        await stacks.Cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", Topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:requests")
        );
        await stacks.Cloud.Json(
            "sqs",
            "AmazonSQS.SetQueueAttributes",
            $$$"""{"QueueUrl":"{{{Queue}}}","Attributes":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}}"}}"""
        );
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await stacks.DisposeAsync();
    }

    [Fact]
    public async Task A_custom_resource_is_made_changed_replaced_and_deleted()
    {
        await stacks.Call("CreateStack", ("StackName", "s"), ("TemplateBody", Template));
        var create = await Next();
        Assert.Equal(
            [
                "RequestType",
                "ServiceToken",
                "ResponseURL",
                "StackId",
                "RequestId",
                "LogicalResourceId",
                "ResourceType",
                "ResourceProperties",
            ],
            create.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(
            $$$"""{"ServiceToken":"{{{Topic}}}","Size":"1","Flag":"true","Deep":{"A":["2"]}}""",
            create.GetProperty("ResourceProperties").GetRawText()
        );
        await Answer(create, "SUCCESS", "first", """{"Answer":42}""");
        Assert.Equal("CREATE_COMPLETE", await stacks.Status("s"));
        Assert.Equal("first", await stacks.Output("s", "Id"));
        Assert.Equal("42", await stacks.Output("s", "Answer"));

        await stacks.Call("UpdateStack", ("StackName", "s"), ("TemplateBody", Template.Replace("Size: 1", "Size: 2")));
        var update = await Next();
        Assert.Equal("Update", update.GetProperty("RequestType").GetString());
        Assert.Equal("first", update.GetProperty("PhysicalResourceId").GetString());
        Assert.Equal("1", update.GetProperty("OldResourceProperties").GetProperty("Size").GetString());
        await Answer(update, "SUCCESS", "second", """{"Answer":43}""");
        var delete = await Next();
        Assert.Equal(
            "Delete first",
            $"{delete.GetProperty("RequestType").GetString()} {delete.GetProperty("PhysicalResourceId").GetString()}"
        );
        await Answer(delete, "SUCCESS", "first");
        Assert.Equal("UPDATE_COMPLETE", await stacks.Status("s"));
        Assert.Equal("second", await stacks.Output("s", "Id"));

        await stacks.Call("DeleteStack", ("StackName", "s"));
        var last = await Next();
        Assert.Equal("second", last.GetProperty("PhysicalResourceId").GetString());
        await Answer(last, "SUCCESS", "second");
        Assert.Equal("DELETE_COMPLETE", await stacks.Status("s"));
    }

    [Fact]
    public async Task One_that_fails_fails_its_stack_and_is_deleted()
    {
        await stacks.Call("CreateStack", ("StackName", "s"), ("TemplateBody", Template));
        var create = await Next();
        await Answer(create, "FAILED", "x", reason: "no luck");
        var delete = await Next();
        Assert.Equal("Delete", delete.GetProperty("RequestType").GetString());
        await Answer(delete, "SUCCESS", "x");

        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Status("s"));
        Assert.Contains(
            $"C CREATE_FAILED Received response status [FAILED] from custom resource. Message returned: no luck (RequestId: {create.GetProperty("RequestId").GetString()})",
            await stacks.Events("s")
        );
    }

    /// <summary>
    /// "If set to true, all returned values are masked with asterisks", but for Metadata and Outputs:
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_an_answer_with_NoEcho_gives_is_shown_in_outputs_alone(bool noEcho)
    {
        const string more = """
              T: {Type: Test::Some::Thing, Properties: {Size: !GetAtt C.Answer, Link: !Sub 'a ${C.Deep.Word}'}}
            Outputs:
            """;
        var template = Template.Replace("Outputs:", more);
        await stacks.Call("CreateStack", ("StackName", "s"), ("TemplateBody", template));
        await Answer(await Next(), "SUCCESS", "x", """{"Answer":"opensesame","Deep":{"Word":"opensesame"}}""", noEcho: noEcho);
        Assert.Equal("CREATE_COMPLETE", await stacks.Status("s"));

        string[] seen =
        [
            (await stacks.Call("DescribeStackEvents", ("StackName", "s"))).Value,
            (await stacks.Call("DescribeStackResource", ("StackName", "s"), ("LogicalResourceId", "T"))).Value,
            await Changed(template.Replace("'a ${", "'b ${")),
        ];
        Assert.Equal(!noEcho, string.Concat(seen).Contains("opensesame", StringComparison.Ordinal));
        Assert.Equal(noEcho, seen[2].Contains("a **** > b ****", StringComparison.Ordinal));
        Assert.Equal("opensesame", await stacks.Output("s", "Answer"));
        Assert.Contains("a opensesame", stacks.World.Things.Single().Value.Properties);
    }

    /// <summary>What a change set shows of a new template, values included.</summary>
    private async Task<string> Changed(string template)
    {
        await stacks.Call("CreateChangeSet", ("StackName", "s"), ("ChangeSetName", "c"), ("TemplateBody", template));
        var described = await stacks.Call(
            "DescribeChangeSet",
            ("StackName", "s"),
            ("ChangeSetName", "c"),
            ("IncludePropertyValues", "true")
        );
        return described.Value
            + string.Concat(
                described.Descendants("Target").Select(one => $"{one.Element("BeforeValue")?.Value} > {one.Element("AfterValue")?.Value}\n")
            );
    }

    [Theory]
    [InlineData("""{"Status":"SUCCESS"}""", "Invalid PhysicalResourceId")]
    [InlineData("no json", "Invalid response object: the response is not valid JSON")]
    public async Task An_answer_that_is_none_fails_it(string body, string reason)
    {
        await stacks.Call("CreateStack", ("StackName", "s"), ("OnFailure", "DO_NOTHING"), ("TemplateBody", Template));
        var create = await Next();
        await Put(create.GetProperty("ResponseURL").GetString()!, body);

        Assert.Equal("CREATE_FAILED", await stacks.Status("s"));
        Assert.Contains($"C CREATE_FAILED {reason}", await stacks.Events("s"));
    }

    [Fact]
    public async Task An_address_takes_one_answer_and_nobody_can_make_one_up()
    {
        await stacks.Call("CreateStack", ("StackName", "s"), ("TemplateBody", Template));
        var create = await Next();
        var url = create.GetProperty("ResponseURL").GetString()!;
        await Answer(create, "SUCCESS", "x", """{"Answer":"a"}""");

        Assert.Equal(HttpStatusCode.Forbidden, (await Send(url, "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(url[..^3] + "abc", "{}")).StatusCode);
        Assert.Equal("CREATE_COMPLETE", await stacks.Status("s"));
    }

    [Fact]
    public async Task A_function_answers_with_the_module_that_AWS_puts_beside_inline_code()
    {
        const string template = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
              F:
                Type: AWS::Lambda::Function
                Properties:
                  Runtime: python3.12
                  Handler: index.handler
                  Role: !GetAtt Role.Arn
                  Code:
                    ZipFile: |
                      import cfnresponse
                      def handler(event, context):
                          cfnresponse.send(event, context, cfnresponse.SUCCESS, {'Word': event['ResourceProperties'].get('In', '') + '!'}, 'made')
              C:
                Type: AWS::CloudFormation::CustomResource
                Properties: {ServiceToken: !GetAtt F.Arn, In: hello, ServiceTimeout: 60}
            Outputs:
              Word: {Value: !GetAtt C.Word}
            """;

        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template, ("Capabilities.member.1", "CAPABILITY_IAM")));
        Assert.Equal("hello!", await stacks.Output("s", "Word"));
        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "s"));
    }

    [Fact]
    public async Task A_wait_condition_is_done_with_its_last_signal()
    {
        var url = await Waiting("Count: 2, ");
        await Put(url, """{"Status":"SUCCESS","Reason":"r","UniqueId":"1","Data":"one"}""");
        await Put(url, """{"Status":"SUCCESS","Reason":"r","UniqueId":"1","Data":"again"}""");
        await Put(url, """{"Status":"SUCCESS","Reason":"r","UniqueId":"2","Data":"two"}""");

        Assert.Equal("CREATE_COMPLETE", await stacks.Status("s"));
        Assert.Equal("""{"1":"again","2":"two"}""", await stacks.Output("s", "Data"));
    }

    [Fact]
    public async Task A_signal_of_failure_fails_the_wait_condition()
    {
        await Put(await Waiting(""), """{"Status":"FAILURE","Reason":"broken","UniqueId":"7","Data":""}""");

        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Status("s"));
        Assert.Contains("W CREATE_FAILED WaitCondition received failed message: 'broken' for uniqueId: 7", await stacks.Events("s"));
    }

    [Fact]
    public async Task A_wait_condition_without_signals_times_out()
    {
        var template = Wait("").Replace("Timeout: 600", "Timeout: 0");

        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Do("CreateStack", "s", template));
        Assert.Contains("W CREATE_FAILED WaitCondition timed out. Received 0 conditions when expecting 1", await stacks.Events("s"));
    }

    private static string Wait(string count) =>
        $$"""
            Resources:
              H: {Type: AWS::CloudFormation::WaitConditionHandle}
              W: {Type: AWS::CloudFormation::WaitCondition, Properties: { {{count}}Handle: !Ref H, Timeout: 600} }
            Outputs:
              Data: {Value: !GetAtt W.Data}
            """;

    /// <summary>The address of the handle, once the condition waits.</summary>
    private async Task<string> Waiting(string count)
    {
        await stacks.Call("CreateStack", ("StackName", "s"), ("TemplateBody", Wait(count)));
        while (true)
        {
            var resources = await stacks.Call("DescribeStackResources", ("StackName", "s"));
            var handle = resources.Descendants("member").FirstOrDefault(one => one.Element("LogicalResourceId")?.Value == "H");
            if (handle?.Element("PhysicalResourceId")?.Value is { Length: > 0 } url)
            {
                return url;
            }

            await Task.Yield();
        }
    }

    /// <summary>The next request that CloudFormation makes.</summary>
    private async Task<JsonElement> Next()
    {
        var received = await stacks.Cloud.Json(
            "sqs",
            "AmazonSQS.ReceiveMessage",
            $$"""{"QueueUrl":"{{Queue}}","WaitTimeSeconds":20,"VisibilityTimeout":3600}"""
        );
        var notification = JsonElement.Parse(received.GetProperty("Messages")[0].GetProperty("Body").GetString()!);
        Assert.Equal("AWS CloudFormation custom resource request", notification.GetProperty("Subject").GetString());
        return JsonElement.Parse(notification.GetProperty("Message").GetString()!);
    }

    private Task Answer(JsonElement request, string status, string id, string data = "{}", string reason = "", bool noEcho = false)
    {
        var answer = JsonSerializer.Serialize(
            new
            {
                Status = status,
                Reason = reason,
                PhysicalResourceId = id,
                StackId = request.GetProperty("StackId").GetString(),
                RequestId = request.GetProperty("RequestId").GetString(),
                LogicalResourceId = request.GetProperty("LogicalResourceId").GetString(),
                NoEcho = noEcho,
                Data = JsonElement.Parse(data),
            }
        );
        return Put(request.GetProperty("ResponseURL").GetString()!, answer);
    }

    private async Task Put(string url, string body) => Assert.Equal(HttpStatusCode.OK, (await Send(url, body)).StatusCode);

    private Task<HttpResponseMessage> Send(string url, string body) => http.PutAsync(new Uri(url), new StringContent(body, Encoding.UTF8));
}
