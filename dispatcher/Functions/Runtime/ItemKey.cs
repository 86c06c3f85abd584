using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions;

/// <summary>The key of an item as its stream record wrote it (DynamoDB JSON): any names, any of the types S, N and B.</summary>
public sealed class ItemKey
{
    private const int Shards = 16;

    private ItemKey(JsonElement json, SortedDictionary<string, AttributeValue> attributes)
    {
        Json = json;
        Attributes = attributes;
        Id = string.Join('/', attributes.Values.Select(value => value.S ?? value.N ?? Convert.ToBase64String(value.B.ToArray())));
        Identity = string.Join('\n', attributes.Select(pair => $"{pair.Key} {(pair.Value.S is not null ? "S" : pair.Value.N is not null ? "N" : "B")} {pair.Value.S ?? pair.Value.N ?? Convert.ToBase64String(pair.Value.B.ToArray())}"));
        Shard = (SHA256.HashData(Encoding.UTF8.GetBytes(Id))[0] % Shards).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public JsonElement Json { get; }

    public IReadOnlyDictionary<string, AttributeValue> Attributes { get; }

    /// <summary>The key's values, for logs and for the message attribute disa-id.</summary>
    public string Id { get; }

    /// <summary>Names, types and values in order: the same for the same key, whoever wrote it.</summary>
    public string Identity { get; }

    /// <summary>Which part of the index of due messages the item lies in.</summary>
    public string Shard { get; }

    /// <summary>Any one of the key's attributes: it exists exactly when the item does.</summary>
    public string AttributeName => Attributes.Keys.First();

    public static ItemKey Parse(JsonElement json)
    {
        var attributes = new SortedDictionary<string, AttributeValue>(StringComparer.Ordinal);
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                attributes[member.Name] = Value(member.Value);
            }
        }

        return attributes.Count > 0 ? new(json.Clone(), attributes) : throw new FormatException("A key has at least one attribute.");
    }

    public static ItemKey Of(IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(name);
                if (value.B is not null)
                {
                    writer.WriteBase64String("B", value.B.ToArray());
                }
                else
                {
                    writer.WriteString(value.N is null ? "S" : "N", value.N ?? value.S);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return Parse(document.RootElement);
    }

    public Dictionary<string, AttributeValue> ToDictionary() => new(Attributes);

    private static AttributeValue Value(JsonElement typed)
    {
        if (typed.ValueKind == JsonValueKind.Object)
        {
            foreach (var type in typed.EnumerateObject())
            {
                return type.Name switch
                {
                    "S" => new() { S = type.Value.GetString() },
                    "N" => new() { N = type.Value.GetString() },
                    "B" => new() { B = new(type.Value.GetBytesFromBase64()) },
                    _ => throw new FormatException($"A key is of type S, N or B, not {type.Name}."),
                };
            }
        }

        throw new FormatException("A key's value is DynamoDB JSON, such as {\"S\": \"1\"}.");
    }
}
