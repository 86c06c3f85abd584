using System.Text.Json;

namespace Disa.Emulator.Tests.S3;

/// <summary>Who is told of what happens in a bucket.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html; records, details and errors as recorded on AWS in localstack's
/// tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json and its siblings (2023).
/// </remarks>
public sealed class NotificationTests
{
    private const string Queue = "arn:aws:sqs:us-east-1:000000000000:q";
    private const string Every =
        "<Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event><Event>s3:ObjectTagging:*</Event><Event>s3:ObjectAcl:Put</Event>";

    [Fact]
    public async Task A_queue_is_told_of_an_object_in_a_record()
    {
        await using var cloud = await Started();
        await Put(cloud, "/bucket?notification", ToQueue("<Id>one</Id><Event>s3:ObjectCreated:Put</Event>"));

        await Put(cloud, "/bucket/a%40b/c%20d", "something");

        var messages = await Messages(cloud);
        Assert.Equal("s3:TestEvent", messages[0].GetProperty("Event").GetString());
        var record = messages[1].GetProperty("Records")[0];
        Assert.Equal("ObjectCreated:Put", record.GetProperty("eventName").GetString());
        Assert.Equal("2.1", record.GetProperty("eventVersion").GetString());
        Assert.Equal("one", record.GetProperty("s3").GetProperty("configurationId").GetString());
        var object1 = record.GetProperty("s3").GetProperty("object");
        Assert.Equal("a%40b/c+d", object1.GetProperty("key").GetString());
        Assert.Equal(9, object1.GetProperty("size").GetInt32());
        Assert.Equal("437b930db84b8079c2dd804a71936b5f", object1.GetProperty("eTag").GetString());
        Assert.Equal(18, object1.GetProperty("sequencer").GetString()!.Length);
    }

    [Fact]
    public async Task Each_change_has_its_event_and_deleting_what_is_not_there_too()
    {
        await using var cloud = await Started();
        await Put(cloud, "/bucket?notification", ToQueue(Every));
        await Put(cloud, "/bucket/k", "something");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/copy", "", ("x-amz-copy-source", "bucket/k"));
        await Put(cloud, "/bucket/k?tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket/k?tagging");
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket/none");
        await Put(cloud, "/bucket?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket/k");

        var records = (await Messages(cloud)).Skip(1).Select(message => message.GetProperty("Records")[0]).ToList();

        Assert.Equal(
            [
                "ObjectCreated:Put 2.1 key size eTag sequencer",
                "ObjectCreated:Copy 2.1 key size eTag sequencer",
                "ObjectTagging:Put 2.3 key eTag",
                "ObjectTagging:Delete 2.3 key eTag",
                "ObjectRemoved:Delete 2.1 key sequencer",
                "ObjectRemoved:DeleteMarkerCreated 2.1 key eTag versionId sequencer",
            ],
            records.Select(Summary)
        );
        var sequencers = records
            .Select(record => record.GetProperty("s3").GetProperty("object"))
            .Where(each => each.TryGetProperty("sequencer", out _))
            .Select(each => each.GetProperty("sequencer").GetString())
            .ToList();
        Assert.Equal(sequencers.Order(StringComparer.Ordinal), sequencers);
    }

    [Fact]
    public async Task An_acl_is_told_of_where_it_changes()
    {
        await using var cloud = await Started();
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket?ownershipControls");
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket?publicAccessBlock");
        await Put(cloud, "/bucket/k", "something");
        await Put(cloud, "/bucket?notification", ToQueue(Every));

        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/k?acl", "", ("x-amz-acl", "private"));
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/k?acl", "", ("x-amz-acl", "public-read"));

        var record = Assert.Single((await Messages(cloud)).Skip(1)).GetProperty("Records")[0];
        Assert.Equal("ObjectAcl:Put 2.3 key eTag", Summary(record));
    }

