using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record SubscribeInput(
    string? TopicArn,
    string? Protocol,
    string? Endpoint,
    IReadOnlyDictionary<string, string>? Attributes,
    bool? ReturnSubscriptionArn
);

internal sealed record SubscribeResponse(string SubscriptionArn);

/// <summary>
/// Subscribes an endpoint to a topic; an e-mail address is asked to confirm by mail, an HTTP or HTTPS endpoint by a post, and what belongs to
/// the account is confirmed at once.
/// </summary>
internal sealed class Subscribe(
    Database database,
    Topics topics,
    Mailbox mailbox,
    NoticeWriter notices,
    HttpEndpoints endpoints,
    Action post
)
{
    public async Task<SubscribeResponse> Run(SubscribeInput input, Caller caller, CancellationToken cancellation)
    {
        var topic = topics.Find(input.TopicArn, caller, "Subscribe");
        var subscription = await Create(topic, input, caller).ConfigureAwait(false);
        return new(subscription.Confirmed || input.ReturnSubscriptionArn == true ? subscription.Arn : "pending confirmation");
    }

    /// <summary>The subscription that now exists: a new one, or the one that this endpoint has already.</summary>
    public async Task<Subscription> Create(Topic topic, SubscribeInput input, Caller caller)
    {
        var protocol = input.Protocol ?? throw SnsErrors.Missing("Protocol");
        var endpoint = input.Endpoint ?? throw SnsErrors.Invalid("Endpoint");
        CheckEndpoint(topic, protocol, endpoint);
        var set = SubscriptionAttributes.Apply(
            new Dictionary<string, string>(),
            input.Attributes ?? new Dictionary<string, string>(),
            protocol,
            "Attributes Reason: "
        );
        var mailed = protocol is "email" or "email-json";
        var posted = protocol is "http" or "https";
        var token = NoticeWriter.NewToken();
        var newArn = $"{topic.Arn}:{Guid.NewGuid()}";
        var mail = mailed
            ? await mailbox
                .Seal(
                    topic.Scope,
                    "confirm-" + token[..16],
                    endpoint,
                    topic.DisplayName,
                    ConfirmationMail.Subject,
                    mailbox.Confirmation(topic.Arn, token),
                    null,
                    topic.Arn,
                    "confirmation"
                )
                .ConfigureAwait(false)
            : null;
        var notice = posted ? await notices.Confirmation(topic, newArn, endpoint, token).ConfigureAwait(false) : null;
        return await database
            .Write(transaction =>
            {
                var existing = topics
                    .Of(transaction, topic)
                    .FirstOrDefault(other => other.Protocol == protocol && other.Endpoint == endpoint);
                if (existing is not null && set.Any(entry => existing.Set.GetValueOrDefault(entry.Key) != entry.Value))
                {
                    throw SnsErrors.Invalid("Attributes Reason: Subscription already exists with different attributes");
                }

                if (existing is null)
                {
                    LargeTopic.Check(
                        topics.Shelf.Get(transaction, topic.Scope, topic.Name) ?? throw SnsErrors.TopicDoesNotExist(),
                        [.. topics.Of(transaction, topic).Select(other => other.Protocol), protocol]
                    );
                }

                var subscription =
                    existing
                    ?? new Subscription
                    {
                        Arn = newArn,
                        TopicArn = topic.Arn,
                        Owner = caller.Account,
                        Principal = caller.Arn,
                        Protocol = protocol,
                        Endpoint = endpoint,
                        Confirmed = !mailed && !posted,
                        ConfirmationWasAuthenticated = !mailed && !posted,
                        Set = set,
                    };
                if (!subscription.Confirmed)
                {
                    subscription = subscription with { Tokens = [.. subscription.Tokens, topics.Issued(token)] };
                    if (mail is not null)
                    {
                        mailbox.Put(transaction, mail);
                    }
                    else
                    {
                        Notices.Insert(transaction, notice! with { SubscriptionArn = subscription.Arn });
                        transaction.AfterCommit(post);
                    }
                }

                topics.Put(transaction, subscription);
                return subscription;
            })
            .ConfigureAwait(false);
    }

    public static string Digest(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private void CheckEndpoint(Topic topic, string protocol, string endpoint)
    {
        switch (protocol)
        {
            case "email" or "email-json" when topic.Fifo:
                throw SnsErrors.Invalid(
                    $"Invalid parameter: Endpoint Reason: FIFO topics do not take subscriptions of the protocol {protocol}"
                );
            case "email" or "email-json":
                if (!IsAddress(endpoint))
                {
                    throw SnsErrors.Invalid("Email address");
                }

                break;
            case "sqs":
                if (Arn.TryParse(endpoint) is not { Service: "sqs" } queue)
                {
                    throw SnsErrors.Invalid("SQS endpoint ARN");
                }

                if (!topic.Fifo && queue.Resource.EndsWith(".fifo", StringComparison.Ordinal))
                {
                    throw SnsErrors.Invalid(
                        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
                    );
                }

                break;
            case "lambda" when topic.Fifo:
                throw SnsErrors.Invalid("Invalid parameter: Endpoint Reason: FIFO topics do not take subscriptions of the protocol lambda");
            case "lambda":
                if (Arn.TryParse(endpoint) is not { Service: "lambda" })
                {
                    throw SnsErrors.Invalid("Lambda endpoint ARN");
                }

                break;
            case "http" or "https" when topic.Fifo:
                throw SnsErrors.Invalid(
                    $"Invalid parameter: Endpoint Reason: FIFO topics do not take subscriptions of the protocol {protocol}"
                );
            case "http" or "https":
                endpoints.Check(protocol, endpoint);
                break;
            case "sms" when topic.Fifo:
                throw SnsErrors.Invalid("Invalid parameter: Endpoint Reason: FIFO topics do not take subscriptions of the protocol sms");
            case "sms":
                PhoneNumbers.CheckEndpoint(endpoint);
                break;
            case "application" or "firehose":
                throw AwsException.NotImplemented($"sns:Subscribe with the protocol {protocol}");
            default:
                throw SnsErrors.Invalid($"Amazon SNS does not support this protocol string: {protocol}");
        }
    }

    private static bool IsAddress(string text) =>
        text.Length <= 254
        && !text.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) || letter is '<' or '>' or ',' or ';')
        && MailAddress.TryCreate(text, out var address)
        && address.Address == text;
}
