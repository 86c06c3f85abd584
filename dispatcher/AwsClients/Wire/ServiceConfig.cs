using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Disa.AwsClients.Wire;

/// <summary>What the SDK must know of a service to find its endpoint and to sign for it; everything else is the SDK's own configuration.</summary>
public abstract class ServiceConfig : ClientConfig
{
    private readonly string service;

    /// <param name="serviceId">AWS's service id: <c>SFN</c> makes <c>AWS_ENDPOINT_URL_SFN</c> and <c>services … sfn</c> in a profile work.</param>
    /// <param name="service">The service's name in host names and signatures.</param>
    /// <param name="version">The version of the service's API.</param>
    protected ServiceConfig(string serviceId, string service, string version)
        : base(new DefaultConfigurationProvider([Standard()]))
    {
        this.service = service;
        ServiceVersion = version;
        ServiceId = serviceId;
        AuthenticationServiceName = service;
        EndpointProvider = new ServiceEndpointProvider(service);
    }

    public override string ServiceVersion { get; }

    public override string RegionEndpointServiceName => service;

    public override string UserAgent => "disa";

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return EndpointProvider.ResolveEndpoint(ServiceEndpointResolver.Parameters(this, parameters.AlternateEndpoint));
    }

    /// <summary>The SDK's "standard" defaults: three attempts, a bounded connect.</summary>
    private static DefaultConfiguration Standard() =>
        new()
        {
            Name = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            S3UsEast1RegionalEndpoint = S3UsEast1RegionalEndpointValue.Regional,
            ConnectTimeout = TimeSpan.FromMilliseconds(3100),
            TlsNegotiationTimeout = TimeSpan.FromMilliseconds(3100),
        };
}
