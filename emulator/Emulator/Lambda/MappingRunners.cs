using System.Collections.Concurrent;
using Disa.Emulator.Sqs;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>One event source mapping at work.</summary>
internal interface IMappingRunner : IAsyncDisposable
{
    Mapping Mapping { get; }

    void Start();
}

/// <summary>Keeps a runner for each enabled mapping: starts, replaces and stops them as mappings change.</summary>
internal sealed class MappingRunners(
    FunctionStore functions,
    MappingStore mappings,
    Invoker invoker,
    StreamAccess streams,
    QueueReader queues,
    Destinations destinations,
    ExecutionRoles roles,
    Faults.FaultPlan faults,
    ILogger logger
) : IAsyncDisposable
{
    private readonly Dictionary<string, IMappingRunner> runners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> results = new(StringComparer.Ordinal);

    public string? LastResult(string mapping) => results.GetValueOrDefault(mapping);

    /// <summary>The worker's step: what runs becomes what is configured.</summary>
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var wanted = mappings.Mappings.All().Where(entry => entry.Value.IsEnabled).ToDictionary(entry => entry.Name, entry => entry.Value);
        foreach (var (id, runner) in runners.ToList())
        {
            if (!wanted.TryGetValue(id, out var mapping) || !ReferenceEquals(mapping, runner.Mapping))
            {
                runners.Remove(id);
                await runner.DisposeAsync().ConfigureAwait(false);
            }
        }

        foreach (var (id, mapping) in wanted.Where(entry => !runners.ContainsKey(entry.Key)))
        {
            cancellation.ThrowIfCancellationRequested();
            IMappingRunner runner = mapping.IsStream
                ? new StreamMapping(
                    mapping,
                    functions.Clock,
                    mappings,
                    invoker,
                    streams,
                    destinations,
                    roles,
                    faults,
                    result => results[id] = result,
                    logger
                )
                : new QueueMapping(mapping, functions.Clock, invoker, queues, roles, logger);
            runners.Add(id, runner);
            runner.Start();
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var runner in runners.Values)
        {
            await runner.DisposeAsync().ConfigureAwait(false);
        }

        runners.Clear();
    }
}
