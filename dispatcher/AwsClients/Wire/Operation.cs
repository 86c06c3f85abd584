using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Disa.AwsClients.Wire;

/// <summary>One operation of a service: how its request becomes bytes, and bytes its response.</summary>
internal sealed class Operation<TRequest, TResponse>(Func<TRequest, IRequest> marshall, ResponseUnmarshaller unmarshaller)
    where TRequest : AmazonWebServiceRequest
    where TResponse : AmazonWebServiceResponse, new()
{
    internal InvokeOptions Options { get; } = new() { RequestMarshaller = new Marshaller(marshall), ResponseUnmarshaller = unmarshaller };

    private sealed class Marshaller(Func<TRequest, IRequest> marshall) : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public IRequest Marshall(AmazonWebServiceRequest input) => marshall((TRequest)input);
    }
}

/// <summary>What a service said went wrong, before it becomes the service's own exception type.</summary>
public sealed record Failure(
    string Message,
    Exception? Inner,
    ErrorType Type,
    string Code,
    string? RequestId,
    System.Net.HttpStatusCode Status
);
