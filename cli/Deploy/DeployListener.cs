namespace Disa.Cli.Deploy;

/// <summary>Whom a deploy tells what it does, and asks whether it may; all of it may be left out.</summary>
internal sealed record DeployListener
{
    /// <summary>Hears what is in progress.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Sees the plan and decides; without it every plan is taken.</summary>
    public Func<StackPlan, Task<bool>>? Confirm { get; init; }

    /// <summary>Sees what the user's own table lacks and decides whether that may be added; without it it is.</summary>
    public Func<AttachedTable, Task<bool>>? ConfirmTable { get; init; }

    /// <summary>Decides whether the remains of a failed creation are deleted first; without it they are.</summary>
    public Func<string, Task<bool>>? MayDelete { get; init; }

    /// <summary>Runs an upload and shows how far it is: gets the files, and work that reports each one that is done.</summary>
    public Func<IReadOnlyList<Artefact>, Func<Action<Artefact>, Task<Uploaded>>, Task<Uploaded>>? ShowUpload { get; init; }

    /// <summary>Hears each event of a stack.</summary>
    public Action<StackStep>? Step { get; init; }
}
