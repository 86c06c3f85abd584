using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>An UpdateItem being put together, its attribute names by alias, for any of them may be reserved.</summary>
internal sealed partial class Update(ItemKey key, string needed)
{
    private readonly Dictionary<string, string> names = new() { ["#needed"] = needed };
    private readonly Dictionary<string, AttributeValue> values = [];
    private readonly List<string> sets = [];
    private readonly Dictionary<string, AttributeValue> written = [];
    private readonly List<string> removes = [];

    internal Update Set(string attribute, AttributeValue value)
    {
        written[attribute] = value;
        return Set(attribute, value, (name, given) => $"{name} = {given}");
    }

    internal Update SetIfAbsent(string attribute, AttributeValue value) =>
        Set(attribute, value, (name, given) => $"{name} = if_not_exists({name}, {given})");

    private Update Set(string attribute, AttributeValue value, Func<string, string, string> term)
    {
        var number = sets.Count.ToString(CultureInfo.InvariantCulture);
        names[$"#s{number}"] = attribute;
        values[$":s{number}"] = value;
        sets.Add(term($"#s{number}", $":s{number}"));
        return this;
    }

    internal Update Remove(params ReadOnlySpan<string> attributes)
    {
        foreach (var attribute in attributes)
        {
            var alias = $"#r{removes.Count.ToString(CultureInfo.InvariantCulture)}";
            names[alias] = attribute;
            removes.Add(alias);
        }

        return this;
    }

    internal Update Name(string alias, string attribute)
    {
        names[alias] = attribute;
        return this;
    }

    internal Update Value(string alias, AttributeValue value)
    {
        values[alias] = value;
        return this;
    }

    /// <summary>Whether an item is as this update leaves it: then the update was applied, and its answer lost.</summary>
    internal bool IsAppliedTo(IReadOnlyDictionary<string, AttributeValue>? item) =>
        AttributeValues.Has(item, written) && !names.Any(pair => removes.Contains(pair.Key) && item!.ContainsKey(pair.Value));

    /// <summary>The same update as a statement of PartiQL, which one request can have many of; null where PartiQL has no words for it.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html;
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-functions.missing.html.
    /// </remarks>
    internal BatchStatementRequest? Statement(string tableName, string condition)
    {
        var named = names.Values.Concat(key.Attributes.Keys);
        if (sets.Count > written.Count || named.Any(name => name.Contains('"', StringComparison.Ordinal)))
        {
            return null; // if_not_exists, or a name that cannot be quoted
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"UPDATE \"{tableName}\"");
        var parameters = new List<AttributeValue>();
        foreach (var (attribute, value) in written)
        {
            text.Append(CultureInfo.InvariantCulture, $" SET \"{attribute}\" = ?");
            parameters.Add(value);
        }

        foreach (var alias in removes)
        {
            text.Append(CultureInfo.InvariantCulture, $" REMOVE \"{names[alias]}\"");
        }

        text.Append(" WHERE ");
        foreach (var (attribute, value) in key.Attributes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"{attribute}\" = ? AND ");
            parameters.Add(value);
        }

        return new()
        {
            Statement = text.Append(Term().Replace(condition, Said)).ToString(),
            Parameters = parameters,
            ReturnValuesOnConditionCheckFailure = Amazon.DynamoDBv2.ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };

        string Said(Match term)
        {
            if (term.Groups["path"] is { Success: true } path)
            {
                return Term().Replace(path.Value, Said) + (term.Groups["not"].Success ? " IS MISSING" : " IS NOT MISSING");
            }

            if (term.Value[0] == '#')
            {
                return $"\"{names[term.Value]}\"";
            }

            parameters.Add(values[term.Value]);
            return "?";
        }
    }

    /// <summary>What an expression says otherwise than a statement does.</summary>
    [GeneratedRegex(@"attribute_(?<not>not_)?exists\((?<path>[^)]*)\)|[#:]\w+")]
    private static partial Regex Term();

    internal UpdateItemRequest Request(string tableName, string condition) =>
        new()
        {
            TableName = tableName,
            Key = key.ToDictionary(),
            UpdateExpression = string.Join(
                ' ',
                new[] { (Verb: "SET", Terms: sets), (Verb: "REMOVE", Terms: removes) }
                    .Where(clause => clause.Terms.Count > 0)
                    .Select(clause => $"{clause.Verb} {string.Join(", ", clause.Terms)}")
            ),
            ConditionExpression = condition,
            ReturnValuesOnConditionCheckFailure = Amazon.DynamoDBv2.ReturnValuesOnConditionCheckFailure.ALL_OLD,
            ExpressionAttributeNames = names,
            ExpressionAttributeValues = values.Count > 0 ? values : null,
        };
}
