using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record CreateGrantRequest(
    string? KeyId,
    string? GranteePrincipal,
    string? RetiringPrincipal,
    IReadOnlyList<string>? Operations,
    GrantConstraints? Constraints,
    IReadOnlyList<string>? GrantTokens,
    string? Name,
    bool? DryRun
) : IKeyRequest;

internal sealed record CreateGrantResponse(string GrantToken, string GrantId);

/// <summary>Lets a principal use a key, beside its policy. The same named grant again is the same grant.</summary>
internal sealed partial class CreateGrant(Keys keys)
{
    public async Task<CreateGrantResponse> Run(CreateGrantRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var (grantee, operations) = (request.GranteePrincipal!, request.Operations!);
        if (Arn.TryParse(grantee) is null)
        {
            throw KmsErrors.InvalidArn($"ARN does not refer to a valid principal: {grantee}");
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var made = new Grant(
            id,
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)),
            request.Name,
            keys.Clock.GetUtcNow(),
            grantee,
            request.RetiringPrincipal,
            $"arn:{Arn.Partition(caller.Region)}:iam::{caller.Account}:root",
            operations,
            request.Constraints
        );
        await keys.Change(
                request.KeyId,
                caller,
                "CreateGrant",
                key =>
                {
                    GrantOperations.Check(Keys.Usable(key), operations, request.Constraints);
                    if (request.DryRun == true)
                    {
                        throw KmsErrors.DryRun();
                    }

                    if (request.Name is not null && key.Grants.FirstOrDefault(grant => IsSame(grant, made)) is { } existing)
                    {
                        made = existing;
                        return key;
                    }

                    return key with
                    {
                        Grants = [.. key.Grants, made],
                    };
                }
            )
            .ConfigureAwait(false);
        return new(made.Token, made.GrantId);
    }

    private static void Check(CreateGrantRequest request)
    {
        new Checks()
            .Key(request.KeyId)
            .Required("granteePrincipal", request.GranteePrincipal)
            .Text("granteePrincipal", request.GranteePrincipal, 1, 256)
            .Text("retiringPrincipal", request.RetiringPrincipal, 1, 256)
            .Required("operations", request.Operations)
            .EachOneOf("operations", request.Operations, GrantOperations.All)
            .Text("name", request.Name, 1, 256)
            .Matches("name", request.Name, NameForm(), "^[a-zA-Z0-9:/_-]+$")
            .GrantTokens(request.GrantTokens)
            .Throw();
    }

    [GeneratedRegex(@"^[a-zA-Z0-9:/_-]+\z")]
    private static partial Regex NameForm();

    private static bool IsSame(Grant one, Grant other) =>
        one.Name == other.Name
        && one.GranteePrincipal == other.GranteePrincipal
        && one.RetiringPrincipal == other.RetiringPrincipal
        && one.Operations.SequenceEqual(other.Operations)
        && Same(one.Constraints?.EncryptionContextEquals, other.Constraints?.EncryptionContextEquals)
        && Same(one.Constraints?.EncryptionContextSubset, other.Constraints?.EncryptionContextSubset);

    private static bool Same(Dictionary<string, string>? one, Dictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one is null || one.All(pair => other!.GetValueOrDefault(pair.Key) == pair.Value));
}
