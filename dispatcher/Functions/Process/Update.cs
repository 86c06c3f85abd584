using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>An UpdateItem being put together, its attribute names by alias, for any of them may be reserved.</summary>
internal sealed class Update(ItemKey key, string needed)
{
    private readonly Dictionary<string, string> names = new() { ["#needed"] = needed };
    private readonly Dictionary<string, AttributeValue> values = [];
    private readonly List<string> sets = [];
    private readonly List<string> removes = [];

    internal Update Set(string attribute, AttributeValue value) => Set(attribute, value, (name, given) => $"{name} = {given}");

    internal Update SetIfAbsent(string attribute, AttributeValue value) => Set(attribute, value, (name, given) => $"{name} = if_not_exists({name}, {given})");

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

    internal UpdateItemRequest Request(string tableName, string condition) => new()
    {
        TableName = tableName,
        Key = key.ToDictionary(),
        UpdateExpression = $"SET {string.Join(", ", sets)}{(removes.Count > 0 ? $" REMOVE {string.Join(", ", removes)}" : "")}",
        ConditionExpression = condition,
        ExpressionAttributeNames = names,
        ExpressionAttributeValues = values,
    };
}
