using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Ssm;

/// <summary>The parameters: finds and changes them, and has KMS encrypt those that are secure.</summary>
internal sealed class Parameters(Database database, TimeProvider clock, DataKeys keys, Tokens tokens)
{
    private const string Service = "ssm";

    public Database Database => database;

    public TimeProvider Clock => clock;

    public Listings Lists { get; } = new(tokens, Service, SsmErrors.InvalidNextToken);

    public Shelf<Parameter> Shelf { get; } = new(database, "ssm.parameter", ParameterDocuments.Default.Parameter);

    /// <summary>Null where there is no such parameter.</summary>
    public Parameter? TryFind(ParameterName name) => TryFind(name, entry => Shelf.Get(name.Owner, entry));

    public Parameter? TryFind(Transaction transaction, ParameterName name) =>
        TryFind(name, entry => Shelf.Get(transaction, name.Owner, entry));

    /// <summary>The version that a name with its selector means.</summary>
    /// <exception cref="AwsException">ParameterNotFound, ParameterVersionNotFound.</exception>
    public (Parameter Parameter, ParameterVersion Version) Find(ParameterName name)
    {
        if (name.Selector?.Contains(':', StringComparison.Ordinal) == true)
        {
            throw SsmErrors.NotFound();
        }

        var parameter = TryFind(name) ?? throw SsmErrors.NotFound();
        var version =
            name.Selector is not { } selector ? parameter.Latest
            : name.Version is { } number
                ? parameter.Versions.FirstOrDefault(one => one.Version == number) ?? throw SsmErrors.NoVersion(selector, parameter.Name)
            : parameter.Versions.FirstOrDefault(one => one.Labels.Contains(selector)) ?? throw SsmErrors.NoLabel(selector, parameter.Name);
        return (parameter, version);
    }

    /// <summary>Gives each version of a parameter the labels that it is to have now.</summary>
    public void Relabel(Transaction transaction, Scope owner, Parameter parameter, Func<ParameterVersion, IEnumerable<string>> labels) =>
        Shelf.Put(
            transaction,
            owner,
            parameter.Name,
            parameter with
            {
                Versions = [.. parameter.Versions.Select(version => version with { Labels = [.. labels(version)] })],
            }
        );

    /// <summary>Encrypts a SecureString's text under a key of the caller's.</summary>
    /// <remarks>https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html: a standard one with Encrypt, an advanced one with a data key.</remarks>
    /// <exception cref="AwsException">InvalidKeyId, AccessDeniedException.</exception>
    public async Task<(string KeyArn, string Value)> Seal(string text, string keyId, string tier, string arn, Caller caller)
    {
        try
        {
            var (keyArn, bytes) = await keys.Encrypt(
                    keyId,
                    Encoding.UTF8.GetBytes(text),
                    caller,
                    Service,
                    tier == ParameterVersion.Advanced ? "GenerateDataKey" : "Encrypt",
                    Context(arn)
                )
                .ConfigureAwait(false);
            return (keyArn, Convert.ToBase64String(bytes));
        }
        catch (AwsException failure)
        {
            throw SsmErrors.Kms(failure, caller.RequestId);
        }
    }

    /// <summary>The text of a version as a request is answered it.</summary>
    /// <exception cref="AwsException">InvalidKeyId, AccessDeniedException.</exception>
    public string Text(string arn, ParameterVersion version, bool decrypted, Caller caller)
    {
        if (version.Type != ParameterVersion.SecureString || !decrypted)
        {
            return version.Value;
        }

        try
        {
            return Encoding.UTF8.GetString(
                keys.Decrypt(version.KeyArn!, Convert.FromBase64String(version.Value), caller, Service, Context(arn))
            );
        }
        catch (AwsException failure)
        {
            throw SsmErrors.Kms(failure, caller.RequestId);
        }
    }

    private static Dictionary<string, string> Context(string arn) => new() { ["PARAMETER_ARN"] = arn };

    private static Parameter? TryFind(ParameterName name, Func<string, Parameter?> get) =>
        get(name.Name) ?? (name.IsArn && name.Name.LastIndexOf('/') == 0 ? get(name.Name[1..]) : null);
}
