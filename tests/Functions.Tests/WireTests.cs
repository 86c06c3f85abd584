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

/// <summary>The bytes of the typed clients of Query services, and what all clients share, against what botocore 1.43.11 makes of the same parameters with AWS's models.</summary>
public sealed class WireTests
{
    [Fact]
    public async Task Publish_writes_the_attributes_as_Name_and_Value()
    {
        var aws = new FakeAws(_ =>
            Answer.Ok(
                "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>m-1</MessageId></PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>"
            )
        );
        var response = await Sns(aws)
            .PublishAsync(
                new PublishRequest
                {
                    TopicArn = "arn:t",
                    Message = "hä & lo\n",
                    Subject = "s",
                    MessageAttributes = new()
                    {
                        ["disa-id"] = new() { DataType = "String", StringValue = "1" },
                        ["n"] = new() { DataType = "Binary", BinaryValue = [1, 2] },
                    },
                }
            );
        Assert.Equal("m-1", response.MessageId);
        Assert.Equal("r-1", response.ResponseMetadata.RequestId);
        Assert.Equal(
            "Action=Publish&Message=hä & lo\n&MessageAttributes.entry.1.Name=disa-id&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=1&MessageAttributes.entry.2.Name=n&MessageAttributes.entry.2.Value.BinaryValue=AQI=&MessageAttributes.entry.2.Value.DataType=Binary&Subject=s&TopicArn=arn:t&Version=2010-03-31",
            Form(aws)
        );
        var sent = aws.Requests.Single();
        Assert.Equal(("POST", "https://sns.us-east-1.amazonaws.com/"), (sent.Method, sent.Uri.ToString()));
        Assert.Contains("/us-east-1/sns/aws4_request", sent.Headers["Authorization"], StringComparison.Ordinal);
        Assert.StartsWith("application/x-www-form-urlencoded", sent.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishBatch_maps_results_and_failures()
    {
        var aws = new FakeAws(_ =>
            Answer.Ok(
                "<PublishBatchResponse><PublishBatchResult><Successful><member><Id>a</Id><MessageId>m-1</MessageId></member></Successful><Failed><member><Id>b</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed></PublishBatchResult></PublishBatchResponse>"
            )
        );
        var response = await Sns(aws)
            .PublishBatchAsync(
                new PublishBatchRequest
                {
                    TopicArn = "arn:t",
                    PublishBatchRequestEntries =
                    [
                        new() { Id = "a", Message = "1" },
                        new()
                        {
                            Id = "b",
                            Message = "2",
                            MessageAttributes = new()
                            {
                                ["x"] = new() { DataType = "Number", StringValue = "1" },
                            },
                        },
                    ],
                }
            );
        Assert.Equal("m-1", response.Successful.Single().MessageId);
        Assert.Equal(
            ("b", "InternalError", (bool?)false),
            (response.Failed.Single().Id, response.Failed.Single().Code, response.Failed.Single().SenderFault)
        );
        Assert.Equal(
            "Action=PublishBatch&PublishBatchRequestEntries.member.1.Id=a&PublishBatchRequestEntries.member.1.Message=1&PublishBatchRequestEntries.member.2.Id=b&PublishBatchRequestEntries.member.2.Message=2&PublishBatchRequestEntries.member.2.MessageAttributes.entry.1.Name=x&PublishBatchRequestEntries.member.2.MessageAttributes.entry.1.Value.DataType=Number&PublishBatchRequestEntries.member.2.MessageAttributes.entry.1.Value.StringValue=1&TopicArn=arn:t&Version=2010-03-31",
            Form(aws)
        );
    }

    [Fact]
    public async Task Subscribe_writes_a_map_as_key_and_value_and_attributes_are_read_as_one()
    {
        var aws = new FakeAws(sent =>
            Answer.Ok(
                sent.Operation == "Subscribe"
                    ? "<SubscribeResponse><SubscribeResult><SubscriptionArn>pending confirmation</SubscriptionArn></SubscribeResult></SubscribeResponse>"
                    : "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>Owner</key><value>000000000000</value></entry><entry><key>KmsMasterKeyId</key><value>k</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>"
            )
        );
        var client = Sns(aws);
        await client.SubscribeAsync(
            new SubscribeRequest
            {
                TopicArn = "arn:t",
                Protocol = "email",
                Endpoint = "a@b.c",
                Attributes = new() { ["RawMessageDelivery"] = "true" },
                ReturnSubscriptionArn = true,
            }
        );
        Assert.Equal(
            "Action=Subscribe&Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true&Endpoint=a@b.c&Protocol=email&ReturnSubscriptionArn=true&TopicArn=arn:t&Version=2010-03-31",
            Form(aws)
        );
        var response = await client.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = "arn:t" });
        Assert.Equal("k", response.Attributes["KmsMasterKeyId"]);
    }

