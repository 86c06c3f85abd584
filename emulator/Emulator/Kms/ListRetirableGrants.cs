using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListRetirableGrantsRequest(int? Limit, string? Marker, string? RetiringPrincipal);

/// <summary>The grants of the account's keys in the Region that a principal may retire.</summary>
internal sealed class ListRetirableGrants(Keys keys)
{
    public ListGrantsResponse Run(ListRetirableGrantsRequest request, Caller caller)
    {
        new Checks()
            .Range("limit", request.Limit, 1, 1000)
            .Required("retiringPrincipal", request.RetiringPrincipal)
            .Text("retiringPrincipal", request.RetiringPrincipal, 1, 256)
            .Throw();
        var all = keys
            .Shelf.List(caller.Scope)
            .Values.SelectMany(key => key.Grants, (key, grant) => (Key: key, Grant: grant))
            .Where(entry => entry.Grant.RetiringPrincipal == request.RetiringPrincipal)
            .OrderBy(entry => entry.Grant.GrantId, StringComparer.Ordinal);
        var (page, next) = keys
            .Lists.Of("ListRetirableGrants", caller.Scope, request.RetiringPrincipal)
            .Page(all, entry => entry.Grant.GrantId, KmsErrors.PageSize(request.Limit, 50, 1000), request.Marker);
        return new(page.ConvertAll(entry => ListGrants.Entry(entry.Key, entry.Grant)), next, next is not null);
    }
}
