namespace Disa.Emulator.Aws;

/// <summary>Where a resource lives: names are unique within an account and a Region.</summary>
public readonly record struct Scope(string Account, string Region)
{
    /// <summary>For services without Regions (IAM).</summary>
    public static Scope Global(string account) => new(account, "");
}

/// <summary>Who makes a request, and where: known for every request, so that rights can be enforced.</summary>
/// <param name="Account">Twelve digits.</param>
/// <param name="Region">The Region of the credential scope.</param>
/// <param name="Arn">The principal, such as <c>arn:aws:sts::000000000000:assumed-role/name/session</c>.</param>
/// <param name="UserId">As STS GetCallerIdentity answers it.</param>
/// <param name="AccessKeyId">The access key that signed, empty for a service acting by itself.</param>
/// <param name="RequestId">The request's id, in its answer and its log line.</param>
public sealed record Caller(string Account, string Region, string Arn, string UserId, string AccessKeyId, string RequestId)
{
    public Scope Scope => new(Account, Region);

    /// <summary>Where a service acts on nobody's behalf, such as a CloudWatch alarm that runs its actions.</summary>
    public static Caller Service(string servicePrincipal, Scope scope) =>
        new(scope.Account, scope.Region, servicePrincipal, servicePrincipal, "", Guid.NewGuid().ToString());

    /// <summary>Where a service acts with a role that it was given (a schedule's, a state machine's).</summary>
    public static Caller Role(string roleArn, string session, Scope scope)
    {
        var role = roleArn[(roleArn.LastIndexOf('/') + 1)..];
        var account = Aws.Arn.Parse(roleArn).Account;
        return new(scope.Account, scope.Region, $"arn:{Aws.Arn.Partition(scope.Region)}:sts::{account}:assumed-role/{role}/{session}",
            $"AROA{role}:{session}", "", Guid.NewGuid().ToString());
    }
}
