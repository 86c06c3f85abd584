using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

internal sealed record AttributesResponse(IReadOnlyDictionary<string, string> Attributes);

/// <summary>All of a topic's attributes.</summary>
internal sealed class GetTopicAttributes(Topics topics)
{
    public AttributesResponse Run(TopicArnInput input, Caller caller)
    {
        var topic = topics.Find(input.TopicArn, caller, "GetTopicAttributes");
        return new(TopicAttributes.Describe(topic, topics.Of(topic)));
    }
}
