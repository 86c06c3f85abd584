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
/// <param name="Principal">Who it is.</param>
/// <param name="UserId">As STS GetCallerIdentity answers it.</param>
/// <param name="AccessKeyId">The access key that signed, empty for a service acting by itself.</param>
/// <param name="RequestId">The request's id, in its answer and its log line.</param>
public sealed record Caller(string Account, string Region, Principal Principal, string UserId, string AccessKeyId, string RequestId)
{
    public Scope Scope => new(Account, Region);

    /// <summary>Of a service: the resource that it acts for, such as the rule or the topic (<c>aws:SourceArn</c>).</summary>
    public string? SourceArn { get; init; }

    /// <summary>The service that calls in the caller's name, such as <c>dynamodb.us-east-1.amazonaws.com</c> calling KMS (<c>kms:ViaService</c>).</summary>
    public string? Via { get; init; }

    /// <summary>The policy that AssumeRole was given for this session.</summary>
    public string? SessionPolicy { get; init; }

    /// <summary>The trace that the request belongs to (<c>X-Amzn-Trace-Id</c>), which services hand on.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>Where a request came from; null where the caller acts inside AWS.</summary>
    public string? SourceIp { get; init; }

    /// <summary>The caller as a service calls another in its name.</summary>
    public Caller Through(string service) => this with { Via = $"{service}.{Region}.{Aws.Arn.UrlSuffix(Region)}" };

    /// <summary>The principal's, such as <c>arn:aws:sts::000000000000:assumed-role/name/session</c>; a service's is its name.</summary>
    public string Arn => Principal.Arn;

    /// <summary>The account itself, which needs no policy in it.</summary>
    public bool IsRoot => Principal.Kind == PrincipalKind.Root;

    /// <summary>A service acting by itself: its name is its principal.</summary>
    public bool IsService => Principal.Kind == PrincipalKind.Service;

    /// <summary>The name of the role whose session this is.</summary>
    public string? RoleName => Principal.Kind == PrincipalKind.Session ? Principal.Name : null;

    /// <summary>The name of the user who signed.</summary>
    public string? UserName => Principal.Kind == PrincipalKind.User ? Principal.Name : null;

    /// <summary>The account that the principal belongs to; a service has none.</summary>
    public string PrincipalAccount => Principal.Account;

    /// <summary>Where a service acts on nobody's behalf, such as a CloudWatch alarm that runs its actions.</summary>
    public static Caller Service(string servicePrincipal, Scope scope) =>
        new(scope.Account, scope.Region, Principal.Service(servicePrincipal), servicePrincipal, "", Guid.NewGuid().ToString());

    /// <summary>Where a service acts with a role that it was given (a schedule's, a state machine's).</summary>
    public static Caller Role(string roleArn, string session, Scope scope)
    {
        var role = roleArn[(roleArn.LastIndexOf('/') + 1)..];
        var account = Aws.Arn.Parse(roleArn).Account;
        return new(
            scope.Account,
            scope.Region,
            Principal.Session(Aws.Arn.Partition(scope.Region), account, role, session),
            $"AROA{role}:{session}",
            "",
            Guid.NewGuid().ToString()
        );
    }
}
