using System.Text.RegularExpressions;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Writes <c>Fn::ForEach</c> out, as AWS::LanguageExtensions does before anything else reads the template.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html</remarks>
/// <param name="resolve">What a collection's functions answer: parameters and mappings are all that is known of the stack.</param>
internal sealed partial class Loops(Func<Node, Node?> resolve)
{
    private const string Prefix = "Fn::ForEach::";
    private const string NoCollection = "Could not find a collection or could not be resolved for Fn::ForEach";
    private const int Deepest = 5;
    private const int MostNodes = 100_000;
    private int nodes;

    public static bool IsLoop(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    public Node Expand(Node root) => Walk(root, new Dictionary<string, string>(), 0);

    private Node Walk(Node node, IReadOnlyDictionary<string, string> names, int depth)
    {
        if (++nodes > MostNodes)
        {
            throw Failed($"the template has more than {MostNodes} values once its loops are written out");
        }

        return node switch
        {
            ListNode list => new ListNode([.. list.Items.Select(item => Walk(item, names, depth))], list.At),
            MapNode map => Map(map, names, depth),
            _ => node,
        };
    }

    private Node Map(MapNode map, IReadOnlyDictionary<string, string> names, int depth)
    {
        if (map.Entries is [{ Key: "Ref", Value: TextNode name }] && names.TryGetValue(name.Text, out var value))
        {
            return TextNode.Of(value, name.At);
        }

        if (names.Count > 0 && map.Entries is [{ Key: "Fn::Sub" } sub])
        {
            return Sub(sub, map.At, names, depth);
        }

        return new MapNode(Merged(map, entry => [entry with { Value = Walk(entry.Value, names, depth) }], names, depth), map.At);
    }

    /// <summary>The entries of a map, with those of its loops in their place.</summary>
    private List<Entry> Merged(MapNode map, Func<Entry, IEnumerable<Entry>> written, IReadOnlyDictionary<string, string> names, int depth)
    {
        var entries = new List<Entry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in map.Entries.SelectMany(entry => IsLoop(entry.Key) ? Loop(entry, names, depth + 1) : written(entry)))
        {
            if (!seen.Add(one.Key))
            {
                throw Failed($"Duplicate key '{one.Key}' when merging keys to parent object in Fn::ForEach");
            }

            entries.Add(one);
        }

        return entries;
    }

    /// <summary>Of texts only that of Fn::Sub takes the value, and there only as <c>${Name}</c> (recorded on AWS).</summary>
    private Node Sub(Entry call, Mark at, IReadOnlyDictionary<string, string> names, int depth)
    {
        var text = call.Value is ListNode { Items: [TextNode first, ..] } ? first : call.Value as TextNode;
        if (text is null)
        {
            return new MapNode([call with { Value = Walk(call.Value, names, depth) }], at);
        }

        var filled = TextNode.Of(Replace(text.Text, names, "$"), text.At);

        // Where a logical id is wanted no function may stand.
        return call.Value is ListNode list
                ? new MapNode(
                    [call with { Value = new ListNode([filled, .. list.Items.Skip(1).Select(item => Walk(item, names, depth))], list.At) }],
                    at
                )
            : filled.Text.Contains("${", StringComparison.Ordinal) ? new MapNode([call with { Value = filled }], at)
            : filled;
    }

    private IEnumerable<Entry> Loop(Entry loop, IReadOnlyDictionary<string, string> names, int depth)
    {
        if (
            depth > Deepest
            || loop.Key.Length == Prefix.Length
            || loop.Value is not ListNode { Items: [TextNode { Text.Length: > 0 } identifier, var collection, MapNode body] }
            || names.ContainsKey(identifier.Text)
        )
        {
            throw Failed("Fn::ForEach layout is incorrect");
        }

        foreach (var value in Values(Walk(collection, names, depth)))
        {
            var inside = new Dictionary<string, string>(names) { [identifier.Text] = value };
            foreach (
                var entry in Merged(
                    body,
                    // The fragment's own keys take the value; those further inside do not (recorded on AWS).
                    entry => [new(Replace(entry.Key, inside, "$&"), entry.At, Walk(entry.Value, inside, depth))],
                    inside,
                    depth
                )
            )
            {
                yield return entry;
            }
        }
    }

    private IEnumerable<string> Values(Node collection) =>
        resolve(collection) switch
        {
            ListNode list => list.Items.SelectMany(item =>
                item is TextNode text ? [text.Text]
                : item is ListNode more ? more.Items.OfType<TextNode>().Select(one => one.Text)
                : throw Failed(NoCollection)
            ),
            _ => throw Failed(NoCollection),
        };

    /// <summary><c>&amp;{Name}</c> is the value without what a logical id may not have.</summary>
    private static string Replace(string text, IReadOnlyDictionary<string, string> names, string forms) =>
        Variable()
            .Replace(
                text,
                match =>
                    !forms.Contains(match.Groups[1].Value[0], StringComparison.Ordinal)
                    || !names.TryGetValue(match.Groups[2].Value, out var value)
                        ? match.Value
                    : match.Groups[1].Value == "&" ? string.Concat(value.Where(char.IsAsciiLetterOrDigit))
                    : value
            );

    private static Aws.AwsException Failed(string why) =>
        TemplateErrors.Validation($"Transform AWS::LanguageExtensions failed with: {why}");

    [GeneratedRegex(@"([$&])\{([A-Za-z0-9]+)\}")]
    private static partial Regex Variable();
}
