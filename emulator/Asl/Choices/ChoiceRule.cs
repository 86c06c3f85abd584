using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.Choices;

/// <summary>A condition of a Choice state.</summary>
internal abstract class ChoiceRule
{
    public abstract bool Holds(Scope scope);

    /// <summary>Null where something is wrong with it.</summary>
    public static ChoiceRule? Read(DefinitionReader reader)
    {
        if (reader.Has("And") || reader.Has("Or"))
        {
            var field = reader.Has("And") ? "And" : "Or";
            var rules = new List<ChoiceRule>();
            var list = reader.Array(field);
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            {
                reader.Wrong("The list must not be empty", field);
                return null;
            }

            foreach (var item in list.EnumerateArray())
            {
                if (Nested(reader, $"{field}[{rules.Count}]", item) is not { } rule)
                {
                    return null;
                }

                rules.Add(rule);
            }

            return field == "And" ? new AndRule(rules) : new OrRule(rules);
        }

        if (reader.Has("Not"))
        {
            return Nested(reader, "Not", reader.Object("Not")) is { } inner ? new NotRule(inner) : null;
        }

        return Comparison.Read(reader);
    }

    private static ChoiceRule? Nested(DefinitionReader reader, string field, JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            reader.Wrong("Expected value of type Object", field);
            return null;
        }

        var inner = reader.Inner(field, source);
        var rule = Read(inner);
        if (rule is not null)
        {
            inner.NoOthers();
        }

        return rule;
    }
}

internal sealed class AndRule(List<ChoiceRule> rules) : ChoiceRule
{
    public override bool Holds(Scope scope) => rules.All(rule => rule.Holds(scope));
}

internal sealed class OrRule(List<ChoiceRule> rules) : ChoiceRule
{
    public override bool Holds(Scope scope) => rules.Any(rule => rule.Holds(scope));
}

internal sealed class NotRule(ChoiceRule inner) : ChoiceRule
{
    public override bool Holds(Scope scope) => !inner.Holds(scope);
}
