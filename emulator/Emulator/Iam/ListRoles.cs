using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record ListRolesRequest(string? PathPrefix, string? Marker, int? MaxItems);

internal sealed record ListRolesResponse(IReadOnlyList<RoleView> Roles, bool IsTruncated, string? Marker);

/// <summary>The account's roles; tags and boundaries only GetRole tells.</summary>
internal sealed class ListRoles(Directory directory)
{
    public ListRolesResponse Run(ListRolesRequest request, Caller caller)
    {
        var all = directory
            .Roles.Shelf.List(Scope.Global(caller.Account))
            .Values.Where(role => role.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal));
        var (page, next) = directory
            .Lists.Of("ListRoles", Scope.Global(caller.Account))
            .Page(all, role => role.Name, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page.ConvertAll(role => RoleView.Of(role) with { Tags = null, PermissionsBoundary = null }), next is not null, next);
    }
}
