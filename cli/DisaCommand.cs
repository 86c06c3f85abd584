using System.CommandLine;
using System.Runtime.InteropServices;
using Disa.Cli.Commands;

namespace Disa.Cli;

/// <summary>The command <c>disa</c>: what every command shares, and how it ends.</summary>
/// <remarks>Exit codes: 0 done; 1 the command failed; 2 a wrong argument, or an endpoint that does not answer; 130 it was stopped.</remarks>
internal static class DisaCommand
{
    public const int Done = 0;
    public const int DidNotHappen = 1;
    public const int UsageError = 2;
    public const int Interrupted = 130;

    /// <summary>Anything but nothing shows where an error came from.</summary>
    private const string Debug = "DISA_DEBUG";

    public static async Task<int> Run(string[] args)
    {
        // Anyone who asks to stop is heard from the first moment to the last, and is waited for: functions' processes have to end. Who asks twice does not want to wait.
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        var root = Root();
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // A text may start with @.
        Terminal.IsJson = parsed.GetValue(CommonOptions.Json);
        if (!CommandHelp.IsAsked(parsed) && CommandLine.WhyNot(parsed) is { } wrong)
        {
            Terminal.Fail("Usage", wrong);
            return UsageError;
        }

        return await parsed
            .InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                stopping.Token
            )
            .ConfigureAwait(false);

        void Stop(PosixSignalContext signal)
        {
            if (!stopping.IsCancellationRequested)
            {
                signal.Cancel = true;
                _ = stopping.CancelAsync();
            }
        }
    }

    /// <summary>The whole command, with all that is below it.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand(
            "Disa: put an item in a table. Its message reaches the topic, or the item says why not, and Disa keeps trying until it does."
        );
        root.Directives.Clear();
        foreach (var option in CommonOptions.All)
        {
            root.Options.Add(option);
        }

        foreach (
            var command in (Command[])
                [
                    UpCommand.Create(),
                    DownCommand.Create(),
                    LogsCommand.Create(),
                    ConsoleCommand.Create(),
                    DemoCommand.Create(),
                    SendCommand.Create(),
                    MessagesCommand.Create(),
                    FailuresCommand.Create(),
                    ShowCommand.Create(),
                    InboxCommand.Create(),
                    BreakCommand.Create(),
                    MendCommand.Create(),
                    RetryCommand.Create(),
                    AuditCommand.Create(),
                    ExplainCommand.Create(),
                    RedriveCommand.Create(),
                    CancelCommand.Create(),
                    EditCommand.Create(),
                    TimeCommand.Create(),
                    CostCommand.Create(),
                    PackageCommand.Create(),
                    CheckCommand.Create(),
                    DeployCommand.Create(),
                    DiffCommand.Create(),
                    StatusCommand.Create(),
                    DestroyCommand.Create(),
                    CompletionCommand.Create(),
                    CompletionCommand.CreateAsked(),
                ]
        )
        {
            root.Subcommands.Add(command);
        }

        CommandLine.LetSwitchesStandAlone(root);
        CommandHelp.Complete(root);
        return root;
    }

    /// <summary>Runs a command's work, and turns what goes wrong into one sentence and an exit code.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The command's boundary: nobody is to read a stack trace who has not asked for one."
    )]
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    Target.CheckEnvironment();
                    return await work(parsed, cancellation).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    var ending = EndingOf(exception, parsed, cancellation);
                    Terminal.Fail(ending.Code, ending.Sentence);
                    if (Environment.GetEnvironmentVariable(Debug) is { Length: > 0 })
                    {
                        Terminal.Details(exception.ToString());
                    }

                    return ending.ExitCode;
                }
            }
        );

    /// <summary>How a command ends in which that went wrong.</summary>
    public static Ending EndingOf(Exception exception, ParseResult parsed, CancellationToken cancellation) =>
        Ending.Of(exception, Where(parsed), cancellation.IsCancellationRequested);

    private static string Where(ParseResult parsed)
    {
        try
        {
            return Target.Describe(
                parsed.GetValue(CommonOptions.Profile),
                parsed.GetValue(CommonOptions.EndpointUrl),
                parsed.GetValue(CommonOptions.Region)
            );
        }
        catch (UsageException)
        {
            return "the endpoint";
        }
    }
}
