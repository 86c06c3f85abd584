using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Serverless;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Policies;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>
/// Writes a template out before anything else reads it: what it includes, its macros, its loops. What remains of AWS::LanguageExtensions is
/// for <see cref="Evaluation"/>.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html</remarks>
internal sealed class TemplateTransforms(TemplateSource source, Macros macros)
{
    private const string Include = "AWS::Include";
    private const string LanguageExtensions = "AWS::LanguageExtensions";

    /// <summary>The template's text as it is processed; the same text where it asks for nothing of this kind.</summary>
    /// <param name="given">The values of its parameters, as far as they are known.</param>
    public async Task<string> Expand(
        string body,
        IReadOnlyDictionary<string, string> given,
        PseudoParameters pseudo,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (!body.Contains("Transform", StringComparison.Ordinal))
        {
            return body;
        }

        if (TemplateParser.Root(body) is not MapNode root)
        {
            return body;
        }

        var values = Values(root, given);
        var whole = (MapNode)await Local(root, values, caller, cancellation).ConfigureAwait(false);
        foreach (var (name, parameters) in Named(whole["Transform"]))
        {
            whole = name switch
            {
                LanguageExtensions => Loops(whole, values, pseudo),
                SamTransform.Name => SamTransform.Apply(whole, values),
                Include => Merge(
                    (MapNode)await Included(parameters, caller, cancellation).ConfigureAwait(false),
                    whole.Entries.Where(entry => entry.Key != "Transform" || !IsInclude(entry.Value)),
                    whole.At
                ),
                _ => await macros.Whole(name, Without(whole), parameters, values, caller, cancellation).ConfigureAwait(false)
                    is MapNode made
                    ? With(made, whole["Transform"]!)
                    : throw TemplateErrors.UnsupportedStructure(),
            };
        }

        return ReferenceEquals(whole, root) ? body : whole.ToJsonText();
    }

    /// <summary>The text with its loops written out and nothing else, for what only describes a template.</summary>
    public static string WriteLoops(string body, PseudoParameters pseudo) =>
        body.Contains("Fn::ForEach", StringComparison.Ordinal)
        && TemplateParser.Root(body) is MapNode root
        && Named(root["Transform"]).Any(transform => transform.Name == LanguageExtensions)
            ? Loops(root, Values(root, new Dictionary<string, string>()), pseudo).ToJsonText()
            : body;

    /// <summary>Includes and macros within the template, the innermost first.</summary>
    private async Task<Node> Local(Node node, IReadOnlyDictionary<string, string> values, Caller caller, CancellationToken cancellation)
    {
        switch (node)
        {
            case ListNode list:
                var items = new List<Node>(list.Items.Count);
                foreach (var item in list.Items)
                {
                    items.Add(await Local(item, values, caller, cancellation).ConfigureAwait(false));
                }

                return items.SequenceEqual(list.Items, ReferenceEqualityComparer.Instance) ? list : new ListNode(items, list.At);
            case MapNode map:
                var entries = new List<Entry>(map.Entries.Count);
                foreach (var entry in map.Entries)
                {
                    var value = await Local(entry.Value, values, caller, cancellation).ConfigureAwait(false);
                    entries.Add(ReferenceEquals(value, entry.Value) ? entry : entry with { Value = value });
                }

                var written = entries.SequenceEqual(map.Entries, ReferenceEqualityComparer.Instance) ? map : new MapNode(entries, map.At);
                return written["Fn::Transform"] is { } call
                    ? await Call(written, call, values, caller, cancellation).ConfigureAwait(false)
                    : written;
            default:
                return node;
        }
    }

    private async Task<Node> Call(
        MapNode around,
        Node call,
        IReadOnlyDictionary<string, string> values,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (call is not MapNode { } transform || transform["Name"] is not TextNode name)
        {
            throw TemplateErrors.Template("Fn::Transform requires a Name");
        }

        var siblings = around.Entries.Where(entry => entry.Key != "Fn::Transform").ToList();
        var parameters = Settled(transform["Parameters"] as MapNode ?? MapNode.Empty, values);
        if (name.Text != Include)
        {
            return await macros
                .Part(name.Text, new MapNode(siblings, around.At), parameters, values, caller, cancellation)
                .ConfigureAwait(false);
        }

        var included = await Included(parameters, caller, cancellation).ConfigureAwait(false);
        return included is MapNode map ? Merge(map, siblings, around.At)
            : siblings.Count == 0 ? included
            : throw TemplateErrors.Validation("Transform AWS::Include failed with: The included content must be an object");
    }

