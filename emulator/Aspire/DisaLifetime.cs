using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Ends every AWS of the application once all that use it have ended.</summary>
internal sealed class DisaLifetime(DistributedApplicationModel model, ResourceNotificationService notifications)
    : IHostedLifecycleService,
        IAsyncDisposable
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After every service has stopped, the one included that ends the projects.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.OfType<DisaResource>())
        {
            var ran = resource.IsStarted(out _);
            await resource.Stop().ConfigureAwait(false);
            if (ran)
            {
                await notifications
                    .PublishUpdateAsync(resource, state => state with { State = KnownResourceStates.Exited })
                    .ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in model.Resources.OfType<DisaResource>())
        {
            await resource.Stop().ConfigureAwait(false);
        }
    }

    /// <summary>That it is among the hosted services already.</summary>
    internal sealed class Hosted;
}
