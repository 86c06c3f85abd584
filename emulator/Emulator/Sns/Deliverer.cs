using System.Diagnostics.CodeAnalysis;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;
using Disa.Emulator.Store;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Sns;

/// <summary>Invokes a function asynchronously and answers the request's id: the Lambda room's part in a delivery.</summary>
internal delegate Task<string> InvokeFunction(
    string functionArn,
    ReadOnlyMemory<byte> payload,
    Caller caller,
    CancellationToken cancellation
);

/// <summary>Brings messages to their subscribers, at least once; queue and mailbox get them exactly once, in the commit that ends the delivery.</summary>
internal sealed partial class Deliverer(
    Database database,
    Topics topics,
    Mailbox mailbox,
    QueueMessages messages,
    QueueSender queues,
    InvokeFunction invoke,
    Notification notification,
    FailedDeliveries failed,
    StatusLog status,
    UsageMeter meter,
    ILogger logger
)
{
    private const int AtOnce = 64;

    /// <summary>Of mail no status is written.</summary>
    private static readonly EndpointAnswer Mailed = new(null, "");

    private readonly MailRate mailRate = new();

    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var due = database.Read(transaction =>
            Deliveries
                .Due(transaction, topics.Now, AtOnce)
                .ConvertAll(delivery => (Delivery: delivery, Stored: Deliveries.Message(transaction, delivery.Message)))
        );
        await Task.WhenAll(due.Select(one => Attempt(one.Delivery, one.Stored, cancellation))).ConfigureAwait(false);
        return database.Read(Deliveries.NextDue);
    }

    [SuppressMessage("Design", "CA1031", Justification = "A worker's loop: one delivery that fails must not hold up the others.")]
    private async Task Attempt(
        Delivery delivery,
        (string Account, string Region, SealedText Content)? stored,
        CancellationToken cancellation
    )
    {
        var subscription = topics.Subscription(delivery.SubscriptionArn);
        if (subscription is not { Confirmed: true } || stored is null || topics.FindOrNone(subscription.TopicArn) is not { } topic)
        {
            await database.Write(transaction => Deliveries.Finish(transaction, delivery)).ConfigureAwait(false);
            return;
        }

        Publication? publication = null;
        try
        {
            publication = failed.Opened(delivery, topic, stored.Value.Content);

            // A first attempt counts when its message was published: a machine that is busy may make many of them at once, and AWS is not one.
            if (subscription.Mailed && !mailRate.Count(subscription.Arn, delivery.Attempts == 0 ? publication.Published : topics.Now))
            {
                await Disable(subscription).ConfigureAwait(false);
                return;
            }

            using var span = Telemetry.Delivery(topic.Name, subscription.Protocol, publication.MessageId, publication.TraceHeader);
            publication = publication with { TraceHeader = Telemetry.Onwards(span, publication.TraceHeader) };
            var dwelt = topics.Now - publication.Published;
            var answer = await Deliver(delivery, publication, topic, subscription, cancellation).ConfigureAwait(false);
            await status.Success(topic, subscription, delivery, publication, dwelt, answer).ConfigureAwait(false);
            meter.Metrics.Add(topic.Metric("NumberOfNotificationsDelivered"));
            meter.Add(
                "sns",
                topic.Name,
                subscription.Protocol is "email" or "email-json" ? "EmailDeliveries"
                    : subscription.Protocol is "sqs" ? "QueueDeliveries"
                    : subscription.Protocol is "sms" ? "SmsDeliveries"
                    : "FunctionDeliveries"
            );
        }
        catch (AwsException error)
        {
            if (publication is not null)
            {
                var dwelt = topics.Now - publication.Published;
                var answer = EndpointAnswers.Of(subscription.Protocol, error);
                await status.Failure(topic, subscription, delivery, publication, dwelt, answer).ConfigureAwait(false);
            }

            await Fail(delivery, topic, subscription, $"{error.Code}: {error.Message}", IsTransient(error)).ConfigureAwait(false);
        }
        catch (Exception failure)
            when (!cancellation.IsCancellationRequested && failure is not (ObjectDisposedException or StoreUnavailableException))
        {
            LogFailed(delivery.Id, subscription.Arn, failure);
            await Fail(delivery, topic, subscription, failure.Message, transient: true).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// It waits to be confirmed again, with a new token, and gets nothing meanwhile: not what is on its way either. Whoever publishes hears
    /// nothing of it.
    /// </summary>
    private Task Disable(Subscription subscription)
    {
        LogDisabled(subscription.Arn);
        return database.Write(transaction =>
        {
            Deliveries.Drop(transaction, subscription.Arn);
            if (topics.Subscription(transaction, subscription.Arn) is { Confirmed: true } current)
            {
                topics.Put(
                    transaction,
                    current with
                    {
                        Confirmed = false,
                        ConfirmationWasAuthenticated = false,
                        Tokens = [],
                        Disabled = topics.Now,
                    }
                );
            }
        });
    }

    private async Task<EndpointAnswer> Deliver(
        Delivery delivery,
        Publication publication,
        Topic topic,
        Subscription subscription,
        CancellationToken cancellation
    )
    {
        switch (subscription.Protocol)
        {
            case "sqs":
                var message = await messages.Of(publication, topic, subscription, subscription.Endpoint).ConfigureAwait(false);
                await database
                    .Write(transaction =>
                    {
                        if (Deliveries.Finish(transaction, delivery))
                        {
                            queues.Enqueue(transaction, message);
                        }
                    })
                    .ConfigureAwait(false);
                return EndpointAnswers.OfQueue(message.Message.MessageId);
            case "lambda":
                var payload = await notification.LambdaEvent(publication, topic, subscription).ConfigureAwait(false);
                var requestId = await invoke(
                        subscription.Endpoint,
                        Encoding.UTF8.GetBytes(payload),
                        Caller.Service("sns.amazonaws.com", topic.Scope) with
                        {
                            SourceArn = topic.Arn,
                            TraceHeader = publication.TraceHeader,
                        },
                        cancellation
                    )
                    .ConfigureAwait(false);
                await database.Write(transaction => Deliveries.Finish(transaction, delivery)).ConfigureAwait(false);
                return EndpointAnswers.OfFunction(requestId);
            default:
                var mail = await ForMailbox(delivery, publication, topic, subscription).ConfigureAwait(false);
                await database
                    .Write(transaction =>
                    {
                        if (Deliveries.Finish(transaction, delivery))
                        {
                            mailbox.Put(transaction, mail);
                        }
                    })
                    .ConfigureAwait(false);
                return Mailed;
        }
    }

    private async Task<SealedMail> ForMailbox(Delivery delivery, Publication publication, Topic topic, Subscription subscription)
    {
        if (subscription.Protocol == "sms")
        {
            return await mailbox
                .SealText(
                    topic.Scope,
                    $"delivery-{delivery.Id}",
                    subscription.Endpoint,
                    publication.TextFor("sms"),
                    publication.MessageId,
                    topic.Arn
                )
                .ConfigureAwait(false);
        }

        var body =
            subscription.Protocol == "email-json"
                ? await notification.Envelope(publication, topic, subscription).ConfigureAwait(false)
                : mailbox.Notification(publication.TextFor("email"), subscription);
        return await mailbox
            .Seal(
                topic.Scope,
                $"delivery-{delivery.Id}",
                subscription.Endpoint,
                topic.DisplayName,
                publication.Subject ?? NotificationMail.DefaultSubject,
                body,
                publication.MessageId,
                topic.Arn,
                "notification"
            )
            .ConfigureAwait(false);
    }

    /// <summary>What a client did wrong is not tried again; what the receiver cannot do now is, for as long as AWS does.</summary>
    private async Task Fail(Delivery delivery, Topic topic, Subscription subscription, string error, bool transient)
    {
        if (transient && RetrySchedule.Wait(subscription.Protocol, delivery.Attempts + 1) is { } wait)
        {
            await failed.TryAgain(delivery, wait, error).ConfigureAwait(false);
            return;
        }

        meter.Metrics.Add(topic.Metric("NumberOfNotificationsFailed"));
        await failed.GiveUp(delivery, topic, subscription, error).ConfigureAwait(false);
    }

    private static bool IsTransient(AwsException error) =>
        error.StatusCode >= 500
        || error.StatusCode == 429
        || error.Code.Contains("Throttl", StringComparison.Ordinal)
        || error.Code.Contains("TooManyRequests", StringComparison.Ordinal)
        || (
            error.Code.StartsWith("KMS", StringComparison.OrdinalIgnoreCase)
            && !error.Code.EndsWith("AccessDenied", StringComparison.Ordinal)
        );

    [LoggerMessage(Level = LogLevel.Error, Message = "Delivery {Delivery} to {Subscription} failed: a bug in the emulator")]
    private partial void LogFailed(long delivery, string subscription, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Subscription} is disabled: more than ten mails in a second")]
    private partial void LogDisabled(string subscription);
}
