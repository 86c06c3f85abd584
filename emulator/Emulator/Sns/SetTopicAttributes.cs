using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record AttributesResponse(IReadOnlyDictionary<string, string> Attributes);

internal sealed record SetTopicAttributesInput(string? TopicArn, string? AttributeName, string? AttributeValue);

/// <summary>GetTopicAttributes and SetTopicAttributes.</summary>
internal sealed class SetTopicAttributes(Database database, Topics topics)
{
    public AttributesResponse Get(TopicArnInput input, Caller caller)
    {
        var topic = topics.Find(input.TopicArn, caller, "GetTopicAttributes");
        return new(TopicAttributes.Describe(topic, topics.Of(topic)));
    }

    public Task Run(SetTopicAttributesInput input, Caller caller, CancellationToken cancellation)
    {
        var topic = topics.Find(input.TopicArn, caller, "SetTopicAttributes");
        var name = input.AttributeName ?? throw SnsErrors.Missing("AttributeName");
        return Set(topic, new Dictionary<string, string> { [name] = input.AttributeValue ?? "" });
    }

    public Task<Topic> Set(Topic topic, IReadOnlyDictionary<string, string> attributes) =>
        database.Write(transaction =>
        {
            var current = topics.Shelf.Get(transaction, topic.Scope, topic.Name) ?? throw SnsErrors.TopicDoesNotExist();
            var changed = current with { Set = TopicAttributes.Apply(current.Set, attributes, current.Fifo, onCreate: false) };
            LargeTopic.Check(changed, [.. topics.Of(transaction, changed).Select(subscription => subscription.Protocol)]);
            topics.Shelf.Put(transaction, topic.Scope, topic.Name, changed);
            return changed;
        });
}
