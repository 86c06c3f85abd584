using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Disa.AwsClients.Wire;

/// <summary>A client on the SDK's own pipeline: credentials, endpoints, retries and signatures are the SDK's, only the operations are ours.</summary>
public abstract class ServiceClient : AmazonServiceClient
{
    protected ServiceClient(ServiceConfig config)
        : base(config)
    {
        Metadata = new(config?.ServiceId ?? throw new ArgumentNullException(nameof(config)));
    }

    protected ServiceClient(AWSCredentials credentials, ServiceConfig config)
        : base(credentials, config)
    {
        Metadata = new(config?.ServiceId ?? throw new ArgumentNullException(nameof(config)));
    }

    private ServiceMetadataOf Metadata { get; }

    // The base class's constructor asks before Metadata is set, and only keeps what it got.
    protected override IServiceMetadata ServiceMetadata => Metadata ?? new ServiceMetadataOf(Config.ServiceId);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new ServiceEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new ServiceAuthSchemeHandler());
    }

    /// <summary>Runs one operation through the pipeline.</summary>
    internal Task<TResponse> Call<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation,
        TRequest request,
        CancellationToken cancellation
    )
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new()
    {
        ArgumentNullException.ThrowIfNull(request);
        return InvokeAsync<TResponse>(request, operation.Options, cancellation);
    }

    private sealed class ServiceMetadataOf(string serviceId) : IServiceMetadata
    {
        public string ServiceId => serviceId;

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }
}
