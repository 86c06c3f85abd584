using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Disa.AwsClients.Wire;

/// <summary>AWS's Query protocol: the request as a form, the response as XML.</summary>
/// <param name="service">The SDK's name of the service.</param>
/// <param name="version">The version of the API, sent with each request.</param>
/// <param name="error">Makes the service's exception.</param>
/// <param name="namedMaps">Members whose map entries the service writes as Name and Value, not as key and value.</param>
internal sealed class QueryWire(string service, string version, Func<Failure, AmazonServiceException> error, params string[] namedMaps)
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
                wire.Parameters["Action"] = name;
                wire.Parameters["Version"] = version;
                foreach (var member in JsonSerializer.SerializeToElement(input, request).EnumerateObject())
                {
                    Flatten(member.Name, member.Value, PropertyType(request, member.Name), wire.Parameters);
                }

                return wire;
            },
            new XmlReader<TResponse>(root => FromXml.Read(root, response), error)
        );

    private void Flatten(string path, JsonElement value, JsonTypeInfo? type, IDictionary<string, string> form)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                break;
            case JsonValueKind.Array:
                var item = 0;
                foreach (var element in value.EnumerateArray())
                {
                    Flatten($"{path}.member.{++item}", element, Element(type), form);
                }

                break;
            case JsonValueKind.Object when type?.Kind == JsonTypeInfoKind.Dictionary:
                var (key, val) = namedMaps.Contains(path[(path.LastIndexOf('.') + 1)..], StringComparer.Ordinal)
                    ? ("Name", "Value")
                    : ("key", "value");
                var entry = 0;
                foreach (var member in value.EnumerateObject())
                {
                    form[$"{path}.entry.{++entry}.{key}"] = member.Name;
                    Flatten($"{path}.entry.{entry}.{val}", member.Value, Element(type), form);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Flatten($"{path}.{member.Name}", member.Value, PropertyType(type, member.Name), form);
                }

                break;
            case JsonValueKind.String:
                form[path] = value.GetString()!;
                break;
            default:
                form[path] = value.GetRawText();
                break;
        }
    }

    private static JsonTypeInfo? Element(JsonTypeInfo? type) => type?.ElementType is { } element ? type.Options.GetTypeInfo(element) : null;

    private static JsonTypeInfo? PropertyType(JsonTypeInfo? type, string name) =>
        type?.Properties.FirstOrDefault(property => property.Name == name) is { } found
            ? type.Options.GetTypeInfo(found.PropertyType)
            : null;
}

/// <summary>Reads an XML response, or the error that came in its place.</summary>
internal sealed class XmlReader<TResponse>(Func<XElement, TResponse> read, Func<Failure, AmazonServiceException> error)
    : XmlResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse, new()
{
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
    {
        var root = XElement.Load(input.Stream);
        var response = read(root);
        response.ResponseMetadata = new() { RequestId = Child(Child(root, "ResponseMetadata"), "RequestId")?.Value };
        return response;
    }

    public override AmazonServiceException UnmarshallException(
        XmlUnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    )
    {
        var root = XElement.Load(input.Stream);
        var fault = Child(root, "Error") ?? Child(Child(root, "Errors"), "Error") ?? root;
        var type = Child(fault, "Type")?.Value switch
        {
            "Sender" => ErrorType.Sender,
            "Receiver" => ErrorType.Receiver,
            _ => ErrorType.Unknown,
        };
        return error(
            new(
                Child(fault, "Message")?.Value ?? "",
                innerException,
                type,
                Child(fault, "Code")?.Value ?? "",
                Child(root, "RequestId")?.Value ?? Child(root, "RequestID")?.Value,
                statusCode
            )
        );
    }

    private static XElement? Child(XElement? parent, string name) =>
        parent?.Elements().FirstOrDefault(child => child.Name.LocalName == name);
}