    private async Task<Node> Included(MapNode parameters, Caller caller, CancellationToken cancellation)
    {
        const string failed = "Transform AWS::Include failed with: ";
        if (parameters["Location"] is not TextNode location)
        {
            throw TemplateErrors.Validation(failed + "The location parameter is required");
        }

        var text = await source.Include(location.Text, caller, cancellation).ConfigureAwait(false);
        var node = TemplateParser.Root(text) ?? throw TemplateErrors.Validation(failed + "The included content is empty");
        return node is MapNode map && map["Fn::Transform"] is not null
            ? throw TemplateErrors.Validation(failed + "Nested includes are not supported")
            : node;
    }

    private static MapNode Merge(MapNode included, IEnumerable<Entry> own, Mark at)
    {
        var entries = own.ToList();
        foreach (var entry in included.Entries)
        {
            var present = entries.FindIndex(one => one.Key == entry.Key);
            if (present < 0)
            {
                entries.Add(entry);
            }
            else if (entries[present].Value is MapNode left && entry.Value is MapNode right)
            {
                entries[present] = entries[present] with { Value = Merge(right, left.Entries, left.At) };
            }
        }

        return new MapNode(entries, at);
    }

    private static MapNode Loops(MapNode root, Dictionary<string, string> values, PseudoParameters pseudo)
    {
        if (!root.ToJsonText().Contains("Fn::ForEach", StringComparison.Ordinal))
        {
            return root;
        }

        // What a collection may be taken from, and a resource, without which it is no template.
        List<Entry> known =
        [
            .. root.Entries.Where(entry => entry.Key is "Parameters" or "Mappings"),
            new("Transform", root.At, TextNode.Of(LanguageExtensions)),
            new("Resources", root.At, Map("Nothing", Map("Type", TextNode.Of("None")))),
        ];
        var template = TemplateParser.Parse(new MapNode(known, root.At));
        var missing = template.Parameters.Keys.Where(name => !values.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw TemplateErrors.Validation($"Parameters: [{string.Join(", ", missing)}] must have values");
        }

        var evaluation = new Evaluation(template, values, pseudo);
        return (MapNode)new Loops(evaluation.Resolve).Expand(root);
    }

    /// <summary>Parameters of a transform may be those of the template.</summary>
    private static MapNode Settled(MapNode parameters, IReadOnlyDictionary<string, string> values) =>
        new(
            [
                .. parameters.Entries.Select(entry =>
                    entry.Value is MapNode { Entries: [{ Key: "Ref", Value: TextNode name }] }
                    && values.TryGetValue(name.Text, out var value)
                        ? entry with
                        {
                            Value = TextNode.Of(value),
                        }
                        : entry
                ),
            ],
            parameters.At
        );

    private static Dictionary<string, string> Values(MapNode root, IReadOnlyDictionary<string, string> given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, _, declared) in (root["Parameters"] as MapNode ?? MapNode.Empty).Entries)
        {
            if (
                given.TryGetValue(name, out var value)
                || ((declared as MapNode)?["Default"] as TextNode)?.Text is { } usual && (value = usual) is not null
            )
            {
                values[name] = value;
            }
        }

        return values;
    }

    private static IEnumerable<(string Name, MapNode Parameters)> Named(Node? transforms) =>
        transforms switch
        {
            null => [],
            ListNode list => list.Items.SelectMany(Named),
            TextNode text => [(text.Text, MapNode.Empty)],
            MapNode map when map["Name"] is TextNode name => [(name.Text, map["Parameters"] as MapNode ?? MapNode.Empty)],
            _ => throw TemplateErrors.Format("Every Transform member must have a Name."),
        };

    private static bool IsInclude(Node transform) => transform is MapNode map && map["Name"] is TextNode { Text: Include };

    private static MapNode Without(MapNode root) => new([.. root.Entries.Where(entry => entry.Key != "Transform")], root.At);

    /// <summary>What was asked for stays with the template: it asks for a capability.</summary>
    private static MapNode With(MapNode made, Node transforms) =>
        new([.. made.Entries.Where(entry => entry.Key != "Transform"), new("Transform", made.At, transforms)], made.At);

    private static MapNode Map(string key, Node value) => new([new Entry(key, default, value)], default);
}
