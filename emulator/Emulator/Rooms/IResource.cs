using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>A CloudFormation resource type, brought by the room that owns the resource.</summary>
/// <remarks>
/// CloudFormation may call any of these again after a crash with the same <see cref="ResourceRequest.Token"/>: a second
/// Create with the token of the first returns the resource that exists, a second Delete finds nothing and succeeds.
/// Failures are <see cref="AwsException"/>s; their message becomes the ResourceStatusReason.
/// </remarks>
public interface IResource
{
    /// <summary>The type's name, such as <c>AWS::DynamoDB::Table</c>.</summary>
    string Type { get; }

    /// <summary>The top-level properties that templates may set, each with what changing it means. Any other is refused.</summary>
    IReadOnlyDictionary<string, PropertyRule> Properties { get; }

    /// <summary>Every name that <c>Fn::GetAtt</c> answers for this type (checked before anything is created).</summary>
    IReadOnlyCollection<string> Attributes { get; }

    /// <summary>Whether it has whatever properties a template gives it, and whatever attributes its maker answers.</summary>
    bool TakesAny => false;

    /// <summary>What the properties hold, down to the last one, for checks before anything is created; null where only a create can tell.</summary>
    JsonTypeInfo? Schema => null;

    /// <summary>What CloudFormation does in the caller's name for this type, in IAM's words; a type that does not say it is for those who may do everything.</summary>
    ResourceActions? Actions => null;

    Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation);

    /// <summary>Changes the resource in place: called only when no changed property asks for replacement.</summary>
    Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation);

    /// <summary>Removes the resource; succeeds when it is already gone.</summary>
    Task Delete(ResourceRequest request, CancellationToken cancellation);
}

/// <summary>The IAM actions of a type's steps, as the permissions of its handlers in the CloudFormation registry name them: separated by blanks.</summary>
public sealed record ResourceActions(string Create, string Update, string Delete);

/// <summary>What the resource specification says of one property.</summary>
/// <param name="Update">Whether changing it updates the resource in place or replaces it.</param>
/// <param name="Required">Whether a template must set it.</param>
public readonly record struct PropertyRule(UpdateType Update = UpdateType.InPlace, bool Required = false);

/// <summary>AWS's "Update requires" of a property: no or some interruption is in place, or the resource is replaced.</summary>
public enum UpdateType
{
    InPlace,
    Replacement,
}

/// <summary>One step that CloudFormation asks of a resource type.</summary>
public sealed record ResourceRequest
{
    /// <summary>Who acts: the caller of the stack operation, or the stack's service role.</summary>
    public required Caller Caller { get; init; }

    public required string StackId { get; init; }

    public required string StackName { get; init; }

    public required string LogicalId { get; init; }

    /// <summary>The same again when the step is repeated after a crash, different for every other step.</summary>
    public required string Token { get; init; }

    /// <summary>Resolved properties: no intrinsic functions, no <c>AWS::NoValue</c>. Scalars may all be strings, as YAML allows.</summary>
    public required JsonElement Properties { get; init; }

    /// <summary>On update: the properties as they were.</summary>
    public JsonElement PreviousProperties { get; init; }

    /// <summary>On update and delete: what <c>Ref</c> answered.</summary>
    public string? PhysicalId { get; init; }

    /// <summary>The stack's own tags and the <c>aws:cloudformation:*</c> ones, for types that take tags.</summary>
    public IReadOnlyDictionary<string, string> StackTags { get; init; } = new Dictionary<string, string>();

    /// <summary>How many signals the resource's CreationPolicy waits for, and how long at most; null where it has none.</summary>
    public (int Count, TimeSpan Timeout)? Signals { get; init; }

    /// <summary>
    /// A name as CloudFormation makes it when the template gives none: <c>stack-logicalId-SUFFIX</c>, cut to the limit;
    /// the same for the same token.
    /// </summary>
    /// <param name="limit">The longest name that the service takes, in characters.</param>
    /// <param name="lowercase">For S3, whose bucket names have no capitals.</param>
    public string GenerateName(int limit, bool lowercase = false)
    {
        const int suffixLength = 12;
        var suffix = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Token)))[
            ..suffixLength
        ];
        var room = limit - suffixLength - 2;
        var logical =
            LogicalId.Length <= room / 2 ? LogicalId : LogicalId[..Math.Min(LogicalId.Length, Math.Max(room / 2, room - StackName.Length))];
        var stack = StackName.Length <= room - logical.Length ? StackName : StackName[..(room - logical.Length)];
        var name = $"{stack}-{logical}-{suffix}";
        return lowercase ? name.ToLowerInvariant() : name;
    }
}

/// <summary>What exists after a step.</summary>
/// <param name="PhysicalId">What <c>Ref</c> answers.</param>
/// <param name="Attributes">What <c>Fn::GetAtt</c> answers, by attribute name: strings, or lists of strings.</param>
public sealed record ResourceState(string PhysicalId, IReadOnlyDictionary<string, JsonElement> Attributes)
{
    /// <summary>Whether the attributes are masked wherever values are shown.</summary>
    public bool NoEcho { get; init; }

    /// <summary>For types whose attributes are all strings.</summary>
    public static ResourceState Of(string physicalId, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var map = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            map[name] = JsonSerializer.SerializeToElement(value, AwsJson.Default.String);
        }

        return new(physicalId, map);
    }
}
