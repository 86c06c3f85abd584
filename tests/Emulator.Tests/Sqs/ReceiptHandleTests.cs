using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Tests.Sqs;

/// <summary>
/// A receipt handle is opaque, and belongs to the queue that gave it: another is ReceiptHandleIsInvalid
/// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html).
/// </summary>
public sealed class ReceiptHandleTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("DeleteMessage", "", false)]
    [InlineData("ChangeMessageVisibility", ",\"VisibilityTimeout\":0", false)]
    [InlineData("DeleteMessageBatch", "", true)]
    [InlineData("ChangeMessageVisibilityBatch", ",\"VisibilityTimeout\":0", true)]
    public async Task A_handle_that_its_queue_did_not_give_is_refused(string operation, string more, bool isBatch)
    {
        await using var cloud = await TestCloud.Start();
        var handle = await Received(cloud, "one");
        var foreign = await Received(cloud, "two");
        await cloud.In("eu-west-1").Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"one"}""");
        (TestCloud Cloud, string Handle)[] refused =
        [
            (cloud, handle[..20] + (handle[20] == 'A' ? 'B' : 'A') + handle[21..]),
            (cloud, foreign),
            (cloud, Convert.ToBase64String(Encoding.UTF8.GetBytes($"disa1 1 {Guid.NewGuid():N}"))),
            (cloud.In("eu-west-1"), handle),
        ];
        foreach (var (where, text) in refused)
        {
            var receipt = $"\"ReceiptHandle\":\"{text}\"{more}";
            var body = isBatch ? $$"""{"QueueUrl":"one","Entries":[{"Id":"a",{{receipt}}}]}""" : $$"""{"QueueUrl":"one",{{receipt}}}""";
            var (status, answer) = await Send(where, operation, body);
            Assert.Equal(isBatch ? 200 : 404, status);
            Assert.Contains("ReceiptHandleIsInvalid", answer, StringComparison.Ordinal);
            Assert.Contains(
                $"The input receipt handle \"{text}\" is not a valid receipt handle.",
                JsonElement.Parse(answer) is var json && isBatch
                    ? json.GetProperty("Failed")[0].GetProperty("Message").GetString()
                    : json.GetProperty("message").GetString()
            );
        }

        Assert.Equal((0, 1), await Counted(cloud));
    }

    [Fact]
    public async Task A_handle_outlives_a_restart()
    {
        string handle;
        await using (var before = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
        {
            handle = await Received(before, "one");
        }

        await using var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory });
        await cloud.Json("sqs", "AmazonSQS.DeleteMessage", $$"""{"QueueUrl":"one","ReceiptHandle":"{{handle}}"}""");

        Assert.Equal((0, 0), await Counted(cloud));
    }

    private static Task<(int Status, string Text)> Send(TestCloud cloud, string operation, string body) =>
        cloud.Send(HttpMethod.Post, "sqs", "/", body, "application/x-amz-json-1.0", null, ("X-Amz-Target", "AmazonSQS." + operation));

    private static async Task<string> Received(TestCloud cloud, string queue)
    {
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", $$"""{"QueueName":"{{queue}}"}""");
        await cloud.Json("sqs", "AmazonSQS.SendMessage", $$"""{"QueueUrl":"{{queue}}","MessageBody":"m"}""");
        var received = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", $$"""{"QueueUrl":"{{queue}}"}""");
        return received.GetProperty("Messages")[0].GetProperty("ReceiptHandle").GetString()!;
    }

    private static async Task<(int Visible, int InFlight)> Counted(TestCloud cloud)
    {
        var counted = await cloud.Json("sqs", "AmazonSQS.GetQueueAttributes", """{"QueueUrl":"one","AttributeNames":["All"]}""");
        int Number(string name) => int.Parse(counted.GetProperty("Attributes").GetProperty(name).GetString()!);
        return (Number("ApproximateNumberOfMessages"), Number("ApproximateNumberOfMessagesNotVisible"));
    }
}
