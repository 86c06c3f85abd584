using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

internal sealed record CreateAccessKeyResponse(AccessKeyView AccessKey);

internal sealed record AccessKeyView(
    string UserName,
    string AccessKeyId,
    string Status,
    string? SecretAccessKey,
    DateTimeOffset CreateDate
);

internal sealed record ListAccessKeysRequest(string? UserName, string? Marker, int? MaxItems);

internal sealed record ListAccessKeysResponse(IReadOnlyList<AccessKeyView> AccessKeyMetadata, bool IsTruncated);

internal sealed record UpdateAccessKeyRequest(string? UserName, string? AccessKeyId, string? Status);

internal sealed record DeleteAccessKeyRequest(string? UserName, string? AccessKeyId);

/// <summary>CreateAccessKey, ListAccessKeys, UpdateAccessKey and DeleteAccessKey: at most two keys a user, their secrets told once.</summary>
internal sealed class AccessKeys(Directory directory)
{
    private const int Most = 2;

    public async Task<CreateAccessKeyResponse> Create(UserNameRequest request, Caller caller, CancellationToken cancellation)
    {
        var key = await directory
            .Database.Write(transaction =>
            {
                var made = new AccessKey(
                    AccessKeyIds.New(AccessKeyIds.OfUser, caller.Account),
                    AccessKeyIds.Secret(),
                    "Active",
                    directory.Clock.GetUtcNow()
                );
                var user = directory.Users.Change(
                    transaction,
                    caller,
                    request.UserName ?? Users.Self(caller),
                    holder =>
                        (User)holder is var user && user.AccessKeys.Count < Most
                            ? user with
                            {
                                AccessKeys = [.. user.AccessKeys, made],
                            }
                            : throw IamErrors.Limit($"Cannot exceed quota for AccessKeysPerUser: {Most}")
                );
                directory.KeyOwners.Put(transaction, Scope.Global(caller.Account), made.AccessKeyId, new KeyOwner(user.Name));
                return new AccessKeyView(user.Name, made.AccessKeyId, made.Status, made.SecretAccessKey, made.CreateDate);
            })
            .ConfigureAwait(false);
        return new(key);
    }

    public ListAccessKeysResponse List(ListAccessKeysRequest request, Caller caller)
    {
        var user = directory.Users.Find(caller, request.UserName ?? Users.Self(caller));
        directory.Lists.OnePage(request.Marker);
        return new(
            user.AccessKeys.Select(key => new AccessKeyView(user.Name, key.AccessKeyId, key.Status, null, key.CreateDate)).ToList(),
            false
        );
    }

    public Task Update(UpdateAccessKeyRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.Status is not ("Active" or "Inactive"))
        {
            throw IamErrors.Invalid(
                $"1 validation error detected: Value '{request.Status}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]"
            );
        }

        return Change(request.UserName, request.AccessKeyId, caller, key => key with { Status = request.Status });
    }

    public Task Delete(DeleteAccessKeyRequest request, Caller caller, CancellationToken cancellation) =>
        Change(request.UserName, request.AccessKeyId, caller, _ => null);

    private Task<User> Change(string? userName, string? accessKeyId, Caller caller, Func<AccessKey, AccessKey?> change)
    {
        var id = IamErrors.Required(accessKeyId, "accessKeyId");
        return directory.Database.Write(transaction =>
            directory.Users.Change(
                transaction,
                caller,
                userName ?? Users.Self(caller),
                holder =>
                {
                    var user = (User)holder;
                    if (user.AccessKeys.All(key => key.AccessKeyId != id))
                    {
                        throw IamErrors.NoSuch($"The Access Key with id {id} cannot be found.");
                    }

                    var keys = user.AccessKeys.Select(key => key.AccessKeyId == id ? change(key) : key).OfType<AccessKey>().ToList();
                    if (keys.Count < user.AccessKeys.Count)
                    {
                        directory.KeyOwners.Remove(transaction, Scope.Global(caller.Account), id);
                    }

                    return user with
                    {
                        AccessKeys = keys,
                    };
                }
            )
        );
    }
}
