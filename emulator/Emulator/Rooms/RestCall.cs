using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>A REST-XML request: what S3's operations work on. From the wire it comes as query and headers; from another room, as members.</summary>
public sealed class RestCall
{
    public string? Bucket { get; init; }

    public string? Key { get; init; }

    /// <summary>Members by AWS's name, where the call did not come through the wire.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Members { get; set; }

    [JsonIgnore]
    public Dictionary<string, string> Query { get; init; } = new(StringComparer.Ordinal);

    [JsonIgnore]
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Of a browser's form: its fields; the file is the body.</summary>
    [JsonIgnore]
    internal PostedForm? Form { get; init; }

    /// <summary>False for calls by other rooms.</summary>
    [JsonIgnore]
    public bool FromWire { get; init; }

    /// <summary>Spells members as the query parameters and headers that the operation's binding names.</summary>
    /// <exception cref="AwsException">NotImplemented, for a member that is not honoured.</exception>
    public void Bind(Operation operation)
    {
        foreach (var (member, value) in Members ?? [])
        {
            var rest = operation.Rest!;
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            if (member == "Body")
            {
                Body = Encoding.UTF8.GetBytes(text);
            }
            else if (rest.Query.FirstOrDefault(pair => pair.Value == member).Key is { } parameter)
            {
                Query[parameter] = text;
            }
            else if (rest.Headers.FirstOrDefault(pair => pair.Value == member).Key is { } header)
            {
                Headers[header] = text;
            }
            else
            {
                throw AwsException.NotImplemented($"the parameter {member} of s3:{operation.Name}");
            }
        }

        Members = null;
    }
}

/// <summary>What a browser's form brought beside its file.</summary>
/// <param name="Fields">Up to the file, in order.</param>
/// <param name="Address">Where it was sent to: the bucket's.</param>
internal sealed record PostedForm(IReadOnlyList<(string Name, string Value)> Fields, bool HasFile, string Address);

/// <summary>What a REST-XML operation answers.</summary>
public sealed class RestAnswer
{
    [JsonIgnore]
    public int Status { get; init; } = 200;

    [JsonIgnore]
    public List<(string Name, string Value)> Headers { get; init; } = [];

    [JsonIgnore]
    public ReadOnlyMemory<byte> Payload { get; init; }

    [JsonIgnore]
    public string? ContentType { get; init; }

    /// <summary>For other rooms: the body as text.</summary>
    public string? Body => Payload.IsEmpty ? null : Encoding.UTF8.GetString(Payload.Span);

    public string? ETag => Header("ETag");

    public string? VersionId => Header("x-amz-version-id");

    private string? Header(string name) => Headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault();
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RestCall))]
[JsonSerializable(typeof(RestAnswer))]
internal sealed partial class RestCallJson : JsonSerializerContext;
