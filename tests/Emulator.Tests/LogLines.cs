using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Tests;

/// <summary>What the emulator logged, to look at or to wait for.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    public ConcurrentQueue<string> All { get; } = new();

    /// <summary>The next line with a text in it.</summary>
    public async Task<string> Next(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var line in lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("No more lines.");
    }

    public void AddProvider(ILoggerProvider provider) { }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var line = formatter(state, exception);
        All.Enqueue(line);
        lines.Writer.TryWrite(line);
    }
}
