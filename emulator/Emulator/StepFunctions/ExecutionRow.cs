namespace Disa.Emulator.StepFunctions;

/// <summary>An execution's row.</summary>
internal sealed record ExecutionRow
{
    public const string Running = "RUNNING";

    public long Id { get; init; }

    public required string Arn { get; init; }

    /// <summary>The state machine's ARN.</summary>
    public required string Machine { get; init; }

    public required string Name { get; init; }

    public required string Revision { get; init; }

    /// <summary>The ARN of the version that it began with.</summary>
    public string? Version { get; init; }

    /// <summary>The ARN of the alias that chose the version.</summary>
    public string? Alias { get; init; }

    public string Status { get; init; } = Running;

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Stopped { get; init; }

    public required string Input { get; init; }

    public string? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public string? TraceHeader { get; init; }

    /// <summary>Of a child execution: the Map run that it belongs to.</summary>
    public string? MapRun { get; init; }

    /// <summary>Of a child execution: how many items it has.</summary>
    public int? Items { get; init; }

    public int Redrives { get; init; }

    public DateTimeOffset? Redriven { get; init; }
}

/// <summary>Which executions a list is to have.</summary>
/// <param name="Status">Null for every one.</param>
/// <param name="IsRedriven">Null whether it was redriven or not.</param>
internal sealed record ExecutionFilter(string? Status, bool? IsRedriven);
