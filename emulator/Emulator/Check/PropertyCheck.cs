using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Check;

/// <summary>Holds a resource's properties to its type: names, down to the last one, and what each may hold.</summary>
internal sealed class PropertyCheck(Findings findings)
{
    public void Resource(string name, Mark at, IResource type, MapNode properties)
    {
        foreach (var entry in properties.Entries)
        {
            if (!type.Properties.ContainsKey(entry.Key))
            {
                findings.Add(entry.At, $"{type.Type} has no property '{entry.Key}'", Near.To(entry.Key, type.Properties.Keys));
            }
            else if (type.Schema?.Properties.FirstOrDefault(property => property.Name == entry.Key) is { } property)
            {
                Value(entry.Value, entry.Key, property.PropertyType, type.Schema);
            }
        }

        foreach (var (property, _) in type.Properties.Where(property => property.Value.Required && properties[property.Key] is null))
        {
            findings.Add(
                properties.Entries.Count > 0 ? properties.At : at,
                $"{type.Type} '{name}' lacks the property '{property}'",
                $"'{property}'"
            );
        }
    }

    private void Value(Node node, string name, Type type, JsonTypeInfo shape)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is MapNode { Entries.Count: 1 } map && Functions.Call(map) is { } call)
        {
            Function(call, name, type, shape);
            return;
        }

        var of = shape.Options.GetTypeInfo(type);
        switch (of.Kind)
        {
            case JsonTypeInfoKind.Object:
                Object(node, name, of);
                break;
            case JsonTypeInfoKind.Dictionary:
                foreach (var entry in (Expect<MapNode>(node, name, "a map") ?? MapNode.Empty).Entries)
                {
                    Value(entry.Value, $"{name}.{entry.Key}", of.ElementType!, shape);
                }

                break;
            case JsonTypeInfoKind.Enumerable:
                foreach (var item in Expect<ListNode>(node, name, "a list")?.Items ?? [])
                {
                    Value(item, name, of.ElementType!, shape);
                }

                break;
            default:
                Scalar(node, name, type);
                break;
        }
    }

    private void Object(Node node, string name, JsonTypeInfo of)
    {
        foreach (
            var entry in (
                Expect<MapNode>(node, name, $"a map with {string.Join(", ", of.Properties.Select(property => property.Name))}")
                ?? MapNode.Empty
            ).Entries
        )
        {
            if (of.Properties.FirstOrDefault(property => property.Name == entry.Key) is { } property)
            {
                Value(entry.Value, entry.Key, property.PropertyType, of);
            }
            else if (!entry.Key.StartsWith("Fn::", StringComparison.Ordinal))
            {
                findings.Add(
                    entry.At,
                    $"'{name}' has no member '{entry.Key}'",
                    Near.To(entry.Key, of.Properties.Select(known => known.Name))
                );
            }
        }
    }

    /// <summary>What a function gives is known for some: no list comes from a Join, no text from a Split.</summary>
    private void Function(Entry call, string name, Type type, JsonTypeInfo shape)
    {
        if (call is { Key: "Fn::If", Value: ListNode { Items: [_, var met, var unmet] } })
        {
            Value(met, name, type, shape);
            Value(unmet, name, type, shape);
            return;
        }

        var kind = shape.Options.GetTypeInfo(type).Kind;
        if (kind != JsonTypeInfoKind.None && call.Key is ("Fn::Join" or "Fn::Sub" or "Fn::Base64"))
        {
            findings.Add(call.At, $"'{name}' is a text here", kind == JsonTypeInfoKind.Enumerable ? "a list" : "a map");
        }
        else if (IsScalar(type) && call.Key is ("Fn::Split" or "Fn::GetAZs" or "Fn::Cidr"))
        {
            findings.Add(call.At, $"'{name}' is a list here", "a single value, as of Fn::Select");
        }
    }

    private void Scalar(Node node, string name, Type type)
    {
        if (!IsScalar(type) || Expect<TextNode>(node, name, Named(type)) is not { Kind: not ScalarKind.Null } text)
        {
            return;
        }

        var fits =
            type == typeof(bool) ? text.Text is "true" or "false"
            : type == typeof(int) || type == typeof(long)
                ? long.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            : type == typeof(string) || decimal.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        if (!fits)
        {
            findings.Add(node.At, $"'{name}' is '{text.Text}'", Named(type));
        }
    }

    private T? Expect<T>(Node node, string name, string expected)
        where T : Node
    {
        if (node is not T and not TextNode { Kind: ScalarKind.Null })
        {
            findings.Add(node.At, $"'{name}' is a {(node switch { ListNode => "list", MapNode => "map", _ => "single value" })}", expected);
        }

        return node as T;
    }

    /// <summary>Other types are read by their own rules, such as policies.</summary>
    private static bool IsScalar(Type type) =>
        type == typeof(string)
        || type == typeof(bool)
        || type == typeof(int)
        || type == typeof(long)
        || type == typeof(double)
        || type == typeof(decimal);

    private static string Named(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(string) ? "a text"
        : "a number";
}
