using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record Tag(string? Key, string? Value);

internal sealed record CreateTopicInput(string? Name, IReadOnlyDictionary<string, string>? Attributes, IReadOnlyList<Tag>? Tags);

internal sealed record CreateTopicResponse(string TopicArn);

/// <summary>Makes a topic; the same name again is the same topic, if attributes and tags do not contradict.</summary>
internal sealed class CreateTopic(Database database, Topics topics)
{
    public async Task<CreateTopicResponse> Run(CreateTopicInput input, Caller caller, CancellationToken cancellation) =>
        new((await Create(input, caller.Scope, null).ConfigureAwait(false)).Arn);

    /// <param name="token">CloudFormation's step: a topic that an earlier try of the same step made is its own, any other is a conflict.</param>
    public Task<Topic> Create(CreateTopicInput input, Scope scope, string? token)
    {
        var name = input.Name ?? throw SnsErrors.Missing("Name");
        var attributes = TopicAttributes.Normalized(input.Attributes ?? new Dictionary<string, string>());
        var fifo = attributes.GetValueOrDefault("FifoTopic") == "true";
        CheckName(name, fifo);
        var tags = TopicTags.Read(input.Tags);
        var set = TopicAttributes.Apply(new Dictionary<string, string>(), attributes, fifo, onCreate: true);
        if (!fifo)
        {
            set.Remove("FifoTopic");
        }

        return database.Write(transaction =>
        {
            if (topics.Shelf.Get(transaction, scope, name) is { } existing)
            {
                return Same(existing, set, tags, token);
            }

            var topic = new Topic
            {
                Name = name,
                Account = scope.Account,
                Region = scope.Region,
                Set = set,
                Tags = tags,
                CreationToken = token,
            };
            topics.Shelf.Put(transaction, scope, name, topic);
            return topic;
        });
    }

    private static Topic Same(Topic existing, Dictionary<string, string> set, IReadOnlyDictionary<string, string> tags, string? token)
    {
        if (token is not null)
        {
            return existing.CreationToken == token
                ? existing
                : throw new AwsException(
                    "AlreadyExists",
                    $"Resource of type 'AWS::SNS::Topic' with identifier '{existing.Arn}' already exists."
                );
        }

        if (tags.Any(tag => existing.Tags.GetValueOrDefault(tag.Key) != tag.Value))
        {
            throw SnsErrors.Invalid("Tags Reason: Topic already exists with different tags");
        }

        return set.Any(entry => existing.Set.GetValueOrDefault(entry.Key, "") != entry.Value)
            ? throw SnsErrors.Invalid("Attributes Reason: Topic already exists with different attributes")
            : existing;
    }

    private static void CheckName(string name, bool fifo)
    {
        var stem = fifo && name.EndsWith(".fifo", StringComparison.Ordinal) ? name[..^5] : name;
        if (
            (fifo && stem.Length == name.Length)
            || stem.Length == 0
            || name.Length > 256
            || !stem.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        )
        {
            throw SnsErrors.Invalid("Topic Name");
        }
    }
}
