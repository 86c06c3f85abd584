using System.Security.Cryptography;
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
);

internal sealed record CreateGrantResponse(string GrantToken, string GrantId);

/// <summary>Lets a principal use a key, beside its policy. The same named grant again is the same grant.</summary>
internal sealed class CreateGrant(Keys keys)
{
    private static readonly string[] Known =
    [
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "Sign",
        "Verify",
        "GetPublicKey",
        "CreateGrant",
        "RetireGrant",
        "DescribeKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateMac",
        "VerifyMac",
        "DeriveSharedSecret",
    ];

    public async Task<CreateGrantResponse> Run(CreateGrantRequest request, Caller caller, CancellationToken cancellation)
    {
        var grantee = KmsErrors.Required(request.GranteePrincipal, "granteePrincipal");
        var operations = KmsErrors.Required(request.Operations, "operations");
        if (Arn.TryParse(grantee) is null)
        {
            throw KmsErrors.InvalidArn($"ARN does not refer to a valid principal: {grantee}");
        }

        if (operations.FirstOrDefault(operation => !Known.Contains(operation)) is { } unknown)
        {
            throw KmsErrors.Constraint(
                $"[{unknown}]",
                "operations",
                $"Member must satisfy constraint: [Member must satisfy enum value set: [{string.Join(", ", Known)}]]"
            );
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
                    if (request.DryRun == true)
                    {
                        throw KmsErrors.DryRun();
                    }

                    Keys.Usable(key);
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
