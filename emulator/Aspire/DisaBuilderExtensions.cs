using Aspire.Hosting.ApplicationModel;
using Disa.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds an AWS to an app host.</summary>
public static class DisaBuilderExtensions
{
    private const string Outputs = "AWS:Resources";

    /// <summary>Adds an AWS that runs in the app host's own process and ends with it. It is not part of a published application.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">The port on the loopback address; null takes a free one.</param>
    /// <remarks>It is healthy once everything is deployed: let projects <c>WaitFor</c> it.</remarks>
    public static IResourceBuilder<DisaResource> AddDisa(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var resource = new DisaResource(name);
        var check = name + "_check";
        builder.Services.AddHealthChecks().Add(new(check, _ => new DisaHealthCheck(resource), HealthStatus.Unhealthy, tags: null));
        builder.Services.TryAddSingleton<DisaLifetime>();
        if (!builder.Services.Any(service => service.ServiceType == typeof(DisaLifetime.Hosted)))
        {
            builder.Services.AddSingleton<DisaLifetime.Hosted>();
            builder.Services.AddHostedService(services => services.GetRequiredService<DisaLifetime>());
        }

        return builder
            .AddResource(resource)
            .WithEndpoint(
                DisaResource.EndpointName,
                endpoint =>
                {
                    endpoint.UriScheme = "http";
                    endpoint.Transport = "http";
                    endpoint.Port = port;
                    endpoint.IsProxied = false;
                }
            )
            .WithInitialState(
                new CustomResourceSnapshot
                {
                    ResourceType = "AWS",
                    Properties = [new("Emulator", "Disa")],
                    State = KnownResourceStates.NotStarted,
                }
            )
            .WithIconName("Cloud")
            .WithHealthCheck(check)
            .ExcludeFromManifest()
            .OnInitializeResource((disa, started, cancellation) => new DisaStart(disa, started).Run(cancellation));
    }

    /// <summary>Keeps everything in a folder: the next start goes on from there. Without it nothing is kept.</summary>
    /// <param name="builder">The AWS.</param>
    /// <param name="path">The folder, from the app host's directory; null takes <c>.disa</c>.</param>
    public static IResourceBuilder<DisaResource> WithDataFolder(this IResourceBuilder<DisaResource> builder, string? path = null) =>
        builder.WithOptions(options => options with { DataDirectory = FullPath(builder, path ?? ".disa") });

    /// <summary>Lets the AWS start otherwise: in another Region, without IAM, at once active.</summary>
    /// <param name="builder">The AWS.</param>
    /// <param name="configure">Gets the options as they are, and answers those that are wanted.</param>
    public static IResourceBuilder<DisaResource> WithOptions(
        this IResourceBuilder<DisaResource> builder,
        Func<LocalAwsOptions, LocalAwsOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Resource.Options = configure(builder.Resource.Options);
        return builder;
    }

    /// <summary>Deploys a CloudFormation or SAM template, in the order in which templates are added.</summary>
    /// <param name="builder">The AWS.</param>
    /// <param name="template">The template's path, from the app host's directory: YAML or JSON.</param>
    /// <param name="parameters">
    /// The template's parameters: an object whose properties they are (<c>new { Stage = "test" }</c>), or a dictionary. A value may be a
    /// parameter, an endpoint or an output of the application.
    /// </param>
    /// <param name="stackName">The stack's name; null takes that of the file.</param>
    /// <param name="configSection">The section of a project's configuration that the outputs go to.</param>
    public static IResourceBuilder<DisaResource> WithStack(
        this IResourceBuilder<DisaResource> builder,
        string template,
        object? parameters = null,
        string? stackName = null,
        string configSection = Outputs
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(template);
        ArgumentException.ThrowIfNullOrEmpty(configSection);
        builder.Resource.Stacks.Add(
            new StackDeployment(FullPath(builder, template), stackName, StackDeployment.ParametersOf(parameters), configSection)
        );
        return builder;
    }

    /// <summary>Deploys Disa's dispatcher: its outputs go to the configuration's section <c>Disa</c> (<c>Disa:TableName</c> and so on).</summary>
    /// <param name="builder">The AWS.</param>
    /// <param name="email">The subscriber, whose mails are in the inbox; empty for none.</param>
    /// <param name="parameters">Parameters of the root stack, as <see cref="WithStack"/> takes them.</param>
    /// <param name="stackName">The root stack's name.</param>
    public static IResourceBuilder<DisaResource> WithDispatcher(
        this IResourceBuilder<DisaResource> builder,
        string email = "disa@example.com",
        object? parameters = null,
        string stackName = "disa"
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(email);
        ArgumentException.ThrowIfNullOrEmpty(stackName);
        builder.Resource.Dispatcher = new DispatcherDeployment(email, stackName, StackDeployment.ParametersOf(parameters));
        return builder;
    }

    /// <summary>An output of a stack, for <c>WithEnvironment</c> and for parameters of later stacks.</summary>
    /// <param name="builder">The AWS.</param>
    /// <param name="name">The output.</param>
    /// <param name="stackName">The stack; null where only one has the output.</param>
    public static StackOutputReference GetOutput(this IResourceBuilder<DisaResource> builder, string name, string? stackName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return new StackOutputReference(builder.Resource, stackName, name);
    }

    /// <summary>
    /// Lets a project use the AWS: the SDKs find endpoint, Region and credentials by their own variables (<c>AWS_ENDPOINT_URL</c>,
    /// <c>AWS_REGION</c>, <c>AWS_ACCESS_KEY_ID</c>, …), and the outputs of stacks are in its configuration (<c>AWS:Resources:NAME</c>).
    /// </summary>
    /// <param name="builder">What uses it.</param>
    /// <param name="source">The AWS.</param>
    /// <remarks>The outputs are waited for. Nothing is written into a published application, which has an AWS of its own.</remarks>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<DisaResource> source
    )
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        return builder
            .WithReferenceRelationship(source.Resource)
            .WithEnvironment(context => DisaEnvironment.Write(source.Resource, context));
    }

    private static string FullPath(IResourceBuilder<DisaResource> builder, string path) =>
        Path.GetFullPath(path, builder.ApplicationBuilder.AppHostDirectory);
}
