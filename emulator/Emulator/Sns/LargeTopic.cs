namespace Disa.Emulator.Sns;

/// <summary>What a topic gives up for messages of more than 256 KiB.</summary>
/// <remarks>
/// "A topic with a MaximumMessageSize above 256 KiB must have 100 or fewer subscriptions, and each subscription must be an Amazon SQS,
/// Amazon Data Firehose, or AWS Lambda subscription": https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html.
/// The error's code is documented for Subscribe (https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html), its words are not.
/// </remarks>
internal static class LargeTopic
{
    /// <exception cref="Aws.AwsException">InvalidParameter.</exception>
    public static void Check(Topic topic, IReadOnlyCollection<string> protocols)
    {
        if (!topic.IsLarge)
        {
            return;
        }

        if (protocols.FirstOrDefault(protocol => protocol is not ("sqs" or "lambda" or "firehose")) is { } protocol)
        {
            throw SnsErrors.Invalid(
                $"MaximumMessageSize Reason: topics with a maximum message size above {Topic.DefaultMessageSize} do not take subscriptions of the protocol {protocol}"
            );
        }

        if (protocols.Count > Topic.LargeSubscriptions)
        {
            throw SnsErrors.Invalid(
                $"MaximumMessageSize Reason: topics with a maximum message size above {Topic.DefaultMessageSize} have at most {Topic.LargeSubscriptions} subscriptions"
            );
        }
    }
}
