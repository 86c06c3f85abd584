using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record TopicArnInput(string? TopicArn);

/// <summary>Removes a topic with its subscriptions and what was not yet delivered; a topic that does not exist is not an error.</summary>
internal sealed class DeleteTopic(Database database, Topics topics)
{
    public Task Run(TopicArnInput input, Caller caller, CancellationToken cancellation)
    {
        Topics.ParseArn(input.TopicArn, "TopicArn");
        return topics.FindOrNone(input.TopicArn!) is null ? Task.CompletedTask : Delete(topics.Find(input.TopicArn, caller, "DeleteTopic"));
    }

    public Task Delete(Topic topic) =>
        database.Write(transaction =>
        {
            foreach (var subscription in topics.Of(transaction, topic).ToList())
            {
                topics.Remove(transaction, subscription);
                Deliveries.Drop(transaction, subscription.Arn);
            }

            topics.DropEnded(transaction, topic);
            Notices.DropTopic(transaction, topic.Arn);
            topics.Shelf.Remove(transaction, topic.Scope, topic.Name);
        });
}
