namespace Disa.Emulator.Aws;

/// <summary>What kind of caller it is.</summary>
public enum PrincipalKind
{
    /// <summary>A request that nobody signed.</summary>
    Nobody,

    /// <summary>A service acting by itself.</summary>
    Service,

    /// <summary>The account itself.</summary>
    Root,

    /// <summary>An IAM user, in a session of its own too.</summary>
    User,

    /// <summary>A session of a role.</summary>
    Session,
}

/// <summary>Who a caller is. Nothing of it is searched for in its ARN, whose path its owner chose.</summary>
/// <param name="Kind">What kind of caller it is.</param>
/// <param name="Account">The account that it belongs to; empty for a service, and for nobody.</param>
/// <param name="Name">A user's name, a role's name or a service's; otherwise empty.</param>
/// <param name="Arn">As policies and answers name it; a service's is its name.</param>
public sealed record Principal(PrincipalKind Kind, string Account, string Name, string Arn)
{
    public static readonly Principal Nobody = new(PrincipalKind.Nobody, "", "", "");

    public static Principal Service(string name) => new(PrincipalKind.Service, "", name, name);

    public static Principal Root(string partition, string account) =>
        new(PrincipalKind.Root, account, "", $"arn:{partition}:iam::{account}:root");

    /// <param name="arn">With the user's path.</param>
    public static Principal User(string account, string name, string arn) => new(PrincipalKind.User, account, name, arn);

    public static Principal Session(string partition, string account, string role, string session) =>
        new(PrincipalKind.Session, account, role, $"arn:{partition}:sts::{account}:assumed-role/{role}/{session}");

    /// <summary>From an ARN that the emulator wrote down itself: by its fields, each in its own place.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static Principal Parse(string arn)
    {
        if (Aws.Arn.TryParse(arn) is not { } parsed)
        {
            return arn.Length == 0 ? Nobody
                : arn.StartsWith("arn:", StringComparison.Ordinal) ? throw NotOne(arn)
                : Service(arn);
        }

        return (parsed.Service, parsed.Resource.Split('/')) switch
        {
            ("iam", ["root"]) => Root(parsed.PartitionName, parsed.Account),
            ("iam", ["user", .., var name]) => User(parsed.Account, name, arn),
            ("sts", ["assumed-role", var role, var session]) => Session(parsed.PartitionName, parsed.Account, role, session),
            _ => throw NotOne(arn),
        };
    }

    private static FormatException NotOne(string arn) => new($"'{arn}' is not the ARN of a principal.");
}
