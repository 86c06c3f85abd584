using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

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
            ["KeySpec"] = new(),
            ["KeyUsage"] = new(),
            ["Origin"] = new(),
            ["MultiRegion"] = new(),
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
                    KeyTemplates.PolicyText(wanted.KeyPolicy),
                    wanted.Description,
                    wanted.KeyUsage,
                    null,
                    wanted.KeySpec,
                    wanted.Origin,
                    null,
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
        var policy = KeyTemplates.PolicyText(wanted.KeyPolicy) is { } text
            ? KeyPolicy.Checked(text, request.Caller, wanted.BypassPolicyLockoutSafetyCheck == true)
            : KeyPolicy.Default(request.Caller.Scope);
        return State(
            await keys
                .Database.Write(transaction =>
                {
                    var key = keys.Customers(transaction, request.PhysicalId, request.Caller, "UpdateKey");
                    CheckUnchanged(key, wanted);
                    var shaped = Shape(Keys.NotPendingDeletion(key), wanted, request) with
                    {
                        Policy = policy,
                        Description = wanted.Description ?? "",
                    };
                    return keys.Related.Share(
                        transaction,
                        shaped,
                        each => each with { RotationPeriodInDays = shaped.RotationPeriodInDays, NextRotationDate = shaped.NextRotationDate }
                    );
                })
                .ConfigureAwait(false)
        );
    }

    /// <summary>
    /// "If you change the value of the KeySpec, KeyUsage, Origin, or MultiRegion properties of an existing KMS key, the update request
    /// fails": to name what was left to the default is no change.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html</remarks>
    private static void CheckUnchanged(KmsKey key, KeyProperties wanted)
    {
        var changed =
            (wanted.KeySpec ?? KeySpecs.Symmetric) != key.KeySpec ? "KeySpec"
            : (wanted.KeyUsage ?? KeySpecs.EncryptDecrypt) != key.KeyUsage ? "KeyUsage"
            : (wanted.Origin ?? KmsKey.OriginKms) != key.Origin ? "Origin"
            : wanted.MultiRegion == true != (key.MultiRegion is not null) ? "MultiRegion"
            : null;
        if (changed is not null)
        {
            throw KmsErrors.Invalid($"Invalid request provided: You cannot change the {changed} property of an existing KMS key.");
        }
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        KeyTemplates.Delete(keys, request, Read(request).PendingWindowInDays, cancellation);

    private KmsKey Shape(KmsKey key, KeyProperties wanted, ResourceRequest request)
    {
        KeyTemplates.CheckWindow(wanted.PendingWindowInDays);
        if (wanted.EnableKeyRotation == true && (!key.IsSymmetric || key.IsExternal))
        {
            throw KmsErrors.Invalid(
                "Invalid request provided: You cannot set the EnableKeyRotation property to true on asymmetric or external keys."
            );
        }

        key = KeyTemplates.Switched(key, wanted.Enabled != false) with { Tags = KeyTemplates.Tags(wanted.Tags, request) };
        return wanted.EnableKeyRotation == true
            ? EnableKeyRotation.Rotating(key, wanted.RotationPeriodInDays, keys.Clock.GetUtcNow())
            : key with
            {
                RotationPeriodInDays = null,
                NextRotationDate = null,
            };
    }

    private static KeyProperties Read(ResourceRequest request) => TemplateProperties.Read(request, KmsTemplates.Default.KeyProperties);

    internal static ResourceState State(KmsKey key) => ResourceState.Of(key.KeyId, ("Arn", key.Arn), ("KeyId", key.KeyId));
}
