using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Disa.AwsClients.Wire;

/// <summary>AWS's REST-JSON protocol: method and path name the operation; what is not in path, query or headers is the JSON body.</summary>
internal sealed class RestJsonWire(string service, Func<Failure, AmazonServiceException> error)
{
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path with <c>{Members}</c> in braces.</param>
    /// <param name="bind">Fills path, query and headers; may set the content.</param>
    /// <param name="request">Describes the body, null where the request has none (or <paramref name="bind"/> sets it).</param>
    /// <param name="read">Reads the response.</param>
    internal Operation<TRequest, TResponse> Operation<TRequest, TResponse>(
        string method,
        string path,
        Action<TRequest, IRequest> bind,
        JsonTypeInfo<TRequest>? request,
        Func<JsonUnmarshallerContext, TResponse> read
    )
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new() =>
        new(
            input =>
            {
                var wire = new DefaultRequest(input, service)
                {
                    HttpMethod = method,
                    ResourcePath = path,
                    UseQueryString = true,
                };
                if (request is not null)
                {
                    wire.Headers["Content-Type"] = "application/json";
                    wire.Content = JsonSerializer.SerializeToUtf8Bytes(input, request);
                }

                bind(input, wire);
                return wire;
            },
            new JsonReader<TResponse>(read, error)
        );

    internal Operation<TRequest, TResponse> Operation<TRequest, TResponse>(
        string method,
        string path,
        Action<TRequest, IRequest> bind,
        JsonTypeInfo<TRequest>? request,
        JsonTypeInfo<TResponse> response
    )
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new() =>
        Operation(method, path, bind, request, context => JsonWire.Body(context, response));
}
