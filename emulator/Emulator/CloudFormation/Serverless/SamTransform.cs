using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary>AWS::Serverless-2016-10-31: short resources, written out into those of CloudFormation.</summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html</remarks>
internal static class SamTransform
{
    public const string Name = "AWS::Serverless-2016-10-31";

    private const string Prefix = "AWS::Serverless::";

    /// <param name="values">The template's parameters, as far as they are known.</param>
    public static MapNode Apply(MapNode root, IReadOnlyDictionary<string, string> values)
    {
        var globals = Globals(root["Globals"]);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var resources = new List<Entry>();
        foreach (var entry in (root["Resources"] as MapNode ?? MapNode.Empty).Entries)
        {
            foreach (var (id, resource) in Written(entry, globals, values, names))
            {
                if (resources.Exists(one => one.Key == id))
                {
                    throw SamErrors.Document($"Number of errors found: 1. Resource with id [{id}] is declared twice.");
                }

                resources.Add(new Entry(id, entry.At, resource));
            }
        }

        var written = root
            .Entries.Where(entry => entry.Key != "Globals")
            .Select(entry => entry.Key == "Resources" ? entry with { Value = new MapNode(resources, root.At) } : entry);
        return (MapNode)Named(new MapNode([.. written], root.At), names);
    }

    /// <summary>The text of a value that SAM must know when it writes the template: its own, or a parameter's.</summary>
    public static string Known(Node node, IReadOnlyDictionary<string, string> values, string id, string property) =>
        node switch
        {
            TextNode text => text.Text,
            MapNode { Entries: [{ Key: "Ref", Value: TextNode name }] } when values.TryGetValue(name.Text, out var value) => value,
            _ => throw SamErrors.Resource(id, $"'{property}' must be a string or a Ref to a template parameter"),
        };

    /// <summary>An object in S3: a URI, or its parts.</summary>
    public static (Node Bucket, Node Key, Node? Version) Location(Node node, string id, string property)
    {
        if (node is MapNode map && map["Bucket"] is { } bucket && map["Key"] is { } key)
        {
            return (bucket, key, map["Version"]);
        }

        const string scheme = "s3://";
        if (node is TextNode text && text.Text.StartsWith(scheme, StringComparison.Ordinal))
        {
            var parts = text.Text[scheme.Length..].Split("?versionId=", 2);
            if (parts[0].Split('/', 2) is [{ Length: > 0 } place, { Length: > 0 } path])
            {
                return (Text(place), Text(path), parts.Length > 1 ? Text(parts[1]) : null);
            }
        }

        throw SamErrors.Resource(
            id,
            $"'{property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."
        );
    }

    private static IEnumerable<(string, MapNode)> Written(
        Entry entry,
        Dictionary<string, MapNode> globals,
        IReadOnlyDictionary<string, string> values,
        Dictionary<string, string> names
    )
    {
        var source = entry.Value as MapNode ?? throw SamErrors.Document($"Resource with id [{entry.Key}] must be an object.");
        if ((source["Type"] as TextNode)?.Text is not { } type || !type.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return [(entry.Key, source)];
        }

        var kind = type[Prefix.Length..];
        var own = source["Properties"] as MapNode ?? MapNode.Empty;
        var properties = globals.TryGetValue(kind, out var common) ? (MapNode)Merge(common, own) : own;
        return kind switch
        {
            "Function" => new SamFunction(entry.Key, source, properties, values).Write(names),
            "StateMachine" => SamStateMachine.Write(entry.Key, source, properties),
            "LayerVersion" => [SamLayer.Write(entry.Key, source, properties, values, names)],
            "SimpleTable" => [(entry.Key, SamTable.Write(entry.Key, source, properties))],
            _ => throw Aws.AwsException.NotImplemented($"the resource type {type}"),
        };
    }

    private static Dictionary<string, MapNode> Globals(Node? globals)
    {
        var known = new Dictionary<string, MapNode>(StringComparer.Ordinal);
        foreach (var entry in (globals as MapNode ?? MapNode.Empty).Entries)
        {
            known[entry.Key] = entry.Key is "Function" or "LayerVersion" or "StateMachine" or "SimpleTable"
                ? entry.Value as MapNode
                    ?? throw SamErrors.Document($"'Globals' section is invalid. Value of {entry.Key} must be a dictionary")
                : throw SamErrors.Undone($"the section {entry.Key} of the Globals");
        }

        return known;
    }

    /// <summary>A resource's own value wins; maps are put together, and lists follow on those of the globals.</summary>
    private static Node Merge(Node common, Node own) =>
        (common, own) switch
        {
            (MapNode left, MapNode right) when Functions.Call(left) is null && Functions.Call(right) is null => new MapNode(
                [
                    .. left.Entries.Select(entry =>
                        right[entry.Key] is { } value ? entry with { Value = Merge(entry.Value, value) } : entry
                    ),
                    .. right.Entries.Where(entry => left[entry.Key] is null),
                ],
                right.At
            ),
            (ListNode left, ListNode right) => new ListNode([.. left.Items, .. right.Items], right.At),
            _ => own,
        };

    /// <summary>What a function's version and alias are called elsewhere.</summary>
    private static Node Named(Node node, Dictionary<string, string> names) =>
        names.Count == 0
            ? node
            : node switch
            {
                MapNode { Entries: [{ Key: "Ref", Value: TextNode name }] } when names.TryGetValue(name.Text, out var id) => Ref(id),
                MapNode map => new MapNode([.. map.Entries.Select(entry => entry with { Value = Named(entry.Value, names) })], map.At),
                ListNode list => new ListNode([.. list.Items.Select(item => Named(item, names))], list.At),
                _ => node,
            };
}
