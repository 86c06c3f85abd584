using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.SQS.Model;
using Disa.Emulator.Tests.Sqs;

namespace Disa.Emulator.Tests.Sns;

/// <summary>The power goes before each write from Publish to mailbox and queue: what was acknowledged arrives, and each mail once.</summary>
public sealed class DeliveryCrashTests
{
    private const int Messages = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_power_cut_before_any_write_loses_no_message_and_doubles_no_mail()
    {
        var cuts = 0;
        for (var offset = 0; offset < 40; offset++)
        {
            var directory = Directory.CreateTempSubdirectory("disa-sns-");
            try
            {
                if (!await Cut(directory.FullName, offset))
                {
                    break;
                }

                cuts++;
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }

        // At the least a write each for accepting, which is also the queue's delivery, and for delivering by mail.
        Assert.InRange(cuts, 2 * Messages, 39);
    }

    /// <summary>False where all was done before the power went.</summary>
    private static async Task<bool> Cut(string directory, long offset)
    {
        await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
        {
            await Prepare(cloud);
        }

        var acknowledged = new List<string>();
        long start = 0;
        var cut = new TaskCompletionSource();
        await using (
            var cloud = await TestCloud.Start(
                new LocalCloudOptions
                {
                    DataDirectory = directory,
                    BeforeWrite = number =>
                    {
                        if (Volatile.Read(ref start) is > 0 and var first && number >= first + offset)
                        {
                            cut.TrySetResult();
                            throw new IOException("The power is cut.");
                        }
                    },
                }
            )
        )
        {
            Assert.True(await cloud.Clock.Settle(Patience));
            Volatile.Write(ref start, cloud.Cloud.Database.Writes + 1);
            try
            {
                for (var i = 0; i < Messages; i++)
                {
                    await cloud.Query(
                        "sns",
                        "Publish",
                        ("TopicArn", "arn:aws:sns:us-east-1:000000000000:news"),
                        ("Message", $"message {i}")
                    );
                    acknowledged.Add($"message {i}");
                }
            }
            catch (Exception failure) when (failure is TestAwsException or HttpRequestException)
            {
                Assert.True(cut.Task.IsCompleted, failure.Message);
            }

            await Task.WhenAny(cut.Task, cloud.Clock.Settle(Patience));
        }

        await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
        {
            Assert.True(await cloud.Clock.Settle(Patience));
            var mails = (await Inbox(cloud)).Where(mail => mail.GetProperty("kind").GetString() == "notification").ToList();
            Assert.Equal(mails.Count, mails.Select(mail => mail.GetProperty("messageId").GetString()).Distinct().Count());
            var mailed = mails.Select(mail => mail.GetProperty("body").GetString()!.Split('\n')[0]).Where(text => text != "first").ToList();
            Assert.Empty(acknowledged.Except(mailed));

            using var sqs = SqsTests.Client(cloud);
            var url = (await sqs.GetQueueUrlAsync("news")).QueueUrl;
            var received = (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MaxNumberOfMessages = 10 })).Messages ?? [];
            Assert.Empty(acknowledged.Except(received.Select(message => message.Body)));
            Assert.Equal(mailed.Order(), received.Select(message => message.Body).Order());
        }

        return cut.Task.IsCompleted;
    }

    private static async Task Prepare(TestCloud cloud)
    {
        var topic = "arn:aws:sns:us-east-1:000000000000:news";
        await cloud.Query("sns", "CreateTopic", ("Name", "news"));
        await cloud.Query("sns", "Subscribe", ("TopicArn", topic), ("Protocol", "email"), ("Endpoint", "a@example.com"));
        await cloud.Query("sqs", "CreateQueue", ("QueueName", "news"));
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:news"),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true")
        );
        var body = (await Inbox(cloud)).Single().GetProperty("body").GetString()!;
        using var http = new HttpClient();
        await http.GetStringAsync(Regex.Match(body, @"http://\S+Token=\S+").Value);
        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", "first"));
        Assert.True(await cloud.Clock.Settle(Patience));
        using var sqs = SqsTests.Client(cloud);
        var url = (await sqs.GetQueueUrlAsync("news")).QueueUrl;
        var first = Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages);
        await sqs.DeleteMessageAsync(url, first.ReceiptHandle);
    }

    private static async Task<List<JsonElement>> Inbox(TestCloud cloud)
    {
        using var http = new HttpClient();
        return
        [
            .. JsonDocument
                .Parse(await http.GetStringAsync(new Uri(cloud.Endpoint, "/_disa/inbox")))
                .RootElement.GetProperty("mails")
                .EnumerateArray(),
        ];
    }
}
