using System.Text;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.Emulator.Tests.Sqs;

/// <summary>What comes again: after its visibility timeout, from the dead-letter queue, late, or never.</summary>
public sealed class RedeliveryTests : WithQueues
{
    [Fact]
    public async Task What_is_not_deleted_comes_again_after_the_visibility_timeout_and_at_last_goes_to_the_dead_letter_queue()
    {
        var dead = await Create("dead");
        var url = await Create(
            "work",
            ("VisibilityTimeout", "10"),
            ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}""")
        );
        await sqs.SendMessageAsync(url, "poison");

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
            Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
            await cloud.Cloud.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
        var letter = Assert.Single(
            (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(dead) { MessageSystemAttributeNames = ["All"] })).Messages
        );
        Assert.Equal("poison", letter.Body);
        Assert.Equal("arn:aws:sqs:us-east-1:000000000000:work", letter.Attributes["DeadLetterQueueSourceArn"]);
        Assert.Equal(
            [url],
            (await sqs.ListDeadLetterSourceQueuesAsync(new ListDeadLetterSourceQueuesRequest { QueueUrl = dead })).QueueUrls
        );
    }

    [Fact]
    public async Task Dead_letters_go_back_to_where_they_came_from()
    {
        var dead = await Create("dead");
        var url = await Create(
            "work",
            ("VisibilityTimeout", "0"),
            ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}""")
        );
        await sqs.SendMessageAsync(url, "again");
        Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
        Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
        Assert.Equal("1", (await Counts(dead))["ApproximateNumberOfMessages"]);

        await sqs.StartMessageMoveTaskAsync(new StartMessageMoveTaskRequest { SourceArn = "arn:aws:sqs:us-east-1:000000000000:dead" });
        var task = Assert.Single(
            (
                await sqs.ListMessageMoveTasksAsync(
                    new ListMessageMoveTasksRequest { SourceArn = "arn:aws:sqs:us-east-1:000000000000:dead" }
                )
            ).Results
        );
        Assert.Equal(("COMPLETED", 1), (task.Status, task.ApproximateNumberOfMessagesMoved));
        Assert.Equal("again", Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages).Body);
        await Fails(
            "InvalidParameterValue",
            () => sqs.StartMessageMoveTaskAsync(new StartMessageMoveTaskRequest { SourceArn = "arn:aws:sqs:us-east-1:000000000000:work" })
        );
    }

    [Fact]
    public async Task A_delayed_message_is_not_there_before_its_time()
    {
        var url = await Create("later");
        await sqs.SendMessageAsync(new SendMessageRequest(url, "soon") { DelaySeconds = 60 });
        Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
        Assert.Equal("1", (await Counts(url))["ApproximateNumberOfMessagesDelayed"]);
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
    }

    [Fact]
    public async Task A_message_older_than_the_retention_is_gone()
    {
        var url = await Create("short", ("MessageRetentionPeriod", "60"));
        await sqs.SendMessageAsync(url, "old");
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("0", (await Counts(url))["ApproximateNumberOfMessages"]);
        Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
    }

    [Fact]
    public async Task Changing_the_visibility_gives_a_message_back_or_keeps_it_longer()
    {
        var url = await Create("visible");
        await sqs.SendMessageAsync(url, "x");
        var message = Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
        await sqs.ChangeMessageVisibilityAsync(url, message.ReceiptHandle, 0);
        message = Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
        await sqs.ChangeMessageVisibilityAsync(url, message.ReceiptHandle, 120);
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(100));
        Assert.Null((await sqs.ReceiveMessageAsync(url)).Messages);
    }
}
