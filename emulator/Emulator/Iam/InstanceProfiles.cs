using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

internal sealed record CreateInstanceProfileRequest(string? InstanceProfileName, string? Path, IReadOnlyList<Tag>? Tags);

internal sealed record InstanceProfileRequest(string? InstanceProfileName);

internal sealed record InstanceProfileRoleRequest(string? InstanceProfileName, string? RoleName);

internal sealed record InstanceProfileResponse(InstanceProfileView InstanceProfile);

internal sealed record ListInstanceProfilesRequest(string? PathPrefix, string? Marker, int? MaxItems);

internal sealed record ListInstanceProfilesForRoleRequest(string? RoleName, string? Marker, int? MaxItems);

internal sealed record ListInstanceProfilesResponse(IReadOnlyList<InstanceProfileView> InstanceProfiles, bool IsTruncated, string? Marker);

internal sealed record TagInstanceProfileRequest(string? InstanceProfileName, IReadOnlyList<Tag>? Tags);

internal sealed record UntagInstanceProfileRequest(string? InstanceProfileName, IReadOnlyList<string>? TagKeys);

internal sealed record ListInstanceProfileTagsRequest(string? InstanceProfileName, string? Marker, int? MaxItems);

/// <summary>What answers say of an instance profile.</summary>
internal sealed record InstanceProfileView(
    string Path,
    string InstanceProfileName,
    string InstanceProfileId,
    string Arn,
    DateTimeOffset CreateDate,
    IReadOnlyList<RoleView> Roles,
    IReadOnlyList<Tag>? Tags
);

/// <summary>Instance profiles, each with the one role that it may have, and their tags.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html</remarks>
internal sealed class InstanceProfiles(Directory directory)
{
    public async Task<InstanceProfileResponse> Create(
        CreateInstanceProfileRequest request,
        Caller caller,
        CancellationToken cancellation
    ) => new(View(await directory.Database.Write(transaction => Make(transaction, request, caller)).ConfigureAwait(false), caller));

    public InstanceProfileResponse Get(InstanceProfileRequest request, Caller caller) =>
        new(View(Find(null, caller, request.InstanceProfileName), caller));

