using System.Text;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.Emulator.Tests.Sqs;

/// <summary>SQS through Amazon's own client, which checks the digests of everything it sends and receives.</summary>
public sealed class SqsTests : WithQueues
{
    public static AmazonSQSClient Client(TestCloud cloud) =>
        new(
            new BasicAWSCredentials(cloud.Account, "secret"),
            new AmazonSQSConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );

    [Fact]
    public async Task A_message_arrives_as_it_was_sent_and_is_gone_once_deleted()
    {
        var url = await Create("letters");
        var sent = await sqs.SendMessageAsync(
            new SendMessageRequest(url, "Grüße, 世界 🎈")
            {
                MessageAttributes = new()
                {
                    ["kind"] = new() { DataType = "String", StringValue = "greeting" },
                    ["count"] = new() { DataType = "Number.int", StringValue = "3" },
                    ["seal"] = new() { DataType = "Binary", BinaryValue = new MemoryStream([1, 2, 255]) },
                },
            }
        );

        var message = Assert.Single(
            (
                await sqs.ReceiveMessageAsync(
                    new ReceiveMessageRequest(url) { MessageAttributeNames = ["All"], MessageSystemAttributeNames = ["All"] }
                )
            ).Messages
        );
        Assert.Equal(sent.MessageId, message.MessageId);
        Assert.Equal("Grüße, 世界 🎈", message.Body);
        Assert.Equal(3, message.MessageAttributes.Count);
        Assert.Equal("1", message.Attributes["ApproximateReceiveCount"]);
        Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
        Assert.Equal("1", (await Counts(url))["ApproximateNumberOfMessagesNotVisible"]);

        await sqs.DeleteMessageAsync(url, message.ReceiptHandle);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
    }

