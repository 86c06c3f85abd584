using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Kms;

/// <summary>What a template says of an alias.</summary>
internal sealed record AliasProperties(string? AliasName, string? TargetKeyId);

/// <summary>AWS::KMS::Alias.</summary>
internal sealed class AliasResource(Keys keys) : IResource
{
    public string Type => "AWS::KMS::Alias";

    public ResourceActions? Actions => new("kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["AliasName"] = new(UpdateType.Replacement, Required: true),
            ["TargetKeyId"] = new(Required: true),
        };

    public IReadOnlyCollection<string> Attributes { get; } = [];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => KmsTemplates.Default.AliasProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, KmsTemplates.Default.AliasProperties);
        var name = AliasName.Checked(wanted.AliasName);
        var target = AliasName.Target(wanted.TargetKeyId);
        await keys
            .Database.Write(transaction =>
            {
                var key = Keys.NotPendingDeletion(keys.Customers(transaction, target, request.Caller, "CreateAlias"));
                var now = keys.Clock.GetUtcNow();
                if (keys.Aliases.Get(transaction, request.Caller.Scope, name) is { } existing)
                {
                    // The same step again finds its own alias; anybody else's is in the way.
                    if (existing.CreatedBy != request.Token)
                    {
                        throw KmsErrors.AliasExists(Arn.Of("kms", request.Caller.Scope, name));
                    }

                    return;
                }

                keys.Aliases.Put(
                    transaction,
                    request.Caller.Scope,
                    name,
                    new KeyAlias(name, key.KeyId, now, now) { CreatedBy = request.Token }
                );
            })
            .ConfigureAwait(false);
        return ResourceState.Of(name);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, KmsTemplates.Default.AliasProperties);
        await new UpdateAlias(keys).Run(new(request.PhysicalId, wanted.TargetKeyId), request.Caller, cancellation).ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!);
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        keys.Database.Write(transaction => keys.Aliases.Remove(transaction, request.Caller.Scope, request.PhysicalId ?? ""));
}
