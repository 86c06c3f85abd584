using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

internal sealed record ImportKeyMaterialRequest(
    string? KeyId,
    byte[]? ImportToken,
    byte[]? EncryptedKeyMaterial,
    DateTimeOffset? ValidTo,
    string? ExpirationModel,
    string? ImportType,
    string? KeyMaterialDescription,
    string? KeyMaterialId
) : IKeyRequest;

internal sealed record ImportKeyMaterialResponse(string KeyId, string? KeyMaterialId);

/// <summary>Gives a key its material, gives it back what it had, or brings what the next rotation on demand takes.</summary>
internal sealed partial class ImportKeyMaterial(Keys keys)
{
    private const string New = "NEW_KEY_MATERIAL";
    private const string Existing = "EXISTING_KEY_MATERIAL";
    public const string Expires = "KEY_MATERIAL_EXPIRES";
    public const string DoesNotExpire = "KEY_MATERIAL_DOES_NOT_EXPIRE";
    private static readonly string[] Models = [Expires, DoesNotExpire];
    private static readonly string[] Types = [New, Existing];
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public async Task<ImportKeyMaterialResponse> Run(ImportKeyMaterialRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var seen = Keys.NotPendingDeletion(Keys.Importing(keys.CustomersByIdOrArn(request.KeyId, caller, "ImportKeyMaterial")));
        CheckKind(seen, request);
        CheckExpiry(request);
        var secret = WrappedMaterial.Unwrap(Token(seen, request.ImportToken!), request.EncryptedKeyMaterial!);
        var brought = new KeyMaterial(keys.MaterialId(seen.KeyId, secret), keys.Wrap(secret), keys.Clock.GetUtcNow(), null)
        {
            PublicKey = WrappedMaterial.PublicHalf(seen.KeySpec, secret),
            ExpirationModel = request.ExpirationModel ?? Expires,
            ValidTo = request.ValidTo,
            Description = request.KeyMaterialDescription,
        };
        if (request.KeyMaterialId is { } wanted && wanted != brought.Id)
        {
            throw KmsErrors.IncorrectMaterial();
        }

        var key = await keys
            .Database.Write(transaction =>
            {
                var current = Keys.NotPendingDeletion(keys.Customers(transaction, request.KeyId, caller, "ImportKeyMaterial"));
                var changed = Imported.Settled(With(transaction, current, brought, request.ImportType));
                keys.Put(transaction, changed);
                return changed;
            })
            .ConfigureAwait(false);
        return new(key.Arn, key.IsSymmetric ? brought.Id : null);
    }

    private KmsKey With(Transaction transaction, KmsKey key, KeyMaterial brought, string? importType)
    {
        var at = key.Materials.ToList().FindIndex(material => material.Id == brought.Id);
        var isReplica = keys.Related.PrimaryOf(transaction, key) is { } primary && primary.Arn != key.Arn;
        if ((importType ?? (key.Materials.Count == 0 && !isReplica ? New : Existing)) == New)
        {
            return isReplica || at >= 0 ? throw KmsErrors.IncorrectMaterial() : Added(key, brought, isPending: key.Materials.Count > 0);
        }

        return at >= 0 ? Replaced(key, at, brought)
            : isReplica && keys.Related.Offered(transaction, key, brought.Id) is { } offered
                ? Added(key, brought, offered.IsPendingRotation)
            : throw KmsErrors.IncorrectMaterial();
    }

    /// <summary>Only symmetric keys ever get another material, and one at a time.</summary>
    private static KmsKey Added(KmsKey key, KeyMaterial brought, bool isPending) =>
        isPending && !key.IsSymmetric ? throw KmsErrors.IncorrectMaterial()
        : isPending && key.Materials[^1].IsPendingRotation
            ? throw KmsErrors.InvalidState($"{key.Arn} has key material that is pending rotation.")
        : key with { Materials = [.. key.Materials, brought with { IsPendingRotation = isPending }] };

    private static KmsKey Replaced(KmsKey key, int at, KeyMaterial brought)
    {
        var materials = key.Materials.ToArray();
        materials[at] = materials[at] with
        {
            Wrapped = brought.Wrapped,
            ExpirationModel = brought.ExpirationModel,
            ValidTo = brought.ValidTo,
            Description = brought.Description ?? materials[at].Description,
        };
        return key with { Materials = materials };
    }

    private ImportToken Token(KmsKey key, byte[] token)
    {
        var opened = keys.ImportTokens.Open(token);
        return opened is null || opened.KeyId != key.KeyId ? throw new AwsException("InvalidImportTokenException", "")
            : opened.ValidTo <= keys.Clock.GetUtcNow() ? throw new AwsException("ExpiredImportTokenException", "")
            : opened;
    }

    private void CheckExpiry(ImportKeyMaterialRequest request)
    {
        var expires = (request.ExpirationModel ?? Expires) == Expires;
        var now = keys.Clock.GetUtcNow();
        if (expires && request.ValidTo is null)
        {
            throw KmsErrors.Invalid("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
        }

        if (!expires && request.ValidTo is not null)
        {
            throw KmsErrors.Invalid("A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE");
        }

        if (request.ValidTo <= now || request.ValidTo > now + Longest)
        {
            throw KmsErrors.Invalid("The validTo date must be in the future and at most 365 days from now");
        }
    }

    /// <summary>"This parameter is optional and only usable with symmetric encryption keys."</summary>
    private static void CheckKind(KmsKey key, ImportKeyMaterialRequest request)
    {
        if (!key.IsSymmetric && (request.ImportType ?? request.KeyMaterialDescription ?? request.KeyMaterialId) is not null)
        {
            throw KmsErrors.Invalid(
                "ImportType, KeyMaterialDescription and KeyMaterialId can be used with symmetric encryption keys only."
            );
        }

        if (request.ImportType == New && request.KeyMaterialId is not null)
        {
            throw KmsErrors.Invalid("You cannot specify a KeyMaterialId with the ImportType NEW_KEY_MATERIAL.");
        }
    }

    private static void Check(ImportKeyMaterialRequest request) =>
        new Checks()
            .Key(request.KeyId)
            .Required("importToken", request.ImportToken)
            .Blob("importToken", request.ImportToken, 1, 6144)
            .Required("encryptedKeyMaterial", request.EncryptedKeyMaterial)
            .Blob("encryptedKeyMaterial", request.EncryptedKeyMaterial, 1, 6144)
            .OneOf("expirationModel", request.ExpirationModel, Models)
            .OneOf("importType", request.ImportType, Types)
            .Text("keyMaterialDescription", request.KeyMaterialDescription, 0, 256)
            .Matches("keyMaterialDescription", request.KeyMaterialDescription, Description(), @"^[a-zA-Z0-9:/_\s.-]+$")
            .Text("keyMaterialId", request.KeyMaterialId, 64, 64)
            .Throw();

    [GeneratedRegex(@"^[a-zA-Z0-9:/_\s.-]+\z")]
    private static partial Regex Description();
}
