using System.CommandLine;
using Disa.Emulator.Store;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa down --json</c> prints.</summary>
/// <param name="Pid">The process that ended; null where none was up.</param>
internal sealed record DownReport(int? Pid);

/// <summary><c>disa down</c>: ends the <c>disa up</c> that owns a data folder.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var command = new Command("down", "Stop the `disa up` that uses a data directory; its data is kept") { UpOptions.Data };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var directory = Named.Data(parsed);
        var owner = DataFolder.OwnerOf(directory);
        if (owner is not null)
        {
            await Terminal
                .Progress(
                    $"Waiting for process {owner.Pid} to end",
                    async _ =>
                    {
                        await Detached.End(owner.Pid, cancellation).ConfigureAwait(false);
                        return owner;
                    }
                )
                .ConfigureAwait(false);
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(new DownReport(owner?.Pid), CliJson.Readable.DownReport);
        }
        else
        {
            Terminal.Out.Line(owner is null ? (Styled)$"Nothing is up on {directory}." : (Styled)$"Process {owner.Pid} has ended.");
        }

        return DisaCommand.Done;
    }
}
