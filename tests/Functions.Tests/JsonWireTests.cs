using System.Net;
using System.Text;
using System.Text.Json;
using Amazon;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using static Disa.Functions.Tests.TypedClients;

namespace Disa.Functions.Tests;

/// <summary>The bytes of the typed clients of JSON services, against what botocore 1.43.11 makes of the same parameters with AWS's models.</summary>
public sealed class JsonWireTests
{
    [Fact]
    public async Task StartExecution_is_JSON_with_a_target_and_its_timestamp_is_read()
    {
        var aws = new FakeAws(_ => Answer.Ok("""{"executionArn":"arn:e","startDate":1763879415.25}"""));
        var response = await StepFunctions(aws)
            .StartExecutionAsync(
                new StartExecutionRequest
                {
                    StateMachineArn = "arn:s",
                    Name = "n",
                    Input = "{}",
                }
            );
        Assert.Equal(
            ("arn:e", new DateTime(2025, 11, 23, 6, 30, 15, DateTimeKind.Utc).AddMilliseconds(250)),
            (response.ExecutionArn, response.StartDate!.Value)
        );
        var sent = aws.Requests.Single();
        Assert.Equal("AWSStepFunctions.StartExecution", sent.Headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.0", sent.Headers["Content-Type"]);
        Assert.Equal("""{"stateMachineArn":"arn:s","name":"n","input":"{}"}""", sent.Body);
        Assert.Equal("https://states.us-east-1.amazonaws.com/", sent.Uri.ToString());
    }

    [Fact]
    public async Task GetExecutionHistory_reads_the_details_of_each_event()
    {
        var aws = new FakeAws(_ =>
            Answer.Ok(
                """{"events":[{"timestamp":1,"type":"TaskFailed","id":5,"previousEventId":4,"taskFailedEventDetails":{"resourceType":"lambda","resource":"invoke","error":"E","cause":"C"}}],"nextToken":"t"}"""
            )
        );
        var response = await StepFunctions(aws)
            .GetExecutionHistoryAsync(
                new GetExecutionHistoryRequest
                {
                    ExecutionArn = "arn:e",
                    MaxResults = 10,
                    ReverseOrder = true,
                    IncludeExecutionData = false,
                }
            );
        Assert.Equal(
            """{"executionArn":"arn:e","maxResults":10,"reverseOrder":true,"includeExecutionData":false}""",
            aws.Requests.Single().Body
        );
        Assert.Equal(
            ("E", 4L, "t"),
            (response.Events.Single().TaskFailedEventDetails!.Error, response.Events.Single().PreviousEventId, response.NextToken)
        );
    }

    [Theory]
    [InlineData("ExecutionAlreadyExists", typeof(ExecutionAlreadyExistsException))]
    [InlineData("StateMachineDoesNotExist", typeof(StateMachineDoesNotExistException))]
    [InlineData("SomethingNew", typeof(AmazonStepFunctionsException))]
    public async Task An_error_of_a_JSON_service_has_its_type_and_code(string code, Type type)
    {
        var aws = new FakeAws(_ => Answer.JsonError(code, "because"));
        var error = await Assert.ThrowsAnyAsync<AmazonStepFunctionsException>(() =>
            StepFunctions(aws).StartExecutionAsync(new StartExecutionRequest())
        );
        Assert.Equal((type, code, "because"), (error.GetType(), error.ErrorCode, error.Message));
    }

    [Fact]
    public async Task UpdateFunctionConfiguration_has_the_name_in_its_path_and_the_rest_in_its_body()
    {
        var aws = new FakeAws(_ =>
            Answer.Ok(
                """{"FunctionName":"disa-process","LastUpdateStatus":"InProgress","Environment":{"Variables":{"SNS_TOPIC_ARN":"x"}}}"""
            )
        );
        var response = await Lambda(aws)
            .UpdateFunctionConfigurationAsync(
                new UpdateFunctionConfigurationRequest
                {
                    FunctionName = "disa-process",
                    Timeout = 3,
                    Environment = new() { Variables = new() { ["SNS_TOPIC_ARN"] = "x" } },
                }
            );
        var sent = aws.Requests.Single();
        Assert.Equal(("PUT", "/2015-03-31/functions/disa-process/configuration"), (sent.Method, sent.Uri.PathAndQuery));
        Assert.True(
            JsonElement.DeepEquals(
                JsonElement.Parse("""{"Timeout":3,"Environment":{"Variables":{"SNS_TOPIC_ARN":"x"}}}"""),
                JsonElement.Parse(sent.Body)
            )
        );
        Assert.Equal(("InProgress", "x"), (response.LastUpdateStatus, response.Environment!.Variables["SNS_TOPIC_ARN"]));
    }

    [Fact]
    public async Task Invoke_has_its_options_in_headers_and_answers_payload_and_error()
    {
        var aws = new FakeAws(_ =>
            new(
                HttpStatusCode.OK,
                """{"errorType":"X"}""",
                new Dictionary<string, string> { ["X-Amz-Function-Error"] = "Unhandled", ["X-Amz-Executed-Version"] = "$LATEST" }
            )
        );
        var response = await Lambda(aws)
            .InvokeAsync(
                new InvokeRequest
                {
                    FunctionName = "arn:aws:lambda:us-east-1:000000000000:function:disa-retry",
                    InvocationType = "RequestResponse",
                    Payload = "{}",
                    Qualifier = "1",
                }
            );
        var sent = aws.Requests.Single();
        Assert.Equal(
            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Adisa-retry/invocations?Qualifier=1",
            sent.Uri.PathAndQuery
        );
        Assert.Equal(("RequestResponse", "{}"), (sent.Headers["X-Amz-Invocation-Type"], sent.Body));
        Assert.Equal(("Unhandled", "$LATEST", (int?)200), (response.FunctionError, response.ExecutedVersion, response.StatusCode));
        Assert.Equal("""{"errorType":"X"}""", Encoding.UTF8.GetString(response.Payload.ToArray()));
    }

    [Fact]
    public async Task FilterLogEvents_is_JSON_1_1()
    {
        var aws = new FakeAws(_ =>
            Answer.Ok("""{"events":[{"logStreamName":"s","timestamp":5,"message":"m","ingestionTime":6,"eventId":"e"}]}""")
        );
        var client = new AmazonCloudWatchLogsClient(FakeAws.Credentials, aws.Config<AmazonCloudWatchLogsConfig>());
        var response = await client.FilterLogEventsAsync(
            new FilterLogEventsRequest
            {
                LogGroupName = "/aws/lambda/x",
                StartTime = 5,
                FilterPattern = "\"a\"",
                Limit = 10,
            }
        );
        var sent = aws.Requests.Single();
        Assert.Equal(
            ("Logs_20140328.FilterLogEvents", "application/x-amz-json-1.1"),
            (sent.Headers["X-Amz-Target"], sent.Headers["Content-Type"])
        );
        Assert.True(
            JsonElement.DeepEquals(
                JsonElement.Parse("""{"logGroupName":"/aws/lambda/x","startTime":5,"filterPattern":"\"a\"","limit":10}"""),
                JsonElement.Parse(sent.Body)
            )
        );
        Assert.Equal("m", response.Events.Single().Message);
    }
}
