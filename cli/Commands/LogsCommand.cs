using System.CommandLine;
using System.Text;
using System.Threading.Channels;

namespace Disa.Cli.Commands;

/// <summary><c>disa logs</c>: what a <c>disa up --detach</c> has written.</summary>
internal static class LogsCommand
{
    private static readonly Option<bool> Follow = new("--follow", "-f")
    {
        Description = "Show new lines as they are written, until Ctrl-C",
    };

    public static Command Create()
    {
        var command = new Command("logs", "Show the log of `disa up --detach` since it started") { UpOptions.Data, Follow };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var directory = Named.Data(parsed);
        var path = Detached.LogIn(directory);
        if (!File.Exists(path))
        {
            throw new FailureException($"there is no {path}; `{Terminal.Command} up --detach` writes one.");
        }

        using var log = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
            Encoding.UTF8
        );
        await Write(log, cancellation).ConfigureAwait(false);
        if (!parsed.GetValue(Follow))
        {
            return DisaCommand.Done;
        }

        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = new FileSystemWatcher(directory, Path.GetFileName(path))
        {
            NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        watcher.Changed += (_, _) => changed.Writer.TryWrite(true);
        watcher.EnableRaisingEvents = true;
        await Write(log, cancellation).ConfigureAwait(false);
        await foreach (var _ in changed.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            await Write(log, cancellation).ConfigureAwait(false);
        }

        return DisaCommand.Done;
    }

    private static async Task Write(StreamReader log, CancellationToken cancellation)
    {
        while (await log.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            Terminal.Out.Raw(Shown.Line(line));
        }
    }
}