    [Fact]
    public async Task PutMetricData_and_GetMetricData_write_times_and_nested_lists()
    {
        var aws = new FakeAws(sent =>
            Answer.Ok(
                sent.Operation == "PutMetricData"
                    ? "<PutMetricDataResponse><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PutMetricDataResponse>"
                    : "<GetMetricDataResponse><GetMetricDataResult><MetricDataResults><member><Id>m1</Id><Label>Sent</Label><Timestamps><member>2026-11-23T06:30:00Z</member></Timestamps><Values><member>3.0</member></Values><StatusCode>Complete</StatusCode></member></MetricDataResults></GetMetricDataResult></GetMetricDataResponse>"
            )
        );
        var client = new AmazonCloudWatchClient(FakeAws.Credentials, aws.Config<AmazonCloudWatchConfig>());
        await client.PutMetricDataAsync(
            new PutMetricDataRequest
            {
                Namespace = "Disa",
                MetricData =
                [
                    new()
                    {
                        MetricName = "Failed",
                        Dimensions = [new() { Name = "Stack", Value = "disa" }],
                        Timestamp = Time,
                        Value = 2.5,
                        Unit = "Count",
                    },
                ],
            }
        );
        Assert.Equal(
            "Action=PutMetricData&MetricData.member.1.Dimensions.member.1.Name=Stack&MetricData.member.1.Dimensions.member.1.Value=disa&MetricData.member.1.MetricName=Failed&MetricData.member.1.Timestamp=2026-11-23T06:30:15.250Z&MetricData.member.1.Unit=Count&MetricData.member.1.Value=2.5&Namespace=Disa&Version=2010-08-01",
            Form(aws)
        );
        Assert.Equal("https://monitoring.us-east-1.amazonaws.com/", aws.Requests.First().Uri.ToString());
        aws.Requests.Clear();
        var response = await client.GetMetricDataAsync(
            new GetMetricDataRequest
            {
                StartTime = Time,
                EndTime = Time,
                ScanBy = "TimestampAscending",
                MetricDataQueries =
                [
                    new()
                    {
                        Id = "m1",
                        ReturnData = true,
                        MetricStat = new()
                        {
                            Stat = "Sum",
                            Period = 60,
                            Metric = new()
                            {
                                Namespace = "Disa",
                                MetricName = "Sent",
                                Dimensions = [new() { Name = "Stack", Value = "disa" }],
                            },
                        },
                    },
                ],
            }
        );
        Assert.Equal(
            "Action=GetMetricData&EndTime=2026-11-23T06:30:15.250Z&MetricDataQueries.member.1.Id=m1&MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name=Stack&MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value=disa&MetricDataQueries.member.1.MetricStat.Metric.MetricName=Sent&MetricDataQueries.member.1.MetricStat.Metric.Namespace=Disa&MetricDataQueries.member.1.MetricStat.Period=60&MetricDataQueries.member.1.MetricStat.Stat=Sum&MetricDataQueries.member.1.ReturnData=true&ScanBy=TimestampAscending&StartTime=2026-11-23T06:30:15.250Z&Version=2010-08-01",
            Form(aws)
        );
        var result = response.MetricDataResults.Single();
        Assert.Equal((3.0, new DateTime(2026, 11, 23, 6, 30, 0, DateTimeKind.Utc)), (result.Values.Single(), result.Timestamps.Single()));
        Assert.Equal(DateTimeKind.Utc, result.Timestamps.Single().Kind);
    }

