using System.CommandLine;
using Disa.Cli.Deploy;

namespace Disa.Cli.Commands;

/// <summary><c>disa diff</c>: what a deploy would change; exit code 1 if something would.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var command = new Command("diff", "Show what `disa deploy` would change; exit code 1 if anything would")
        {
            DeployOptions.Env,
            DeployOptions.Email,
            DeployOptions.Table,
            DeployOptions.RoleArn,
            DeployOptions.PermissionsBoundary,
            DeployOptions.Param,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var json = parsed.GetValue(CommonOptions.Json);
        if (!json)
        {
            (await TargetIdentity.Of(session, cancellation).ConfigureAwait(false)).Say();
        }

        var plan = await Terminal
            .Progress(
                "Comparing",
                say =>
                    new Deployer(session, Artefacts.Find(), parsed.GetValue(CommonOptions.Stack)!, new DeployListener { Say = say })
                    {
                        Table = parsed.GetValue(DeployOptions.Table),
                        RoleArn = DeployOptions.Role(parsed),
                    }.Plan(DeployOptions.Parameters(parsed), cancellation)
            )
            .ConfigureAwait(false);
        if (json)
        {
            Terminal.Json(plan, CliJson.Readable.StackPlan);
        }
        else if (plan.Changes.Count == 0)
        {
            Terminal.Out.Line($"{plan.StackName}: nothing would change.");
        }
        else
        {
            PlanView.Show(plan, Terminal.Out);
        }

        return plan.Changes.Count == 0 ? DisaCommand.Done : DisaCommand.DidNotHappen;
    }
}
