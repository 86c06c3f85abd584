using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

/// <summary>CloudFormation's <c>AWS::StepFunctions::StateMachine</c>. Ref is the ARN.</summary>
internal sealed class StateMachineResource(CreateStateMachine create, UpdateStateMachine update, DeleteStateMachine delete, ReadObject read)
    : IResource
{
    public string Type => "AWS::StepFunctions::StateMachine";

    public ResourceActions? Actions =>
        new("states:CreateStateMachine", "states:UpdateStateMachine states:TagResource states:UntagResource", "states:DeleteStateMachine");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["DefinitionString"] = new(),
            ["Definition"] = new(),
            ["DefinitionS3Location"] = new(),
            ["DefinitionSubstitutions"] = new(),
            ["StateMachineName"] = new(UpdateType.Replacement),
            ["StateMachineType"] = new(UpdateType.Replacement),
            ["RoleArn"] = new(Required: true),
            ["LoggingConfiguration"] = new(),
            ["TracingConfiguration"] = new(),
            ["EncryptionConfiguration"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "Name", "StateMachineRevisionId"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => StateMachineResourceJson.Default.StateMachineProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = Read(request.Properties);
        return State(
            await create
                .Run(
                    new CreateStateMachineRequest
                    {
                        Name = properties.StateMachineName ?? request.GenerateName(80),
                        Type = properties.StateMachineType,
                        Definition = await Definition(properties, request.Caller, cancellation).ConfigureAwait(false),
                        RoleArn = properties.RoleArn,
                        LoggingConfiguration = properties.LoggingConfiguration,
                        TracingConfiguration = properties.TracingConfiguration,
                        EncryptionConfiguration = properties.EncryptionConfiguration,
                        Tags = Tags(properties, request),
                    },
                    request.Caller,
                    request.Token,
                    cancellation
                )
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = Read(request.Properties);
        return State(
            await update
                .Run(
                    new UpdateStateMachineRequest
                    {
                        StateMachineArn = request.PhysicalId,
                        Definition = await Definition(properties, request.Caller, cancellation).ConfigureAwait(false),
                        RoleArn = properties.RoleArn,
                        LoggingConfiguration = properties.LoggingConfiguration ?? LoggingConfiguration.Off,
                        TracingConfiguration = properties.TracingConfiguration ?? new TracingConfiguration { Enabled = false },
                        EncryptionConfiguration = properties.EncryptionConfiguration,
                    },
                    Tags(properties, request),
                    cancellation
                )
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        delete.Run(new DeleteStateMachineRequest { StateMachineArn = request.PhysicalId }, request.Caller, cancellation);

    private async Task<string> Definition(StateMachineProperties properties, Caller caller, CancellationToken cancellation)
    {
        var given = new[]
        {
            properties.DefinitionString is not null,
            properties.Definition is not null,
            properties.DefinitionS3Location is not null,
        };
        if (given.Count(isGiven => isGiven) != 1)
        {
            throw new AwsException(
                "ValidationError",
                "Exactly one of DefinitionString, Definition and DefinitionS3Location must be specified."
            );
        }

        var text =
            properties.DefinitionString
            ?? properties.Definition?.GetRawText()
            ?? await FromBucket(properties.DefinitionS3Location!, caller, cancellation).ConfigureAwait(false);
        foreach (var (name, value) in properties.DefinitionSubstitutions ?? new Dictionary<string, JsonElement>())
        {
            // Put in as they are: a value may be a number, or a piece of JSON.
            var with = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
            text = text.Replace($"${{{name}}}", with, StringComparison.Ordinal);
        }

        return text;
    }

    private async Task<string> FromBucket(S3Location location, Caller caller, CancellationToken cancellation) =>
        location is { Bucket: { } bucket, Key: { } key }
            ? Encoding.UTF8.GetString((await read(bucket, key, location.Version, caller, cancellation).ConfigureAwait(false)).Span)
            : throw new AwsException("ValidationError", "DefinitionS3Location needs Bucket and Key.");

    private static StateMachineProperties Read(JsonElement properties)
    {
        try
        {
            return properties.Deserialize(StateMachineResourceJson.Default.StateMachineProperties)!;
        }
        catch (JsonException wrong)
        {
            throw new AwsException("ValidationError", $"Properties of AWS::StepFunctions::StateMachine: {wrong.Message}");
        }
    }

    private static List<Tag> Tags(StateMachineProperties properties, ResourceRequest request)
    {
        var own = properties.Tags ?? [];
        return
        [
            .. request
                .StackTags.Where(tag => own.All(other => other.Key != tag.Key))
                .Select(tag => new Tag { Key = tag.Key, Value = tag.Value }),
            .. own,
        ];
    }

    private static ResourceState State(StateMachineDocument machine) =>
        ResourceState.Of(
            machine.Arn,
            ("Arn", machine.Arn),
            ("Name", machine.Name),
            ("StateMachineRevisionId", machine.Updated is null ? "INITIAL" : machine.Revision)
        );
}

internal sealed record StateMachineProperties
{
    public string? DefinitionString { get; init; }

    public JsonElement? Definition { get; init; }

    public S3Location? DefinitionS3Location { get; init; }

    public Dictionary<string, JsonElement>? DefinitionSubstitutions { get; init; }

    public string? StateMachineName { get; init; }

    public string? StateMachineType { get; init; }

    public string? RoleArn { get; init; }

    public LoggingConfiguration? LoggingConfiguration { get; init; }

    public TracingConfiguration? TracingConfiguration { get; init; }

    public EncryptionConfiguration? EncryptionConfiguration { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }
}

internal sealed record S3Location
{
    public string? Bucket { get; init; }

    public string? Key { get; init; }

    public string? Version { get; init; }
}

/// <summary>Properties as templates write them: PascalCase, scalars possibly as text.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(BooleanTextConverter)]
)]
[System.Text.Json.Serialization.JsonSerializable(typeof(StateMachineProperties))]
[System.Text.Json.Serialization.JsonSerializable(typeof(StateMachineVersionProperties))]
[System.Text.Json.Serialization.JsonSerializable(typeof(StateMachineAliasProperties))]
internal sealed partial class StateMachineResourceJson : System.Text.Json.Serialization.JsonSerializerContext;