    [Fact]
    public async Task CreateStack_writes_parameters_capabilities_and_tags_and_its_errors_have_types()
    {
        var aws = new FakeAws(_ => Answer.QueryError("AlreadyExistsException", "Stack [disa] already exists"));
        var client = new AmazonCloudFormationClient(FakeAws.Credentials, aws.Config<AmazonCloudFormationConfig>());
        var error = await Assert.ThrowsAsync<AlreadyExistsException>(() =>
            client.CreateStackAsync(
                new CreateStackRequest
                {
                    StackName = "disa",
                    TemplateURL = "https://b/x.yaml",
                    Parameters =
                    [
                        new() { ParameterKey = "a", ParameterValue = "b" },
                        new() { ParameterKey = "c", UsePreviousValue = true },
                    ],
                    Capabilities = ["CAPABILITY_IAM"],
                    Tags = [new() { Key = "k", Value = "v" }],
                    DisableRollback = false,
                }
            )
        );
        Assert.Equal(
            ("AlreadyExistsException", "Stack [disa] already exists", "r-1", HttpStatusCode.BadRequest, ErrorType.Sender),
            (error.ErrorCode, error.Message, error.RequestId, error.StatusCode, error.ErrorType)
        );
        Assert.Equal(
            "Action=CreateStack&Capabilities.member.1=CAPABILITY_IAM&DisableRollback=false&Parameters.member.1.ParameterKey=a&Parameters.member.1.ParameterValue=b&Parameters.member.2.ParameterKey=c&Parameters.member.2.UsePreviousValue=true&StackName=disa&Tags.member.1.Key=k&Tags.member.1.Value=v&TemplateURL=https://b/x.yaml&Version=2010-05-15",
            Form(aws)
        );
    }

    [Fact]
    public async Task Throttling_is_tried_again_by_the_SDK()
    {
        var calls = 0;
        var aws = new FakeAws(_ =>
            ++calls == 1 ? Answer.JsonError("ThrottlingException") : Answer.Ok("""{"executionArn":"arn:e","startDate":1}""")
        );
        var config = aws.Config<AmazonStepFunctionsConfig>();
        config.MaxErrorRetry = 2;
        using var client = new AmazonStepFunctionsClient(FakeAws.Credentials, config);
        Assert.Equal("arn:e", (await client.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = "arn:s" })).ExecutionArn);
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData("eu-central-1", false, false, "https://sns.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", false, false, "https://sns.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-gov-west-1", true, false, "https://sns-fips.us-gov-west-1.amazonaws.com/")]
    [InlineData("eu-central-1", false, true, "https://sns.eu-central-1.api.aws/")]
    public async Task An_endpoint_follows_region_and_partition(string region, bool fips, bool dualStack, string expected)
    {
        var aws = new FakeAws(_ => Answer.Ok("<PublishResponse/>"));
        var config = aws.Config<AmazonSimpleNotificationServiceConfig>();
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        config.UseFIPSEndpoint = fips;
        config.UseDualstackEndpoint = dualStack;
        using var client = new AmazonSimpleNotificationServiceClient(FakeAws.Credentials, config);
        await client.PublishAsync(new PublishRequest());
        Assert.Equal(expected, aws.Requests.Single().Uri.ToString());
    }

    [Fact]
    public async Task The_configured_endpoint_wins()
    {
        var aws = new FakeAws(_ => Answer.Ok("<PublishResponse/>"));
        using var client = new AmazonSimpleNotificationServiceClient(
            FakeAws.Credentials,
            new AmazonSimpleNotificationServiceConfig
            {
                ServiceURL = "http://127.0.0.1:4566",
                AuthenticationRegion = "eu-west-1",
                HttpClientFactory = aws,
            }
        );
        await client.PublishAsync(new PublishRequest());
        Assert.Equal("http://127.0.0.1:4566/", aws.Requests.Single().Uri.ToString());
        Assert.Contains("/eu-west-1/sns/aws4_request", aws.Requests.Single().Headers["Authorization"], StringComparison.Ordinal);
    }
}
