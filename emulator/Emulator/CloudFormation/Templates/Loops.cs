using System.Text.RegularExpressions;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Writes <c>Fn::ForEach</c> out, as AWS::LanguageExtensions does before anything else reads the template.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html</remarks>
/// <param name="resolve">What a collection's functions answer: parameters and mappings are all that is known of the stack.</param>
internal sealed partial class Loops(Func<Node, Node?> resolve)
{
    private const string Prefix = "Fn::ForEach::";
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
            TextNode { Kind: ScalarKind.Text } text when names.Count > 0 => TextNode.Of(Replace(text.Text, names), text.At),
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

        var entries = new List<Entry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            var loop = IsLoop(entry.Key);
            foreach (var one in loop ? Loop(entry, names, depth + 1) : [Written(entry, names, depth)])
            {
                if (!seen.Add(one.Key))
                {
                    throw Failed($"Duplicate key '{one.Key}' when merging keys to parent object in Fn::ForEach");
                }

                entries.Add(one);
            }
        }

        // Where a logical id is wanted no function may stand.
        return
            names.Count > 0 && entries is [{ Key: "Fn::Sub", Value: TextNode text }] && !text.Text.Contains("${", StringComparison.Ordinal)
            ? text
            : new MapNode(entries, map.At);
    }

    private Entry Written(Entry entry, IReadOnlyDictionary<string, string> names, int depth) =>
        new(Replace(entry.Key, names), entry.At, Walk(entry.Value, names, depth));

    private IEnumerable<Entry> Loop(Entry loop, IReadOnlyDictionary<string, string> names, int depth)
    {
        if (
            depth > Deepest
            || loop.Key.Length == Prefix.Length
            || loop.Value is not ListNode { Items: [TextNode { Text.Length: > 0 } identifier, var collection, MapNode body] }
            || names.ContainsKey(identifier.Text)
        )
        {
            throw Failed($"Fn::ForEach layout is incorrect {loop.At}");
        }

        foreach (var value in Values(Walk(collection, names, depth)))
        {
            var inside = new Dictionary<string, string>(names) { [identifier.Text] = value };
            foreach (var entry in ((MapNode)Walk(body, inside, depth)).Entries)
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
                : throw Failed("Fn::ForEach collection must be a list of strings")
            ),
            _ => throw Failed("Fn::ForEach could not resolve list"),
        };

    /// <summary><c>&amp;{Name}</c> is the value without what a logical id may not have.</summary>
    private static string Replace(string text, IReadOnlyDictionary<string, string> names) =>
        names.Count == 0
            ? text
            : Variable()
                .Replace(
                    text,
                    match =>
                        !names.TryGetValue(match.Groups[2].Value, out var value) ? match.Value
                        : match.Groups[1].Value == "&" ? string.Concat(value.Where(char.IsAsciiLetterOrDigit))
                        : value
                );

    private static Aws.AwsException Failed(string why) =>
        TemplateErrors.Validation($"Transform AWS::LanguageExtensions failed with: {why}");

    [GeneratedRegex(@"([$&])\{([A-Za-z0-9]+)\}")]
    private static partial Regex Variable();
}
