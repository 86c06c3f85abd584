using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Asl.Data;

/// <summary>What is wrong with a call of an intrinsic function.</summary>
internal sealed class IntrinsicException(string message) : Exception(message);

/// <summary>The intrinsic functions of the language, with the limits that AWS documents for each.</summary>
internal static class Intrinsics
{
    /// <summary>The longest text that is encoded, decoded or hashed, in characters.</summary>
    private const int TextLimit = 10_000;

    /// <summary>The longest array that States.ArrayRange makes.</summary>
    private const int RangeLimit = 1_000;

    private static readonly Dictionary<string, (int Least, int Most, Func<IReadOnlyList<JsonElement>, Random, JsonElement> Run)> Functions =
        new(StringComparer.Ordinal)
        {
            ["States.Format"] = (1, int.MaxValue, (a, _) => Format(a)),
            ["States.StringToJson"] = (1, 1, (a, _) => StringToJson(a)),
            ["States.JsonToString"] = (1, 1, (a, _) => Json.Of(Json.Compact(a[0]))),
            ["States.Array"] = (0, int.MaxValue, (a, _) => Json.Array(a)),
            ["States.ArrayPartition"] = (2, 2, (a, _) => ArrayPartition(a)),
            ["States.ArrayContains"] = (2, 2, (a, _) => Json.Of(List(a[0]).Any(item => JsonElement.DeepEquals(item, a[1])))),
            ["States.ArrayRange"] = (3, 3, (a, _) => ArrayRange(a)),
            ["States.ArrayGetItem"] = (2, 2, (a, _) => ArrayGetItem(a)),
            ["States.ArrayLength"] = (1, 1, (a, _) => Json.Of(List(a[0]).Count)),
            ["States.ArrayUnique"] = (1, 1, (a, _) => ArrayUnique(a)),
            ["States.Base64Encode"] = (1, 1, (a, _) => Json.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a[0]))))),
            ["States.Base64Decode"] = (1, 1, (a, _) => Base64Decode(a)),
            ["States.Hash"] = (2, 2, (a, _) => Hash(a)),
            ["States.JsonMerge"] = (3, 3, (a, _) => JsonMerge(a)),
            ["States.MathRandom"] = (2, 3, MathRandom),
            ["States.MathAdd"] = (2, 2, (a, _) => Json.Of(checked(Integer(a[0]) + Integer(a[1])))),
            ["States.StringSplit"] = (2, 2, (a, _) => StringSplit(a)),
            ["States.UUID"] = (0, 0, (_, random) => Json.Of(Uuid(random))),
        };

    public static bool Exists(string name) => Functions.ContainsKey(name);

    /// <exception cref="IntrinsicException">The arguments do not fit.</exception>
    public static JsonElement Call(string name, IReadOnlyList<JsonElement> arguments, Random random)
    {
        var (least, most, run) = Functions[name];
        if (arguments.Count < least || arguments.Count > most)
        {
            throw new IntrinsicException($"Invalid number of arguments for {name}");
        }

        try
        {
            return run(arguments, random);
        }
        catch (OverflowException)
        {
            throw new IntrinsicException($"The result of {name} is out of range");
        }
    }

    /// <summary>A version 4 UUID.</summary>
    internal static string Uuid(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static JsonElement Format(IReadOnlyList<JsonElement> arguments)
    {
        var template = String(arguments[0]);
        var text = new StringBuilder();
        var used = 1;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '\\' && i + 1 < template.Length && template[i + 1] is '{' or '}' or '\\' or '\'')
            {
                text.Append(template[++i]);
            }
            else if (template[i] == '{' && i + 1 < template.Length && template[i + 1] == '}')
            {
                i++;
                if (used == arguments.Count)
                {
                    throw new IntrinsicException("The number of arguments does not match the number of occurrences of {} in the format");
                }

                var value = arguments[used++];
                AppendJava(text, value);
                CheckLength(text.Length);
            }
            else
            {
                text.Append(template[i]);
            }
        }

        return used == arguments.Count
            ? Json.Of(text.ToString())
            : throw new IntrinsicException("The number of arguments does not match the number of occurrences of {} in the format");
    }

    /// <summary>As Java's collections print themselves: <c>{a=1, b=[x, null]}</c> (recorded on AWS).</summary>
    private static void AppendJava(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(value.GetString());
                break;
            case JsonValueKind.Array:
                AppendAll(text, "[]", value.EnumerateArray(), item => AppendJava(text, item));
                break;
            case JsonValueKind.Object:
                AppendAll(
                    text,
                    "{}",
                    value.EnumerateObject(),
                    member =>
                    {
                        text.Append(member.Name).Append('=');
                        AppendJava(text, member.Value);
                    }
                );
                break;
            default:
                text.Append(Json.Compact(value));
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, string brackets, IEnumerable<T> items, Action<T> append)
    {
        text.Append(brackets[0]);
        var isFirst = true;
        foreach (var item in items)
        {
            text.Append(isFirst ? "" : ", ");
            append(item);
            isFirst = false;
        }

        text.Append(brackets[1]);
    }

    private static JsonElement StringToJson(IReadOnlyList<JsonElement> arguments)
    {
        try
        {
            var text = String(arguments[0]);
            return string.IsNullOrWhiteSpace(text) ? Json.Null : JsonInput.Parse(text);
        }
        catch (JsonException)
        {
            throw new IntrinsicException("The argument is not valid JSON");
        }
    }

    private static JsonElement ArrayPartition(IReadOnlyList<JsonElement> arguments)
    {
        var list = List(arguments[0]);
        var size = Integer(arguments[1]);
        return size > 0
            ? Json.Array(list.Chunk((int)Math.Min(size, int.MaxValue)).Select(Json.Array))
            : throw new IntrinsicException("The chunk size must be a positive integer");
    }

    private static JsonElement ArrayRange(IReadOnlyList<JsonElement> arguments)
    {
        var (first, last, step) = (Integer(arguments[0]), Integer(arguments[1]), Integer(arguments[2]));
        if (step == 0)
        {
            throw new IntrinsicException("The step must not be 0");
        }

        var items = new List<JsonElement>();
        for (var value = first; step > 0 ? value <= last : value >= last; value = checked(value + step))
        {
            if (items.Count == RangeLimit)
            {
                throw new IntrinsicException($"The range must not have more than {RangeLimit} items");
            }

            items.Add(Json.Of(value));
        }

        return Json.Array(items);
    }

    private static JsonElement ArrayGetItem(IReadOnlyList<JsonElement> arguments)
    {
        var list = List(arguments[0]);
        var index = Integer(arguments[1]);
        return index >= 0 && index < list.Count ? list[(int)index] : throw new IntrinsicException("Index out of bounds");
    }

    private static JsonElement ArrayUnique(IReadOnlyList<JsonElement> arguments)
    {
        var unique = new HashSet<JsonElement>(JsonValueComparer.Instance);
        return Json.Array(List(arguments[0]).Where(unique.Add));
    }

    private static JsonElement Base64Decode(IReadOnlyList<JsonElement> arguments)
    {
        var bytes = new byte[TextLimit];
        return Convert.TryFromBase64String(Text(arguments[0]), bytes, out var length)
            ? Json.Of(Encoding.UTF8.GetString(bytes, 0, length))
            : throw new IntrinsicException("The argument is not valid Base64");
    }

    private static JsonElement Hash(IReadOnlyList<JsonElement> arguments)
    {
        var text = arguments[0].ValueKind == JsonValueKind.String ? arguments[0].GetString()! : Json.Compact(arguments[0]);
        var data = Encoding.UTF8.GetBytes(text.Length <= TextLimit ? text : throw TooLong());
        var hash = String(arguments[1]) switch
        {
            "MD5" => MD5.HashData(data),
            "SHA-1" => SHA1.HashData(data),
            "SHA-256" => SHA256.HashData(data),
            "SHA-384" => SHA384.HashData(data),
            "SHA-512" => SHA512.HashData(data),
            _ => throw new IntrinsicException("The algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
        };
        return Json.Of(Convert.ToHexStringLower(hash));
    }

    private static JsonElement JsonMerge(IReadOnlyList<JsonElement> arguments)
    {
        if (arguments[0].ValueKind != JsonValueKind.Object || arguments[1].ValueKind != JsonValueKind.Object)
        {
            throw new IntrinsicException("The first two arguments must be JSON objects");
        }

        if (arguments[2].ValueKind != JsonValueKind.False)
        {
            throw new IntrinsicException("Deep merging is not supported: the third argument must be false");
        }

        return Json.Merged(arguments[0], arguments[1]);
    }

    private static JsonElement MathRandom(IReadOnlyList<JsonElement> arguments, Random random)
    {
        var (from, to) = (Integer(arguments[0]), Integer(arguments[1]));
        if (from >= to)
        {
            throw new IntrinsicException("The start must be less than the end");
        }

        var source = arguments.Count == 3 ? new Random(unchecked((int)Integer(arguments[2]))) : random;
        return Json.Of(source.NextInt64(from, to));
    }

    private static JsonElement StringSplit(IReadOnlyList<JsonElement> arguments)
    {
        var separators = String(arguments[1]);
        var parts =
            separators.Length == 0
                ? [String(arguments[0])]
                : String(arguments[0]).Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
        return Json.Array(parts.Select(Json.Of));
    }

    private static List<JsonElement> List(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : throw new IntrinsicException("The argument must be an array");

    private static string String(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new IntrinsicException("The argument must be a string");

    private static string Text(JsonElement value) => String(value) is { Length: <= TextLimit } text ? text : throw TooLong();

    private static void CheckLength(int length)
    {
        if (length > Json.ValueLimit)
        {
            throw new WorkflowException(
                WorkflowError.DataLimitExceeded,
                "The result of States.Format exceeds the maximum number of bytes service limit."
            );
        }
    }

    private static IntrinsicException TooLong() => new($"The argument must not be longer than {TextLimit} characters");

    /// <summary>Other numbers are rounded, halves towards the greater number (recorded on AWS).</summary>
    private static long Integer(JsonElement value) =>
        value.ValueKind != JsonValueKind.Number ? throw new IntrinsicException("The argument must be a number")
        : value.TryGetInt64(out var integer) ? integer
        : HalfUp(value.GetDouble());

    private static long HalfUp(double value)
    {
        var floor = Math.Floor(value);
        return checked((long)(value - floor >= 0.5 ? floor + 1 : floor));
    }
}
