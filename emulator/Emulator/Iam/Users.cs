using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record UserNameRequest(string? UserName);

internal sealed record ListUsersRequest(string? PathPrefix, string? Marker, int? MaxItems);

internal sealed record ListUsersResponse(IReadOnlyList<UserView> Users, bool IsTruncated, string? Marker);

/// <summary>GetUser, ListUsers and DeleteUser.</summary>
internal sealed class Users(Directory directory)
{
    /// <summary>Without a name, the caller.</summary>
    public UserResponse Get(UserNameRequest request, Caller caller)
    {
        if (request.UserName is null && caller.IsRoot)
        {
            return new(new("/", "", caller.UserId, caller.Arn, directory.Clock.GetUtcNow(), null, null));
        }

        return new(UserView.Of(directory.Users.Find(caller, request.UserName ?? Self(caller))));
    }

    public ListUsersResponse List(ListUsersRequest request, Caller caller)
    {
        var all = directory
            .Users.Shelf.List(Scope.Global(caller.Account))
            .Values.Where(user => user.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal));
        var (page, next) = directory
            .Lists.Of("ListUsers", Scope.Global(caller.Account))
            .Page(all, user => user.Name, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page.ConvertAll(user => UserView.Of(user) with { Tags = null, PermissionsBoundary = null }), next is not null, next);
    }

    public Task Delete(UserNameRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var user = directory.Users.Find(transaction, caller, request.UserName);
            if (user.AccessKeys.Count > 0)
            {
                throw IamErrors.Conflict("Cannot delete entity, must delete access keys first.");
            }

            if (user.Groups.Count > 0)
            {
                throw IamErrors.Conflict("Cannot delete entity, must remove users from group first.");
            }

            DeleteRole.Remove(transaction, directory.Users, caller, request.UserName);
        });

    /// <summary>The user that the caller is.</summary>
    public static string Self(Caller caller) =>
        Arn.TryParse(caller.Arn) is { Service: "iam" } arn && arn.Resource.StartsWith("user/", StringComparison.Ordinal)
            ? arn.Resource[(arn.Resource.LastIndexOf('/') + 1)..]
            : throw IamErrors.Invalid("Must specify userName when calling with non-User credentials");
}
