namespace Disa.Emulator.Tests.Fuzz;

/// <summary>Bodies, queries and paths that are nearly right, over each wire: an answer or AWS's error, and never an internal one.</summary>
public sealed class WireFuzzTests(ITestOutputHelper output)
{
    private const string Json = "application/x-amz-json-1.0";
    private const string Form = "application/x-www-form-urlencoded";
    private const string Xml = "application/xml";

    [Theory]
    [InlineData(
        "dynamodb",
        "POST",
        "/",
        Json,
        "DynamoDB_20120810.PutItem",
        """{"TableName":"table","Item":{"a":{"S":"x\ud83d\ude00"},"n":{"N":"1"},"l":{"L":[{"NULL":true},{"M":{"b":{"B":"YQ=="}}}]}}}"""
    )]
    [InlineData(
        "sqs",
        "POST",
        "/",
        Json,
        "AmazonSQS.SendMessage",
        """{"QueueUrl":"http://127.0.0.1/000000000000/q","MessageBody":"x","MessageAttributes":{"a":{"DataType":"Number","StringValue":"1"}}}"""
    )]
    [InlineData(
        "sns",
        "POST",
        "/",
        Form,
        null,
        "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Atopic&Message=x&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=b"
    )]
    [InlineData(
        "iam",
        "POST",
        "/",
        Form,
        null,
        "Action=CreateRole&RoleName=r&AssumeRolePolicyDocument=%7B%7D&Tags.member.1.Key=a&Tags.member.1.Value=b"
    )]
    [InlineData(
        "monitoring",
        "POST",
        "/",
        Form,
        null,
        "Action=PutMetricData&Namespace=n&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1&MetricData.member.1.Dimensions.member.1.Name=d&MetricData.member.1.Dimensions.member.1.Value=v"
    )]
    [InlineData(
        "monitoring",
        "POST",
        "/service/GraniteServiceVersion20100801/operation/PutMetricData",
        "application/cbor",
        null,
        "\u00a1iNamespaceax"
    )]
    [InlineData(
        "lambda",
        "POST",
        "/2015-03-31/functions",
        "application/json",
        null,
        """{"FunctionName":"f","Runtime":"python3.12","Handler":"a.b","Role":"arn:aws:iam::000000000000:role/test","Code":{"ZipFile":"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}}"""
    )]
    [InlineData(
        "s3",
        "POST",
        "/bucket?delete",
        Xml,
        null,
        """<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet><Object><Key>a&amp;b</Key><VersionId>null</VersionId></Object></Delete>"""
    )]
    [InlineData(
        "s3",
        "PUT",
        "/bucket/key?tagging",
        Xml,
        null,
        "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
    )]
    [InlineData(
        "s3",
        "PUT",
        "/bucket?versioning",
        Xml,
        null,
        "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    )]
    [InlineData(
        "s3",
        "PUT",
        "/bucket?lifecycle",
        Xml,
        null,
        "<LifecycleConfiguration><Rule><ID>a</ID><Filter><Prefix>p</Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"
    )]
    [InlineData(
        "s3",
        "PUT",
        "/bucket?notification",
        Xml,
        null,
        "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"
    )]
    [InlineData(
        "s3",
        "PUT",
        "/bucket?encryption",
        Xml,
        null,
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
    )]
    [InlineData(
        "s3",
        "PUT",
        "/other",
        Xml,
        null,
        "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
    )]
    [InlineData("s3", "PUT", "/bucket/key", "text/plain", null, "hello")]
    public async Task A_body_that_is_nearly_right_is_answered(
        string service,
        string method,
        string path,
        string contentType,
        string? target,
        string seed
    )
    {
        await using var cloud = await Started();
        var mutator = new Mutator(Fuzzing.Seeded(output.WriteLine), [seed]);
        (string, string)[] headers = target is null ? [] : [("X-Amz-Target", target)];
        for (var i = Fuzzing.Rounds(150); i > 0; i--)
        {
            var body = mutator.Next();
            var (status, text) = await cloud.Send(new HttpMethod(method), service, path, body, contentType, null, headers);
            Assert.True(status is < 500 or 501, $"{status} {text}\n{body}");
        }
    }

    [Theory]
    [InlineData("s3", "/bucket/key?versionId=null&partNumber=1&response-content-type=text%2Fplain")]
    [InlineData("s3", "/bucket?list-type=2&prefix=a&delimiter=%2F&max-keys=2&start-after=b&encoding-type=url&continuation-token=YQ==")]
    [InlineData("s3", "/bucket?versions&key-marker=a&version-id-marker=b&max-keys=1")]
    [InlineData("s3", "/bucket/key?uploadId=x&max-parts=1&part-number-marker=0")]
    [InlineData("lambda", "/2015-03-31/functions/function:1/configuration?Qualifier=%24LATEST")]
    [InlineData("lambda", "/2015-03-31/event-source-mappings/?FunctionName=f&MaxItems=1&Marker=x")]
    [InlineData("scheduler", "/schedules?MaxResults=1&NamePrefix=a&NextToken=b&State=ENABLED")]
    [InlineData("sns", "/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:000000000000:topic&Token=abc")]
    public async Task An_address_that_is_nearly_right_is_answered(string service, string address)
    {
        await using var cloud = await Started();
        var mutator = new Mutator(Fuzzing.Seeded(output.WriteLine), [address[1..]]);
        for (var i = Fuzzing.Rounds(150); i > 0; i--)
        {
            // What no client could send at all is no address; what is left keeps its escapes.
            var asked = "/" + string.Concat(mutator.Next().Select(c => c is > ' ' and < '\x7f' and not ('#' or '\\' or '"') ? c : '-'));
            if (asked.Length > 4000 || !Uri.TryCreate(cloud.Endpoint, asked.Replace("//", "/-", StringComparison.Ordinal), out var uri))
            {
                continue;
            }

            var (status, text) = await cloud.Send(HttpMethod.Get, service, uri.PathAndQuery, "", "text/plain");
            Assert.True(status is < 500 or 501, $"{status} {text}\n{asked}");
        }
    }

    private static async Task<TestCloud> Started()
    {
        var cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", "hello");
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        await cloud.Query("sns", "CreateTopic", ("Name", "topic"));
        await cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.CreateTable",
            """{"TableName":"table","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}"""
        );
        return cloud;
    }
}
