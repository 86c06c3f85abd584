using System.CommandLine;
using Disa.Cli.Deploy;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa destroy --json</c> prints.</summary>
internal sealed record DestroyReport(
    TargetIdentity Where,
    string StackName,
    bool DeletedData,
    IReadOnlyList<string> Kept,
    IReadOnlyList<string> Later
);

/// <summary><c>disa destroy</c>: takes a deployment off again; keeps the tables unless told otherwise.</summary>
internal static class DestroyCommand
{
    private static readonly Option<bool> DeleteData = new("--delete-data")
    {
        Description = "Delete the tables too, and with --bootstrap the key",
    };
    private static readonly Option<bool> Bootstrap = new("--bootstrap")
    {
        Description = "Empty and delete the bucket too, and the bootstrap stack",
    };

    private static readonly Option<bool> RemoveIndex = new("--remove-index")
    {
        Description = "Remove Disa's indexes from an attached table of your own; the table itself is always kept",
    };

    public static Command Create()
    {
        var command = new Command(
            "destroy",
            "Remove Disa from an AWS account: shows what is deleted and what is kept, and asks; tables are kept unless you pass --delete-data"
        )
        {
            DeleteData,
            Bootstrap,
            RemoveIndex,
            DeployOptions.RoleArn,
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
        var (deleteData, withBootstrap, removeIndex) = (
            parsed.GetValue(DeleteData),
            parsed.GetValue(Bootstrap),
            parsed.GetValue(RemoveIndex)
        );
        if (!yes && !Terminal.CanAsk)
        {
            throw new UsageException("not a terminal, and nothing is deleted without a confirmation; pass --yes.");
        }

        var role = DeployOptions.Role(parsed);
        using var session = new AwsSession(Target.From(parsed));
        var where = await TargetIdentity.Of(session, cancellation).ConfigureAwait(false);
        var destroyer = new Destroyer(session, stackName, DeployView.Listener(!yes, json, cancellation)) { RoleArn = role };
        var plan = await Terminal.Progress("Looking at what is there", _ => destroyer.Look(cancellation)).ConfigureAwait(false);
        if (plan.Stack is null && (plan.Bootstrap is null || !withBootstrap) && (plan.KeptBefore.Count == 0 || !deleteData))
        {
            throw new FailureException(
                $"there is no stack '{stackName}' at {session.Target.Describe()}{(plan.Bootstrap is null ? "" : "; --bootstrap removes what its bootstrap stack has")}."
            );
        }

        if (!json)
        {
            where.Say();
            Show(plan, deleteData, withBootstrap, removeIndex);
        }

        if (
            !yes
            && await Terminal.Prompt($"Type the stack's name ([bold]{stackName}[/]) to continue:", cancellation).ConfigureAwait(false)
                != stackName
        )
        {
            Terminal.Remark($"The name does not match: nothing was deleted.");
            return DisaCommand.DidNotHappen;
        }

        var done = await destroyer.Run(plan, deleteData, withBootstrap, removeIndex, cancellation).ConfigureAwait(false);
        Print(new DestroyReport(where, stackName, deleteData, done.Kept, done.Later), json);
        return DisaCommand.Done;
    }

    private static void Show(DeletionPlan plan, bool deleteData, bool withBootstrap, bool removeIndex)
    {
        var tree = new Branch($"[bold red]This goes[/]");
        foreach (var resource in plan.Resources.Where(resource => deleteData || resource.Type != DeletionPlan.TableType))
        {
            tree.Add($"[red]- {resource.LogicalId}[/] [grey]{resource.Type}[/] {resource.PhysicalId}");
        }

        foreach (var table in deleteData ? plan.KeptBefore : [])
        {
            tree.Add($"[red]- {table}[/] [grey]a table that an earlier destroy kept[/]");
        }

        if (plan.Attached is { } attached && removeIndex)
        {
            tree.Add($"[red]- {Disa.Contract.SendAttributes.DueIndex}[/] [grey]Disa's index on {attached}[/]");
        }

        if (withBootstrap)
        {
            tree.Add($"[red]- {plan.Bucket}[/] [grey]the bucket, with all versions[/]");
        }

        if (withBootstrap && deleteData)
        {
            tree.Add($"[red]- {plan.KeyArn}[/] [grey]the key, after its waiting period[/]");
        }

        Terminal.Error.Write(tree);
        if (plan.Attached is { } yours)
        {
            Terminal.Remark($"[green]Always kept:[/] your table {yours}, with all its items and its stream");
        }

        if (!deleteData)
        {
            Terminal.Remark(
                $"[green]Kept:[/] {string.Join(", ", plan.Tables.Select(table => table.PhysicalId).Concat(plan.KeptBefore).Append("the key"))}"
            );
        }
    }

    private static void Print(DestroyReport report, bool json)
    {
        if (json)
        {
            Terminal.Json(report, CliJson.Readable.DestroyReport);
            return;
        }

        Terminal.Out.Line($"{report.StackName} was deleted.{(report.Kept.Count > 0 ? " Kept:" : "")}");
        foreach (var kept in report.Kept)
        {
            Terminal.Out.Line($"  {kept}");
        }

        if (report.Later.Count > 0)
        {
            Terminal.Out.Line($"To remove it later:");
            foreach (var command in report.Later)
            {
                Terminal.Out.Line($"  {command}");
            }
        }
    }
}
