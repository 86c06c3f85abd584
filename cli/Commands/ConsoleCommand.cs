using System.CommandLine;
using System.Net;
using Disa.Emulator.Http;
using Disa.WebConsole;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa console --json</c> prints once it answers.</summary>
internal sealed record ConsoleReport(Uri Url);

/// <summary><c>disa console</c>: the pages of <c>disa up</c> for whatever the command's options name, an account on AWS too.</summary>
internal static class ConsoleCommand
{
    /// <summary>AWS tells nobody of changes: open pages look again this often.</summary>
    private static readonly TimeSpan LooksAgain = TimeSpan.FromSeconds(5);

    private static readonly Option<int> Port = new("--port")
    {
        Description = "The port to listen on, on this machine only; 0 selects a free one",
        DefaultValueFactory = _ => 0,
    };

    public static Command Create()
    {
        Port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var port) && port is < 0 or > 65535)
            {
                result.AddError($"'{result.Tokens[0].Value}' is not a valid port: ports are 0 to 65535.");
            }
        });
        var command = new Command(
            "console",
            "Serve the web console for an AWS account or another endpoint until Ctrl-C; `up` serves its own"
        )
        {
            Port,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var site = new ConsoleSite(session, deployment.StackName, new PolledChanges(LooksAgain), isLocked: true);
        await using var server = await Listen(parsed.GetValue(Port), site, cancellation).ConfigureAwait(false);
        var url = new Uri($"http://{server.Address}{site.Link}");
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(new ConsoleReport(url), CliJson.Readable.ConsoleReport);
        }
        else
        {
            Terminal.Out.Line(
                $"The console of the stack [bold]{deployment.StackName}[/] at {session.Target.Describe()}: [bold]{url.ToString()}[/]"
            );
            Terminal.Out.Line($"Anyone with this link can do what these credentials allow. Press Ctrl-C to stop.");
        }

        var stopped = new TaskCompletionSource();
        await using (cancellation.Register(stopped.SetResult).ConfigureAwait(false))
        {
            await stopped.Task.ConfigureAwait(false);
        }

        return DisaCommand.Done;
    }

    private static async Task<HttpServer> Listen(int port, ConsoleSite site, CancellationToken cancellation)
    {
        try
        {
            return await HttpServer
                .Start(new IPEndPoint(IPAddress.Loopback, port), site.Handle, NullLoggerFactory.Instance, cancellation)
                .ConfigureAwait(false);
        }
        catch (IOException taken) when (taken.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"port {port} is taken; choose another one with --port (0 selects a free one).");
        }
    }
}
