using System.CommandLine;

namespace Disa.Cli;

/// <summary>Options of the commands that deploy, or say what a deploy would do.</summary>
internal static class DeployOptions
{
    public static readonly Option<string[]> Param = new("--param")
    {
        Description = "A parameter of the root stack: Name=Value; may be given several times",
    };

    public static readonly Option<string?> Env = new("--env")
    {
        Description = "The environment: devl, test or prod (default: unchanged; devl for a new stack)",
    };

    public static readonly Option<string?> Email = new("--email")
    {
        Description = "The e-mail address to subscribe; it gets messages after it has confirmed",
    };

    public static readonly Option<string?> Table = new("--table")
    {
        Description =
            "The ARN of a table of your own to attach Disa to, instead of creating one; its items with an attribute \"message\" are the messages",
    };

    public static readonly Option<string?> RoleArn = new("--role-arn")
    {
        Description = "The ARN of a service role for CloudFormation (default: the role of the last operation, or else the caller's rights)",
    };

    public static readonly Option<string?> PermissionsBoundary = new("--permissions-boundary")
    {
        Description = "The ARN of a managed policy: the permissions boundary of every role that the stack creates",
    };

    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask for confirmation" };

    static DeployOptions() => Env.AcceptOnlyFromAmong("devl", "test", "prod");

    /// <summary>The root stack's parameters as the caller gives them.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(ParseResult parsed)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in parsed.GetValue(Param) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && Deploy.TableAttachment.Names.Contains(pair[..equals]))
            {
                throw new UsageException($"the parameter '{pair[..equals]}' is found by looking at the table: name it with --table.");
            }

            if (equals > 0 && !pair[..equals].All(char.IsAsciiLetterOrDigit))
            {
                throw new UsageException($"'{pair[..equals]}' is not the name of a parameter: it has letters and digits only.");
            }

            if (equals <= 0 || !parameters.TryAdd(pair[..equals], pair[(equals + 1)..]))
            {
                throw new UsageException(
                    equals <= 0
                        ? $"'{pair}' is not a parameter; parameters look like AlarmPeriod=300."
                        : $"the parameter '{pair[..equals]}' is given twice."
                );
            }
        }

        Add("Environment", Of(parsed, Env), "--env");
        Add("NotificationEmail", Of(parsed, Email), "--email");
        Add("PermissionsBoundaryArn", Arn(parsed, PermissionsBoundary, "policy"), "--permissions-boundary");
        return parameters;

        void Add(string name, string? value, string option)
        {
            if (value is not null && !parameters.TryAdd(name, value))
            {
                throw new UsageException($"the parameter '{name}' is given twice, by --param and {option}.");
            }
        }
    }

    /// <summary>The role with whose rights CloudFormation works; null for the caller's, or that of the last time.</summary>
    public static string? Role(ParseResult parsed) => Arn(parsed, RoleArn, "role");

    private static string? Arn(ParseResult parsed, Option<string?> option, string kind) =>
        Of(parsed, option) is not { } text ? null
        : text.Split(':', 6) is ["arn", _, "iam", "", _, var name] && name.StartsWith(kind + "/", StringComparison.Ordinal) ? text
        : throw new UsageException($"'{text}' is not the ARN of a {kind}; it looks like arn:aws:iam::123456789012:{kind}/NAME.");

    /// <summary>Null where the command does not have the option.</summary>
    private static string? Of(ParseResult parsed, Option<string?> option) =>
        parsed.CommandResult.Command.Options.Contains(option) ? parsed.GetValue(option) : null;
}
