using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Xml;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>AWS Query: the operation in <c>Action</c>, members as form parameters with dotted names, answers in XML.</summary>
internal class QueryWire : Wire
{
    /// <summary>The largest form, in bytes: a message of 1 MB, percent-encoded, and room for ten times its like in names.</summary>
    private const int BodyLimit = 10 * 1024 * 1024;

    private const string NoOperation = "UnknownOperationException";

    /// <summary>How many parts a parameter's name may have: the longest that a service knows has eight.</summary>
    private const int NameLimit = 32;

    public override (Operation Operation, object Request) Decode(AwsService service, WireRequest request)
    {
        if (request.Body.Length > BodyLimit)
        {
            throw new AwsException("RequestEntityTooLarge", $"The emulator reads forms of up to {BodyLimit} bytes.", 413);
        }

        var root = new Node();
        var form = request.QueryString.Length > 0 ? request.Query() : [];
        foreach (var (name, value) in form.Concat(Form.Parse(Encoding.UTF8.GetString(request.Body.Span))))
        {
            root.Add(name, value);
        }

        var action =
            root.Take("Action")
            ?? throw (
                service.SigningName == "sqs"
                    ? new AwsException(NoOperation, "", 404)
                    : new AwsException("MissingAction", "The request must contain the parameter Action.")
            );
        root.Take("Version");
        foreach (var signature in SigV4.QueryParameters)
        {
            root.Take(signature);
        }

        if (service.Known?.Contains(action) == false)
        {
            throw new AwsException(
                "InvalidAction",
                service.SigningName == "sqs"
                    ? $"The action {action} is not valid for this endpoint."
                    : $"Could not find operation {action} for version {service.Version}"
            );
        }

        var operation = service.Find(action);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, root, operation.Request, service, action);
        }

        return (operation, RequestJson.Read(buffer.WrittenSpan, service.SigningName, operation));
    }

    public override WireResponse Encode(AwsService service, Operation operation, object response, string requestId)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, XmlText.Settings))
        {
            xml.WriteStartElement(operation.Name + "Response", service.XmlNamespace);
            if (operation.Response is { } type)
            {
                xml.WriteStartElement(operation.Name + "Result");
                var json = JsonSerializer.SerializeToElement(response, type);
                XmlAnswer.WriteMembers(xml, json, type, service, operation.Name);
                xml.WriteEndElement();
            }

            xml.WriteStartElement("ResponseMetadata");
            xml.WriteElementString("RequestId", requestId);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return new(200, "text/xml", Encoding.UTF8.GetBytes(text.ToString()));
    }

    public override WireResponse EncodeError(AwsService? service, AwsException error, string requestId)
    {
        if (error.Code == NoOperation)
        {
            return new(error.StatusCode, "text/xml", "<UnknownOperationException/>\n"u8.ToArray());
        }

        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, XmlText.Settings))
        {
            xml.WriteStartElement("ErrorResponse", service?.XmlNamespace ?? "");
            xml.WriteStartElement("Error");
            xml.WriteElementString("Type", error.StatusCode < 500 ? "Sender" : "Receiver");
            xml.WriteElementString("Code", error.QueryCode ?? error.Code);
            xml.WriteElementString("Message", XmlText.Valid(error.QueryMessage ?? error.Message));
            xml.WriteEndElement();
            xml.WriteElementString("RequestId", requestId);
            xml.WriteEndElement();
        }

        return new(error.StatusCode, "text/xml", Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Write(Utf8JsonWriter writer, Node node, JsonTypeInfo type, AwsService service, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                writer.WriteStartObject();
                foreach (var (name, child) in node.Children)
                {
                    var member = service.Flattened.GetValueOrDefault($"{path}.{name}") ?? service.Flattened.GetValueOrDefault(name, name);
                    // An answer's flattened name may be a plain member of the request: ListDeadLetterSourceQueues.QueueUrl.
                    var property =
                        type.Properties.FirstOrDefault(property => property.Name == member)
                        ?? type.Properties.FirstOrDefault(property => property.Name == name)
                        ?? throw AwsException.NotImplemented($"the parameter {name} of {service.SigningName}:{path}");
                    writer.WritePropertyName(property.Name);
                    Write(writer, child, type.Options.GetTypeInfo(property.PropertyType), service, $"{path}.{name}");
                }

                writer.WriteEndObject();
                break;
            case JsonTypeInfoKind.Enumerable when type.Type != typeof(byte[]):
                writer.WriteStartArray();
                foreach (var child in node.Items(path))
                {
                    Write(writer, child, type.Options.GetTypeInfo(type.ElementType!), service, path);
                }

                writer.WriteEndArray();
                break;
            case JsonTypeInfoKind.Dictionary:
                writer.WriteStartObject();
                foreach (var entry in node.Items(path))
                {
                    writer.WritePropertyName(
                        entry.Text("key", "Name", "Key") ?? throw new AwsException("MalformedInput", $"An entry of {path} has no key.")
                    );
                    Write(
                        writer,
                        entry.Child("value", "Value") ?? new Node { Value = "" },
                        type.Options.GetTypeInfo(type.ElementType!),
                        service,
                        path
                    );
                }

                writer.WriteEndObject();
                break;
            default:
                Scalars.Write(writer, Nullable.GetUnderlyingType(type.Type) ?? type.Type, node.Value ?? "", path);
                break;
        }
    }

    /// <summary>What the dotted names of a form spell: a tree.</summary>
    private sealed class Node
    {
        private static readonly Dictionary<string, Node> Empty = [];

        public string? Value { get; set; }

        private Dictionary<string, Node>? children;

        /// <summary>By their names; most nodes are leaves and have none.</summary>
        public IReadOnlyDictionary<string, Node> Children => children ?? Empty;

        public void Add(string name, string value)
        {
            var node = this;
            var parts = 0;
            foreach (var part in name.AsSpan().Split('.'))
            {
                if (++parts > NameLimit)
                {
                    throw new AwsException("MalformedInput", $"A parameter's name has more than {NameLimit} parts.");
                }

                var known = (node.children ??= new(StringComparer.Ordinal)).GetAlternateLookup<ReadOnlySpan<char>>();
                if (!known.TryGetValue(name.AsSpan(part), out var child))
                {
                    known[name.AsSpan(part)] = child = new Node();
                }

                node = child;
            }

            node.Value = value;
        }

        public string? Take(string name) => children is not null && children.Remove(name, out var child) ? child.Value : null;

        public Node? Child(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (Children.TryGetValue(name, out var child))
                {
                    return child;
                }
            }

            return null;
        }

        public string? Text(params ReadOnlySpan<string> names) => Child(names)?.Value;

        /// <summary>The items in the order of their numbers, under <c>member</c> or <c>entry</c> or, flattened, right here.</summary>
        public IEnumerable<Node> Items(string path)
        {
            var numbered = Children.Count == 1 && Children.Single() is { Key: "member" or "entry", Value: var only } ? only : this;
            if (numbered.Children.Keys.FirstOrDefault(key => !IsNumber(key)) is { } stray)
            {
                throw new AwsException("MalformedInput", $"{path}: '{stray}' is not the number of an item.");
            }

            return numbered.Children.OrderBy(child => int.Parse(child.Key, CultureInfo.InvariantCulture)).Select(child => child.Value);
        }

        private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
