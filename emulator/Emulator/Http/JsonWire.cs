using System.Buffers;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>AWS JSON 1.0 and 1.1: the operation in <c>X-Amz-Target</c>, members in a JSON body.</summary>
internal sealed class JsonWire : Wire
{
    public override (Operation Operation, object Request) Decode(AwsService service, WireRequest request)
    {
        var target = request.Header("X-Amz-Target");
        var operation = service.Find(target[(target.LastIndexOf('.') + 1)..]);
        return (operation, RequestJson.Read(request.Body.Span, service.SigningName, operation));
    }

    public override WireResponse Encode(AwsService service, Operation operation, object response, string requestId) =>
        new(
            200,
            MediaType(service),
            operation.Response is null ? default : JsonSerializer.SerializeToUtf8Bytes(response, operation.Response)
        );

    public override WireResponse EncodeError(AwsService? service, AwsException error, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("__type", service?.ErrorTypePrefix + error.Code);
            if (error.Message.Length > 0)
            {
                writer.WriteString(service?.HasCapitalMessage(error.Code) == true ? "Message" : "message", error.Message);
            }

            WriteDetails(writer, error);
            writer.WriteEndObject();
        }

        return new(error.StatusCode, MediaType(service), buffer.WrittenMemory)
        {
            Headers = (error.QueryCode ?? (service?.IsQueryCompatible == true ? error.Code : null)) is { } query
                ? [("x-amzn-query-error", $"{query};{(error.StatusCode < 500 ? "Sender" : "Receiver")}")]
                : [],
        };
    }

    internal static void WriteDetails(Utf8JsonWriter writer, AwsException error)
    {
        if (error.Details.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in error.Details.EnumerateObject())
            {
                member.WriteTo(writer);
            }
        }
    }

    private static string MediaType(AwsService? service) => $"application/x-amz-json-{service?.JsonVersion ?? "1.0"}";
}
