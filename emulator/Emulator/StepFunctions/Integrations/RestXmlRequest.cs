using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>A task's parameters as the request of a REST-XML operation (S3's): path, query, headers, and a document or an object's bytes.</summary>
internal sealed class RestXmlRequest
{
    private static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly Dictionary<string, string> _query = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Operation _operation;
    private string? _bucket;
    private string? _key;
    private ReadOnlyMemory<byte> _body;

    private RestXmlRequest(Operation operation) => _operation = operation;

    /// <exception cref="AwsException">NotImplemented, for a parameter that is not honoured.</exception>
    public static RestCall Of(Operation operation, JsonElement parameters)
    {
        var request = new RestXmlRequest(operation);
        foreach (var parameter in parameters.ValueKind == JsonValueKind.Object ? parameters.EnumerateObject() : default)
        {
            var member =
                ShapeModel.S3.Request(operation.Name).FirstOrDefault(known => parameter.NameEquals(known.Name))
                ?? throw new TaskException(
                    new Asl.WorkflowError(Asl.WorkflowError.Runtime, $"The field \"{parameter.Name}\" is not supported by Step Functions")
                );
            if (parameter.Value.ValueKind != JsonValueKind.Null)
            {
                request.Put(member, parameter.Value);
            }
        }

        return new RestCall
        {
            Bucket = request._bucket,
            Key = request._key,
            Query = request._query,
            Headers = request._headers,
            Body = request._body,
            FromWire = true,
        };
    }

    private void Put(ShapeMember member, JsonElement value)
    {
        switch (member.Place)
        {
            case ShapePlace.Path when member.Wire == "Bucket":
                _bucket = Text(member.Type, value);
                break;
            case ShapePlace.Path:
                _key = Text(member.Type, value);
                break;
            case ShapePlace.Query:
                Honour(member, _operation.Rest!.Query, "");
                _query[member.Wire] = Text(member.Type, value);
                break;
            case ShapePlace.Header:
                Honour(member, _operation.Rest!.Headers, "@");
                _headers[member.Wire] =
                    value.ValueKind == JsonValueKind.Array
                        ? string.Join(',', value.EnumerateArray().Select(item => Text(member.Type.Item!, item)))
                        : Text(member.Type, value);
                break;
            case ShapePlace.Headers:
                Honour(member, _operation.Rest!.Headers, "@");
                foreach (var entry in value.EnumerateObject())
                {
                    _headers[member.Wire + entry.Name] = Text(member.Type, entry.Value);
                }

                break;
            case ShapePlace.Payload when member.Type.Kind == "shape":
                _body = Encoding.UTF8.GetBytes(Element(member.Wire, member.Type, value).ToString(SaveOptions.DisableFormatting));
                break;
            case ShapePlace.Payload:
                _body = Encoding.UTF8.GetBytes(Text(member.Type, value));
                break;
        }
    }

    /// <summary>What the operation takes from nobody it does not take from a workflow either.</summary>
    private void Honour(ShapeMember member, IReadOnlyDictionary<string, string> honoured, string mark)
    {
        var path = _operation.Rest!.Path;
        var needed = path.Contains('?', StringComparison.Ordinal)
            ? path[(path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&')
            : [];
        var isChecksum =
            member.Wire.StartsWith("x-amz-checksum-", StringComparison.Ordinal)
            || member.Wire is "x-amz-sdk-checksum-algorithm" or "x-amz-expected-bucket-owner" or "x-amz-source-expected-bucket-owner";
        if (
            !isChecksum
            && !honoured.ContainsKey(member.Wire)
            && !needed.Contains(mark + member.Wire.ToLowerInvariant(), StringComparer.OrdinalIgnoreCase)
        )
        {
            throw AwsException.NotImplemented($"the parameter {member.Name} of s3:{_operation.Name}");
        }
    }

    private static XElement Element(string name, ShapeType type, JsonElement value)
    {
        var element = new XElement(Namespace + name);
        if (type.Kind != "shape")
        {
            element.Value = Text(type, value);
            return element;
        }

        foreach (var part in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
        {
            if (ShapeModel.S3.Members(type.Shape!).FirstOrDefault(known => part.NameEquals(known.Name)) is not { } member)
            {
                throw AwsException.NotImplemented($"the parameter {part.Name} of {type.Shape}");
            }

            Add(element, member, part.Value);
        }

        return element;
    }

    private static void Add(XElement parent, ShapeMember member, JsonElement value)
    {
        if (member.Place == ShapePlace.Attribute)
        {
            parent.Add(new XAttribute(Instance + member.Wire, Text(member.Type, value)));
        }
        else if (member.Type.Kind != "list" || value.ValueKind != JsonValueKind.Array)
        {
            parent.Add(Element(member.Wire, member.Type, value));
        }
        else if (member.Type.ItemName is { } itemName)
        {
            parent.Add(
                new XElement(Namespace + member.Wire, value.EnumerateArray().Select(item => Element(itemName, member.Type.Item!, item)))
            );
        }
        else
        {
            parent.Add(value.EnumerateArray().Select(item => Element(member.Wire, member.Type.Item!, item)));
        }
    }

    /// <summary>JSON where a text is wanted is written out; a time is spelled as its place has it.</summary>
    private static string Text(ShapeType type, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : Json.Compact(value);
        return type.Kind is "date" && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time.ToString("R", CultureInfo.InvariantCulture)
            : text;
    }
}