    [Fact]
    public async Task A_restored_copy_is_told_of_when_it_can_be_read()
    {
        await using var cloud = await Started();
        await Put(cloud, "/bucket?notification", ToQueue("<Event>s3:ObjectRestore:*</Event>"));
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/k", "something", ("x-amz-storage-class", "GLACIER"));
        await cloud.Send(
            HttpMethod.Post,
            "s3",
            "/bucket/k?restore",
            "<RestoreRequest><Days>1</Days><GlacierJobParameters><Tier>Expedited</Tier></GlacierJobParameters></RestoreRequest>",
            "application/xml"
        );
        Assert.Equal(2, (await Messages(cloud)).Count);

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(6));

        var record = Assert.Single(await Messages(cloud)).GetProperty("Records")[0];
        Assert.Equal("ObjectRestore:Completed 2.1 key size eTag sequencer", Summary(record));
        Assert.Equal(
            "GLACIER",
            record.GetProperty("glacierEventData").GetProperty("restoreEventData").GetProperty("lifecycleRestoreStorageClass").GetString()
        );
        Assert.StartsWith("AmazonCustomer:", record.GetProperty("userIdentity").GetProperty("principalId").GetString());
    }

    [Fact]
    public async Task Filters_choose_keys_and_their_names_come_back_as_S3_writes_them()
    {
        await using var cloud = await Started();
        await Put(
            cloud,
            "/bucket?notification",
            ToQueue(
                "<Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>suffix</Name><Value>.txt</Value></FilterRule>"
                    + "<FilterRule><Name>PREFIX</Name><Value>in/</Value></FilterRule></S3Key></Filter>"
            )
        );

        await Put(cloud, "/bucket/in/a.txt", "1");
        await Put(cloud, "/bucket/in/a.md", "1");
        await Put(cloud, "/bucket/out/a.txt", "1");

        Assert.Equal(2, (await Messages(cloud)).Count);
        var kept = await cloud.Rest(HttpMethod.Get, "s3", "/bucket?notification");
        Assert.Contains("<Name>Suffix</Name><Value>.txt</Value>", kept);
        Assert.Contains("<Name>Prefix</Name><Value>in/</Value>", kept);
        Assert.Contains("<Id>", kept);
    }

    [Fact]
    public async Task EventBridge_gets_the_events_of_a_bucket_that_sends_them()
    {
        await using var cloud = await Started();
        await Put(cloud, "/bucket?notification", "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>");
        await cloud.Json("events", "AWSEvents.PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"aws.s3\"]}"}""");
        await cloud.Json("events", "AWSEvents.PutTargets", $$"""{"Rule":"r","Targets":[{"Id":"t","Arn":"{{Queue}}"}]}""");
        await Put(cloud, "/bucket/a%40b", "data");
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket/a%40b");

        var events = await Messages(cloud);

        Assert.Equal(["Object Created", "Object Deleted"], events.Select(each => each.GetProperty("detail-type").GetString()));
        var (created, deleted) = (events[0].GetProperty("detail"), events[1].GetProperty("detail"));
        Assert.Equal("a@b", created.GetProperty("object").GetProperty("key").GetString());
        Assert.Equal("PutObject", created.GetProperty("reason").GetString());
        Assert.Equal("Permanently Deleted", deleted.GetProperty("deletion-type").GetString());
        Assert.Equal("DeleteObject", deleted.GetProperty("reason").GetString());
        Assert.Equal(["arn:aws:s3:::bucket"], events[0].GetProperty("resources").EnumerateArray().Select(arn => arn.GetString()));
    }

    [Theory]
    [InlineData(
        "<QueueConfiguration><Queue>q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>",
        "The ARN could not be parsed"
    )]
    [InlineData("<TopicConfiguration><Topic>t</Topic><Event>s3:ObjectCreated:*</Event></TopicConfiguration>", "<ArgumentName>Topic<")]
    [InlineData(
        "<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:none</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>",
        "<ArgumentValue1>The destination queue does not exist</ArgumentValue1>"
    )]
    [InlineData(
        "<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>",
        "<ArgumentValue1>Permissions on the destination queue do not allow S3 to publish notifications from this bucket</ArgumentValue1>"
    )]
    [InlineData(
        "<CloudFunctionConfiguration><CloudFunction>arn:aws:lambda:us-east-1:000000000000:function:f</CloudFunction>"
            + "<Event>s3:ObjectCreated:*</Event></CloudFunctionConfiguration>",
        "<ArgumentValue1>Not authorized to invoke function [arn:aws:lambda:us-east-1:000000000000:function:f]</ArgumentValue1>"
    )]
    [InlineData(
        "<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:q</Queue><Event>s3:ObjectCreated:*</Event>"
            + "<Filter><S3Key><FilterRule><Name>INVALID</Name><Value>x</Value></FilterRule></S3Key></Filter></QueueConfiguration>",
        "filter rule name must be either prefix or suffix"
    )]
    [InlineData(
        "<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>"
            + "<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:r</Queue><Event>s3:ObjectCreated:Put</Event></QueueConfiguration>",
        "Configurations overlap."
    )]
    [InlineData(
        "<QueueConfiguration><Queue>arn:aws:sqs:eu-west-1:000000000000:q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>",
        "The notification destination service region is not valid for the bucket location constraint"
    )]
    [InlineData("<QueueConfiguration><Queue>q</Queue></QueueConfiguration>", "<Code>MalformedXML</Code>")]
    public async Task What_cannot_be_told_is_refused(string configuration, string message)
    {
        await using var cloud = await TestCloud.StartEnforcing();
        await Put(cloud, "/bucket");
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            Put(cloud, "/bucket?notification", $"<NotificationConfiguration>{configuration}</NotificationConfiguration>")
        );

        Assert.Contains(message, refused.Body);
    }

    /// <summary>https://docs.aws.amazon.com/general/latest/gr/s3.html: 100 event notifications of a bucket.</summary>
    [Fact]
    public async Task A_bucket_has_a_hundred_configurations_at_most()
    {
        await using var cloud = await Started();
        string Many(int count) =>
            string.Concat(
                Enumerable
                    .Range(0, count)
                    .Select(number =>
                        $"<QueueConfiguration><Queue>{Queue}</Queue><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name>"
                        + $"<Value>{number:D3}/</Value></FilterRule></S3Key></Filter></QueueConfiguration>"
                    )
            );

        await Put(cloud, "/bucket?notification", $"<NotificationConfiguration>{Many(100)}</NotificationConfiguration>");
        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            Put(cloud, "/bucket?notification", $"<NotificationConfiguration>{Many(101)}</NotificationConfiguration>")
        );

        Assert.Contains("<Code>MalformedXML</Code>", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_lets_S3_in_by_its_policy()
    {
        await using var cloud = await TestCloud.StartEnforcing();
        await Put(cloud, "/bucket");
        await cloud.Json(
            "sqs",
            "AmazonSQS.CreateQueue",
            """{"QueueName":"q","Attributes":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\",\"Condition\":{\"ArnEquals\":{\"aws:SourceArn\":\"arn:aws:s3:::bucket\"},\"StringEquals\":{\"aws:SourceAccount\":\"000000000000\"}}}]}"}}"""
        );

        await Put(cloud, "/bucket?notification", ToQueue(Every));
        await Put(cloud, "/bucket/k", "1");

        Assert.Equal(2, (await Messages(cloud)).Count);
    }

    [Fact]
    public async Task A_destination_need_not_be_there_where_that_is_asked_for()
    {
        await using var cloud = await TestCloud.Start();
        await Put(cloud, "/bucket");

        await cloud.Rest(HttpMethod.Put, "s3", "/bucket?notification", ToQueue(Every), ("x-amz-skip-destination-validation", "true"));

        await Put(cloud, "/bucket/k", "1");
        Assert.Contains($"<Queue>{Queue}</Queue>", await cloud.Rest(HttpMethod.Get, "s3", "/bucket?notification"));
    }

    /// <summary>What was answered is told of after the restart, for it was kept with the object.</summary>
    [Fact]
    public async Task A_power_cut_between_an_object_and_its_notification_loses_neither()
    {
        var directory = Directory.CreateTempSubdirectory("disa-").FullName;
        try
        {
            for (var cut = 4; cut < 12; cut++)
            {
                var power = new PowerCut(cut);
                var data = Path.Combine(directory, $"cut{cut}");
                var answered = 0;
                try
                {
                    await using var cloud = await Started(new LocalCloudOptions { DataDirectory = data, BeforeWrite = power.BeforeWrite });
                    await Put(cloud, "/bucket?notification", ToQueue(Every));
                    for (var i = 0; i < 3; i++)
                    {
                        await Put(cloud, $"/bucket/k{i}", "1");
                        answered++;
                    }
                }
                catch (Exception) when (power.Happened.Task.IsCompleted)
                {
                    // As a machine without power.
                }

                await using var again = await TestCloud.Start(new LocalCloudOptions { DataDirectory = data });
                if (answered > 0)
                {
                    var told = (await Messages(again))
                        .Where(message => message.TryGetProperty("Records", out _))
                        .Select(message => message.GetProperty("Records")[0].GetProperty("s3").GetProperty("object").GetProperty("key"))
                        .Select(key => key.GetString())
                        .ToHashSet();
                    Assert.All(Enumerable.Range(0, answered), i => Assert.Contains($"k{i}", told));
                }
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html</summary>
    [Fact]
    public async Task A_template_says_who_is_told()
    {
        await using var cloud = await Started();
        const string template = """
            {"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"made","NotificationConfiguration":{
              "EventBridgeConfiguration":{"EventBridgeEnabled":true},
              "QueueConfigurations":[{"Event":"s3:ObjectCreated:*","Queue":"arn:aws:sqs:us-east-1:000000000000:q","Filter":{"S3Key":{"Rules":[{"Name":"prefix","Value":"in/"}]}}}]}}}}}
            """;

        await cloud.Query("cloudformation", "CreateStack", ("StackName", "s"), ("TemplateBody", template));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var kept = await cloud.Rest(HttpMethod.Get, "s3", "/made?notification");
        Assert.Contains("<Event>s3:ObjectCreated:*</Event>", kept);
        Assert.Contains("<Name>Prefix</Name><Value>in/</Value>", kept);
        Assert.Contains("<EventBridgeConfiguration", kept);
    }

    private static async Task<TestCloud> Started(LocalCloudOptions? options = null)
    {
        var cloud = await TestCloud.Start(options);
        try
        {
            await Put(cloud, "/bucket");
            await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    private static Task Put(TestCloud cloud, string path, string body = "") => cloud.Rest(HttpMethod.Put, "s3", path, body);

    private static string ToQueue(string rest) =>
        $"<NotificationConfiguration><QueueConfiguration><Queue>{Queue}</Queue>{rest}</QueueConfiguration></NotificationConfiguration>";

    private static string Summary(JsonElement record)
    {
        var members = record.GetProperty("s3").GetProperty("object").EnumerateObject().Select(member => member.Name);
        return $"{record.GetProperty("eventName")} {record.GetProperty("eventVersion")} {string.Join(' ', members)}";
    }

    /// <summary>All that the queue holds; it is empty then.</summary>
    private static async Task<List<JsonElement>> Messages(TestCloud cloud)
    {
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        var bodies = new List<JsonElement>();
        while (true)
        {
            var received = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", """{"QueueUrl":"q","MaxNumberOfMessages":10}""");
            if (!received.TryGetProperty("Messages", out var messages) || messages.GetArrayLength() == 0)
            {
                return bodies;
            }

            foreach (var message in messages.EnumerateArray())
            {
                bodies.Add(JsonElement.Parse(message.GetProperty("Body").GetString()!));
                await cloud.Json(
                    "sqs",
                    "AmazonSQS.DeleteMessage",
                    $$"""{"QueueUrl":"q","ReceiptHandle":"{{message.GetProperty("ReceiptHandle").GetString()}}"}"""
                );
            }
        }
    }
}
