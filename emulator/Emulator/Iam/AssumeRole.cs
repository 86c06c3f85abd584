using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

internal sealed record AssumeRoleRequest(
    string? RoleArn,
    string? RoleSessionName,
    int? DurationSeconds,
    string? ExternalId,
    string? Policy
);

internal sealed record AssumeRoleResponse(SessionCredentials Credentials, AssumedRoleUser AssumedRoleUser, int? PackedPolicySize);

internal sealed record AssumedRoleUser(string AssumedRoleId, string Arn);

/// <summary>Temporary credentials to act as a role, if its trust policy names the caller.</summary>
internal sealed partial class AssumeRole(Directory directory, RoleCredentials credentials, Authorizer rights)
{
    private const int WhenChaining = 3600;

    public async Task<AssumeRoleResponse> Run(AssumeRoleRequest request, Caller caller, CancellationToken cancellation)
    {
        var roleArn = request.RoleArn ?? throw IamErrors.Missing("roleArn");
        var session = request.RoleSessionName ?? throw IamErrors.Missing("roleSessionName");
        if (!SessionName().IsMatch(session))
        {
            throw IamErrors.Invalid(
                $"1 validation error detected: Value '{session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
            );
        }

        if (Arn.TryParse(roleArn) is not { Service: "iam" } arn)
        {
            throw IamErrors.Invalid($"{roleArn} is invalid");
        }

        if (request.Policy is { } sessionPolicy)
        {
            IamPolicies.Checked(sessionPolicy, PolicyKind.Identity);
        }

        if (rights.Enforces && caller.IsRoot)
        {
            // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
            throw new AwsException("AccessDenied", "Roles may not be assumed by root accounts.", 403);
        }

        var role = directory.Roles.Shelf.Get(Scope.Global(arn.Account), arn.Resource[(arn.Resource.LastIndexOf('/') + 1)..]);
        if (role is null || role.Arn != roleArn || !May(role, request, caller))
        {
            throw new AwsException(
                "AccessDenied",
                $"User: {caller.Arn} is not authorized to perform: sts:AssumeRole on resource: {roleArn}",
                403
            );
        }

        var seconds = Durations.Checked(request.DurationSeconds ?? 3600, 43200);
        if (seconds > role.MaxSessionDuration)
        {
            throw IamErrors.Invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        if (seconds > WhenChaining && caller.RoleName is not null)
        {
            throw IamErrors.Invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }

        var issued = await credentials
            .Issue(roleArn, session, caller.Scope, TimeSpan.FromSeconds(seconds), request.Policy)
            .ConfigureAwait(false);
        return new(
            issued,
            new($"{role.Id}:{session}", $"arn:{arn.PartitionName}:sts::{arn.Account}:assumed-role/{role.Name}/{session}"),
            null
        );
    }

    /// <summary>The trust policy must let the caller; where it names only the account, and where the account is another, the caller's own policies must too.</summary>
    private bool May(Role role, AssumeRoleRequest request, Caller caller)
    {
        List<(string, string)> facts = [("sts:RoleSessionName", request.RoleSessionName!)];
        if (request.ExternalId is { } id)
        {
            facts.Add(("sts:ExternalId", id));
        }

        return TrustPolicy.Lets(role, caller, facts, directory.Clock.GetUtcNow())
            && (
                !rights.Enforces
                || rights.Allows(
                    caller,
                    new("sts:AssumeRole", role.Arn)
                    {
                        Facts = facts,
                        Policy = role.AssumeRolePolicyDocument,
                        PolicyKind = PolicyKind.Trust,
                    }
                )
            );
    }

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}\z", RegexOptions.ECMAScript)]
    private static partial Regex SessionName();
}
