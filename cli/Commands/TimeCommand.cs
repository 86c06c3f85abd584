using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa time</c>: moves the emulator's clock forward.</summary>
internal static class TimeCommand
{
    private static readonly Argument<string> Span = new("SPAN") { Description = "How far to move: +90s, +15m, +1h, +2d" };

    public static Command Create()
    {
        var command = new Command("time", "Move the emulator's clock forward; everything that becomes due on the way happens") { Span };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var span = Duration.Parse(parsed.GetValue(Span)!);
        using var session = new AwsSession(Target.From(parsed));
        var health = await Terminal
            .Progress($"Moving the clock by {span}", _ => session.Emulator.Advance(span, cancellation))
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(health, CliJson.Readable.Health);
        }
        else
        {
            Terminal.Out.Line($"The emulator's clock shows {health.Now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
        }

        return DisaCommand.Done;
    }
}
