using Spectre.Console;

namespace Disa.Cli.Deploy;

/// <summary>A deploy as people see it, on standard error: the plan and the question, progress bars, and the stack's events as a tree.</summary>
internal static class DeployView
{
    /// <param name="ask">False where the caller has said yes already.</param>
    public static DeployListener Listener(bool ask, bool quiet, CancellationToken cancellation) => new()
    {
        Say = quiet ? _ => { } : text => Terminal.Remark($"[grey]{Markup.Escape(text)}[/]"),
        Confirm = async plan =>
        {
            if (!quiet)
            {
                PlanView.Show(plan, Terminal.Error);
            }

            return !ask || await Terminal.Ask(plan.IsNew ? "Create all this?" : "Change this?", cancellation).ConfigureAwait(false);
        },
        ConfirmTable = async table =>
        {
            Show(table);
            return !ask || await Terminal.Ask(table.Steps.Count > 0 ? $"Change the table {table.Name} so?" : "Go on?", cancellation).ConfigureAwait(false);
        },
        MayDelete = ask ? question => Terminal.Ask(question, cancellation) : null,
        ShowUpload = quiet || Console.IsErrorRedirected ? null : Bars,
        Step = quiet ? null : Show,
    };

    public static void Show(StackStep step)
    {
        var entry = step.Event;
        var status = entry.ResourceStatus ?? "";
        var color = status.EndsWith("_FAILED", StringComparison.Ordinal) || status.Contains("ROLLBACK", StringComparison.Ordinal) ? "red" : status.EndsWith("_COMPLETE", StringComparison.Ordinal) ? "green" : "grey";
        var reason = entry.ResourceStatusReason is { Length: > 0 } text && color == "red" ? $": {text}" : "";
        Terminal.Remark($"{entry.Timestamp:HH:mm:ss} {new string(' ', 2 * step.Depth)}[{color}]{status}[/] {Markup.Escape(entry.LogicalResourceId ?? "")} [grey]{Markup.Escape(entry.ResourceType ?? "")}[/]{Markup.Escape(reason)}");
    }

    /// <summary>Never silently: in a script too it is said what is done to somebody's table.</summary>
    private static void Show(AttachedTable table)
    {
        if (table.Steps.Count > 0)
        {
            Terminal.Remark($"The table [bold]{Markup.Escape(table.Name)}[/] is yours, and in no stack of Disa's. It is changed so, by itself, and its items are not touched:");
        }

        foreach (var step in table.Steps)
        {
            Terminal.Remark($"  [yellow]~[/] {Markup.Escape(step.What)}");
            Terminal.Remark($"    [grey]{Markup.Escape(step.Command)}[/]");
        }

        if (table.IsCrowded)
        {
            Terminal.Remark($"[yellow bold]Readers:[/] The stream of {Markup.Escape(table.Name)} has {table.Readers.Count} "
                + $"{(table.Readers.Count == 1 ? "reader" : "readers")} already ({Markup.Escape(string.Join(", ", table.Readers))}). "
                + $"AWS advises at most {(table.MostReaders == 1 ? "one of a global table" : "two")}: "
                + "with more, reads are throttled and all of them fall behind.");
        }

        if (table.Unsent > 0)
        {
            Terminal.Remark($"[red bold]Messages already there:[/] {table.Unsent} of the first {table.LookedAt} items have an attribute \"message\" and no sendStatus. Disa will send them.");
        }
    }

    private static async Task<Uploaded> Bars(IReadOnlyList<Artefact> files, Func<Action<Artefact>, Task<Uploaded>> run) =>
        await Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var all = context.AddTask("Artefacts", maxValue: Math.Max(1, files.Sum(file => file.Bytes)));
                return await run(file => all.Increment(file.Bytes)).ConfigureAwait(false);
            }).ConfigureAwait(false);
}
