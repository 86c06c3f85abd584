using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Disa.Cli;
using Disa.Cli.Deploy;
using Disa.Emulator;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Starts an AWS and deploys to it, and says how far it is.</summary>
internal sealed partial class DisaStart(DisaResource resource, InitializeResourceEvent started)
{
    private readonly EmulatorConsole console = new();

    private readonly ILogger log = started.Logger;

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails is the resource's state, not the end of the app host.")]
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            await started
                .Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, started.Services), cancellation)
                .ConfigureAwait(false);
            await Publish(state => state with { State = KnownResourceStates.Starting }).ConfigureAwait(false);
            var aws = await Start(cancellation).ConfigureAwait(false);
            var outputs = await Deploy(aws, cancellation).ConfigureAwait(false);
            resource.Deployed.TrySetResult(outputs);
            await Publish(state => state with { State = KnownResourceStates.Running, StartTimeStamp = aws.Time.Now.UtcDateTime })
                .ConfigureAwait(false);
            LogReady(resource.Name);
        }
        catch (Exception failure)
        {
            resource.Deployed.TrySetException(new DistributedApplicationException($"{resource.Name}: {failure.Message}", failure));
            _ = resource.Deployed.Task.Exception; // Observed here: where nobody waits for it, it would go unobserved.
            LogFailed(resource.Name, failure);
            await Publish(state => state with { State = KnownResourceStates.FailedToStart }).ConfigureAwait(false);
        }
    }

    private async Task<LocalAws> Start(CancellationToken cancellation)
    {
        var endpoint = resource.Annotations.OfType<EndpointAnnotation>().Single(one => one.Name == DisaResource.EndpointName);
        var aws = await LocalAws
            .StartAsync(
                resource.Options with
                {
                    Port = endpoint.Port ?? resource.Options.Port,
                    Loggers = new ResourceLog(log),
                    Pages = console.Answer,
                },
                cancellation
            )
            .ConfigureAwait(false);
        resource.Started(aws);
        var address = await aws.ListenAsync().ConfigureAwait(false);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, address.Host, address.Port);
        await started
            .Eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, started.Services), cancellation)
            .ConfigureAwait(false);
        var session = new AwsSession(Target.Emulator(address, aws.Region));
        resource.ConsoleSession = session;
        console.Serve(session, resource.Dispatcher?.StackName ?? "disa", aws.Tell);
        await Publish(state => state with { Urls = Links(address) }).ConfigureAwait(false);
        LogListens(resource.Name, address);
        return aws;
    }

    /// <summary>The console is about the dispatcher: without it there is nothing to show.</summary>
    private ImmutableArray<UrlSnapshot> Links(Uri address)
    {
        UrlSnapshot Link(string name, string path, string text, int order) =>
            new(name, address.GetLeftPart(UriPartial.Authority) + path, IsInternal: false) { DisplayProperties = new(text, order) };
        return resource.Dispatcher is null
            ? [Link(DisaResource.EndpointName, "", "", 1)]
            :
            [
                Link("console", EmulatorConsole.Path, "Console", 3),
                Link("inbox", EmulatorConsole.Path + "inbox", "Inbox", 2),
                Link(DisaResource.EndpointName, "", "", 1),
            ];
    }

    private async Task<StackOutputs> Deploy(LocalAws aws, CancellationToken cancellation)
    {
        var outputs = new StackOutputs();
        foreach (var stack in resource.Stacks)
        {
            var parameters = await StackDeployment.Resolve(stack.Parameters, cancellation).ConfigureAwait(false);
            LogDeploys(stack.Template);
            var deployed = await aws.DeployAsync(stack.Template, parameters, stack.StackName, cancellation).ConfigureAwait(false);
            outputs.Add(deployed.Name, stack.ConfigSection, deployed.Outputs);
        }

        if (resource.Dispatcher is { } dispatcher)
        {
            outputs.Add(
                dispatcher.StackName,
                DispatcherDeployment.ConfigSection,
                await Deploy(dispatcher, aws, cancellation).ConfigureAwait(false)
            );
        }

        return outputs;
    }

    private async Task<IReadOnlyDictionary<string, string>> Deploy(
        DispatcherDeployment dispatcher,
        LocalAws aws,
        CancellationToken cancellation
    )
    {
        using var session = new AwsSession(Target.Emulator(aws.Endpoint!, aws.Region));
        var parameters = await StackDeployment.Resolve(dispatcher.Parameters, cancellation).ConfigureAwait(false);
        parameters["NotificationEmail"] = dispatcher.Email;
        var deployer = new Deployer(session, Artefacts.Find(), dispatcher.StackName, new DeployListener { Say = LogDeploying });
        var deployment = (await deployer.Deploy(parameters, cancellation).ConfigureAwait(false))!;
        await Subscription.Confirm(session, deployment, dispatcher.Email, cancellation).ConfigureAwait(false);
        return deployment.Outputs;
    }

    private Task Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        started.Notifications.PublishUpdateAsync(resource, change);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} listens at {Address}")]
    private partial void LogListens(string name, Uri address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deploying {Template}")]
    private partial void LogDeploys(string template);

    [LoggerMessage(Level = LogLevel.Information, Message = "{What}")]
    private partial void LogDeploying(string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} is ready")]
    private partial void LogReady(string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name} failed to start")]
    private partial void LogFailed(string name, Exception failure);
}
