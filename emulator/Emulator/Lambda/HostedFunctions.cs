using System.Collections.Concurrent;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>An invocation, as a handler in the emulator's own process sees it.</summary>
/// <param name="TraceHeader">What <c>_X_AMZN_TRACE_ID</c> is in a process: the caller's trace, or a new one.</param>
/// <param name="Deadline">When its time is over, by real clocks.</param>
/// <param name="Log">Writes a line to the function's log.</param>
internal sealed record HostedInvocation(
    ReadOnlyMemory<byte> Payload,
    string RequestId,
    string FunctionArn,
    string? ClientContext,
    string TraceHeader,
    DateTimeOffset Deadline,
    Action<string> Log
);

/// <summary>Answers an invocation. What it throws is the function's error.</summary>
internal delegate Task<ReadOnlyMemory<byte>> HostedHandler(HostedInvocation invocation, CancellationToken cancellation);

/// <summary>Functions whose code runs in the emulator's own process, by Region and name: their packages are not used.</summary>
internal sealed class HostedFunctions
{
    private readonly ConcurrentDictionary<(Scope Scope, string Name), HostedHandler> handlers = new();

    public void Set(Scope scope, string name, HostedHandler handler) => handlers[(scope, name)] = handler;

    public void Remove(Scope scope, string name) => handlers.TryRemove((scope, name), out _);

    public HostedHandler? Find(Scope scope, string name) => handlers.IsEmpty ? null : handlers.GetValueOrDefault((scope, name));
}
