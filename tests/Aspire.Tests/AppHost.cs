using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Disa.AspireTests;

/// <summary>An app host without its orchestrator: the resource is told to start as the orchestrator tells it.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    private readonly IDistributedApplicationBuilder builder;
    private readonly DistributedApplication application;

    public AppHost(Action<IDistributedApplicationBuilder> compose, params string[] arguments)
    {
        builder = DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions
            {
                Args = arguments,
                ProjectDirectory = AppContext.BaseDirectory,
                DisableDashboard = true,
            }
        );
        compose(builder);
        application = builder.Build();
    }

    public IServiceProvider Services => application.Services;

    public ResourceNotificationService Notifications => application.ResourceNotifications;

    public T Resource<T>(string name)
        where T : IResource => builder.Resources.OfType<T>().Single(resource => resource.Name == name);

    /// <summary>Completes once the resource has started, or has failed to.</summary>
    public async Task Start(string name)
    {
        var resource = Resource<DisaResource>(name);
        await builder.Eventing.PublishAsync(
            new InitializeResourceEvent(
                resource,
                builder.Eventing,
                Services.GetRequiredService<ResourceLoggerService>(),
                Notifications,
                Services
            )
        );
    }

    public CustomResourceSnapshot State(string name) =>
        Notifications.TryGetCurrentState(name, out var current) ? current.Snapshot : throw new InvalidOperationException(name);

    /// <summary>What a program would find in its environment.</summary>
    public async Task<Dictionary<string, string>> Environment(string name)
    {
        var execution = Services.GetRequiredService<DistributedApplicationExecutionContext>();
        var configuration = await ExecutionConfigurationBuilder
            .Create(Resource<IResource>(name))
            .WithEnvironmentVariablesConfig()
            .BuildAsync(execution);
        return configuration.Exception is not { } failure
            ? configuration.EnvironmentVariables.ToDictionary(pair => pair.Key, pair => pair.Value)
            : throw failure;
    }

    /// <summary>As the host does once all its services have stopped.</summary>
    public Task Stop() => Services.GetRequiredService<DisaLifetime>().StoppedAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
