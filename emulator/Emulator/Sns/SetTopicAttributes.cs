using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record SetTopicAttributesInput(string? TopicArn, string? AttributeName, string? AttributeValue);

/// <summary>Sets one of a topic's attributes.</summary>
internal sealed class SetTopicAttributes(Database database, Topics topics)
{
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
