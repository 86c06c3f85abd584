using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

/// <summary>What a template says of a replica.</summary>
internal sealed record ReplicaKeyProperties(
    string? PrimaryKeyArn,
    JsonElement? KeyPolicy,
    string? Description,
    bool? Enabled,
    int? PendingWindowInDays,
    IReadOnlyList<KeyPropertyTag>? Tags
);

/// <summary>AWS::KMS::ReplicaKey: the stack's Region gets a replica of a primary key elsewhere.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html</remarks>
internal sealed class ReplicaKeyResource(Keys keys) : IResource
{
    public string Type => "AWS::KMS::ReplicaKey";

    public ResourceActions? Actions =>
        new(
            "kms:ReplicateKey kms:TagResource",
            "kms:PutKeyPolicy kms:UpdateKeyDescription kms:EnableKey kms:DisableKey kms:TagResource kms:UntagResource",
            "kms:ScheduleKeyDeletion"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["PrimaryKeyArn"] = new(UpdateType.Replacement, Required: true),
            ["KeyPolicy"] = new(Required: true),
            ["Description"] = new(),
            ["Enabled"] = new(),
            ["PendingWindowInDays"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "KeyId"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => KmsTemplates.Default.ReplicaKeyProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var shape = Shape(wanted, request);
        return KeyResource.State(
            await keys
                .Database.Write(transaction =>
                    keys.Shelf.List(transaction, request.Caller.Scope).Values.FirstOrDefault(key => key.CreatedBy == request.Token)
                    ?? new ReplicateKey(keys).Make(
                        transaction,
                        Primary(transaction, wanted.PrimaryKeyArn, request.Caller),
                        request.Caller.Region,
                        key => shape(key) with { CreatedBy = request.Token }
                    )
                )
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var shape = Shape(Read(request), request);
        return KeyResource.State(
            await keys.Change(request.PhysicalId, request.Caller, "UpdateKey", key => shape(Keys.NotPendingDeletion(key)))
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        KeyTemplates.Delete(keys, request, Read(request).PendingWindowInDays, cancellation);

    private KmsKey Primary(Transaction transaction, string? arn, Caller caller)
    {
        var text = arn ?? "";
        var primary =
            Arn.TryParse(text) is { Service: "kms" } parsed && parsed.Resource.StartsWith("key/", StringComparison.Ordinal)
                ? parsed
                : throw KmsErrors.InvalidArn(text);
        return
            primary.Account == caller.Account
            && keys.Shelf.Get(transaction, primary.Scope, primary.Resource["key/".Length..]) is { Manager: KmsKey.Customer } key
            ? key
            : throw KmsErrors.NoKey(text);
    }

    private static Func<KmsKey, KmsKey> Shape(ReplicaKeyProperties wanted, ResourceRequest request)
    {
        KeyTemplates.CheckWindow(wanted.PendingWindowInDays);
        var policy = KeyPolicy.Checked(KeyTemplates.PolicyText(wanted.KeyPolicy) ?? "", request.Caller, bypassLockoutCheck: false);
        var tags = KeyTemplates.Tags(wanted.Tags, request);
        return key =>
            KeyTemplates.Switched(key, wanted.Enabled != false) with
            {
                Policy = policy,
                Description = wanted.Description ?? "",
                Tags = tags,
            };
    }

    private static ReplicaKeyProperties Read(ResourceRequest request) =>
        TemplateProperties.Read(request, KmsTemplates.Default.ReplicaKeyProperties);
}
