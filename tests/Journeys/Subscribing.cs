using System.Globalization;
using System.Text.Json;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.Journeys;

/// <summary>Subscribers of a test's own.</summary>
internal static class Subscribing
{
    /// <summary>A queue that gets what the topic is sent, in SNS's envelope or raw.</summary>
    public static async Task SubscribeQueue(this RunningDisa disa, string name, bool raw = false)
    {
        using var sqs = new AmazonSQSClient(RunningDisa.Credentials, disa.Configure(new AmazonSQSConfig()));
        await sqs.CreateQueueAsync(
            new CreateQueueRequest(name)
            {
                Attributes = new()
                {
                    ["MessageRetentionPeriod"] = "1209600",
                    ["Policy"] =
                        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}}""",
                },
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, disa.Endpoint)
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["Action"] = "Subscribe",
                    ["TopicArn"] = disa.Outputs["TopicArn"],
                    ["Protocol"] = "sqs",
                    ["Endpoint"] = $"arn:aws:sqs:us-east-1:000000000000:{name}",
                    ["Attributes.entry.1.key"] = "RawMessageDelivery",
                    ["Attributes.entry.1.value"] = raw ? "true" : "false",
                }
            ),
        };
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0"
        );
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits for the one message that comes, for as long as a busy machine may need.</summary>
    public static async Task<Message> Next(this AmazonSQSClient sqs, ReceiveMessageRequest request)
    {
        request.WaitTimeSeconds = 20;
        for (var waited = TimeSpan.Zero; waited < RunningDisa.Patience; waited += TimeSpan.FromSeconds(20))
        {
            if ((await sqs.ReceiveMessageAsync(request)).Messages is { Count: > 0 } received)
            {
                return Assert.Single(received);
            }
        }

        throw new TimeoutException($"No message came to {request.QueueUrl} within {RunningDisa.Patience}.");
    }

    /// <summary>What the subscriber got, in SNS's envelope.</summary>
    public static async Task<List<Copy>> Received(this RunningDisa disa, string name)
    {
        using var sqs = new AmazonSQSClient(RunningDisa.Credentials, disa.Configure(new AmazonSQSConfig()));
        var url = (await sqs.GetQueueUrlAsync(name)).QueueUrl;
        var copies = new List<Copy>();
        while (
            (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MaxNumberOfMessages = 10 })).Messages is { Count: > 0 } received
        )
        {
            copies.AddRange(received.Select(message => Copy.From(JsonElement.Parse(message.Body))));
            await sqs.DeleteMessageBatchAsync(
                url,
                [.. received.Select((message, i) => new DeleteMessageBatchRequestEntry($"e{i}", message.ReceiptHandle))]
            );
        }

        return copies;
    }
}

/// <summary>A message as the subscriber got it.</summary>
internal sealed record Copy(string Id, int Attempt, string MessageId, string Text, bool MayBeDuplicate)
{
    public static Copy From(JsonElement envelope)
    {
        var attributes = envelope.GetProperty("MessageAttributes");
        string Value(string name) => attributes.GetProperty(name).GetProperty("Value").GetString()!;
        return new Copy(
            Value("disa-id"),
            int.Parse(Value("disa-attempt"), CultureInfo.InvariantCulture),
            envelope.GetProperty("MessageId").GetString()!,
            envelope.GetProperty("Message").GetString()!,
            attributes.TryGetProperty("disa-possible-duplicate", out _)
        );
    }
}
