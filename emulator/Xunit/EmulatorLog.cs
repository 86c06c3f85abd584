using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Xunit;

/// <summary>The last lines of an emulator's log.</summary>
internal sealed class EmulatorLog : ILoggerFactory
{
    private const int Most = 2000;

    private readonly ConcurrentQueue<(long Number, string Line)> lines = new();
    private long count;

    /// <summary>How many lines there were until now.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Those after a number of lines, as far as they are still there.</summary>
    public IEnumerable<string> After(long number) => lines.Where(entry => entry.Number > number).Select(entry => entry.Line);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() => lines.Clear();

    private void Add(string line)
    {
        lines.Enqueue((Interlocked.Increment(ref count), line));
        while (lines.Count > Most)
        {
            lines.TryDequeue(out _);
        }
    }

    private sealed class Logger(EmulatorLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            log.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}"
                )
            );
    }
}
