using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace Disa.AwsClients.Wire;

/// <summary>AWS's JSON protocols 1.0 and 1.1: the operation in <c>X-Amz-Target</c>, request and response as JSON bodies.</summary>
internal sealed class JsonWire(string service, string target, string version, Func<Failure, AmazonServiceException> error)
{
    internal Operation<TRequest, TResponse> Operation<TRequest, TResponse>(
        string name,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResponse> response
    )
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new() =>
        new(
            input =>
            {
                var wire = new DefaultRequest(input, service) { HttpMethod = "POST", ResourcePath = "/" };
                wire.Headers["X-Amz-Target"] = $"{target}.{name}";
                wire.Headers["Content-Type"] = $"application/x-amz-json-{version}";
                wire.Content = JsonSerializer.SerializeToUtf8Bytes(input, request);
                return wire;
            },
            new JsonReader<TResponse>(context => Body(context, response), error)
        );

    internal static TResponse Body<TResponse>(JsonUnmarshallerContext context, JsonTypeInfo<TResponse> response)
        where TResponse : new()
    {
        using var bytes = new MemoryStream();
        context.Stream.CopyTo(bytes);
        return bytes.Length == 0
            ? new TResponse()
            : JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), response) ?? new TResponse();
    }
}

/// <summary>Reads a JSON response, or the error that came in its place.</summary>
internal sealed class JsonReader<TResponse>(
    Func<JsonUnmarshallerContext, TResponse> read,
    Func<Failure, AmazonServiceException> error,
    Func<string, string>? code = null
) : JsonResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse
{
    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input) => read(input);

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    )
    {
        const int bufferBytes = 4096;
        var reader = new StreamingUtf8JsonReader(input.Stream, bufferBytes, input.JsonMaxDepth);
        var response = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref reader);
        var name = response.Code ?? "";
        return error(new(response.Message, innerException, response.Type, code?.Invoke(name) ?? name, response.RequestId, statusCode));
    }
}
