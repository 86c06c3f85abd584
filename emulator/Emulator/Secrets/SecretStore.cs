using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Secrets;

/// <summary>The secrets: finds and changes them, and seals their values.</summary>
internal sealed partial class SecretStore(Database database, TimeProvider clock, DataKeys keys, Tokens tokens)
{
    private const string Service = "secretsmanager";
    private const string DefaultKey = "alias/aws/secretsmanager";
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Letters and digits behind the name in an ARN.</summary>
    private const int SuffixLength = 6;

    public Database Database => database;

    public Listings Lists { get; } = new(tokens, Service, SecretsErrors.InvalidNextToken);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Called when a secret may have become due sooner.</summary>
    public Action DueTimesChanged { get; set; } = () => { };

    /// <summary>By name.</summary>
    public Shelf<Secret> Shelf { get; } = new(database, "secrets.secret", SecretDocuments.Default.Secret);

    /// <summary>By name, by ARN, or by an ARN without the six characters at its end.</summary>
    /// <exception cref="AwsException">ValidationException, ResourceNotFoundException.</exception>
    public Secret Find(string? id, Scope scope) => TryFind(id, scope, Shelf.Get) ?? throw SecretsErrors.NotFound();

    /// <exception cref="AwsException">ValidationException, ResourceNotFoundException.</exception>
    public Secret Find(Transaction transaction, string? id, Scope scope) =>
        TryFind(id, scope, (owner, name) => Shelf.Get(transaction, owner, name)) ?? throw SecretsErrors.NotFound();

    public Secret? TryFind(string? id, Scope scope) => TryFind(id, scope, Shelf.Get);

    /// <summary>One that is not marked for deletion.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException, InvalidRequestException.</exception>
    public Secret Usable(string? id, Scope scope) => Usable(Find(id, scope));

    public static Secret Usable(Secret secret) => secret.DeletedDate is null ? secret : throw SecretsErrors.MarkedForDeletion();

    /// <summary>Changes a secret that is not marked for deletion, and answers it as it is then.</summary>
    public Task<Secret> Change(string? id, Scope scope, Func<Secret, Secret> change) =>
        database.Write(transaction =>
        {
            var secret = change(Usable(Find(transaction, id, scope)));
            Put(transaction, secret);
            return secret;
        });

    public void Put(Transaction transaction, Secret secret)
    {
        Shelf.Put(transaction, Arn.Parse(secret.Arn).Scope, secret.Name, secret);
        transaction.AfterCommit(DueTimesChanged);
    }

    /// <exception cref="AwsException">ValidationException.</exception>
    public static string CheckedName(string? name)
    {
        var given = SecretsErrors.Required(name, "name");
        SecretsErrors.Within(given, "name", 1, 512);
        return Allowed().IsMatch(given) ? given : throw SecretsErrors.InvalidName();
    }

    public static string NewArn(Scope scope, string name) =>
        Arn.Of(Service, scope, $"secret:{name}-{RandomNumberGenerator.GetString(Alphanumeric, SuffixLength)}");

    /// <summary>A version of a value, encrypted under a data key of its own.</summary>
    /// <exception cref="AwsException">EncryptionFailure, AccessDeniedException.</exception>
    public async Task<SecretVersion> Seal(string arn, string versionId, SecretValue value, string? keyId, Caller caller)
    {
        try
        {
            var key = await keys.Generate(
                    keyId ?? DefaultKey,
                    caller,
                    Service,
                    new Dictionary<string, string> { ["SecretARN"] = arn, ["SecretVersionId"] = versionId }
                )
                .ConfigureAwait(false);
            return new()
            {
                VersionId = versionId,
                CreatedDate = Now,
                KmsKeyId = keyId,
                DataKey = key.Envelope,
                Value = key.Encrypt(value.Bytes),
                IsBinary = value.IsBinary,
            };
        }
        catch (AwsException failure)
        {
            throw SecretsErrors.Kms(failure, isRead: false);
        }
    }

    /// <exception cref="AwsException">DecryptionFailure, AccessDeniedException.</exception>
    public SecretValue Open(Secret secret, SecretVersion version, Caller caller)
    {
        try
        {
            var bytes = keys.Open(version.DataKey, Arn.Parse(secret.Arn).Scope, caller, Service).Decrypt(version.Value);
            return new(bytes, version.IsBinary);
        }
        catch (AwsException failure)
        {
            throw SecretsErrors.Kms(failure, isRead: true);
        }
    }

    /// <summary>Whether a version has this value already: a request that is repeated with its token does nothing.</summary>
    public bool IsSame(Secret secret, SecretVersion version, SecretValue value, Caller caller)
    {
        var present = Open(secret, version, caller);
        return present.IsBinary == value.IsBinary && CryptographicOperations.FixedTimeEquals(present.Bytes, value.Bytes);
    }

    private static Secret? TryFind(string? id, Scope scope, Func<Scope, string, Secret?> get)
    {
        var given = SecretsErrors.Required(id, "secretId");
        SecretsErrors.Within(given, "secretId", 1, 2048);
        if (Arn.TryParse(given) is not { } arn)
        {
            return Allowed().IsMatch(given) ? get(scope, given) : throw SecretsErrors.InvalidName();
        }

        if (arn.Service != Service || arn.After("secret:") is not { } name)
        {
            return null;
        }

        // What looks like the end of a whole ARN is taken for it.
        return Suffix().IsMatch(name)
            ? get(arn.Scope, name[..^(SuffixLength + 1)]) is { } whole && whole.Arn == given
                ? whole
                : null
            : get(arn.Scope, name);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9\-/_+=.@!]+\z")]
    private static partial Regex Allowed();

    [GeneratedRegex(@"-[a-zA-Z0-9]{6}\z")]
    private static partial Regex Suffix();
}

/// <summary>A value in the clear.</summary>
internal sealed record SecretValue(byte[] Bytes, bool IsBinary)
{
    private const int Most = 65536;

    public string? Text => IsBinary ? null : Encoding.UTF8.GetString(Bytes);

    public byte[]? Binary => IsBinary ? Bytes : null;

    /// <summary>What a request gives; null where it gives none.</summary>
    /// <exception cref="AwsException">InvalidParameterException, ValidationException.</exception>
    public static SecretValue? Of(string? text, byte[]? binary)
    {
        if (text is not null && binary is not null)
        {
            throw SecretsErrors.Parameter("You can't specify both a binary secret value and a string secret value in the same secret.");
        }

        SecretsErrors.Within(text, "secretString", 1, Most, isShown: false);
        if (binary is { Length: 0 or > Most })
        {
            throw SecretsErrors.Constraint(
                null,
                "secretBinary",
                $"Member must have length {(binary.Length == 0 ? "greater than or equal to 1" : $"less than or equal to {Most}")}"
            );
        }

        return text is not null ? new(Encoding.UTF8.GetBytes(text), IsBinary: false)
            : binary is not null ? new(binary, IsBinary: true)
            : null;
    }
}
