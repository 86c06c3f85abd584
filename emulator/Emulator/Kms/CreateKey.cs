using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record CreateKeyRequest(
    string? Policy,
    string? Description,
    string? KeyUsage,
    string? CustomerMasterKeySpec,
    string? KeySpec,
    string? Origin,
    bool? BypassPolicyLockoutSafetyCheck,
    bool? MultiRegion,
    IReadOnlyList<KeyTag>? Tags
);

internal sealed record CreateKeyResponse(KeyMetadata KeyMetadata);

/// <summary>Makes a symmetric key; other kinds are refused.</summary>
internal sealed class CreateKey(Keys keys)
{
    public async Task<CreateKeyResponse> Run(CreateKeyRequest request, Caller caller, CancellationToken cancellation) =>
        new(KeyMetadata.Of(await Make(request, caller, null).ConfigureAwait(false)));

    /// <param name="createdBy">The stack step that asks: repeated, it finds its key.</param>
    public Task<KmsKey> Make(CreateKeyRequest request, Caller caller, string? createdBy, Func<KmsKey, KmsKey>? adjust = null)
    {
        var spec = request.KeySpec ?? request.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
        if (
            spec != "SYMMETRIC_DEFAULT"
            || request.KeyUsage is not (null or "ENCRYPT_DECRYPT")
            || request.Origin is not (null or "AWS_KMS")
            || request.MultiRegion == true
        )
        {
            throw AwsException.NotImplemented(
                $"keys of KeySpec {spec}, KeyUsage {request.KeyUsage ?? "ENCRYPT_DECRYPT"}, Origin {request.Origin ?? "AWS_KMS"}"
                    + (request.MultiRegion == true ? ", MultiRegion" : "")
            );
        }

        if (request.Description?.Length > 8192)
        {
            throw KmsErrors.Constraint(request.Description, "description", "Member must have length less than or equal to 8192");
        }

        var policy = request.Policy is null
            ? KeyPolicy.Default(caller.Scope)
            : KeyPolicy.Checked(request.Policy, caller, request.BypassPolicyLockoutSafetyCheck == true);
        var tags = KeyTags.Merge(new Dictionary<string, string>(), request.Tags);
        return keys.Database.Write(transaction =>
        {
            if (
                createdBy is not null
                && keys.Shelf.List(transaction, caller.Scope).Values.FirstOrDefault(key => key.CreatedBy == createdBy) is { } existing
            )
            {
                return existing;
            }

            var key = keys.New(caller.Scope, policy) with { Description = request.Description ?? "", Tags = tags, CreatedBy = createdBy };
            key = adjust is null ? key : adjust(key);
            keys.Put(transaction, key);
            return key;
        });
    }
}
