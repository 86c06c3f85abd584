using System.Globalization;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

namespace Disa.Functions.Process;

/// <summary>Publishes one message; an error is a result, for the item to show.</summary>
public sealed class Publisher(AmazonSimpleNotificationServiceClient client, string topicArn, TimeProvider time)
{
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>What every message carries, so that a consumer can tell and drop a resend.</summary>
    public static Dictionary<string, MessageAttributeValue> OwnAttributes(ItemKey key, int attempt, bool possibleDuplicate)
    {
        ArgumentNullException.ThrowIfNull(key);
        var own = new Dictionary<string, MessageAttributeValue>(StringComparer.Ordinal)
        {
            ["disa-id"] = new() { DataType = "String", StringValue = key.Id },
            ["disa-attempt"] = new() { DataType = "Number", StringValue = attempt.ToString(CultureInfo.InvariantCulture) },
        };
        if (possibleDuplicate)
        {
            own["disa-possible-duplicate"] = new() { DataType = "String", StringValue = "true" };
        }

        return own;
    }

    /// <returns>The id that the topic gave the message, or why it took none.</returns>
    public async Task<(string? MessageId, Fault? Fault)> PublishAsync(
        Message message, IReadOnlyDictionary<string, MessageAttributeValue> own, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(own);
        var attributes = new Dictionary<string, MessageAttributeValue>(message.Attributes, StringComparer.Ordinal);
        foreach (var (name, value) in own)
        {
            attributes[name] = value;
        }

        var request = new PublishRequest { TopicArn = topicArn, Message = message.Text, Subject = message.Subject, MessageAttributes = attributes };
        for (var tried = 1; ; tried++)
        {
            Fault fault;
            try
            {
                var response = await client.PublishAsync(request, cancellation).ConfigureAwait(false);
                return (response.MessageId, null);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                fault = Fault.Of(e);
            }

            // Only what was certainly not published is tried again at once; the rest is the schedule's.
            if (fault.Class != FaultClass.Transient || tried == Tries)
            {
                return (null, fault);
            }

            await Task.Delay(Pause * tried, time, cancellation).ConfigureAwait(false);
        }
    }
}
