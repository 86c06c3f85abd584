using System.Text;
using System.Text.Json;
using Amazon.SQS;
using Disa.Emulator.Tests.Sqs;

namespace Disa.Emulator.Tests.Sns;

/// <summary>What topics, queues and the mailbox keep is sealed, and a key that cannot be used says so.</summary>
public sealed class EncryptionTests
{
    private const string Topic = "arn:aws:sns:us-east-1:000000000000:secret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_disabled_key_refuses_publish_send_and_receive()
    {
        await using var cloud = await TestCloud.Start();
        using var sqs = SqsTests.Client(cloud);
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("KeyId").GetString()!;
        await cloud.Query(
            "sns",
            "CreateTopic",
            ("Name", "secret"),
            ("Attributes.entry.1.key", "KmsMasterKeyId"),
            ("Attributes.entry.1.value", key)
        );
        var url = (
            await sqs.CreateQueueAsync(
                new Amazon.SQS.Model.CreateQueueRequest
                {
                    QueueName = "secret",
                    Attributes = new() { ["KmsMasterKeyId"] = key },
                }
            )
        ).QueueUrl;
        await cloud.Query("sns", "Publish", ("TopicArn", Topic), ("Message", "x"));
        await sqs.SendMessageAsync(url, "x");

        await cloud.Json("kms", "TrentService.DisableKey", JsonSerializer.Serialize(new { KeyId = key }));
        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query("sns", "Publish", ("TopicArn", Topic), ("Message", "x"))
        );
        Assert.Contains("<Code>KMSDisabled</Code>", refused.Body);
        Assert.Equal(
            "KMS.DisabledException",
            (await Assert.ThrowsAnyAsync<AmazonSQSException>(() => sqs.SendMessageAsync(url, "x"))).ErrorCode
        );
        Assert.Equal(
            "KMS.DisabledException",
            (await Assert.ThrowsAnyAsync<AmazonSQSException>(() => sqs.ReceiveMessageAsync(url))).ErrorCode
        );

        await cloud.Query(
            "sns",
            "SetTopicAttributes",
            ("TopicArn", Topic),
            ("AttributeName", "KmsMasterKeyId"),
            ("AttributeValue", "alias/none")
        );
        refused = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sns", "Publish", ("TopicArn", Topic), ("Message", "x")));
        Assert.Contains("<Code>KMSNotFound</Code>", refused.Body);

        await cloud.Json("kms", "TrentService.EnableKey", JsonSerializer.Serialize(new { KeyId = key }));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("x", Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages).Body);
    }

    [Fact]
    public async Task A_fifo_group_waits_in_order_behind_a_delivery_that_is_tried_again()
    {
        await using var cloud = await TestCloud.Start();
        using var sqs = SqsTests.Client(cloud);
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("KeyId").GetString()!;
        var url = (
            await sqs.CreateQueueAsync(
                new Amazon.SQS.Model.CreateQueueRequest
                {
                    QueueName = "o.fifo",
                    Attributes = new() { ["FifoQueue"] = "true", ["KmsMasterKeyId"] = key },
                }
            )
        ).QueueUrl;
        var topic = "arn:aws:sns:us-east-1:000000000000:o.fifo";
        await cloud.Query(
            "sns",
            "CreateTopic",
            ("Name", "o.fifo"),
            ("Attributes.entry.1.key", "FifoTopic"),
            ("Attributes.entry.1.value", "true")
        );
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:o.fifo"),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true")
        );
        await cloud.Json("kms", "TrentService.DisableKey", JsonSerializer.Serialize(new { KeyId = key }));
        await cloud.Query(
            "sns",
            "Publish",
            ("TopicArn", topic),
            ("Message", "1"),
            ("MessageGroupId", "g"),
            ("MessageDeduplicationId", "1")
        );
        await cloud.Query(
            "sns",
            "Publish",
            ("TopicArn", topic),
            ("Message", "2"),
            ("MessageGroupId", "g"),
            ("MessageDeduplicationId", "2")
        );
        Assert.True(await cloud.Clock.Settle(Patience));

        await cloud.Json("kms", "TrentService.EnableKey", JsonSerializer.Serialize(new { KeyId = key }));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(
            ["1", "2"],
            (await sqs.ReceiveMessageAsync(new Amazon.SQS.Model.ReceiveMessageRequest(url) { MaxNumberOfMessages = 10 })).Messages.Select(
                message => message.Body
            )
        );
    }

    [Fact]
    public async Task Nothing_that_was_sent_lies_readable_on_disk()
    {
        var directory = Directory.CreateTempSubdirectory("disa-seal-");
        try
        {
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory.FullName }))
            {
                using var sqs = SqsTests.Client(cloud);
                await cloud.Query("sns", "CreateTopic", ("Name", "secret"));
                await cloud.Query("sns", "Subscribe", ("TopicArn", Topic), ("Protocol", "email"), ("Endpoint", "a@example.com"));
                await cloud.Query(
                    "sns",
                    "Subscribe",
                    ("TopicArn", Topic),
                    ("Protocol", "sqs"),
                    ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:secret")
                );
                await sqs.CreateQueueAsync("secret");
                await cloud.Query("sns", "Publish", ("TopicArn", Topic), ("Message", "the-word-is-swordfish"));
                Assert.True(await cloud.Clock.Settle(Patience));
            }

            foreach (var file in directory.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file.FullName));
                Assert.DoesNotContain("the-word-is-swordfish", text);
                Assert.DoesNotContain("Action=ConfirmSubscription", text);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
