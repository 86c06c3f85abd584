using System.CommandLine;
using Disa.Cli.Deploy;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa deploy --json</c> prints.</summary>
/// <param name="Changed">False where all was as it should be.</param>
internal sealed record DeployReport(
    TargetIdentity Where,
    string StackName,
    bool Changed,
    StackPlan? Plan,
    IReadOnlyDictionary<string, string> Outputs
);

/// <summary><c>disa deploy</c>: check, bootstrap stack, upload, change set, confirmation, the stack's events, outputs.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var command = new Command(
            "deploy",
            "Deploy Disa to an AWS account, or update it: shows the changes, asks, and waits until the stack is finished"
        )
        {
            DeployOptions.Env,
            DeployOptions.Email,
            DeployOptions.Table,
            DeployOptions.RoleArn,
            DeployOptions.PermissionsBoundary,
            DeployOptions.Param,
            DeployOptions.Yes,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (yes, json, stackName) = (
            parsed.GetValue(DeployOptions.Yes),
            parsed.GetValue(CommonOptions.Json),
            parsed.GetValue(CommonOptions.Stack)!
        );
        if (!yes && !Terminal.CanAsk)
        {
            throw new UsageException(
                $"not a terminal, and nothing is changed without a confirmation; pass --yes, or see what would change with `{Terminal.Command} diff`."
            );
        }

        var (parameters, role) = (DeployOptions.Parameters(parsed), DeployOptions.Role(parsed));
        await Check(parameters, cancellation).ConfigureAwait(false);
        using var session = new AwsSession(Target.From(parsed));
        var where = await TargetIdentity.Of(session, cancellation).ConfigureAwait(false);
        if (!json)
        {
            where.Say();
        }

        StackPlan? plan = null;
        var listener = DeployView.Listener(!yes, json, cancellation);
        var confirm = listener.Confirm!;
        listener = listener with { Confirm = shown => confirm(plan = shown) };
        try
        {
            var deployer = new Deployer(session, Artefacts.Find(), stackName, listener)
            {
                Table = parsed.GetValue(DeployOptions.Table),
                RoleArn = role,
            };
            var deployment = await deployer.Deploy(parameters, cancellation).ConfigureAwait(false);
            if (deployment is null)
            {
                Terminal.Remark($"Not confirmed: nothing was changed.");
                return DisaCommand.DidNotHappen;
            }

            Print(new DeployReport(where, stackName, plan is not null, plan, deployment.Outputs), parsed);
            return DisaCommand.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new InterruptedException(
                "stopped. CloudFormation continues with its operation; run the same command again to follow it."
            );
        }
    }

    private static async Task Check(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellation)
    {
        var paths = Checks.Texts(Path.Combine(Artefacts.Find().Directory, "cft"));
        var findings = await Checks.Of(paths, parameters, cancellation).ConfigureAwait(false);
        if (findings.Any(finding => !finding.IsWarning))
        {
            foreach (var finding in findings)
            {
                Terminal.Remark(Styled.Of(finding.ToString()));
            }

            throw new FailureException("the check found errors; nothing was deployed.");
        }
    }

    private static void Print(DeployReport report, ParseResult parsed)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(report, CliJson.Readable.DeployReport);
            return;
        }

        var outputs = new Fields();
        foreach (var (name, value) in report.Outputs.OrderBy(output => output.Key, StringComparer.Ordinal))
        {
            outputs.Add(Styled.Of(name), Styled.Of(value));
        }

        Terminal.Out.Write(outputs, title: $"{report.StackName}: {(report.Changed ? "deployed" : "nothing to do")}");
        var flags = Flags(parsed);
        Terminal.Out.Line(
            $"Next: open the link in the confirmation mail, then [bold]{Terminal.Command} send \"Hello\" --wait{flags}[/]; [bold]{Terminal.Command} status{flags}[/] shows which subscriptions are confirmed."
        );
    }

    /// <summary>The options that the next command needs to come to the same place.</summary>
    private static string Flags(ParseResult parsed) =>
        string.Concat(
            ((Option<string?>, string)[])
                [(CommonOptions.Profile, "--profile"), (CommonOptions.Region, "--region"), (CommonOptions.EndpointUrl, "--endpoint-url")]
                is var options
                ? options
                    .Select(option => parsed.GetValue(option.Item1) is { } value ? $" {option.Item2} {value}" : "")
                    .Append(parsed.GetValue(CommonOptions.Stack) is "disa" ? "" : $" --stack {parsed.GetValue(CommonOptions.Stack)}")
                : []
        );
}
