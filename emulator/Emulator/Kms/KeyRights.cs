using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Kms;

/// <summary>The rights that KMS asks for: the key's own policy must agree, with the caller's or by itself, or a grant.</summary>
/// <remarks>https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html and service-authorization's list_awskeymanagementservice</remarks>
internal sealed class KeyRights(Keys keys)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            CreateKeyRequest create => [Creation(operation, KeyConditions.Of(create))],
            ListKeysRequest or ListAliasesRequest or GenerateRandomRequest => [new("kms:" + operation, "*")],
            ListRetirableGrantsRequest list => [new("kms:" + operation, list.RetiringPrincipal ?? PolicyRequest.AnyResource)],
            EncryptRequest encrypt => Key(operation, encrypt.KeyId, caller, encrypt.EncryptionContext, KeyConditions.Of(encrypt)),
            GenerateDataKeyRequest generate => Key(operation, generate.KeyId, caller, generate.EncryptionContext),
            DecryptRequest decrypt => Key(
                operation,
                decrypt.KeyId ?? KeyOf(decrypt.CiphertextBlob),
                caller,
                decrypt.EncryptionContext,
                KeyConditions.Of(decrypt)
            ),
            ReEncryptRequest again => ReEncryption(again, caller),
            RetireGrantRequest retire => Retire(retire, caller),
            CreateAliasRequest create => [Alias(operation, create.AliasName, caller), .. Key(operation, create.TargetKeyId, caller)],
            UpdateAliasRequest update =>
            [
                Alias(operation, update.AliasName, caller),
                .. Key(operation, update.AliasName, caller),
                .. Key(operation, update.TargetKeyId, caller),
            ],
            DeleteAliasRequest delete => [Alias(operation, delete.AliasName, caller), .. Key(operation, delete.AliasName, caller)],
            GenerateDataKeyPairRequest pair => Key(operation, pair.KeyId, caller, pair.EncryptionContext, KeyConditions.Of(pair)),
            ReplicateKeyRequest replicate =>
            [
                .. Key(operation, replicate.KeyId, caller, facts: KeyConditions.Of(replicate)),
                Creation("CreateKey", []),
            ],
            UpdatePrimaryRegionRequest update =>
            [
                .. Key(operation, update.KeyId, caller, facts: KeyConditions.Of(update)),
                .. Key(
                    operation,
                    IdOf(update.KeyId),
                    caller with
                    {
                        Region = update.PrimaryRegion ?? caller.Region,
                    },
                    facts: KeyConditions.Of(update)
                ),
            ],
            IKeyRequest one => Key(operation, one.KeyId, caller, facts: KeyConditions.Of(one)),
            _ => null,
        };

    public IReadOnlyDictionary<string, string> TagsOf(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "kms" } key
        && key.Resource.StartsWith("key/", StringComparison.Ordinal)
        && keys.Shelf.Get(key.Scope, key.Resource["key/".Length..]) is { } found
            ? found.Tags
            : new Dictionary<string, string>();

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            CreateKeyRequest create => (create.Tags ?? []).Select(tag => KeyValuePair.Create(tag.TagKey ?? "", tag.TagValue)),
            TagResourceRequest tag => (tag.Tags ?? []).Select(each => KeyValuePair.Create(each.TagKey ?? "", each.TagValue)),
            UntagResourceRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    /// <summary>The right to use a key of the account; what comes with it is what policies may ask about.</summary>
    public static Access Use(
        KmsKey key,
        string operation,
        Caller caller,
        IReadOnlyDictionary<string, string>? context = null,
        IReadOnlyList<(string, string)>? facts = null
    ) =>
        new("kms:" + operation, key.Arn)
        {
            Policy = key.Policy,
            NeedsPolicy = true,
            Granted = key.Grants.Any(grant => Lets(grant, operation, caller, context)),
            Denied = Denied,
            Supplied = KeyConditions.Supplied,
            Facts =
            [
                .. KeyConditions.Of(key, operation),
                .. caller.IsService ? Array.Empty<(string, string)>() : [("kms:CallerAccount", caller.PrincipalAccount)],
                .. caller.Via is { } via ? [("kms:ViaService", via)] : Array.Empty<(string, string)>(),
                .. (context ?? new Dictionary<string, string>()).SelectMany(pair =>
                    ((string, string)[])[("kms:EncryptionContext:" + pair.Key, pair.Value), ("kms:EncryptionContextKeys", pair.Key)]
                ),
                .. facts ?? [],
            ],
        };

    private static AwsException Denied(string message) => new("AccessDeniedException", message);

    private IReadOnlyList<Access> Key(
        string operation,
        string? keyId,
        Caller caller,
        IReadOnlyDictionary<string, string>? context = null,
        IReadOnlyList<(string, string)>? facts = null
    )
    {
        try
        {
            return keyId is null
                ? []
                : [Use(keys.Find(keyId, caller.Scope), operation, caller, context, [.. facts ?? [], .. KeyConditions.Alias(keyId)])];
        }
        catch (AwsException)
        {
            // A key that is not there: the operation says so to whoever may do this to every key.
            return
            [
                new(
                    "kms:" + operation,
                    Arn.TryParse(keyId) is { } arn && arn.Account != caller.Account ? arn.ToString() : PolicyRequest.AnyResource
                )
                {
                    Denied = Denied,
                },
            ];
        }
    }

    private static Access Alias(string operation, string? name, Caller caller) =>
        new("kms:" + operation, Arn.Of("kms", caller.Scope, name ?? ""));

    private static Access Creation(string operation, IEnumerable<(string, string)> facts) =>
        new("kms:" + operation, "*") { Facts = [.. facts], Supplied = KeyConditions.Supplied };

    private IReadOnlyList<Access> ReEncryption(ReEncryptRequest again, Caller caller)
    {
        var source = again.SourceKeyId ?? KeyOf(again.CiphertextBlob);
        (string, string) same = ("kms:ReEncryptOnSameKey", IsSame(source, again.DestinationKeyId, caller) ? "true" : "false");
        return
        [
            .. Key("ReEncryptFrom", source, caller, again.SourceEncryptionContext, [same, Algorithm(again.SourceEncryptionAlgorithm)]),
            .. Key(
                "ReEncryptTo",
                again.DestinationKeyId,
                caller,
                again.DestinationEncryptionContext,
                [same, Algorithm(again.DestinationEncryptionAlgorithm)]
            ),
        ];
    }

    private static (string, string) Algorithm(string? name) => ("kms:EncryptionAlgorithm", name ?? KeySpecs.Symmetric);

    private bool IsSame(string? one, string? other, Caller caller)
    {
        try
        {
            return one is not null && other is not null && keys.Find(one, caller.Scope).Arn == keys.Find(other, caller.Scope).Arn;
        }
        catch (AwsException)
        {
            return false;
        }
    }

    /// <summary>What a key's ARN ends with: the same in each Region.</summary>
    private static string? IdOf(string? keyId) => keyId?[(keyId.LastIndexOf('/') + 1)..];

    /// <summary>The key that a ciphertext names, in the caller's account.</summary>
    private static string? KeyOf(byte[]? ciphertext)
    {
        try
        {
            return ciphertext is null ? null : CiphertextBlob.Parse(ciphertext).KeyId;
        }
        catch (AwsException)
        {
            return null;
        }
    }

    /// <summary>Who a grant names as its retiring principal may, and who has its token and RetireGrant from the grant.</summary>
    private IReadOnlyList<Access> Retire(RetireGrantRequest request, Caller caller)
    {
        var found = keys
            .Shelf.All()
            .SelectMany(entry => entry.Value.Grants.Select(grant => (Key: entry.Value, Grant: grant)))
            .FirstOrDefault(entry => request.GrantToken is { } token ? entry.Grant.Token == token : entry.Grant.GrantId == request.GrantId);
        return found.Key is null ? []
            : found.Grant.RetiringPrincipal is { } retiring && Is(retiring, caller) ? []
            : Key("RetireGrant", found.Key.Arn, caller);
    }

    /// <remarks>https://docs.aws.amazon.com/kms/latest/developerguide/grants.html</remarks>
    private static bool Lets(Grant grant, string operation, Caller caller, IReadOnlyDictionary<string, string>? context) =>
        grant.Operations.Contains(operation)
        && Is(grant.GranteePrincipal, caller)
        && (operation is "DescribeKey" or "RetireGrant" || Holds(grant.Constraints, context));

    /// <summary>"Grants with grant constraints can include the DescribeKey and RetireGrant operations, but the constraint doesn't apply to these."</summary>
    private static bool Holds(GrantConstraints? constraints, IReadOnlyDictionary<string, string>? context) =>
        (
            constraints?.EncryptionContextEquals is not { } equal
            || (context is not null && context.Count == equal.Count && Holds(context, equal))
        ) && (constraints?.EncryptionContextSubset is not { } subset || (context is not null && Holds(context, subset)));

    private static bool Holds(IReadOnlyDictionary<string, string> context, Dictionary<string, string> wanted) =>
        wanted.All(pair => context.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static bool Is(string principal, Caller caller) =>
        Principals.Name(new PolicyStatement { Allow = true, Principals = [new("AWS", principal)] }, caller) is Named.Directly or Named.Role
        || (caller.IsRoot && principal == caller.Arn);
}
