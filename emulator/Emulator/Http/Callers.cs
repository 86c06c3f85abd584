using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;

namespace Disa.Emulator.Http;

/// <summary>Knows who makes a request: by its signature, and by the access keys that were issued here.</summary>
/// <param name="endpoint">Says the account of keys that name none.</param>
/// <param name="clock">Says whether a session or a link is over.</param>
/// <param name="credentials">Looks an access key up among those the emulator issued; null for all others, which name their account themselves.</param>
internal sealed class Callers(EmulatorEndpoint endpoint, Clock clock, Func<string, Credential?> credentials)
{
    private readonly PresignedUrls presigned = new(clock);

    /// <summary>Whether a key that was not issued here is refused, and what is under <c>/_disa/</c> needs a signature.</summary>
    public bool OnlyIssuedKeys { get; init; }

    /// <summary>Who makes a request for an operation.</summary>
    /// <exception cref="AwsException">The signature is wrong, over, or of a key that is not taken.</exception>
    public Caller Identify(WireRequest request, SigV4? signature, AwsService service, Operation operation)
    {
        if (signature is null)
        {
            return new Caller(endpoint.DefaultAccount, "us-east-1", Principal.Nobody, "", "", request.RequestId);
        }

        var key = signature.AccessKeyId;
        if (signature.InQuery && signature.Service == "s3")
        {
            SigV4Check.VerifyExpiry(request, signature, presigned, clock);
        }

        if (Issued(request, signature, service) is { } issued)
        {
            return issued;
        }

        if (OnlyIssuedKeys)
        {
            throw SignatureErrors.InvalidKey(service);
        }

        if (signature.InQuery && signature.Service != "s3" && operation.Name != "GetCallerIdentity")
        {
            // It is not checked, and everybody can put it behind a link.
            throw SignatureErrors.Refused(
                service,
                "The emulator takes a signature in the URL from keys that it issued; from other keys only for S3 and GetCallerIdentity."
            );
        }

        var account = key.Length == 12 && key.All(char.IsAsciiDigit) ? key : endpoint.DefaultAccount;
        return new Caller(
            account,
            signature.Region,
            Principal.Root(Arn.Partition(signature.Region), account),
            account,
            key,
            request.RequestId
        );
    }

    /// <summary>Who signed with a key that was issued here; null for any other key.</summary>
    /// <exception cref="AwsException">The key is inactive, the session over, or the signature another.</exception>
    public Caller? Issued(WireRequest request, SigV4 signature, AwsService service)
    {
        var key = signature.AccessKeyId;
        if (credentials(key) is not { } credential)
        {
            return null;
        }

        SigV4Check.Verify(request, signature, credential, service, clock.GetUtcNow());
        return new Caller(credential.Account, signature.Region, credential.Principal, credential.UserId, key, request.RequestId)
        {
            SessionPolicy = credential.SessionPolicy,
        };
    }
}
