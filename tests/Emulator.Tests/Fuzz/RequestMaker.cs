using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.DynamoDb;

namespace Disa.Emulator.Tests.Fuzz;

/// <summary>Makes random requests from the type of an operation's request: about half of the values are plausible.</summary>
/// <param name="random">The source of chance.</param>
/// <param name="known">Names and ARNs of existing resources, each with a part of the name of the member that it fits.</param>
internal sealed class RequestMaker(Random random, IReadOnlyList<(string Member, string Value)> known)
{
    private const int Deepest = 6;

    private static readonly string[] Odd =
    [
        "",
        " ",
        "\0",
        "a",
        "\u001b[2J",
        "é\u202e💥",
        "../../etc/passwd",
        "*",
        "$LATEST",
        "-1",
        "0",
        "1",
        "true",
        "9223372036854775808",
        "1e400",
        "NaN",
        "2026-11-30T00:00:00Z",
        "{}",
        "[]",
        "null",
        "{\"a\":",
        "$.a[0]",
        "{% $states.input %}",
        "rate(5 minutes)",
        "cron(0 12 * * ? *)",
        "at(2030-01-01T00:00:00)",
        "#n = :v",
        "a = :v AND attribute_exists(b[1].c)",
        "SET a = :v REMOVE b[0]",
        "SELECT * FROM \"table\" WHERE a = ?",
        "{ $.a = 1 && $.b = \"x*\" }",
        "{\"source\":[{\"prefix\":\"x\"}]}",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
        "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}",
        "{\"Resources\":{\"A\":{\"Type\":\"AWS::SQS::Queue\"}}}",
        "arn:aws:sns:us-east-1:000000000000:none",
        "arn:aws:iam::000000000000:role/test",
        "arn:aws:lambda:us-east-1:000000000000:function:none",
        "arn:aws:kms:us-east-1:000000000000:key/none",
        "arn:::::",
        "http://127.0.0.1:1/000000000000/none",
        "s3://bucket/key",
        "YQ==",
        new('x', 300),
        new('[', 300),
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "1",
        "-1",
        "2",
        "10",
        "60",
        "1000",
        "3600",
        "100000",
        "2147483647",
        "-2147483648",
        "2147483648",
        "9223372036854775807",
        "0.5",
        "1e308",
    ];

    /// <summary>A document of the type.</summary>
    public string Make(JsonTypeInfo type) => Value(type, "", 0)?.ToJsonString() ?? "null";

    private JsonNode? Value(JsonTypeInfo type, string member, int depth)
    {
        if (depth > Deepest || random.Next(60) == 0)
        {
            return Wrong();
        }

        return type.Kind switch
        {
            JsonTypeInfoKind.Object => Object(type, depth),
            JsonTypeInfoKind.Enumerable => new JsonArray([
                .. Enumerable.Range(0, random.Next(4)).Select(_ => Value(Of(type, type.ElementType!), member, depth + 1)),
            ]),
            JsonTypeInfoKind.Dictionary => Dictionary(type, member, depth),
            _ => Plain(Nullable.GetUnderlyingType(type.Type) ?? type.Type, member, depth),
        };
    }

    private static JsonTypeInfo Of(JsonTypeInfo type, Type inner) => type.Options.GetTypeInfo(inner);

    private JsonObject Object(JsonTypeInfo type, int depth)
    {
        var made = new JsonObject();
        foreach (var property in type.Properties)
        {
            // What is required is given nearly always, so that a request gets beyond the first check.
            if (property.Set is not null && random.Next(property.IsRequired ? 20 : 2) != 0)
            {
                made[property.Name] = Value(Of(type, property.PropertyType), property.Name, depth + 1);
            }
        }

        return made;
    }

    private JsonObject Dictionary(JsonTypeInfo type, string member, int depth)
    {
        var made = new JsonObject();
        for (var i = random.Next(4); i > 0; i--)
        {
            made[Text()] = Value(Of(type, type.ElementType!), member, depth + 1);
        }

        return made;
    }

    private JsonNode? Plain(Type type, string member, int depth) =>
        type == typeof(string) || type.IsEnum ? Text(member)
        : type == typeof(bool) ? random.Next(2) == 0
        : type == typeof(AttributeValue) ? Attribute(depth)
        : type == typeof(Item) ? new JsonObject { ["a"] = Attribute(depth), [Text()] = Attribute(depth) }
        : type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Text()))
        : type == typeof(JsonElement) || type == typeof(object) ? Wrong()
        : JsonNode.Parse(Numbers[random.Next(Numbers.Length)]);

    private JsonObject Attribute(int depth) =>
        random.Next(7) switch
        {
            0 => new JsonObject { ["S"] = Text() },
            1 => new JsonObject { ["N"] = Numbers[random.Next(Numbers.Length)] },
            2 => new JsonObject { ["B"] = "YQ==" },
            3 => new JsonObject { ["SS"] = new JsonArray(Text(), Text()) },
            4 when depth < Deepest => new JsonObject { ["L"] = new JsonArray(Attribute(depth + 1)) },
            5 when depth < Deepest => new JsonObject { ["M"] = new JsonObject { [Text()] = Attribute(depth + 1) } },
            _ => new JsonObject { [Text()] = Text() },
        };

    private string Text() => random.Next(2) == 0 ? known[random.Next(known.Count)].Value : Odd[random.Next(Odd.Length)];

    private string Text(string member)
    {
        var fits = known.Where(one => member.Contains(one.Member, StringComparison.OrdinalIgnoreCase)).ToList();
        return fits.Count > 0 && random.Next(4) != 0 ? fits[random.Next(fits.Count)].Value : Text();
    }

    /// <summary>Of another type than is wanted.</summary>
    private JsonNode? Wrong() =>
        random.Next(6) switch
        {
            0 => null,
            1 => new JsonArray(),
            2 => new JsonObject { ["a"] = 1 },
            3 => random.Next(2) == 0,
            4 => JsonNode.Parse(Numbers[random.Next(Numbers.Length)]),
            _ => Text(),
        };
}
