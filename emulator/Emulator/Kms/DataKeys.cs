using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Kms;

/// <summary>A wrapped data key as its user keeps it beside the data.</summary>
/// <param name="KeyArn">The KMS key that wrapped it.</param>
/// <param name="Wrapped">The ciphertext blob.</param>
/// <param name="Context">The encryption context, which must come again to open it.</param>
public sealed record DataKeyEnvelope(string KeyArn, byte[] Wrapped, IReadOnlyDictionary<string, string> Context);

/// <summary>A data key in the clear: encrypts what a room stores, with AES-256-GCM. Safe for any number of threads.</summary>
public sealed class DataKey
{
    private readonly byte[] key;

    /// <summary>Ciphers with their key schedule made; each is used by one thread at a time.</summary>
    private readonly ConcurrentBag<AesGcm> ciphers = [];

    internal DataKey(byte[] key, DataKeyEnvelope envelope)
    {
        this.key = key;
        Envelope = envelope;
    }

    /// <summary>What to store, so that <see cref="DataKeys.Open"/> finds the key again.</summary>
    public DataKeyEnvelope Envelope { get; }

    /// <param name="plaintext">Any bytes.</param>
    /// <param name="associated">What must be the same when decrypting (where the data belongs), though it is not hidden.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated = default)
    {
        var cipher = Take();
        var sealedBytes = Sealing.Seal(cipher, plaintext, associated);
        ciphers.Add(cipher);
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">The data was changed, or belongs elsewhere.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> associated = default)
    {
        var cipher = Take();
        try
        {
            return Sealing.Open(cipher, ciphertext, associated);
        }
        finally
        {
            ciphers.Add(cipher);
        }
    }

    private AesGcm Take() => ciphers.TryTake(out var cipher) ? cipher : new AesGcm(key, Sealing.TagSize);
}

/// <summary>Envelope encryption for the rooms that store data: a data key each, wrapped by a KMS key.</summary>
/// <remarks>
/// <see cref="Open"/> asks for the KMS key's state every time it is called, as AWS services do from time to time: a room that keeps
/// a <see cref="DataKey"/> for long would go on after the key was disabled. Opening costs microseconds.
/// </remarks>
public sealed class DataKeys
{
    /// <summary>In place of a key's name: the key that AWS itself owns, for data encrypted with no key of the account.</summary>
    public const string AwsOwned = "aws-owned";

    /// <summary>Those that were opened once, by the envelope that their user keeps; the KMS key's state is asked for all the same.</summary>
    private readonly ConditionalWeakTable<DataKeyEnvelope, DataKey> opened = [];
    private readonly Keys keys;
    private readonly UsageMeter meter;
    private readonly Authorizer rights;

    internal DataKeys(Keys keys, Authorizer rights, UsageMeter meter) => (this.keys, this.rights, this.meter) = (keys, rights, meter);

    /// <summary>A new data key under a KMS key named by id, ARN or alias; <c>alias/aws/*</c> and <see cref="AwsOwned"/> exist on demand.</summary>
    /// <param name="service">Asks for it in the name of <paramref name="caller"/>, who needs kms:GenerateDataKey.</param>
    /// <exception cref="AwsException">KMS's: NotFoundException, DisabledException, KMSInvalidStateException, AccessDeniedException.</exception>
    public async Task<DataKey> Generate(
        string keyIdOrArnOrAlias,
        Caller caller,
        string service,
        IReadOnlyDictionary<string, string> context
    )
    {
        var key = await Find(keyIdOrArnOrAlias, caller.Scope).ConfigureAwait(false);
        if (Right("GenerateDataKey", key.Arn, context, caller, service) is { } access)
        {
            Require(access, caller);
        }

        Count(key.Arn, "GenerateDataKey", context);
        var plaintext = RandomNumberGenerator.GetBytes(32);
        var made = new DataKey(plaintext, new DataKeyEnvelope(key.Arn, keys.Encrypt(key, plaintext, context), context));
        opened.Add(made.Envelope, made);
        return made;
    }

    /// <summary>Unwraps a data key, in the account and Region of its KMS key.</summary>
    /// <exception cref="AwsException">KMS's: DisabledException, KMSInvalidStateException; AccessDeniedException once the key is deleted.</exception>
    public DataKey Open(DataKeyEnvelope envelope, Scope scope)
    {
        var of = Arn.Parse(envelope.KeyArn).Scope;
        var at = of.Account == scope.Account ? of : scope;
        if (opened.TryGetValue(envelope, out var key))
        {
            keys.CheckUsable(envelope.Wrapped, at);
        }
        else
        {
            key = new DataKey(keys.Decrypt(envelope.Wrapped, envelope.Context, at).Plaintext, envelope);
            opened.AddOrUpdate(envelope, key);
        }

        Count(envelope.KeyArn, "Decrypt", envelope.Context);
        return key;
    }

