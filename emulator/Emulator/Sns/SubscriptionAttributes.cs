using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Jsonata;

namespace Disa.Emulator.Sns;

/// <summary>The attributes that a subscription takes, and what GetSubscriptionAttributes answers.</summary>
internal static class SubscriptionAttributes
{
    private static readonly string[] NotDone = ["ReplayPolicy", "ReplayStatus", "SubscriptionRoleArn"];

    /// <param name="prefix">How an error begins: Subscribe says <c>Attributes Reason: </c>, SetSubscriptionAttributes nothing.</param>
    public static Dictionary<string, string> Apply(
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> changes,
        string protocol,
        string prefix
    )
    {
        var after = new Dictionary<string, string>(before, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            if (NotDone.Contains(name))
            {
                throw AwsException.NotImplemented($"the subscription attribute {name}");
            }

            Check(name, value, protocol, prefix);
            if (name is "RedrivePolicy" or "DeliveryPolicy" && value.Length == 0)
            {
                after.Remove(name);
            }
            else if (name == "FilterPolicy" && value is "" or "{}")
            {
                after.Remove("FilterPolicy");
                after.Remove("FilterPolicyScope");
            }
            else
            {
                after[name] = name == "RawMessageDelivery" ? value.ToLowerInvariant() : value;
            }
        }

        if (
            after.TryGetValue("DeliveryPolicy", out var delivery)
            && after.GetValueOrDefault("RawMessageDelivery") != "true"
            && DeliveryPolicyReader.OfSubscription(delivery).ContentType is { } type
            && !ContentTypes.FitsNotifications(type)
        )
        {
            throw SnsErrors.Invalid(
                $"{prefix}DeliveryPolicy: requestPolicy.headerContentType: [{type}] is supported with raw message delivery only"
            );
        }

        if (after.TryGetValue("FilterPolicy", out var policy))
        {
            after.TryAdd("FilterPolicyScope", "MessageAttributes");
            try
            {
                FilterPolicyCheck.Check(policy, after["FilterPolicyScope"] == "MessageBody");
            }
            catch (NotSupportedException failure)
            {
                throw SnsErrors.Invalid(failure.Message);
            }
            catch (FormatException failure)
            {
                throw SnsErrors.Invalid($"{prefix}FilterPolicy: {failure.Message}");
            }
        }

        return after;
    }

    /// <param name="topic">Its topic, by whose policy endpoints are posted to.</param>
    public static Dictionary<string, string> Describe(Subscription subscription, Topic? topic)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SubscriptionArn"] = subscription.Arn,
            ["TopicArn"] = subscription.TopicArn,
            ["Owner"] = subscription.Owner,
            ["Protocol"] = subscription.Protocol,
            ["Endpoint"] = subscription.Endpoint,
            ["PendingConfirmation"] = subscription.Confirmed ? "false" : "true",
            ["ConfirmationWasAuthenticated"] = subscription.ConfirmationWasAuthenticated ? "true" : "false",
            ["RawMessageDelivery"] = "false",
            ["SubscriptionPrincipal"] = subscription.Principal,
        };
        foreach (var (name, value) in subscription.Set)
        {
            all[name] = value;
        }

        if (subscription.Posted && topic is not null)
        {
            all["EffectiveDeliveryPolicy"] = DeliveryPolicy.EffectiveOfSubscription(topic, subscription);
        }

        if (!all.ContainsKey("FilterPolicy"))
        {
            all.Remove("FilterPolicyScope");
        }

        return all;
    }

    /// <summary>The subscription's dead-letter queue; null without one.</summary>
    public static string? DeadLetterQueue(Subscription subscription) =>
        subscription.Set.TryGetValue("RedrivePolicy", out var policy)
            ? JsonInput.Parse(policy).GetProperty("deadLetterTargetArn").GetString()
            : null;

    private static void Check(string name, string value, string protocol, string prefix)
    {
        switch (name)
        {
            case "RawMessageDelivery" when value.ToLowerInvariant() is not ("true" or "false"):
                throw SnsErrors.Invalid($"{prefix}RawMessageDelivery: Invalid value [{value}]. Must be true or false.");
            case "RawMessageDelivery"
                when value.Equals("true", StringComparison.OrdinalIgnoreCase) && protocol is not ("sqs" or "http" or "https"):
                throw SnsErrors.Invalid($"{prefix}Delivery protocol [{protocol}] does not support raw message delivery.");
            case "FilterPolicyScope" when value is not ("MessageAttributes" or "MessageBody"):
                throw SnsErrors.Invalid(
                    $"{prefix}FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody or MessageAttributes"
                );
            case "RedrivePolicy" when value.Length > 0:
                CheckRedrivePolicy(value, prefix);
                break;
            case "DeliveryPolicy" when protocol is not ("http" or "https"):
                throw SnsErrors.Invalid($"{prefix}Delivery protocol [{protocol}] does not support custom delivery policies.");
            case "DeliveryPolicy" when value.Length > 0:
                try
                {
                    DeliveryPolicyReader.OfSubscription(value);
                }
                catch (FormatException wrong)
                {
                    throw SnsErrors.Invalid($"{prefix}DeliveryPolicy: {wrong.Message}");
                }

                break;
            case "RawMessageDelivery" or "FilterPolicyScope" or "DeliveryPolicy" or "RedrivePolicy" or "FilterPolicy":
                break;
            default:
                throw SnsErrors.Invalid(prefix.Length > 0 ? $"{prefix}Unknown attribute {name}" : "AttributeName");
        }
    }

    private static void CheckRedrivePolicy(string value, string prefix)
    {
        JsonElement policy;
        try
        {
            policy = JsonInput.Parse(value);
        }
        catch (JsonException)
        {
            throw SnsErrors.Invalid($"{prefix}RedrivePolicy: {FilterPolicyCheck.Broken(value)}");
        }

        if (
            policy.ValueKind != JsonValueKind.Object
            || !policy.TryGetProperty("deadLetterTargetArn", out var target)
            || target.ValueKind != JsonValueKind.String
            || Arn.TryParse(target.GetString()) is not { Service: "sqs" }
        )
        {
            throw SnsErrors.Invalid($"{prefix}RedrivePolicy: deadLetterTargetArn is an invalid arn");
        }
    }
}
