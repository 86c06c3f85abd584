namespace Disa.Cli.Deploy;

/// <summary>A deploy as people see it, on standard error: the plan and the question, progress bars, and the stack's events as a tree.</summary>
internal static class DeployView
{
    /// <param name="ask">False where the caller has said yes already.</param>
    public static DeployListener Listener(bool ask, bool quiet, CancellationToken cancellation) =>
        new()
        {
            Say = quiet ? _ => { } : text => Terminal.Remark($"[grey]{text}[/]"),
            Confirm = async plan =>
            {
                if (!quiet)
                {
                    PlanView.Show(plan, Terminal.Error);
                }

                return !ask
                    || await Terminal
                        .Ask(plan.IsNew ? (Styled)$"Create all this?" : (Styled)$"Change this?", cancellation)
                        .ConfigureAwait(false);
            },
            ConfirmTable = async table =>
            {
                Show(table);
                return !ask
                    || await Terminal
                        .Ask(
                            table.Steps.Count > 0 ? (Styled)$"Make these changes to the table {table.Name}?" : (Styled)$"Go on?",
                            cancellation
                        )
                        .ConfigureAwait(false);
            },
            MayDelete = ask ? question => Terminal.Ask(Styled.Of(question), cancellation) : null,
            ShowUpload = quiet ? null : Bars,
            Step = quiet ? null : Show,
        };

    public static void Show(StackStep step)
    {
        var entry = step.Event;
        var status = entry.ResourceStatus ?? "";
        var color =
            status.EndsWith("_FAILED", StringComparison.Ordinal) || status.Contains("ROLLBACK", StringComparison.Ordinal) ? "red"
            : status.EndsWith("_COMPLETE", StringComparison.Ordinal) ? "green"
            : "grey";
        var reason = entry.ResourceStatusReason is { Length: > 0 } text && color == "red" ? $": {text}" : "";
        Terminal.Remark(
            $"{entry.Timestamp:HH:mm:ss} {new string(' ', 2 * step.Depth)}[{color}]{status}[/] {entry.LogicalResourceId} [grey]{entry.ResourceType}[/]{reason}"
        );
    }

    /// <summary>Never silently: in a script too it is said what is done to someone's table.</summary>
    private static void Show(AttachedTable table)
    {
        if (table.Steps.Count > 0)
        {
            Terminal.Remark(
                $"The table [bold]{table.Name}[/] is yours, and in no stack of Disa's. These changes are made directly, and its items are not touched:"
            );
        }

        foreach (var step in table.Steps)
        {
            Terminal.Remark($"  [yellow]~[/] {step.What}");
            Terminal.Remark($"    [grey]{step.Command}[/]");
        }

        if (table.IsCrowded)
        {
            Terminal.Remark(
                $"[yellow bold]Readers:[/] The stream of {table.Name} has {table.Readers.Count} "
                    + $"{(table.Readers.Count == 1 ? "reader" : "readers")} already ({string.Join(", ", table.Readers)}). "
                    + $"AWS advises at most {(table.MostReaders == 1 ? "one of a global table" : "two")}: "
                    + $"with more, reads are throttled and all of them fall behind."
            );
        }

        if (table.Unsent > 0)
        {
            Terminal.Remark(
                $"[red bold]Messages already there:[/] {table.Unsent} of the first {table.LookedAt} items have an attribute \"message\" and no sendStatus. Disa will send them."
            );
        }
    }

    private static Task<Uploaded> Bars(IReadOnlyList<Artefact> files, Func<Action<Artefact>, Task<Uploaded>> run) =>
        Terminal.Bar("Uploading artefacts", files.Sum(file => file.Bytes), step => run(file => step(file.Bytes)));
}