    public ListInstanceProfilesResponse List(ListInstanceProfilesRequest request, Caller caller) =>
        Page(
            "ListInstanceProfiles",
            All(null, caller).Where(one => one.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal)),
            caller,
            null,
            request.MaxItems,
            request.Marker
        );

    public ListInstanceProfilesResponse ListForRole(ListInstanceProfilesForRoleRequest request, Caller caller)
    {
        var role = directory.Roles.Find(caller, request.RoleName);
        return Page(
            "ListInstanceProfilesForRole",
            All(null, caller).Where(one => one.Role == role.Name),
            caller,
            role.Arn,
            request.MaxItems,
            request.Marker
        );
    }

    public Task Delete(InstanceProfileRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction => Remove(transaction, Find(transaction, caller, request.InstanceProfileName), caller));

    public Task AddRole(InstanceProfileRoleRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
            Give(transaction, Find(transaction, caller, request.InstanceProfileName), request.RoleName, caller)
        );

    public Task RemoveRole(InstanceProfileRoleRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var profile = Find(transaction, caller, request.InstanceProfileName);
            var role = directory.Roles.Find(transaction, caller, request.RoleName);
            Put(transaction, caller, profile.Role == role.Name ? profile with { Role = null } : throw IamErrors.NoSuch("role", role.Name));
        });

    public Task Tag(TagInstanceProfileRequest request, Caller caller, CancellationToken cancellation)
    {
        var added = IamErrors.Required(request.Tags, "tags");
        return directory.Database.Write(transaction =>
        {
            var profile = Find(transaction, caller, request.InstanceProfileName);
            Put(transaction, caller, profile with { Tags = Tags.Merge(profile.Tags, added) });
        });
    }

    public Task Untag(UntagInstanceProfileRequest request, Caller caller, CancellationToken cancellation)
    {
        var keys = IamErrors.Required(request.TagKeys, "tagKeys");
        return directory.Database.Write(transaction =>
        {
            var profile = Find(transaction, caller, request.InstanceProfileName);
            Put(transaction, caller, profile with { Tags = profile.Tags.Where(tag => !keys.Contains(tag.Key)).ToDictionary() });
        });
    }

    public ListEntityTagsResponse ListTags(ListInstanceProfileTagsRequest request, Caller caller)
    {
        var profile = Find(null, caller, request.InstanceProfileName);
        var (page, next) = directory
            .Lists.Of("ListInstanceProfileTags", Scope.Global(caller.Account), profile.Arn)
            .Page(Tags.List(profile.Tags) ?? [], tag => tag.Key!, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page, next is not null, next);
    }

    /// <exception cref="AwsException">EntityAlreadyExists: names differ by more than case.</exception>
    public InstanceProfile Make(Transaction transaction, CreateInstanceProfileRequest request, Caller caller)
    {
        var name = Names.Checked(request.InstanceProfileName, "instanceProfileName", 128);
        var path = Names.Path(request.Path);
        if (All(transaction, caller).Any(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new AwsException("EntityAlreadyExists", $"Instance Profile {name} already exists.", 409);
        }

        return Put(
            transaction,
            caller,
            new InstanceProfile
            {
                Name = name,
                Id = AccessKeyIds.UniqueId("AIPA"),
                Path = path,
                Arn = Names.Arn(caller, $"instance-profile{path}{name}"),
                CreateDate = directory.Clock.GetUtcNow(),
                Tags = Tags.Merge(new Dictionary<string, string>(), request.Tags),
            }
        );
    }

    /// <exception cref="AwsException">LimitExceeded: it has a role already, were it the same.</exception>
    public InstanceProfile Give(Transaction transaction, InstanceProfile profile, string? roleName, Caller caller)
    {
        var role = directory.Roles.Find(transaction, caller, roleName);
        return profile.Role is null
            ? Put(transaction, caller, profile with { Role = role.Name })
            : throw IamErrors.Limit("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    }

    /// <exception cref="AwsException">DeleteConflict: it has a role.</exception>
    public void Remove(Transaction transaction, InstanceProfile profile, Caller caller)
    {
        if (profile.Role is not null)
        {
            throw RoleInUse();
        }

        directory.InstanceProfiles.Remove(transaction, Scope.Global(caller.Account), profile.Name);
    }

    public InstanceProfile Put(Transaction transaction, Caller caller, InstanceProfile profile)
    {
        directory.InstanceProfiles.Put(transaction, Scope.Global(caller.Account), profile.Name, profile);
        return profile;
    }

    public InstanceProfile? Get(Transaction transaction, Caller caller, string name) =>
        directory.InstanceProfiles.Get(transaction, Scope.Global(caller.Account), name);

    /// <exception cref="AwsException">DeleteConflict: a role stays while an instance profile has it.</exception>
    public void CheckUnused(Transaction transaction, Caller caller, string? roleName)
    {
        if (All(transaction, caller).Any(one => one.Role == roleName))
        {
            throw RoleInUse();
        }
    }

    private static AwsException RoleInUse() => IamErrors.Conflict("Cannot delete entity, must remove roles from instance profile first.");

    private InstanceProfile Find(Transaction? transaction, Caller caller, string? name)
    {
        var wanted = IamErrors.Required(name, "instanceProfileName");
        var scope = Scope.Global(caller.Account);
        return (
                transaction is null
                    ? directory.InstanceProfiles.Get(scope, wanted)
                    : directory.InstanceProfiles.Get(transaction, scope, wanted)
            ) ?? throw IamErrors.NoSuch($"Instance Profile {wanted} cannot be found.");
    }

    private IEnumerable<InstanceProfile> All(Transaction? transaction, Caller caller)
    {
        var scope = Scope.Global(caller.Account);
        return (transaction is null ? directory.InstanceProfiles.List(scope) : directory.InstanceProfiles.List(transaction, scope)).Values;
    }

    private ListInstanceProfilesResponse Page(
        string operation,
        IEnumerable<InstanceProfile> all,
        Caller caller,
        string? of,
        int? size,
        string? marker
    )
    {
        var (page, next) = directory
            .Lists.Of(operation, Scope.Global(caller.Account), of)
            .Page(all, one => one.Name, IamErrors.PageSize(size), marker);
        return new(page.ConvertAll(one => View(one, caller) with { Tags = null }), next is not null, next);
    }

    private InstanceProfileView View(InstanceProfile profile, Caller caller) =>
        new(
            profile.Path,
            profile.Name,
            profile.Id,
            profile.Arn,
            profile.CreateDate,
            profile.Role is { } name && directory.Roles.Shelf.Get(Scope.Global(caller.Account), name) is { } role
                ? [RoleView.Of(role) with { Description = null, MaxSessionDuration = null, PermissionsBoundary = null, Tags = null }]
                : [],
            Tags.List(profile.Tags)
        );
}
