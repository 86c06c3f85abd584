using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudFormation;

/// <summary>Where stacks, their resources, templates, change sets and events are kept.</summary>
internal sealed class StackStore(Database database)
{
    public required Listings Lists { get; init; }

    /// <summary>Of exports, stacks and resources.</summary>
    public const int PageSize = 100;

    public static readonly Migration Events = new(
        "cloudformation",
        1,
        """
        CREATE TABLE cloudformation_event (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, stack TEXT NOT NULL, value BLOB NOT NULL
        );
        CREATE INDEX cloudformation_event_stack ON cloudformation_event (stack, sequence);
        """
    );

    private readonly ConcurrentDictionary<string, Template> parsed = new(StringComparer.Ordinal);

    public Database Database => database;

    public Shelf<StackDocument> Stacks { get; } = new(database, "cloudformation.stack", CloudFormationJson.Default.StackDocument);

    public Shelf<ResourceDocument> Resources { get; } =
        new(database, "cloudformation.resource", CloudFormationJson.Default.ResourceDocument);

    public Shelf<TemplateDocument> Templates { get; } =
        new(database, "cloudformation.template", CloudFormationJson.Default.TemplateDocument);

    public Shelf<ChangeSetDocument> ChangeSets { get; } =
        new(database, "cloudformation.changeset", CloudFormationJson.Default.ChangeSetDocument);

    /// <summary>The stack of that name that is not deleted, or that ARN; null where there is none. Null reads the last commit.</summary>
    public StackDocument? Find(Transaction? transaction, Scope scope, string nameOrId)
    {
        var stacks = transaction is null ? Stacks.List(scope) : Stacks.List(transaction, scope);
        return nameOrId.StartsWith("arn:", StringComparison.Ordinal)
            ? stacks.GetValueOrDefault(nameOrId[(nameOrId.LastIndexOf('/') + 1)..]) is { } found && found.Id == nameOrId
                ? found
                : null
            : stacks.Values.FirstOrDefault(s => s.Name == nameOrId && !s.IsDeleted);
    }

    /// <summary>The stack as a write sees it, or as last committed.</summary>
    public StackDocument? Get(Transaction? transaction, Scope scope, string uuid) =>
        transaction is null ? Stacks.Get(scope, uuid) : Stacks.Get(transaction, scope, uuid);

    public IEnumerable<StackDocument> All(Transaction? transaction, Scope scope) =>
        (transaction is null ? Stacks.List(scope) : Stacks.List(transaction, scope)).Values;

    public ResourceDocument[] ResourcesOf(Transaction? transaction, Scope scope, string stackUuid)
    {
        var prefix = stackUuid + "/";
        var all = transaction is null ? Resources.List(scope) : Resources.List(transaction, scope);
        return [.. all.Where(r => r.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(r => r.Value)];
    }

    /// <summary>The exports of an account and Region, each with its stack.</summary>
    public IEnumerable<(StackOutput Output, StackDocument Stack)> Exports(Transaction? transaction, Scope scope) =>
        (transaction is null ? Stacks.List(scope) : Stacks.List(transaction, scope))
            .Values.Where(s => !s.IsDeleted)
            .SelectMany(s => s.Outputs.Where(o => o.ExportName is not null).Select(o => (o, s)));

    /// <summary>Keeps a template's text under its hash.</summary>
    public string KeepTemplate(Transaction transaction, Scope scope, string body)
    {
        var id = TemplateId(body);
        if (Templates.Get(transaction, scope, id) is null)
        {
            Templates.Put(transaction, scope, id, new TemplateDocument(body));
        }

        return id;
    }

    /// <summary>The same of a template as it was given; null where it is the processed one.</summary>
    public string? KeepOriginal(Transaction transaction, Scope scope, string original, string processed) =>
        original == processed ? null : KeepTemplate(transaction, scope, original);

    public static string? OriginalId(string original, string processed) => original == processed ? null : TemplateId(original);

    public static string TemplateId(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    public string Body(Transaction? transaction, Scope scope, string templateId) =>
        (transaction is null ? Templates.Get(scope, templateId) : Templates.Get(transaction, scope, templateId))!.Body;

    public Template Template(Transaction? transaction, Scope scope, string templateId) =>
        parsed.GetOrAdd(templateId, id => TemplateParser.Parse(Body(transaction, scope, id)));

    /// <summary>Events of a stack have a time each: who puts them in order does it by that.</summary>
    public static void AddEvent(
        Transaction transaction,
        Scope scope,
        string stackUuid,
        DateTimeOffset now,
        Func<DateTimeOffset, StackEvent> happened
    )
    {
        var last = transaction.Query(
            "SELECT open('cloudformation_event', value) FROM cloudformation_event WHERE stack = $1 ORDER BY sequence DESC LIMIT 1",
            row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), CloudFormationJson.Default.StackEvent)!.Timestamp,
            stackUuid
        );
        var earliest = last is [var before]
            ? DateTimeOffset.FromUnixTimeMilliseconds(before.ToUnixTimeMilliseconds() + 1)
            : DateTimeOffset.MinValue;
        var value = happened(now < earliest ? earliest : now);
        transaction.Execute(
            "INSERT INTO cloudformation_event (account, stack, value) VALUES ($1, $2, seal('cloudformation_event', $3))",
            scope.Account,
            stackUuid,
            JsonSerializer.SerializeToUtf8Bytes(value, CloudFormationJson.Default.StackEvent)
        );
    }

    /// <summary>Newest first, from before a sequence number on.</summary>
    public List<(long Sequence, StackEvent Event)> EventsOf(string stackUuid, long before, int limit) =>
        database.Read(transaction =>
            transaction.Query(
                "SELECT sequence, open('cloudformation_event', value) FROM cloudformation_event WHERE stack = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3",
                row => (row.GetInt64(0), JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), CloudFormationJson.Default.StackEvent)!),
                stackUuid,
                before,
                limit
            )
        );

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM cloudformation_event WHERE account = $1", account);
}

/// <summary>One thing that happened to a stack or a resource, as DescribeStackEvents answers it.</summary>
internal sealed record StackEvent
{
    public required string StackId { get; init; }

    public required string EventId { get; init; }

    public required string StackName { get; init; }

    public required string LogicalResourceId { get; init; }

    public string? PhysicalResourceId { get; init; }

    public required string ResourceType { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required string ResourceStatus { get; init; }

    public string? ResourceStatusReason { get; init; }

    public string? ResourceProperties { get; init; }

    public string? ClientRequestToken { get; init; }
}
