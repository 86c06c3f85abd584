using System.Text;
using System.Text.Json;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Sns;

/// <summary>The JSON that subscribers get around a message: the Notification of SQS and email-json, and Lambda's event.</summary>
internal sealed class Notification(Signer signer, Links links)
{
    /// <summary>SNS Developer Guide, "HTTP/HTTPS notification JSON format"; a FIFO topic adds the sequence number.</summary>
    public async Task<string> Envelope(Publication publication, Topic topic, Subscription subscription)
    {
        // The queues of FIFO topics get no signature (recorded on AWS).
        var (signature, version, certificate) = topic.Fifo ? default : await Sign(publication, topic, subscription).ConfigureAwait(false);
        return JsonText.Write(
            JsonText.Readable,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("Type", "Notification");
                writer.WriteString("MessageId", publication.MessageId);
                if (publication.SequenceNumber is { } sequence)
                {
                    writer.WriteString("SequenceNumber", sequence);
                }

                writer.WriteString("TopicArn", publication.TopicArn);
                if (publication.Subject is { } subject)
                {
                    writer.WriteString("Subject", subject);
                }

                writer.WriteString("Message", publication.TextFor(subscription.Protocol));
                writer.WriteString("Timestamp", publication.Timestamp);
                if (!topic.Fifo)
                {
                    writer.WriteString("SignatureVersion", version);
                    writer.WriteString("Signature", signature);
                    writer.WriteString("SigningCertURL", certificate);
                }

                writer.WriteString("UnsubscribeURL", links.Unsubscribe(subscription.Arn));
                if (publication.Attributes is not null)
                {
                    WriteAttributes(writer, publication.Attributes);
                }

                writer.WriteEndObject();
            }
        );
    }

    /// <summary>What an HTTP or HTTPS endpoint gets that is to confirm a subscription, or that it has ended and can be restored.</summary>
    /// <remarks>
    /// SNS Developer Guide, "HTTP/HTTPS subscription confirmation JSON format" and "HTTP/HTTPS unsubscribe confirmation JSON format"; what is
    /// signed: "Verifying the signatures of Amazon SNS messages".
    /// </remarks>
    public async Task<string> Notice(Topic topic, string type, string messageId, string text, string token, string timestamp)
    {
        var link = links.Confirm(topic.Arn, token);
        var (signature, version, certificate) = await Sign(
                $"Message\n{text}\nMessageId\n{messageId}\nSubscribeURL\n{link}\nTimestamp\n{timestamp}\nToken\n{token}\nTopicArn\n{topic.Arn}\nType\n{type}\n",
                topic
            )
            .ConfigureAwait(false);
        return JsonText.Write(
            JsonText.Readable,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("Type", type);
                writer.WriteString("MessageId", messageId);
                writer.WriteString("Token", token);
                writer.WriteString("TopicArn", topic.Arn);
                writer.WriteString("Message", text);
                writer.WriteString("SubscribeURL", link);
                writer.WriteString("Timestamp", timestamp);
                writer.WriteString("SignatureVersion", version);
                writer.WriteString("Signature", signature);
                writer.WriteString("SigningCertURL", certificate);
                writer.WriteEndObject();
            }
        );
    }

    /// <summary>Lambda Developer Guide, "Example Amazon SNS event"; members as recorded on AWS 2025-10-06.</summary>
    public async Task<string> LambdaEvent(Publication publication, Topic topic, Subscription subscription)
    {
        // Functions read version 1 whatever the topic signs with: a slip of AWS's own (recorded).
        var (signature, _, certificate) = await Sign(publication, topic, subscription).ConfigureAwait(false);
        return JsonText.Write(
            JsonText.Compact,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("Records");
                writer.WriteStartObject();
                writer.WriteString("EventSource", "aws:sns");
                writer.WriteString("EventVersion", "1.0");
                writer.WriteString("EventSubscriptionArn", subscription.Arn);
                writer.WriteStartObject("Sns");
                writer.WriteString("Type", "Notification");
                writer.WriteString("MessageId", publication.MessageId);
                writer.WriteString("TopicArn", publication.TopicArn);
                writer.WriteString("Subject", publication.Subject);
                writer.WriteString("Message", publication.TextFor(subscription.Protocol));
                writer.WriteString("Timestamp", publication.Timestamp);
                writer.WriteString("SignatureVersion", "1");
                writer.WriteString("Signature", signature);
                writer.WriteString("SigningCertUrl", certificate);
                writer.WriteString("UnsubscribeUrl", links.Unsubscribe(subscription.Arn));
                WriteAttributes(writer, publication.Attributes ?? new Dictionary<string, MessageAttribute>());
                writer.WriteEndObject();
                writer.WriteEndObject();
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );
    }

    private async Task<(string Signature, string Version, string Certificate)> Sign(
        Publication publication,
        Topic topic,
        Subscription subscription
    )
    {
        var text = new StringBuilder("Message\n")
            .Append(publication.TextFor(subscription.Protocol))
            .Append("\nMessageId\n")
            .Append(publication.MessageId)
            .Append('\n');
        if (publication.Subject is { } subject)
        {
            text.Append("Subject\n").Append(subject).Append('\n');
        }

        text.Append("Timestamp\n")
            .Append(publication.Timestamp)
            .Append("\nTopicArn\n")
            .Append(publication.TopicArn)
            .Append("\nType\nNotification\n");
        return await Sign(text.ToString(), topic).ConfigureAwait(false);
    }

    private async Task<(string Signature, string Version, string Certificate)> Sign(string text, Topic topic)
    {
        var version = topic.Set.GetValueOrDefault("SignatureVersion", "1");
        var (signature, certificate) = await signer.Sign(text, version).ConfigureAwait(false);
        return (signature, version, links.Certificate(certificate));
    }

    private static void WriteAttributes(Utf8JsonWriter writer, IReadOnlyDictionary<string, MessageAttribute> attributes)
    {
        writer.WriteStartObject("MessageAttributes");
        foreach (var (name, attribute) in attributes)
        {
            writer.WriteStartObject(name);
            writer.WriteString("Type", attribute.DataType);
            writer.WriteString("Value", attribute.IsBinary ? Convert.ToBase64String(attribute.BinaryValue!) : attribute.StringValue);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