    /// <summary>The same for a caller who needs kms:Decrypt, which a service asks for in its name.</summary>
    /// <exception cref="AwsException">KMS's, AccessDeniedException.</exception>
    public DataKey Open(DataKeyEnvelope envelope, Scope scope, Caller caller, string service)
    {
        if (Right("Decrypt", envelope.KeyArn, envelope.Context, caller, service) is { } access)
        {
            Require(access, caller);
        }

        return Open(envelope, scope);
    }

    /// <summary>Encrypts with the KMS key itself, for services that keep little: the caller needs the right to <paramref name="operation"/>.</summary>
    /// <exception cref="AwsException">KMS's: NotFoundException, DisabledException, KMSInvalidStateException, AccessDeniedException.</exception>
    internal async Task<(string KeyArn, byte[] Ciphertext)> Encrypt(
        string keyIdOrArnOrAlias,
        byte[] plaintext,
        Caller caller,
        string service,
        string operation,
        IReadOnlyDictionary<string, string> context
    )
    {
        var key = await Find(keyIdOrArnOrAlias, caller.Scope).ConfigureAwait(false);
        if (Right(operation, key.Arn, context, caller, service) is { } access)
        {
            Require(access, caller);
        }

        Count(key.Arn, operation, context);
        return (key.Arn, keys.Encrypt(key, plaintext, context));
    }

    /// <summary>What <see cref="Encrypt"/> made, for a caller who needs kms:Decrypt.</summary>
    /// <exception cref="AwsException">KMS's: DisabledException, KMSInvalidStateException, AccessDeniedException.</exception>
    internal byte[] Decrypt(string keyArn, byte[] ciphertext, Caller caller, string service, IReadOnlyDictionary<string, string> context)
    {
        if (Right("Decrypt", keyArn, context, caller, service) is { } access)
        {
            Require(access, caller);
        }

        Count(keyArn, "Decrypt", context);
        return keys.Decrypt(ciphertext, context, Arn.Parse(keyArn).Scope).Plaintext;
    }

    /// <summary>The right to use a key; null where the key is AWS's own, where there is none, and where its policy leaves everything to the account that asks.</summary>
    internal Access? Right(
        string operation,
        string keyArn,
        IReadOnlyDictionary<string, string> context,
        Caller caller,
        string service,
        params IReadOnlyList<(string, string)> facts
    ) =>
        Arn.TryParse(keyArn) is { } arn
        && keys.Shelf.Get(arn.Scope, arn.Resource["key/".Length..]) is { Manager: not KmsKey.Owned } key
        && !(caller.IsRoot && caller.PrincipalAccount == arn.Account && KeyPolicy.LeavesAllToTheAccount(key.Policy, arn.Scope))
            ? KeyRights.Use(key, operation, caller.Through(service), context, facts)
            : null;

    /// <summary>The key that a name means in a request, as an ARN; null where there is none of the account's.</summary>
    internal string? Named(string keyIdOrArnOrAlias, Scope scope)
    {
        try
        {
            return keys.Find(keyIdOrArnOrAlias, scope).Arn;
        }
        catch (AwsException)
        {
            return null;
        }
    }

    private void Require(Access access, Caller caller) => rights.Require(caller, access, access.Denied!);

    /// <summary>The ARN of a key that exists and can be used now: for services that check a key when it is configured.</summary>
    /// <exception cref="AwsException">KMS's: NotFoundException, DisabledException, KMSInvalidStateException.</exception>
    public async Task<string> ArnOf(string keyIdOrArnOrAlias, Scope scope) =>
        Keys.Usable(await Find(keyIdOrArnOrAlias, scope).ConfigureAwait(false)).Arn;

    /// <summary>The keys that AWS owns cost nothing.</summary>
    private void Count(string keyArn, string operation, IReadOnlyDictionary<string, string> context)
    {
        var arn = Arn.Parse(keyArn);
        if (keys.Shelf.Get(arn.Scope, arn.Resource["key/".Length..]) is { Manager: not KmsKey.Owned })
        {
            meter.UsesKey(keyArn, $"{operation} {string.Join(' ', context.Values)}");
        }
    }

    private Task<KmsKey> Find(string name, Scope scope)
    {
        const string managed = "alias/aws/";
        var alias = Arn.TryParse(name) is { Service: "kms" } arn && arn.Scope == scope ? arn.Resource : name;
        return alias == AwsOwned ? keys.OwnedByAws(scope)
            : alias.StartsWith(managed, StringComparison.Ordinal) ? keys.Managed(alias, scope)
            : Task.FromResult(keys.Find(name, scope));
    }
}
