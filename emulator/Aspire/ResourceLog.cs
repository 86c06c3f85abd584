using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>The resource's log: each request, and of the rest what is wrong.</summary>
internal sealed class ResourceLog(ILogger log) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => categoryName == "Disa.Gateway" ? log : new Warnings(log);

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }

    private sealed class Warnings(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                log.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
