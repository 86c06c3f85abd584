using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Emulator.Tests.Http;

/// <summary>
/// What is not done is refused by the name that AWS gives it, in the caller's protocol:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html,
/// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html.
/// </summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Sub_resources_of_s3_are_refused_as_the_operations_that_they_are()
    {
        string[] table =
        [
            "PUT /b?replication s3:PutBucketReplication",
            "DELETE /b?replication s3:DeleteBucketReplication",
            "GET /b?session s3:CreateSession",
            "GET /b?abac s3:GetBucketAbac",
            "PUT /b?abac s3:PutBucketAbac",
            "POST /b?metadataTable s3:CreateBucketMetadataTableConfiguration",
            "GET /b?metadataTable s3:GetBucketMetadataTableConfiguration",
            "DELETE /b?metadataTable s3:DeleteBucketMetadataTableConfiguration",
            "POST /b?metadataConfiguration s3:CreateBucketMetadataConfiguration",
            "GET /b?metadataConfiguration s3:GetBucketMetadataConfiguration",
            "DELETE /b?metadataConfiguration s3:DeleteBucketMetadataConfiguration",
            "PUT /b?metadataInventoryTable s3:UpdateBucketMetadataInventoryTableConfiguration",
            "PUT /b?metadataJournalTable s3:UpdateBucketMetadataJournalTableConfiguration",
            "GET /b/k?torrent s3:GetObjectTorrent",
            "POST /b/k?select&select-type=2 s3:SelectObjectContent",
            "PUT /b/k?renameObject s3:RenameObject",
            "PUT /b/k?encryption s3:UpdateObjectEncryption",
        ];
        await using var cloud = await TestCloud.Start();
        foreach (var row in table)
        {
            Assert.Equal(
                (row, 501, true),
                await Refused(cloud, "s3", row, "<Code>NotImplemented</Code><Message>The Disa emulator does not support {0}.</Message>")
            );
        }
    }

    [Fact]
    public async Task Paths_of_lambda_are_refused_as_the_operations_that_they_are()
    {
        string[] table =
        [
            "GET /2015-03-31/functions/x/function-scaling-config lambda:GetFunctionScalingConfig",
            "GET /2025-11-30/functions/x/function-scaling-config lambda:GetFunctionScalingConfig",
            "PUT /2025-11-30/functions/x/function-scaling-config lambda:PutFunctionScalingConfig",
            "POST /2021-11-15/functions/x/response-streaming-invocations lambda:InvokeWithResponseStream",
            "POST /2014-11-13/functions/x/invoke-async/ lambda:InvokeAsync",
            "GET /2025-12-01/functions/x/durable-executions lambda:ListDurableExecutionsByFunction",
        ];
        await using var cloud = await TestCloud.Start();
        foreach (var row in table)
        {
            Assert.Equal((row, 501, true), await Refused(cloud, "lambda", row, "\"Message\":\"The Disa emulator does not support {0}.\""));
        }
    }

    [Fact]
    public async Task Other_services_are_refused_by_name_too()
    {
        await using var cloud = await TestCloud.Start();

        var sns = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sns", "PutDataProtectionPolicy"));
        var sqs = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("sqs", "AmazonSQS.StartMessageMoveTasks", "{}"));

        Assert.Contains("does not support sns:PutDataProtectionPolicy.", sns.Body);
        Assert.Contains("does not support sqs:StartMessageMoveTasks.", sqs.Body);
    }

    /// <summary>
    /// A client reads a refusal only in the form of its own protocol:
    /// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, https://smithy.io/2.0/aws/protocols/aws-query-protocol.html.
    /// </summary>
    [Theory]
    [InlineData(
        "ec2",
        "/",
        "Action=DescribeInstances&Version=2016-11-15",
        "application/x-www-form-urlencoded",
        "",
        "<Response><Errors><Error><Code>NotImplemented</Code><Message>The Disa emulator does not support ec2:DescribeInstances.</Message></Error></Errors><RequestID>"
    )]
    [InlineData(
        "elasticloadbalancing",
        "/",
        "Action=DescribeLoadBalancers&Version=2015-12-01",
        "application/x-www-form-urlencoded",
        "",
        "<ErrorResponse><Error><Type>Receiver</Type><Code>NotImplemented</Code><Message>The Disa emulator does not support elasticloadbalancing:DescribeLoadBalancers.</Message></Error>"
    )]
    [InlineData(
        "ssm",
        "/",
        "{}",
        "application/x-amz-json-1.1",
        "AmazonSSM.SendCommand",
        "{\"__type\":\"NotImplemented\",\"message\":\"The Disa emulator does not support ssm:SendCommand.\"}"
    )]
    [InlineData(
        "route53",
        "/2013-04-01/hostedzone",
        "<x/>",
        "application/xml",
        "",
        "<Code>NotImplemented</Code><Message>The Disa emulator does not support route53: POST /2013-04-01/hostedzone.</Message>"
    )]
    [InlineData(
        "apigateway",
        "/restapis",
        "{}",
        "application/json",
        "",
        "\"Message\":\"The Disa emulator does not support apigateway: POST /restapis.\""
    )]
    [InlineData("rds", "/service/rds/operation/DescribeX", "", "application/cbor", "", "does not support rds:DescribeX")]
    public async Task A_service_that_is_not_here_is_refused_in_its_protocol(
        string service,
        string path,
        string body,
        string type,
        string target,
        string answer
    )
    {
        await using var cloud = await TestCloud.Start();

        var (status, text) = await cloud.Send(
            HttpMethod.Post,
            service,
            path,
            body,
            type,
            null,
            target.Length == 0 ? [] : [("X-Amz-Target", target)]
        );

        Assert.Equal(501, status);
        Assert.Contains(answer, text);
    }

    /// <summary>https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html: it is not signed.</summary>
    [Theory]
    [InlineData("AssumeRoleWithWebIdentity")]
    [InlineData("AssumeRoleWithSAML")]
    public async Task Unsigned_calls_of_STS_are_refused_by_STS(string action)
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["Action"] = action,
                ["Version"] = "2011-06-15",
                ["RoleArn"] = "arn:aws:iam::000000000000:role/r",
            }
        );

        using var answer = await http.PostAsync(cloud.Endpoint, form);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(501, (int)answer.StatusCode);
        Assert.StartsWith("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">", text);
        Assert.Contains($"does not support sts:{action}.", text);
    }

    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html</summary>
    [Fact]
    public async Task A_method_that_s3_does_not_have_is_not_allowed()
    {
        await using var cloud = await TestCloud.Start();

        var (status, text) = await cloud.Send(HttpMethod.Patch, "s3", "/b/k", "", "application/xml");

        Assert.Equal(405, status);
        Assert.Contains("<Code>MethodNotAllowed</Code>", text);
    }

    [Fact]
    public async Task The_SDK_reads_the_refusal()
    {
        await using var cloud = await TestCloud.Start();
        var local = new AmazonS3Config
        {
            ServiceURL = cloud.Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
        };
        using var s3 = new AmazonS3Client("test", "test", local);
        await s3.PutBucketAsync("replicated");

        var request = new DeleteBucketReplicationRequest { BucketName = "replicated" };
        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.DeleteBucketReplicationAsync(request));

        Assert.Equal("NotImplemented", refused.ErrorCode);
        Assert.Equal("The Disa emulator does not support s3:DeleteBucketReplication.", refused.Message);
    }

    private static async Task<(string Row, int Status, bool IsNamed)> Refused(TestCloud cloud, string service, string row, string text)
    {
        var words = row.Split(' ');
        var (status, body) = await cloud.Send(new HttpMethod(words[0]), service, words[1], "", "application/xml");
        return (row, status, body.Contains(text.Replace("{0}", words[2])));
    }
}
