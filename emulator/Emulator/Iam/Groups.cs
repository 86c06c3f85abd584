using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record CreateGroupRequest(string? Path, string? GroupName);

internal sealed record CreateGroupResponse(GroupView Group);

internal sealed record GroupView(string Path, string GroupName, string GroupId, string Arn, DateTimeOffset CreateDate)
{
    public static GroupView Of(Group group) => new(group.Path, group.Name, group.Id, group.Arn, group.CreateDate);
}

internal sealed record GetGroupRequest(string? GroupName, string? Marker, int? MaxItems);

internal sealed record GetGroupResponse(GroupView Group, IReadOnlyList<UserView> Users, bool IsTruncated, string? Marker);

internal sealed record ListGroupsRequest(string? PathPrefix, string? Marker, int? MaxItems);

internal sealed record ListGroupsResponse(IReadOnlyList<GroupView> Groups, bool IsTruncated, string? Marker);

internal sealed record ListGroupsForUserRequest(string? UserName, string? Marker, int? MaxItems);

internal sealed record DeleteGroupRequest(string? GroupName);

internal sealed record GroupMemberRequest(string? GroupName, string? UserName);

/// <summary>CreateGroup, GetGroup, ListGroups, ListGroupsForUser, DeleteGroup, AddUserToGroup and RemoveUserFromGroup.</summary>
internal sealed class Groups(Directory directory)
{
    public async Task<CreateGroupResponse> Create(CreateGroupRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = Names.Checked(request.GroupName, "groupName", 128);
        var path = Names.Path(request.Path);
        return new(
            GroupView.Of(
                await directory
                    .Database.Write(transaction =>
                        directory.Groups.Add(
                            transaction,
                            caller,
                            new Group
                            {
                                Name = name,
                                Id = AccessKeyIds.UniqueId("AGPA"),
                                Path = path,
                                Arn = Names.Arn(caller, $"group{path}{name}"),
                                CreateDate = directory.Clock.GetUtcNow(),
                            }
                        )
                    )
                    .ConfigureAwait(false)
            )
        );
    }

    public GetGroupResponse Get(GetGroupRequest request, Caller caller)
    {
        var group = directory.Groups.Find(caller, request.GroupName);
        var members = directory.Users.Shelf.List(Scope.Global(caller.Account)).Values.Where(user => user.Groups.Contains(group.Name));
        var (page, next) = directory
            .Lists.Of("GetGroup", Scope.Global(caller.Account), group.Arn)
            .Page(members, user => user.Name, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(GroupView.Of(group), page.ConvertAll(UserView.Of), next is not null, next);
    }

    public ListGroupsResponse List(ListGroupsRequest request, Caller caller)
    {
        var all = directory
            .Groups.Shelf.List(Scope.Global(caller.Account))
            .Values.Where(group => group.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal));
        var (page, next) = directory
            .Lists.Of("ListGroups", Scope.Global(caller.Account))
            .Page(all, group => group.Name, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page.ConvertAll(GroupView.Of), next is not null, next);
    }

    public ListGroupsResponse ListForUser(ListGroupsForUserRequest request, Caller caller)
    {
        var user = directory.Users.Find(caller, request.UserName);
        var all = directory.Groups.Shelf.List(Scope.Global(caller.Account)).Values.Where(group => user.Groups.Contains(group.Name));
        var (page, next) = directory
            .Lists.Of("ListGroupsForUser", Scope.Global(caller.Account), user.Arn)
            .Page(all, group => group.Name, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page.ConvertAll(GroupView.Of), next is not null, next);
    }

    public Task Delete(DeleteGroupRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var group = directory.Groups.Find(transaction, caller, request.GroupName);
            if (directory.Users.Shelf.List(transaction, Scope.Global(caller.Account)).Values.Any(user => user.Groups.Contains(group.Name)))
            {
                throw IamErrors.Conflict("Cannot delete entity, must remove users from group first.");
            }

            DeleteRole.Remove(transaction, directory.Groups, caller, group.Name);
        });

    public Task Add(GroupMemberRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var group = directory.Groups.Find(transaction, caller, request.GroupName);
            directory.Users.Change(
                transaction,
                caller,
                request.UserName,
                holder =>
                    (User)holder is var user && user.Groups.Contains(group.Name)
                        ? user
                        : user with
                        {
                            Groups = [.. user.Groups, group.Name],
                        }
            );
        });

    public Task Remove(GroupMemberRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var group = directory.Groups.Find(transaction, caller, request.GroupName);
            directory.Users.Change(
                transaction,
                caller,
                request.UserName,
                holder =>
                    (User)holder is var user && user.Groups.Contains(group.Name)
                        ? user with
                        {
                            Groups = user.Groups.Where(name => name != group.Name).ToList(),
                        }
                        : throw IamErrors.NoSuch($"User {request.UserName} not in group {group.Name}")
            );
        });
}
