using System.Text.Json;

namespace Disa.Emulator.Sns;

/// <summary>How HTTP and HTTPS endpoints are posted to: when again, how often in a second, and as what. Each part where it was set.</summary>
internal sealed record DeliveryPolicy(RetryPolicy? Retry, int? MaxReceivesPerSecond, string? ContentType)
{
    public const string DefaultContentType = "text/plain; charset=UTF-8";

    /// <summary>Whether the subscriptions' policies count for nothing; of a topic's policy.</summary>
    public bool DisablesOverrides { get; init; }

    /// <summary>What is in force for a subscription: its own parts over its topic's over AWS's.</summary>
    public static DeliveryPolicy For(Topic topic, Subscription subscription)
    {
        var ofTopic = OfTopic(topic.Set.GetValueOrDefault("DeliveryPolicy"));
        var own = ofTopic.DisablesOverrides ? null : subscription.Set.GetValueOrDefault("DeliveryPolicy");
        return Over(own is null ? null : DeliveryPolicyReader.OfSubscription(own), ofTopic);
    }

    /// <summary>The topic's EffectiveDeliveryPolicy.</summary>
    /// <remarks>The members and their order were recorded on AWS 2025-09-29 for a topic without a policy.</remarks>
    public static string EffectiveOfTopic(Topic topic)
    {
        var policy = OfTopic(topic.Set.GetValueOrDefault("DeliveryPolicy"));
        return JsonText.Write(
            JsonText.Compact,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("http");
                Write(writer, "defaultHealthyRetryPolicy", policy.Retry ?? RetryPolicy.Default);
                writer.WriteBoolean("disableSubscriptionOverrides", policy.DisablesOverrides);
                if (policy.MaxReceivesPerSecond is { } most)
                {
                    writer.WriteStartObject("defaultThrottlePolicy");
                    writer.WriteNumber("maxReceivesPerSecond", most);
                    writer.WriteEndObject();
                }

                writer.WriteStartObject("defaultRequestPolicy");
                writer.WriteString("headerContentType", policy.ContentType ?? DefaultContentType);
                writer.WriteEndObject();
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
        );
    }

    /// <summary>The subscription's EffectiveDeliveryPolicy.</summary>
    public static string EffectiveOfSubscription(Topic topic, Subscription subscription)
    {
        var policy = For(topic, subscription);
        return JsonText.Write(
            JsonText.Compact,
            writer =>
            {
                writer.WriteStartObject();
                Write(writer, "healthyRetryPolicy", policy.Retry ?? RetryPolicy.Default);
                writer.WriteNull("sicklyRetryPolicy");
                if (policy.MaxReceivesPerSecond is { } most)
                {
                    writer.WriteStartObject("throttlePolicy");
                    writer.WriteNumber("maxReceivesPerSecond", most);
                    writer.WriteEndObject();
                }
                else
                {
                    writer.WriteNull("throttlePolicy");
                }

                writer.WriteStartObject("requestPolicy");
                writer.WriteString("headerContentType", policy.ContentType ?? DefaultContentType);
                writer.WriteEndObject();
                writer.WriteBoolean("guaranteed", false);
                writer.WriteEndObject();
            }
        );
    }

    private static DeliveryPolicy OfTopic(string? value) => value is null ? new(null, null, null) : DeliveryPolicyReader.OfTopic(value);

    private static DeliveryPolicy Over(DeliveryPolicy? own, DeliveryPolicy below) =>
        own is null
            ? below
            : new(own.Retry ?? below.Retry, own.MaxReceivesPerSecond ?? below.MaxReceivesPerSecond, own.ContentType ?? below.ContentType);

    private static void Write(Utf8JsonWriter writer, string name, RetryPolicy policy)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("minDelayTarget", policy.MinDelayTarget);
        writer.WriteNumber("maxDelayTarget", policy.MaxDelayTarget);
        writer.WriteNumber("numRetries", policy.NumRetries);
        writer.WriteNumber("numMaxDelayRetries", policy.NumMaxDelayRetries);
        writer.WriteNumber("numNoDelayRetries", policy.NumNoDelayRetries);
        writer.WriteNumber("numMinDelayRetries", policy.NumMinDelayRetries);
        writer.WriteString("backoffFunction", policy.BackoffFunction);
        writer.WriteEndObject();
    }
}
