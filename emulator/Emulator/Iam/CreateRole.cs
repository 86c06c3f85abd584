using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

internal sealed record CreateRoleRequest(
    string? Path,
    string? RoleName,
    string? AssumeRolePolicyDocument,
    string? Description,
    int? MaxSessionDuration,
    string? PermissionsBoundary,
    IReadOnlyList<Tag>? Tags
);

internal sealed record CreateRoleResponse(RoleView Role);

/// <summary>Makes a role, with the policy that says who may take it.</summary>
internal sealed class CreateRole(Directory directory)
{
    public async Task<CreateRoleResponse> Run(CreateRoleRequest request, Caller caller, CancellationToken cancellation) =>
        new(
            RoleView.Of(await directory.Database.Write(transaction => Make(transaction, request, caller)).ConfigureAwait(false)) with
            {
                MaxSessionDuration = null,
            }
        );

    public Role Make(Transaction transaction, CreateRoleRequest request, Caller caller)
    {
        var name = Names.Checked(request.RoleName, "roleName");
        var path = Names.Path(request.Path);
        return directory.Roles.Add(
            transaction,
            caller,
            new Role
            {
                Name = name,
                Id = AccessKeyIds.UniqueId("AROA"),
                Path = path,
                Arn = Names.Arn(caller, $"role{path}{name}"),
                CreateDate = directory.Clock.GetUtcNow(),
                AssumeRolePolicyDocument = CheckedTrust(transaction, request.AssumeRolePolicyDocument, caller),
                Description = request.Description,
                MaxSessionDuration = CheckedDuration(request.MaxSessionDuration),
                PermissionsBoundary = directory.CheckedBoundary(transaction, request.PermissionsBoundary, caller),
                Tags = Tags.Merge(new Dictionary<string, string>(), request.Tags),
            }
        );
    }

    public static int CheckedDuration(int? seconds) =>
        seconds is < 3600 or > 43200
            ? throw IamErrors.Invalid(
                $"1 validation error detected: Value '{seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value "
                    + (seconds < 3600 ? "greater than or equal to 3600" : "less than or equal to 43200")
            )
            : seconds ?? 3600;

    /// <summary>As AWS does, principals of this account must exist.</summary>
    public string CheckedTrust(Transaction transaction, string? document, Caller caller)
    {
        var text = IamPolicies.Checked(IamErrors.Required(document, "assumeRolePolicyDocument"), PolicyKind.Trust);
        var policy = PolicyDocument.Parse(text, PolicyKind.Trust);
        if (
            policy
                .Statements.SelectMany(statement => statement.Actions)
                .Any(action => action != "*" && !action.StartsWith("sts:", StringComparison.OrdinalIgnoreCase))
        )
        {
            throw IamErrors.Malformed("AssumeRole policy may only specify STS AssumeRole actions.");
        }

        foreach (
            var principal in policy.Statements.SelectMany(statement => statement.Principals).Where(principal => principal.Kind == "AWS")
        )
        {
            if (!Exists(transaction, principal.Value, caller))
            {
                throw IamErrors.Malformed($"Invalid principal in policy: \"AWS\":\"{principal.Value}\"");
            }
        }

        return text;
    }

    private bool Exists(Transaction transaction, string principal, Caller caller)
    {
        if (principal == "*" || (principal.Length == 12 && principal.All(char.IsAsciiDigit)))
        {
            return true;
        }

        if (Arn.TryParse(principal) is not { } arn || arn.Service is not ("iam" or "sts"))
        {
            return false;
        }

        var name = arn.Resource[(arn.Resource.LastIndexOf('/') + 1)..];
        var scope = Scope.Global(caller.Account);
        return arn.Account != caller.Account
            || arn.Service == "sts"
            || arn.Resource == "root"
            || (
                arn.Resource.StartsWith("role/", StringComparison.Ordinal)
                && directory.Roles.Shelf.Get(transaction, scope, name)?.Arn == principal
            )
            || (
                arn.Resource.StartsWith("user/", StringComparison.Ordinal)
                && directory.Users.Shelf.Get(transaction, scope, name)?.Arn == principal
            );
    }
}
