using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Emulator.Patterns;

/// <summary>Whose pattern it is: event source mappings know neither <c>wildcard</c> nor <c>cidr</c>.</summary>
public enum PatternDialect
{
    EventBridge,
    Lambda,
}

/// <summary>An event pattern of EventBridge rules and of Lambda's filter criteria: pure, compiled once, matched often.</summary>
/// <remarks>
/// Fields are matched by exact name; every field of the pattern must match, any value in its list does. A field of the event that
/// is an array matches when any element does, and an array of objects when one element fulfils all fields below it.
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
/// </remarks>
public sealed class EventPattern
{
    private const string Or = "$or";

    private readonly AllOf root;

    private EventPattern(AllOf root) => this.root = root;

    /// <exception cref="EventPatternException">With the reason as the services word it.</exception>
    public static EventPattern Parse(string text, PatternDialect dialect = PatternDialect.EventBridge)
    {
        JsonDocument document;
        try
        {
            document = JsonInput.Document(text);
        }
        catch (JsonException)
        {
            throw PatternPlace.NoJson(text);
        }

        using (document)
        {
            try
            {
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? new EventPattern(Fields(document.RootElement, dialect))
                    : throw EventPatternException.At(document.RootElement, "Filter is not an object");
            }
            catch (EventPatternException fault)
            {
                throw PatternPlace.Add(fault, text, document.RootElement);
            }
        }
    }

    public bool Matches(JsonElement json) => root.Matches(new EventView(json));

    /// <summary>Whether an event can match whose top-level field has this value, whatever else is in it.</summary>
    public bool MayMatch(string field, JsonElement value) => root.MayMatch(field, value);

    private static AllOf Fields(JsonElement json, PatternDialect dialect)
    {
        var fields = new AllOf();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name == Or && IsOr(member.Value))
            {
                fields.Set(Or, new AnyOf([.. member.Value.EnumerateArray().Select(branch => (PatternNode)Fields(branch, dialect))]));
                continue;
            }

            fields.Put(
                member.Name,
                member.Value.ValueKind switch
                {
                    JsonValueKind.Object => Fields(member.Value, dialect),
                    JsonValueKind.Array => Leaf(member.Value, dialect),
                    _ => throw EventPatternException.At(member.Value, $"\"{member.Name}\" must be an object or an array"),
                }
            );
        }

        return !fields.IsEmpty ? fields : throw EventPatternException.After(json, "Empty objects are not allowed");
    }

    /// <summary>A field may be called <c>$or</c> too: only a list of at least two objects is the operator.</summary>
    private static bool IsOr(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array
        && json.GetArrayLength() >= 2
        && json.EnumerateArray().All(branch => branch.ValueKind == JsonValueKind.Object);

    private static AnyValue Leaf(JsonElement json, PatternDialect dialect)
    {
        var matchers = json.EnumerateArray().Select(value => Matcher.Of(value, dialect)).ToArray();
        return matchers.Length > 0 ? new AnyValue(matchers) : throw EventPatternException.After(json, "Empty arrays are not allowed");
    }
}
