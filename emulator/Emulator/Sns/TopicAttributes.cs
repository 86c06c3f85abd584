using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Sns;

/// <summary>The attributes that a topic takes, and what GetTopicAttributes answers.</summary>
internal static class TopicAttributes
{
    private static readonly string[] NotDone = ["ArchivePolicy", "DataProtectionPolicy", "BeginningArchiveTime"];

    /// <summary>Lays changes over what was set.</summary>
    /// <param name="onCreate">Some are settable once only, and the wording of errors differs.</param>
    public static Dictionary<string, string> Apply(
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> changes,
        bool fifo,
        bool onCreate
    )
    {
        var after = new Dictionary<string, string>(before, StringComparer.Ordinal);
        foreach (var (name, value) in Normalized(changes))
        {
            if (NotDone.Contains(name) || (name.Contains("Feedback", StringComparison.Ordinal) && !StatusAttributes.Has(name)))
            {
                throw AwsException.NotImplemented($"the topic attribute {name}");
            }

            Check(name, value, fifo, onCreate);
            if (value.Length == 0 && (name is "KmsMasterKeyId" or "Policy" or "DeliveryPolicy" || StatusAttributes.Has(name)))
            {
                after.Remove(name);
            }
            else
            {
                after[name] = value;
            }
        }

        return after;
    }

    /// <summary>With booleans in small letters: they are read without regard to case.</summary>
    public static IReadOnlyDictionary<string, string> Normalized(IReadOnlyDictionary<string, string> attributes) =>
        attributes.ToDictionary(
            entry => entry.Key,
            entry => entry.Key is "FifoTopic" or "ContentBasedDeduplication" ? entry.Value.ToLowerInvariant() : entry.Value,
            StringComparer.Ordinal
        );

    public static Dictionary<string, string> Describe(Topic topic, IEnumerable<Subscription> subscriptions)
    {
        var confirmed = 0;
        var pending = 0;
        foreach (var subscription in subscriptions)
        {
            _ = subscription.Confirmed ? confirmed++ : pending++;
        }

        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TopicArn"] = topic.Arn,
            ["Owner"] = topic.Account,
            ["DisplayName"] = "",
            ["MaximumMessageSize"] = Topic.DefaultMessageSize.ToString(CultureInfo.InvariantCulture),
            ["Policy"] = DefaultPolicy(topic),
            ["EffectiveDeliveryPolicy"] = DeliveryPolicy.EffectiveOfTopic(topic),
            ["SubscriptionsConfirmed"] = confirmed.ToString(CultureInfo.InvariantCulture),
            ["SubscriptionsPending"] = pending.ToString(CultureInfo.InvariantCulture),
            ["SubscriptionsDeleted"] = topic.DeletedSubscriptions.ToString(CultureInfo.InvariantCulture),
        };
        if (topic.Fifo)
        {
            all["ContentBasedDeduplication"] = "false";
        }

        foreach (var (name, value) in topic.Set)
        {
            all[name] = value;
        }

        return all;
    }

    public static string DefaultPolicy(Topic topic) =>
        "{\"Version\":\"2008-10-17\",\"Id\":\"__default_policy_ID\",\"Statement\":[{\"Sid\":\"__default_statement_ID\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},"
        + "\"Action\":[\"SNS:GetTopicAttributes\",\"SNS:SetTopicAttributes\",\"SNS:AddPermission\",\"SNS:RemovePermission\",\"SNS:DeleteTopic\",\"SNS:Subscribe\",\"SNS:ListSubscriptionsByTopic\",\"SNS:Publish\"],"
        + $"\"Resource\":\"{topic.Arn}\",\"Condition\":{{\"StringEquals\":{{\"AWS:SourceOwner\":\"{topic.Account}\"}}}}}}]}}";

    private static void Check(string name, string value, bool fifo, bool onCreate)
    {
        if (name == "DeliveryPolicy")
        {
            CheckDeliveryPolicy(value, onCreate);
            return;
        }

        var valid = name switch
        {
            "DisplayName" => value.Length <= 100 && !value.Any(char.IsControl),
            "Policy" => value.Length == 0 || IsPolicy(value),
            "KmsMasterKeyId" => true,
            "MaximumMessageSize" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && size is >= 1024 and <= 1_048_576,
            "SignatureVersion" => value is "1" or "2",
            _ when StatusAttributes.Has(name) => StatusAttributes.IsValid(name, value),
            "TracingConfig" when value == "Active" => throw AwsException.NotImplemented("the tracing of a topic (TracingConfig Active)"),
            "TracingConfig" => value == "PassThrough",
            "FifoTopic" when onCreate => value is "true" or "false" && (value == "true") == fifo,
            "ContentBasedDeduplication" when fifo => value is "true" or "false",
            "FifoThroughputScope" when fifo => value is "Topic" or "MessageGroup",
            _ => throw SnsErrors.Invalid(onCreate ? $"Attributes Reason: Unknown attribute {name}" : "AttributeName"),
        };
        if (!valid)
        {
            throw SnsErrors.Invalid(
                name switch
                {
                    "Policy" => "Policy Error: null",
                    "DisplayName" => "DisplayName",
                    _ => onCreate ? $"Attributes Reason: {name}: Invalid value [{value}]." : $"{name}: Invalid value [{value}].",
                }
            );
        }
    }

    private static void CheckDeliveryPolicy(string value, bool onCreate)
    {
        try
        {
            if (value.Length > 0 && DeliveryPolicyReader.OfTopic(value).ContentType is { } type && !ContentTypes.FitsNotifications(type))
            {
                throw new FormatException($"http.defaultRequestPolicy.headerContentType: [{type}] is not supported");
            }
        }
        catch (FormatException wrong)
        {
            throw SnsErrors.Invalid($"{(onCreate ? "Attributes Reason: " : "")}DeliveryPolicy: {wrong.Message}");
        }
    }

    private static bool IsPolicy(string value)
    {
        try
        {
            PolicyDocument.Parse(value, PolicyKind.Resource);
            return true;
        }
        catch (PolicyException)
        {
            return false;
        }
    }
}
