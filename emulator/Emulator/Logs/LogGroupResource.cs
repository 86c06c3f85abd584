using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Logs;

internal sealed record LogGroupProperties
{
    public string? LogGroupName { get; init; }

    public int? RetentionInDays { get; init; }

    public string? KmsKeyId { get; init; }

    public string? LogGroupClass { get; init; }

    public IReadOnlyList<LogGroupTag>? Tags { get; init; }
}

internal sealed record LogGroupTag(string Key, string Value);

[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(LogGroupProperties))]
internal sealed partial class LogGroupResourceJson : JsonSerializerContext;

/// <summary><c>AWS::Logs::LogGroup</c>: Ref is the name, Arn ends in <c>:*</c>.</summary>
internal sealed class LogGroupResource(LogStore logs, LogMessages messages) : IResource
{
    public string Type => "AWS::Logs::LogGroup";

    public ResourceActions? Actions =>
        new(
            "logs:CreateLogGroup logs:PutRetentionPolicy",
            "logs:PutRetentionPolicy logs:DeleteRetentionPolicy logs:AssociateKmsKey logs:DisassociateKmsKey",
            "logs:DeleteLogGroup"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["LogGroupName"] = new(UpdateType.Replacement),
            ["RetentionInDays"] = new(),
            ["KmsKeyId"] = new(),
            ["LogGroupClass"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LogGroupResourceJson.Default.LogGroupProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = Read(request);
        var name = LogsLimits.GroupName(properties.LogGroupName ?? request.GenerateName(512));
        var scope = request.Caller.Scope;
        var made = await Keyed(logs.NewGroup(name) with { Token = request.Token }, properties, request.Caller).ConfigureAwait(false);
        await logs
            .Database.Write(transaction =>
            {
                if (logs.Groups.Get(transaction, scope, name) is { } existing)
                {
                    if (existing.Token != request.Token)
                    {
                        throw new AwsException(
                            "ResourceAlreadyExistsException",
                            $"Resource of type 'AWS::Logs::LogGroup' with identifier '{{\"/properties/LogGroupName\":\"{name}\"}}' already exists."
                        );
                    }

                    return;
                }

                logs.Groups.Put(transaction, scope, name, Apply(made, properties, request));
            })
            .ConfigureAwait(false);
        return State(scope, name);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = Read(request);
        var (scope, name) = (request.Caller.Scope, request.PhysicalId!);
        if (logs.Group(scope, name).Class is var kind && (properties.LogGroupClass ?? kind) != kind)
        {
            throw LogsErrors.Invalid("LogGroupClass cannot be changed once the log group is created.");
        }

        var keyed = await Keyed(logs.Group(scope, name), properties, request.Caller).ConfigureAwait(false);
        await logs
            .Database.Write(transaction =>
                logs.Groups.Put(
                    transaction,
                    scope,
                    name,
                    Apply(
                        logs.Group(transaction, scope, name) with
                        {
                            KmsKeyId = keyed.KmsKeyId,
                            DataKeys = keyed.DataKeys,
                        },
                        properties,
                        request
                    )
                )
            )
            .ConfigureAwait(false);
        return State(scope, name);
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        logs.Database.Write(transaction =>
        {
            if (logs.Groups.Get(transaction, request.Caller.Scope, request.PhysicalId!) is { } group)
            {
                logs.RemoveGroup(transaction, request.Caller.Scope, group);
            }
        });

    private async Task<LogGroup> Keyed(LogGroup group, LogGroupProperties properties, Caller caller) =>
        properties.KmsKeyId is not { } key ? group with { KmsKeyId = null }
        : key == group.KmsKeyId ? group
        : await messages.WithKey(group, key, caller).ConfigureAwait(false);

    private static LogGroupProperties Read(ResourceRequest request)
    {
        LogGroupProperties properties;
        try
        {
            properties = request.Properties.Deserialize(LogGroupResourceJson.Default.LogGroupProperties)!;
        }
        catch (JsonException failure)
        {
            throw new AwsException("ValidationError", $"Properties validation failed for resource {request.LogicalId}: {failure.Message}");
        }

        if (properties.RetentionInDays is { } days)
        {
            LogsLimits.Retention(days);
        }

        return properties;
    }

    private static LogGroup Apply(LogGroup group, LogGroupProperties properties, ResourceRequest request)
    {
        var tags = request.StackTags.ToDictionary();
        foreach (var tag in properties.Tags ?? [])
        {
            tags[tag.Key] = tag.Value;
        }

        return group with
        {
            RetentionInDays = properties.RetentionInDays,
            Class = properties.LogGroupClass ?? group.Class,
            Tags = tags,
        };
    }

    private static ResourceState State(Scope scope, string name) => ResourceState.Of(name, ("Arn", LogStore.ArnOf(scope, name) + ":*"));
}
