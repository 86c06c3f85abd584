using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListGrantsRequest(string? KeyId, int? Limit, string? Marker, string? GrantId, string? GranteePrincipal)
    : IKeyRequest;

internal sealed record ListGrantsResponse(IReadOnlyList<GrantListEntry> Grants, string? NextMarker, bool Truncated);

internal sealed record GrantListEntry(
    string KeyId,
    string GrantId,
    string? Name,
    DateTimeOffset CreationDate,
    string GranteePrincipal,
    string? RetiringPrincipal,
    string IssuingAccount,
    IReadOnlyList<string> Operations,
    GrantConstraints? Constraints
);

/// <summary>A key's grants.</summary>
internal sealed class ListGrants(Keys keys)
{
    public ListGrantsResponse Run(ListGrantsRequest request, Caller caller)
    {
        var key = keys.FindByIdOrArn(request.KeyId, caller.Scope);
        var all = key
            .Grants.Where(grant => request.GrantId is null || grant.GrantId == request.GrantId)
            .Where(grant => request.GranteePrincipal is null || grant.GranteePrincipal == request.GranteePrincipal)
            .OrderBy(grant => grant.GrantId, StringComparer.Ordinal);
        var (page, next) = keys
            .Lists.Of("ListGrants", caller.Scope, key.Arn)
            .Page(all, grant => grant.GrantId, KmsErrors.PageSize(request.Limit, 50, 1000), request.Marker);
        return new(page.ConvertAll(grant => Entry(key, grant)), next, next is not null);
    }

    public static GrantListEntry Entry(KmsKey key, Grant grant) =>
        new(
            key.Arn,
            grant.GrantId,
            grant.Name,
            grant.CreationDate,
            grant.GranteePrincipal,
            grant.RetiringPrincipal,
            grant.IssuingAccount,
            grant.Operations,
            grant.Constraints
        );
}
