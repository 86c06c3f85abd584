using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Contract;

/// <summary>The key of an item as its stream record wrote it (DynamoDB JSON): any names, any of the types S, N and B.</summary>
public sealed class ItemKey
{
    private ItemKey(JsonElement json, SortedDictionary<string, AttributeValue> attributes)
    {
        Json = json;
        Attributes = attributes;
        Id = attributes.Count == 1 ? Text(attributes.Values.Single()) : Written(attributes, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        Identity = string.Join(
            '\n',
            attributes.Select(pair =>
                $"{pair.Key} {(pair.Value.S is not null ? "S" : pair.Value.N is not null ? "N" : "B")} {Text(pair.Value)}"
            )
        );
        Shard = (SHA256.HashData(Encoding.UTF8.GetBytes(Id))[0] % IndexShards.Count).ToString(
            System.Globalization.CultureInfo.InvariantCulture
        );
    }

    public JsonElement Json { get; }

    public IReadOnlyDictionary<string, AttributeValue> Attributes { get; }

    /// <summary>
    /// The key for people, logs and the message attribute disa-id: the value of a partition key that is alone (bytes in base64); of a
    /// composite key all of it in DynamoDB JSON, as the AWS CLI takes it after --key, for no separator could not be in a value.
    /// </summary>
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
        return Parse(JsonElement.Parse(Written(attributes, null)));
    }

    /// <summary>The key of an item.</summary>
    /// <param name="item">Its attributes, the keys among them.</param>
    /// <param name="names">The names of the table's key attributes.</param>
    /// <exception cref="KeyNotFoundException">The item does not have one of them.</exception>
    public static ItemKey Of(IReadOnlyDictionary<string, AttributeValue> item, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Of(names.ToDictionary(name => name, name => item[name]));
    }

    public Dictionary<string, AttributeValue> ToDictionary() => new(Attributes);

    private static string Text(AttributeValue value) => value.S ?? value.N ?? Convert.ToBase64String(value.B.ToArray());

    private static string Written(IReadOnlyDictionary<string, AttributeValue> attributes, JavaScriptEncoder? encoder)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = encoder }))
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

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

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
