using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record CreateUserRequest(string? Path, string? UserName, string? PermissionsBoundary, IReadOnlyList<Tag>? Tags);

internal sealed record UserResponse(UserView User);

/// <summary>What answers say of a user.</summary>
internal sealed record UserView(
    string Path,
    string UserName,
    string UserId,
    string Arn,
    DateTimeOffset CreateDate,
    BoundaryView? PermissionsBoundary,
    IReadOnlyList<Tag>? Tags
)
{
    public static UserView Of(User user) =>
        new(user.Path, user.Name, user.Id, user.Arn, user.CreateDate, BoundaryView.Of(user), Iam.Tags.List(user.Tags));
}

/// <summary>Makes a user.</summary>
internal sealed class CreateUser(Directory directory)
{
    public async Task<UserResponse> Run(CreateUserRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = Names.Checked(request.UserName, "userName");
        var path = Names.Path(request.Path);
        return new(
            UserView.Of(
                await directory
                    .Database.Write(transaction =>
                        directory.Users.Add(
                            transaction,
                            caller,
                            new User
                            {
                                Name = name,
                                Id = AccessKeyIds.UniqueId("AIDA"),
                                Path = path,
                                Arn = Names.Arn(caller, $"user{path}{name}"),
                                CreateDate = directory.Clock.GetUtcNow(),
                                PermissionsBoundary = directory.CheckedBoundary(transaction, request.PermissionsBoundary, caller),
                                Tags = Tags.Merge(new Dictionary<string, string>(), request.Tags),
                            }
                        )
                    )
                    .ConfigureAwait(false)
            )
        );
    }
}
