using System.Collections.Concurrent;
using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Kms;

/// <summary>The keys and their aliases: finds, makes, changes and uses them.</summary>
internal sealed class Keys
{
    private readonly Database database;
    private readonly Clock clock;
    private readonly Shelf<KmsKey> keys;
    private readonly Shelf<KeyAlias> aliases;
    private readonly RootKey root;
    private readonly byte[] materialIds;
    private readonly ConcurrentDictionary<string, byte[]> unwrapped = new(StringComparer.Ordinal);

    /// <exception cref="DataFolderException">The root key is missing, or another database's.</exception>
    public Keys(Database database, Clock clock, string? dataDirectory)
    {
        this.database = database;
        this.clock = clock;
        keys = new Shelf<KmsKey>(database, "kms.key", KmsDocuments.Default.KmsKey);
        aliases = new Shelf<KeyAlias>(database, "kms.alias", KmsDocuments.Default.KeyAlias);
        var all = keys.All().Select(entry => entry.Value).ToList();
        root = RootKey.Open(dataDirectory, mayCreate: all.Count == 0);
        materialIds = root.Derive("material-ids");
        ImportTokens = new ImportTokens(root.Derive("import-tokens"));
        Tokens = new Tokens(root.Derive("tokens"));
        Lists = new Listings(Tokens, "kms", KmsErrors.InvalidMarker);
        Related = new RelatedKeys(this);
        if (all.Find(key => key.HasAllMaterial) is { } any)
        {
            Material(any, 0);
        }
    }

    public ImportTokens ImportTokens { get; }

    /// <summary>For all rooms whose callers bring back what they were given.</summary>
    public Tokens Tokens { get; }

    public Listings Lists { get; }

    public RelatedKeys Related { get; }

    public Database Database => database;

    /// <inheritdoc cref="RootKey.Save"/>
    public void SaveRootKey(string directory) => root.Save(directory);

    public Clock Clock => clock;

    /// <summary>Called when a key may have become due sooner.</summary>
    public Action DueTimesChanged { get; set; } = () => { };

    public Shelf<KmsKey> Shelf => keys;

    public Shelf<KeyAlias> Aliases => aliases;

    /// <summary>By key id, key ARN, alias name or alias ARN.</summary>
    /// <exception cref="AwsException">NotFoundException.</exception>
    public KmsKey Find(string keyId, Scope scope) => Find(keyId, scope, id => keys.Get(scope, id), name => aliases.Get(scope, name));

    public KmsKey Find(Transaction transaction, string keyId, Scope scope) =>
        Find(keyId, scope, id => keys.Get(transaction, scope, id), name => aliases.Get(transaction, scope, name));

    /// <summary>As <see cref="Find(string, Scope)"/>, where AWS takes no alias.</summary>
    public KmsKey FindByIdOrArn(string? keyId, Scope scope) => Find(NoAlias(keyId), scope);

    /// <summary>A key for a user's own cryptographic operation; AWS managed keys work through their services only.</summary>
    public KmsKey ForUsers(string? keyId, Caller caller, string action)
    {
        var key = Find(KmsErrors.KeyId(keyId), caller.Scope);
        return key.Manager == KmsKey.Customer ? Usable(key) : throw KmsErrors.Denied(caller, action, key.Arn);
    }

    /// <summary>The same, where the operation is none for every key.</summary>
    /// <exception cref="AwsException">InvalidKeyUsageException.</exception>
    public KmsKey ForUsers(string? keyId, Caller caller, string action, string usage)
    {
        var key = ForUsers(keyId, caller, action);
        CheckUsage(key, action, usage);
        return key;
    }

    /// <exception cref="AwsException">InvalidKeyUsageException.</exception>
    public static void CheckUsage(KmsKey key, string action, string usage)
    {
        if (key.KeyUsage != usage)
        {
            throw KmsErrors.KeyUsage(key, action.StartsWith("ReEncrypt", StringComparison.Ordinal) ? "ReEncrypt" : action);
        }
    }

    /// <summary>A key that encrypts data keys.</summary>
    /// <exception cref="AwsException">InvalidKeyUsageException.</exception>
    public static KmsKey Symmetric(KmsKey key) =>
        key.KeyUsage != KeySpecs.EncryptDecrypt ? throw KmsErrors.KeyUsage(key, "GenerateDataKey")
        : key.IsSymmetric ? key
        : throw KmsErrors.IncompatibleAlgorithm(KeySpecs.Symmetric, key.KeySpec);

