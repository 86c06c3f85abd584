using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Sns;

/// <summary>Writes a line in the name of a role, as far as it may: the Logs room's part in a delivery's status.</summary>
internal delegate Task WriteStatus(string roleArn, Scope scope, string group, string stream, DateTimeOffset time, string message);

/// <summary>How an endpoint answered a delivery.</summary>
/// <param name="StatusCode">Null where there was no answer.</param>
/// <param name="Response">What the endpoint's service said, in the form in which SNS passes it on.</param>
internal sealed record EndpointAnswer(int? StatusCode, string Response);

/// <summary>Writes what became of deliveries to CloudWatch Logs, where the topic asks for it.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html. A line's members and their order were recorded on AWS:
/// dynatrace-oss/dynatrace-aws-log-forwarder, tests (SQS, 2021-07-26); https://pastebin.com/aU9HDs49 (HTTPS, 2020-02-23). Streams have the
/// names of UUIDs there.
/// </remarks>
internal sealed partial class StatusLog(Topics topics, WriteStatus write, Func<string, string, bool> trusts, ILogger logger)
{
    private readonly string stream = Guid.NewGuid().ToString();

    /// <summary>Whether it can be that the success of a delivery to a queue is written.</summary>
    public static bool MayWriteQueues(Topic topic) => topic.Set.ContainsKey("SQSSuccessFeedbackRoleArn");

    public Task Success(
        Topic topic,
        Subscription subscription,
        Delivery delivery,
        Publication publication,
        TimeSpan dwelt,
        EndpointAnswer answer
    ) =>
        StatusAttributes.PrefixOf(subscription.Protocol) is { } prefix
        && topic.Set.TryGetValue(prefix + "SuccessFeedbackRoleArn", out var role)
        && Random.Shared.Next(100) < StatusAttributes.SampleRate(topic, prefix)
            ? Write(topic, role, "", subscription, delivery, publication, dwelt, answer, "SUCCESS")
            : Task.CompletedTask;

    /// <summary>Each try that failed: "all failed message deliveries generate CloudWatch Logs".</summary>
    public Task Failure(
        Topic topic,
        Subscription subscription,
        Delivery delivery,
        Publication publication,
        TimeSpan dwelt,
        EndpointAnswer answer
    ) =>
        StatusAttributes.PrefixOf(subscription.Protocol) is { } prefix
        && topic.Set.TryGetValue(prefix + "FailureFeedbackRoleArn", out var role)
            ? Write(topic, role, "/Failure", subscription, delivery, publication, dwelt, answer, "FAILURE")
            : Task.CompletedTask;

    [SuppressMessage("Security", "CA5351", Justification = "AWS says which message it was by MD5.")]
    [SuppressMessage("Design", "CA1031", Justification = "A line that cannot be written must not repeat the delivery.")]
    private async Task Write(
        Topic topic,
        string role,
        string suffix,
        Subscription subscription,
        Delivery delivery,
        Publication publication,
        TimeSpan dwelt,
        EndpointAnswer answer,
        string status
    )
    {
        if (!trusts(role, topic.Arn))
        {
            LogNotTrusted(topic.Arn, role);
            return;
        }

        var text = publication.TextFor(subscription.Protocol);
        var line = JsonText.Write(
            JsonText.Compact,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("notification");
                writer.WriteString("messageMD5Sum", Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text))));
                writer.WriteString("messageId", publication.MessageId);
                writer.WriteString("topicArn", topic.Arn);
                writer.WriteString(
                    "timestamp",
                    publication.Published.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)
                );
                writer.WriteEndObject();
                writer.WriteStartObject("delivery");
                writer.WriteString("deliveryId", Guid.NewGuid().ToString());
                writer.WriteString("destination", subscription.Endpoint);
                writer.WriteString("providerResponse", answer.Response);
                writer.WriteNumber("dwellTimeMs", Math.Max(0, (long)dwelt.TotalMilliseconds));
                writer.WriteNumber("attempts", delivery.Attempts + 1);
                if (answer.StatusCode is { } code)
                {
                    writer.WriteNumber("statusCode", code);
                }

                writer.WriteEndObject();
                writer.WriteString("status", status);
                writer.WriteEndObject();
            }
        );
        try
        {
            await write(role, topic.Scope, $"sns/{topic.Region}/{topic.Account}/{topic.Name}{suffix}", stream, topics.Now, line)
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not (ObjectDisposedException or StoreUnavailableException))
        {
            LogNotWritten(topic.Arn, failure.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The status of deliveries of {Topic} is not written: sns.amazonaws.com may not take {Role}"
    )]
    private partial void LogNotTrusted(string topic, string role);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of a delivery of {Topic} could not be written: {Error}")]
    private partial void LogNotWritten(string topic, string error);
}
