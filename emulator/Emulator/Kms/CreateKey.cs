using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record CreateKeyRequest(
    string? Policy,
    string? Description,
    string? KeyUsage,
    string? CustomerMasterKeySpec,
    string? KeySpec,
    string? Origin,
    string? CustomKeyStoreId,
    bool? BypassPolicyLockoutSafetyCheck,
    bool? MultiRegion,
    IReadOnlyList<KeyTag>? Tags,
    string? XksKeyId = null
);

internal sealed record CreateKeyResponse(KeyMetadata KeyMetadata);

/// <summary>Makes a key.</summary>
internal sealed class CreateKey(Keys keys)
{
    private static readonly string[] Origins = [KmsKey.OriginKms, KmsKey.OriginExternal, "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"];

    public async Task<CreateKeyResponse> Run(CreateKeyRequest request, Caller caller, CancellationToken cancellation) =>
        new(KeyMetadata.Of(await Make(request, caller, null).ConfigureAwait(false)));

    /// <param name="createdBy">The stack step that asks: repeated, it finds its key.</param>
    public Task<KmsKey> Make(CreateKeyRequest request, Caller caller, string? createdBy, Func<KmsKey, KmsKey>? adjust = null)
    {
        Check(request);
        var kind = KeyKind.Of(request);
        var policy = request.Policy is null
            ? KeyPolicy.Default(caller.Scope)
            : KeyPolicy.Checked(request.Policy, caller, request.BypassPolicyLockoutSafetyCheck == true);
        var tags = KeyTags.Merge(new Dictionary<string, string>(), request.Tags);
        if (Made(keys.Shelf.List(caller.Scope).Values, createdBy) is { } before)
        {
            return Task.FromResult(before);
        }

        var made = keys.New(caller.Scope, policy, kind: kind) with
        {
            Description = request.Description ?? "",
            Tags = tags,
            CreatedBy = createdBy,
        };
        return keys.Database.Write(transaction =>
        {
            if (Made(keys.Shelf.List(transaction, caller.Scope).Values, createdBy) is { } existing)
            {
                return existing;
            }

            var key = adjust is null ? made : adjust(made);
            keys.Put(transaction, key);
            return key;
        });
    }

    private static KmsKey? Made(IEnumerable<KmsKey> all, string? createdBy) =>
        createdBy is null ? null : all.FirstOrDefault(key => key.CreatedBy == createdBy);

    private static void Check(CreateKeyRequest request) =>
        new Checks()
            .Text("policy", request.Policy, 1, 131_072)
            .Text("description", request.Description, 0, 8192)
            .OneOf("keyUsage", request.KeyUsage, KeySpecs.AllUsages)
            .OneOf("customerMasterKeySpec", KeySpecs.Done(request.CustomerMasterKeySpec), KeySpecs.All)
            .OneOf("keySpec", KeySpecs.Done(request.KeySpec), KeySpecs.All)
            .OneOf("origin", request.Origin, Origins)
            .Throw();
}