    /// <summary>A key that may get further material.</summary>
    /// <exception cref="AwsException">UnsupportedOperationException.</exception>
    public static KmsKey Rotatable(KmsKey key) => key.IsSymmetric ? key : throw KmsErrors.Unsupported();

    /// <summary>A key that may get further material by itself.</summary>
    /// <exception cref="AwsException">UnsupportedOperationException.</exception>
    public static KmsKey RotatableByItself(KmsKey key) => Rotatable(key).IsExternal ? throw KmsErrors.WrongOrigin(key) : key;

    /// <summary>A key whose user brings the material.</summary>
    /// <exception cref="AwsException">UnsupportedOperationException.</exception>
    public static KmsKey Importing(KmsKey key) => key.IsExternal ? key : throw KmsErrors.WrongOrigin(key);

    /// <summary>As <see cref="Customers"/>, only to look at.</summary>
    public KmsKey CustomersByIdOrArn(string? keyId, Caller caller, string action)
    {
        var key = FindByIdOrArn(keyId, caller.Scope);
        return key.Manager == KmsKey.Customer ? key : throw KmsErrors.Denied(caller, action, key.Arn);
    }

    /// <summary>A key that users may change, by id or ARN.</summary>
    public KmsKey Customers(Transaction transaction, string? keyId, Caller caller, string action)
    {
        var key = Find(transaction, NoAlias(keyId), caller.Scope);
        return key.Manager == KmsKey.Customer ? key : throw KmsErrors.Denied(caller, action, key.Arn);
    }

    /// <summary>Changes a key of the caller's, and answers it as it is then.</summary>
    public Task<KmsKey> Change(string? keyId, Caller caller, string action, Func<KmsKey, KmsKey> change) =>
        database.Write(transaction =>
        {
            var key = change(Customers(transaction, keyId, caller, action));
            Put(transaction, key);
            return key;
        });

    public void Put(Transaction transaction, KmsKey key)
    {
        keys.Put(transaction, Arn.Parse(key.Arn).Scope, key.KeyId, key);
        transaction.AfterCommit(DueTimesChanged);
    }

    /// <summary>Changes what a key shares with its relatives in other Regions; the primary alone can.</summary>
    public Task<KmsKey> ChangeShared(string? keyId, Caller caller, string action, Func<Transaction, KmsKey, Func<KmsKey, KmsKey>> decide) =>
        database.Write(transaction =>
        {
            var key = Customers(transaction, keyId, caller, action);
            var change = decide(transaction, key);
            return key.IsReplica ? throw KmsErrors.NoPrimary(key) : Related.Share(transaction, key, change);
        });

    /// <exception cref="AwsException">KMSInvalidStateException.</exception>
    public static KmsKey NotPendingDeletion(KmsKey key) => key.IsPendingDeletion ? throw KmsErrors.InState(key) : key;

    /// <exception cref="AwsException">KMSInvalidStateException.</exception>
    public static KmsKey NotInTransition(KmsKey key) => key.IsInTransition ? throw KmsErrors.InState(key) : key;

    /// <summary>A key that can be enabled or disabled.</summary>
    /// <exception cref="AwsException">KMSInvalidStateException.</exception>
    public static KmsKey Switchable(KmsKey key) => key.State is KmsKey.Enabled or KmsKey.Disabled ? key : throw KmsErrors.InState(key);

    /// <exception cref="AwsException">DisabledException or KMSInvalidStateException.</exception>
    public static KmsKey Usable(KmsKey key) =>
        key.State == KmsKey.Enabled ? key
        : key.State != KmsKey.Updating ? throw KmsErrors.InState(key)
        : key.SettledState == KmsKey.Enabled ? key
        : throw KmsErrors.InState(key with { State = key.SettledState ?? KmsKey.Disabled });

