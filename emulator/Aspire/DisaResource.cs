using System.Diagnostics.CodeAnalysis;
using Disa.Emulator;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An AWS in the app host's own process.</summary>
/// <param name="name">The resource's name.</param>
public sealed class DisaResource(string name) : Resource(name), IResourceWithEndpoints, IResourceWithWaitSupport
{
    internal const string EndpointName = "http";

    private EndpointReference? endpoint;
    private LocalAws? aws;

    /// <summary>Where it answers.</summary>
    public EndpointReference Endpoint => endpoint ??= new EndpointReference(this, EndpointName);

    /// <summary>
    /// The emulator itself: its clock, faults, mailbox, logs. For tests, which have the app host in their own process, and for what is to be
    /// done once it has started.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public LocalAws Aws => aws ?? throw new InvalidOperationException($"The resource {Name} has not started yet.");

    internal LocalAwsOptions Options { get; set; } = new();

    internal List<StackDeployment> Stacks { get; } = [];

    internal DispatcherDeployment? Dispatcher { get; set; }

    /// <summary>Once all is deployed: the outputs, or why it failed.</summary>
    internal TaskCompletionSource<StackOutputs> Deployed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the console reads through.</summary>
    internal IDisposable? ConsoleSession { get; set; }

    internal bool IsStarted([NotNullWhen(true)] out LocalAws? running) => (running = aws) is not null;

    internal void Started(LocalAws running) => aws = running;

    internal async ValueTask Stop()
    {
        if (Interlocked.Exchange(ref aws, null) is { } running)
        {
            ConsoleSession?.Dispose();
            await running.DisposeAsync().ConfigureAwait(false);
        }
    }
}
