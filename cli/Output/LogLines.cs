using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Disa.Cli.Output;

/// <summary>The emulator's log on standard error: an entry is a line, and nothing in it is obeyed by a terminal.</summary>
internal sealed class LogLines : ConsoleFormatter
{
    public const string FormatterName = "disa";

    private static readonly bool ShowsDetails = Environment.GetEnvironmentVariable("DISA_DEBUG") is { Length: > 0 };

    public LogLines()
        : base(FormatterName) { }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var level = logEntry.LogLevel switch
        {
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            LogLevel.Critical => "crit",
            LogLevel.Information => "info",
            _ => "dbug",
        };
        var time = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var failure = logEntry.Exception switch
        {
            null => "",
            { } exception when ShowsDetails => $" {exception}",
            { } exception => $" {exception.GetType().Name}: {exception.Message}",
        };
        textWriter.WriteLine(
            $"{time} {level}: {logEntry.Category} {Shown.Line(logEntry.Formatter(logEntry.State, logEntry.Exception) + failure)}"
        );
    }
}