    /// <summary>A new key with new material, not yet stored. Key pairs take their time: never inside a write.</summary>
    public KmsKey New(Scope scope, string policy, string manager = KmsKey.Customer, KeyKind? kind = null)
    {
        var (spec, usage, origin, isMultiRegion) = kind ?? KeyKind.Usual;
        var id = isMultiRegion ? $"mrk-{Guid.NewGuid():N}" : Guid.NewGuid().ToString();
        var isExternal = origin == KmsKey.OriginExternal;
        return new KmsKey
        {
            KeyId = id,
            Arn = Arn.Of("kms", scope, $"key/{id}"),
            CreationDate = clock.GetUtcNow(),
            Policy = policy,
            Manager = manager,
            KeySpec = spec,
            KeyUsage = usage,
            Origin = origin,
            MultiRegion = isMultiRegion ? new(scope.Region, []) : null,
            State = isExternal ? KmsKey.PendingImport : KmsKey.Enabled,
            Materials = isExternal ? [] : [NewMaterial(null, spec)],
        };
    }

    public KeyMaterial NewMaterial(string? rotationType, string spec = KeySpecs.Symmetric)
    {
        var (secret, publicKey) = KeySpecs.IsAsymmetric(spec)
            ? KeyPairs.Generate(spec)
            : (RandomNumberGenerator.GetBytes(KeySpecs.IsMac(spec) ? Macs.MaterialSize(spec) : 32), null);
        return new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), root.Wrap(secret), clock.GetUtcNow(), rotationType)
        {
            PublicKey = publicKey,
        };
    }

    /// <summary>The key behind <c>alias/aws/*</c> (managed by AWS, seen in the account), made when first needed.</summary>
    public Task<KmsKey> Managed(string aliasName, Scope scope) =>
        aliases.Get(scope, aliasName) is { } alias && keys.Get(scope, alias.TargetKeyId) is { } found
            ? Task.FromResult(found)
            : database.Write(transaction =>
            {
                if (aliases.Get(transaction, scope, aliasName) is { } existing)
                {
                    return keys.Get(transaction, scope, existing.TargetKeyId)!;
                }

                var service = aliasName["alias/aws/".Length..];
                var key = New(scope, KeyPolicy.OfManaged(service, scope), KmsKey.Managed) with
                {
                    Description = $"Default key that protects my {service} data when no other key is defined",
                };
                key = key with { RotationPeriodInDays = 365, NextRotationDate = key.CreationDate.AddDays(365) };
                Put(transaction, key);
                aliases.Put(transaction, scope, aliasName, new KeyAlias(aliasName, key.KeyId, key.CreationDate, key.CreationDate));
                return key;
            });

    /// <summary>The key that AWS itself owns, for data that is encrypted with no key of the account.</summary>
    public Task<KmsKey> OwnedByAws(Scope scope)
    {
        const string name = "owned";
        return aliases.Get(scope, name) is { } alias
            ? Task.FromResult(keys.Get(scope, alias.TargetKeyId)!)
            : database.Write(transaction =>
            {
                if (aliases.Get(transaction, scope, name) is { } existing)
                {
                    return keys.Get(transaction, scope, existing.TargetKeyId)!;
                }

                var key = New(scope, "{}", KmsKey.Owned);
                keys.Put(transaction, scope, key.KeyId, key);
                aliases.Put(transaction, scope, name, new KeyAlias(name, key.KeyId, key.CreationDate, key.CreationDate));
                return key;
            });
    }

    public byte[] Encrypt(KmsKey key, ReadOnlySpan<byte> plaintext, IReadOnlyDictionary<string, string>? context)
    {
        var index = Symmetric(Usable(key)).Current;
        return CiphertextBlob.Seal(Material(key, index), key.Account, key.KeyId, index, plaintext, context);
    }

    /// <summary>Finds the key that the ciphertext names, and opens it.</summary>
    public (KmsKey Key, KeyMaterial Material, byte[] Plaintext) Decrypt(
        ReadOnlyMemory<byte> ciphertext,
        IReadOnlyDictionary<string, string>? context,
        Scope scope
    )
    {
        var blob = CiphertextBlob.Parse(ciphertext);
        var key = Of(blob, scope);
        return (Usable(key), key.Materials[blob.Material], blob.Open(Material(key, blob.Material), context));
    }

    /// <summary>What <see cref="Decrypt"/> would say of the key, without decrypting.</summary>
    public void CheckUsable(ReadOnlyMemory<byte> ciphertext, Scope scope) => Usable(Of(CiphertextBlob.Parse(ciphertext), scope));

    private KmsKey Of(CiphertextBlob blob, Scope scope)
    {
        var account = blob.Account.ToString("D12", System.Globalization.CultureInfo.InvariantCulture);
        var key = keys.Get(scope, blob.KeyId);
        return account == scope.Account && key is not null && blob.Material >= 0 && blob.Material < key.Materials.Count
            ? key
            : throw KmsErrors.InaccessibleCiphertext();
    }

    public byte[] Wrap(byte[] secret) => root.Wrap(secret);

    /// <summary>The id of imported material: the same bytes have the same one again, in each Region of the key.</summary>
    public string MaterialId(string keyId, byte[] secret)
    {
        byte[] content = [.. System.Text.Encoding.UTF8.GetBytes(keyId), .. secret];
        return Convert.ToHexStringLower(HMACSHA256.HashData(materialIds, content));
    }

    /// <summary>The material that a key works with now, the private half where it is a pair: never to be answered or logged.</summary>
    public byte[] Secret(KmsKey key) => Material(key, key.Current);

    public static byte[] PublicKey(KmsKey key) =>
        key.Materials[key.Current].PublicKey ?? throw new InvalidOperationException($"{key.KeyId} has no public half.");

    private byte[] Material(KmsKey key, int index)
    {
        var material = key.Materials[index];
        return material.Wrapped is { } wrapped
            ? unwrapped.GetOrAdd(material.Id, static (_, state) => state.Root.Unwrap(state.Wrapped), (Root: root, Wrapped: wrapped))
            : throw KmsErrors.InvalidState($"{key.Arn} is pending import.");
    }

    /// <summary>Deleted material is gone from memory too.</summary>
    public void Forget(KmsKey key)
    {
        foreach (var material in key.Materials)
        {
            unwrapped.TryRemove(material.Id, out _);
        }
    }

    private static KmsKey Find(string keyId, Scope scope, Func<string, KmsKey?> byId, Func<string, KeyAlias?> byAlias)
    {
        var resource = keyId;
        if (keyId.StartsWith("arn:", StringComparison.Ordinal))
        {
            var arn = Arn.TryParse(keyId) is { Service: "kms" } parsed ? parsed : throw KmsErrors.InvalidArn(keyId);
            if (arn.Region != scope.Region)
            {
                throw new AwsException("NotFoundException", $"Invalid arn {arn.Region}");
            }

            // Another account's key needs its policy's leave, which is not evaluated here.
            resource = arn.Account == scope.Account ? arn.Resource : throw NoSuch(keyId, arn.Resource);
            if (resource.StartsWith("key/", StringComparison.Ordinal))
            {
                resource = resource["key/".Length..];
            }
            else if (!resource.StartsWith("alias/", StringComparison.Ordinal))
            {
                throw KmsErrors.InvalidArn(keyId);
            }
        }

        if (resource.StartsWith("alias/", StringComparison.Ordinal))
        {
            var alias = byAlias(resource) ?? throw KmsErrors.NoAlias(Arn.Of("kms", scope, resource));
            return byId(alias.TargetKeyId) ?? throw KmsErrors.NoAlias(Arn.Of("kms", scope, resource));
        }

        var key = byId(resource);
        if (key is null && !Guid.TryParseExact(resource, "D", out _) && !resource.StartsWith("mrk-", StringComparison.Ordinal))
        {
            throw KmsErrors.InvalidKeyId(keyId);
        }

        return key is { Manager: not KmsKey.Owned } ? key : throw KmsErrors.NoKey(Arn.Of("kms", scope, $"key/{resource}"));
    }

    private static string NoAlias(string? keyId)
    {
        var text = KmsErrors.KeyId(keyId);
        return !text.Contains("alias/", StringComparison.Ordinal)
            ? text
            : throw (text.StartsWith("arn:", StringComparison.Ordinal) ? KmsErrors.InvalidArn(text) : KmsErrors.InvalidKeyId(text));
    }

    private static AwsException NoSuch(string keyId, string resource) =>
        resource.StartsWith("alias/", StringComparison.Ordinal) ? KmsErrors.NoAlias(keyId) : KmsErrors.NoKey(keyId);
}
