using System.CommandLine;
using System.Runtime.InteropServices;
using Amazon.Runtime;
using Disa.Cli.Commands;

namespace Disa.Cli;

/// <summary>The command <c>disa</c>: what every command shares, and how it ends.</summary>
/// <remarks>Exit codes: 0 done; 1 it did not happen; 2 a wrong argument, or an endpoint that does not answer.</remarks>
internal static class DisaCommand
{
    public const int Done = 0;
    public const int DidNotHappen = 1;
    public const int Misused = 2;

    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("Disa: put an item in a table. Its message reaches the topic, or the item says why not, and Disa keeps trying until it does.");
        foreach (var option in CommonOptions.All)
        {
            root.Options.Add(option);
        }

        foreach (var command in (Command[])
            [
                UpCommand.Create(), ConsoleCommand.Create(), DemoCommand.Create(), SendCommand.Create(), MessagesCommand.Create(), ShowCommand.Create(), InboxCommand.Create(),
                BreakCommand.Create(), MendCommand.Create(), RetryCommand.Create(), AuditCommand.Create(), ExplainCommand.Create(), RedriveCommand.Create(), CancelCommand.Create(), TimeCommand.Create(),
                CostCommand.Create(), PackageCommand.Create(), CheckCommand.Create(), DeployCommand.Create(), DiffCommand.Create(), StatusCommand.Create(), DestroyCommand.Create(),
            ])
        {
            root.Subcommands.Add(command);
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            var words = parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            await Console.Error.WriteLineAsync($"disa: {string.Join(' ', words)} (disa --help shows how)").ConfigureAwait(false);
            return Misused;
        }

        // Whoever asks to stop is heard from the first moment to the last, and is waited for: functions' processes have to end. Who asks twice does not want to wait.
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stopping.Token).ConfigureAwait(false);

        void Stop(PosixSignalContext signal)
        {
            if (!stopping.IsCancellationRequested)
            {
                signal.Cancel = true;
                _ = stopping.CancelAsync();
            }
        }
    }

    /// <summary>Runs a command's work, and turns what goes wrong into one sentence and an exit code.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await work(parsed, cancellation).ConfigureAwait(false);
            }
            catch (MisuseException misuse)
            {
                return await Say(misuse.Message, Misused).ConfigureAwait(false);
            }
            catch (FailureException failure)
            {
                return await Say(failure.Message, DidNotHappen).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return await Say("stopped.", DidNotHappen).ConfigureAwait(false);
            }
            catch (AmazonServiceException refused) when (refused.StatusCode != 0)
            {
                return await Say($"{refused.ErrorCode}: {refused.Message}", DidNotHappen).ConfigureAwait(false);
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or AmazonServiceException or AmazonClientException or TimeoutException)
            {
                var where = Target.From(parsed).Describe();
                return await Say($"{where} does not answer ({Innermost(unreachable)}). Start the emulator with `disa up`, or name another endpoint with --endpoint-url or AWS_ENDPOINT_URL.", Misused)
                    .ConfigureAwait(false);
            }
        });

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message.TrimEnd('.');
    }

    private static async Task<int> Say(string sentence, int exitCode)
    {
        await Console.Error.WriteLineAsync($"disa: {sentence}").ConfigureAwait(false);
        return exitCode;
    }
}
