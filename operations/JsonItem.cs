using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>Plain JSON as an item: strings, numbers, booleans, null, lists and maps, each as it is; an empty string stays one.</summary>
internal static class JsonItem
{
    /// <summary>Levels of nesting, and digits of a number.</summary>
    /// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html</remarks>
    private const int MostLevels = 32;
    private const int MostDigits = 38;

    /// <exception cref="FormatException">DynamoDB has no such value; the text says which.</exception>
    public static Dictionary<string, AttributeValue> Of(JsonElement json) => Map(json, 1);

    /// <summary>Whether two values are the same to DynamoDB: a number however it is written, a list in its order.</summary>
    public static bool AreSame(AttributeValue one, AttributeValue other) =>
        (one, other) switch
        {
            ({ S: { } text }, _) => text == other.S,
            ({ N: { } number }, { N: { } otherNumber }) => number == otherNumber
                || Number(number) is { } value && value == Number(otherNumber),
            ({ B: { } bytes }, { B: { } otherBytes }) => bytes.ToArray().AsSpan().SequenceEqual(otherBytes.ToArray()),
            ({ BOOL: { } truth }, _) => truth == other.BOOL,
            ({ NULL: true }, _) => other.NULL == true,
            ({ L: { } list }, { L: { } otherList }) => list.Count == otherList.Count
                && list.Zip(otherList).All(pair => AreSame(pair.First, pair.Second)),
            ({ M: { } map }, { M: { } otherMap }) => map.Count == otherMap.Count
                && map.All(pair => otherMap.TryGetValue(pair.Key, out var value) && AreSame(pair.Value, value)),
            _ => false,
        };

    private static AttributeValue Value(JsonElement json, int level) =>
        json.ValueKind switch
        {
            _ when level > MostLevels => throw new FormatException($"it is nested more than {MostLevels} levels deep"),
            JsonValueKind.String => new AttributeValue { S = json.GetString() },
            JsonValueKind.Number => new AttributeValue { N = Digits(json.GetRawText()) },
            JsonValueKind.True or JsonValueKind.False => new AttributeValue { BOOL = json.ValueKind == JsonValueKind.True },
            JsonValueKind.Array => new AttributeValue
            {
                L = [.. json.EnumerateArray().Select(element => Value(element, level + 1))],
                IsLSet = true,
            },
            JsonValueKind.Object => new AttributeValue { M = Map(json, level + 1), IsMSet = true },
            _ => new AttributeValue { NULL = true },
        };

    private static Dictionary<string, AttributeValue> Map(JsonElement json, int level) =>
        json.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value, level), StringComparer.Ordinal);

    private static string Digits(string number)
    {
        var digits = number.Split('e', 'E')[0].Where(char.IsAsciiDigit).SkipWhile(digit => digit == '0').ToList();
        return
            digits.Count <= MostDigits
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value) < 1e126
            ? number
            : throw new FormatException($"the number {number} has more than {MostDigits} digits, or is too large");
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