    [Theory]
    [InlineData("busy", 0)]
    [InlineData("busy", 1)]
    [InlineData("busy.fifo", 0)]
    [InlineData("busy.fifo", 1)]
    public async Task No_work_stays_on_the_clock_after_senders_and_receivers_used_a_queue_at_once(string name, int wait)
    {
        var fifo = name.EndsWith(".fifo", StringComparison.Ordinal);
        var url = (
            await sqs.CreateQueueAsync(new CreateQueueRequest(name) { Attributes = fifo ? new() { ["FifoQueue"] = "true" } : [] })
        ).QueueUrl;
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async sender =>
                {
                    for (var i = 0; i < 50; i++)
                    {
                        await sqs.SendMessageAsync(
                            new SendMessageRequest(url, "m")
                            {
                                MessageGroupId = fifo ? $"{sender}" : null,
                                MessageDeduplicationId = fifo ? $"{sender}-{i}" : null,
                            }
                        );
                        var received = await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { WaitTimeSeconds = wait });
                        foreach (var message in received.Messages ?? [])
                        {
                            await sqs.DeleteMessageAsync(url, message.ReceiptHandle);
                        }
                    }
                })
        );

        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(2)), $"{cloud.Clock.UnderWay} left");
        Assert.Equal(0, cloud.Clock.UnderWay);
    }

    [Fact]
    public async Task A_receiver_that_was_signalled_before_it_waits_or_goes_away_while_it_waits_leaves_no_work_on_the_clock()
    {
        var clock = new Disa.Emulator.Time.Clock(TimeProvider.System);
        var arrivals = new Disa.Emulator.Time.Arrivals(clock, "ReceiveMessage");
        using (arrivals.Wait("q"))
        {
            arrivals.Signal("q");
        }

        Assert.Equal(0, clock.UnderWay);
        using var gone = new CancellationTokenSource();
        using (var waiter = arrivals.Wait("q"))
        {
            var waiting = waiter.Until(clock.GetUtcNow().AddHours(1), gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            arrivals.Signal("q");
        }

        Assert.Equal(0, clock.UnderWay);
        using (var waiter = arrivals.Wait("q"))
        {
            arrivals.Signal("q");
            using var work = await waiter.Until(clock.GetUtcNow().AddHours(1), default);
            Assert.Equal(1, clock.UnderWay);
        }

        Assert.Equal(0, clock.UnderWay);
    }

    [Fact]
    public async Task A_long_poll_is_answered_when_a_message_arrives_and_when_its_time_is_over()
    {
        var url = await Create("slow");
        var waiting = sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { WaitTimeSeconds = 20 });
        await sqs.SendMessageAsync(url, "at last");
        Assert.Single((await waiting).Messages);

        var vain = sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { WaitTimeSeconds = 20 });
        while (!vain.IsCompleted)
        {
            // The clock moves through the poll's due time without waiting for it.
            await cloud.Cloud.Advance(TimeSpan.FromSeconds(21));
            await Task.Yield();
        }

        Assert.True((await vain).Messages is null or { Count: <= 1 });
    }

    [Fact]
    public async Task A_fifo_queue_keeps_the_order_of_a_group_and_drops_duplicates()
    {
        var url = await Create("order.fifo", ("FifoQueue", "true"), ("ContentBasedDeduplication", "true"));
        async Task<SendMessageResponse> Send(string body, string group) =>
            await sqs.SendMessageAsync(new SendMessageRequest(url, body) { MessageGroupId = group });
        var first = await Send("a1", "a");
        var again = await Send("a1", "a");
        await Send("a2", "a");
        await Send("b1", "b");
        Assert.Equal((first.MessageId, first.SequenceNumber), (again.MessageId, again.SequenceNumber));
        Assert.Equal(20, first.SequenceNumber.Length);

        var one = Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
        Assert.Equal("a1", one.Body);
        Assert.Equal(
            "b1",
            Assert.Single((await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MaxNumberOfMessages = 10 })).Messages).Body
        );
        await sqs.DeleteMessageAsync(url, one.ReceiptHandle);
        var two = Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
        Assert.Equal("a2", two.Body);

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(5));
        var expired = await Assert.ThrowsAsync<AmazonSQSException>(() => sqs.DeleteMessageAsync(url, two.ReceiptHandle));
        Assert.EndsWith("Reason: The receipt handle has expired.", expired.Message);
        Assert.NotEqual(first.MessageId, (await Send("a1", "a")).MessageId);
    }

    [Fact]
    public async Task A_batch_accepts_and_refuses_each_entry_alone()
    {
        var url = await Create("batch", ("MaximumMessageSize", "1024"));
        var answer = await sqs.SendMessageBatchAsync(url, [new("1", "fine"), new("2", new string('x', 1025)), new("3", "bad \u0001")]);
        Assert.Equal(["1"], answer.Successful.Select(entry => entry.Id));
        Assert.Equal(
            [("2", "InvalidParameterValue"), ("3", "InvalidMessageContents")],
            answer.Failed.Select(entry => (entry.Id, entry.Code))
        );

        await Fails("AWS.SimpleQueueService.EmptyBatchRequest", () => sqs.SendMessageBatchAsync(url, []));
        await Fails(
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            () => sqs.SendMessageBatchAsync(url, [new("1", "x"), new("1", "y")])
        );
        await Fails("AWS.SimpleQueueService.InvalidBatchEntryId", () => sqs.SendMessageBatchAsync(url, [new("a:b", "x")]));
        await Fails(
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            () => sqs.SendMessageBatchAsync(url, [.. Enumerable.Range(0, 11).Select(i => new SendMessageBatchRequestEntry($"{i}", "x"))])
        );
    }

    [Fact]
    public async Task Requests_that_AWS_refuses_are_refused_with_its_codes()
    {
        var url = await Create("strict");
        await Fails("AWS.SimpleQueueService.NonExistentQueue", () => sqs.GetQueueUrlAsync("nobody"));
        await Fails("QueueAlreadyExists", () => Create("strict", ("DelaySeconds", "5")));
        await Fails("InvalidAttributeValue", () => Create("bad", ("VisibilityTimeout", "43201")));
        await Fails("InvalidAttributeName", () => Create("bad", ("Colour", "blue")));
        await Fails("InvalidParameterValue", () => Create("no spaces"));
        await Fails("InvalidParameterValue", () => sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MaxNumberOfMessages = 11 }));
        await Fails("ReceiptHandleIsInvalid", () => sqs.DeleteMessageAsync(url, "garbage"));
        await Fails("InvalidParameterValue", () => sqs.SendMessageAsync(url, new string('x', 1_048_577)));

        await sqs.PurgeQueueAsync(url);
        await Fails("AWS.SimpleQueueService.PurgeQueueInProgress", () => sqs.PurgeQueueAsync(url));
        await sqs.DeleteQueueAsync(url);
        await Fails("AWS.SimpleQueueService.QueueDeletedRecently", () => Create("strict"));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(url, await Create("strict"));
    }

    [Fact]
    public async Task Attributes_tags_and_permissions_are_kept()
    {
        var url = await Create("kept", ("VisibilityTimeout", "20"));
        await sqs.SetQueueAttributesAsync(url, new() { ["DelaySeconds"] = "5" });
        var attributes = await Counts(url);
        Assert.Equal(
            ("20", "5", "1048576", "true"),
            (
                attributes["VisibilityTimeout"],
                attributes["DelaySeconds"],
                attributes["MaximumMessageSize"],
                attributes["SqsManagedSseEnabled"]
            )
        );

        await sqs.TagQueueAsync(
            new TagQueueRequest
            {
                QueueUrl = url,
                Tags = new() { ["a"] = "1", ["b"] = "2" },
            }
        );
        await sqs.UntagQueueAsync(new UntagQueueRequest { QueueUrl = url, TagKeys = ["a"] });
        Assert.Equal(["b"], (await sqs.ListQueueTagsAsync(new ListQueueTagsRequest { QueueUrl = url })).Tags.Keys);

        await sqs.AddPermissionAsync(url, "share", ["111122223333"], ["ReceiveMessage"]);
        Assert.Contains("arn:aws:iam::111122223333:root", (await Counts(url))["Policy"]);
        await Fails("InvalidParameterValue", () => sqs.AddPermissionAsync(url, "share", ["111122223333"], ["ReceiveMessage"]));
        await sqs.RemovePermissionAsync(url, "share");
        Assert.False((await Counts(url)).ContainsKey("Policy"));
    }

    [Fact]
    public async Task The_older_Query_protocol_is_answered_in_its_own_form()
    {
        var created = await cloud.Query(
            "sqs",
            "CreateQueue",
            ("QueueName", "old"),
            ("Attribute.1.Name", "VisibilityTimeout"),
            ("Attribute.1.Value", "7"),
            ("Tag.1.Key", "k"),
            ("Tag.1.Value", "v")
        );
        var url = created.Split("<QueueUrl>")[1].Split('<')[0];
        var sent = await cloud.Query(
            "sqs",
            "SendMessage",
            ("QueueUrl", url),
            ("MessageBody", "a&b"),
            ("MessageAttribute.1.Name", "n"),
            ("MessageAttribute.1.Value.DataType", "String"),
            ("MessageAttribute.1.Value.StringValue", "v")
        );
        Assert.Contains("<MD5OfMessageBody>", sent);
        var received = await cloud.Query(
            "sqs",
            "ReceiveMessage",
            ("QueueUrl", url),
            ("AttributeName.1", "All"),
            ("MessageAttributeName.1", "All")
        );
        Assert.Contains("<Message><MessageId>", received);
        Assert.Contains("<Body>a&amp;b</Body>", received);
        Assert.Contains("<Attribute><Name>SenderId</Name>", received);
        Assert.Contains("<MessageAttribute><Name>n</Name><Value><DataType>String</DataType><StringValue>v</StringValue>", received);
        Assert.Contains(
            "<Attribute><Name>VisibilityTimeout</Name><Value>7</Value></Attribute>",
            await cloud.Query("sqs", "GetQueueAttributes", ("QueueUrl", url), ("AttributeName.1", "All"))
        );
        Assert.Contains("<Tag><Key>k</Key><Value>v</Value></Tag>", await cloud.Query("sqs", "ListQueueTags", ("QueueUrl", url)));
        Assert.DoesNotContain("<QueueUrl>", await cloud.Query("sqs", "ListDeadLetterSourceQueues", ("QueueUrl", url)));
        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sqs", "GetQueueUrl", ("QueueName", "nobody")));
        Assert.Contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>", error.Body);
    }
}
