using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

/// <summary>What a template says of a key.</summary>
internal sealed record KeyProperties(
    JsonElement? KeyPolicy,
    string? Description,
    bool? EnableKeyRotation,
    int? RotationPeriodInDays,
    int? PendingWindowInDays,
    string? KeySpec,
    string? KeyUsage,
    string? Origin,
    bool? MultiRegion,
    bool? Enabled,
    bool? BypassPolicyLockoutSafetyCheck,
    IReadOnlyList<KeyPropertyTag>? Tags
);

internal sealed record KeyPropertyTag(string Key, string Value);

/// <summary>AWS::KMS::Key. Deleting it schedules the deletion.</summary>
internal sealed class KeyResource(Keys keys) : IResource
{
    public string Type => "AWS::KMS::Key";

    public ResourceActions? Actions =>
        new(
            "kms:CreateKey kms:EnableKeyRotation kms:TagResource",
            "kms:PutKeyPolicy kms:UpdateKeyDescription kms:EnableKeyRotation kms:DisableKeyRotation kms:EnableKey kms:DisableKey kms:TagResource kms:UntagResource",
            "kms:ScheduleKeyDeletion"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["KeyPolicy"] = new(),
            ["Description"] = new(),
            ["EnableKeyRotation"] = new(),
            ["RotationPeriodInDays"] = new(),
            ["PendingWindowInDays"] = new(),
            ["KeySpec"] = new(UpdateType.Replacement),
            ["KeyUsage"] = new(UpdateType.Replacement),
            ["Origin"] = new(UpdateType.Replacement),
            ["MultiRegion"] = new(UpdateType.Replacement),
            ["Enabled"] = new(),
            ["BypassPolicyLockoutSafetyCheck"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "KeyId"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => KmsTemplates.Default.KeyProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var key = await new CreateKey(keys)
            .Make(
                new(
                    PolicyText(wanted),
                    wanted.Description,
                    wanted.KeyUsage,
                    null,
                    wanted.KeySpec,
                    wanted.Origin,
                    wanted.BypassPolicyLockoutSafetyCheck,
                    wanted.MultiRegion,
                    null
                ),
                request.Caller,
                request.Token,
                key => Shape(key, wanted, request)
            )
            .ConfigureAwait(false);
        return State(key);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var policy = PolicyText(wanted) is { } text
            ? KeyPolicy.Checked(text, request.Caller, wanted.BypassPolicyLockoutSafetyCheck == true)
            : KeyPolicy.Default(request.Caller.Scope);
        return State(
            await keys.Change(
                    request.PhysicalId,
                    request.Caller,
                    "UpdateKey",
                    key =>
                        Shape(Keys.NotPendingDeletion(key), wanted, request) with
                        {
                            Policy = policy,
                            Description = wanted.Description ?? "",
                        }
                )
                .ConfigureAwait(false)
        );
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var scope = request.Caller.Scope;
        if (keys.Shelf.Get(scope, request.PhysicalId ?? "") is { IsPendingDeletion: false })
        {
            await new ScheduleKeyDeletion(keys)
                .Run(new(request.PhysicalId, Read(request).PendingWindowInDays), request.Caller, cancellation)
                .ConfigureAwait(false);
        }
    }

    private KmsKey Shape(KmsKey key, KeyProperties wanted, ResourceRequest request)
    {
        if (wanted.PendingWindowInDays is < 7 or > 30)
        {
            throw KmsErrors.Invalid("PendingWindowInDays must be between 7 and 30.");
        }

        var tags = KeyTags.Merge(new Dictionary<string, string>(), wanted.Tags?.Select(tag => new KeyTag(tag.Key, tag.Value)).ToList());
        foreach (var (name, value) in request.StackTags)
        {
            tags.TryAdd(name, value);
        }

        key = key with { State = wanted.Enabled == false ? KmsKey.Disabled : KmsKey.Enabled, Tags = tags };
        return wanted.EnableKeyRotation == true
            ? EnableKeyRotation.Rotating(key, wanted.RotationPeriodInDays, keys.Clock.GetUtcNow())
            : key with
            {
                RotationPeriodInDays = null,
                NextRotationDate = null,
            };
    }

    private static KeyProperties Read(ResourceRequest request) => TemplateProperties.Read(request, KmsTemplates.Default.KeyProperties);

    private static string? PolicyText(KeyProperties properties) =>
        properties.KeyPolicy switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { } json => json.GetRawText(),
        };

    private static ResourceState State(KmsKey key) => ResourceState.Of(key.KeyId, ("Arn", key.Arn), ("KeyId", key.KeyId));
}
