using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>A value that a property names in another service: <c>{{resolve:service:reference}}</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html</remarks>
/// <param name="Text">The whole of it, braces included.</param>
/// <param name="Service"><c>ssm</c>, <c>ssm-secure</c> or <c>secretsmanager</c>.</param>
/// <param name="Key">What follows the service.</param>
internal sealed partial record DynamicReference(string Text, string Service, string Key)
{
    public const string Ssm = "ssm";
    public const string SsmSecure = "ssm-secure";
    public const string SecretsManager = "secretsmanager";

    public static bool AreIn(string text) => text.Contains("{{resolve:", StringComparison.Ordinal);

    public static IEnumerable<DynamicReference> In(string text) =>
        AreIn(text)
            ? Pattern().Matches(text).Select(match => new DynamicReference(match.Value, match.Groups[1].Value, match.Groups[2].Value))
            : [];

    /// <summary>Of a parameter: its name.</summary>
    public string Name => Key.Split(':')[0];

    /// <summary>Of a parameter: its version; null where none is named.</summary>
    public string? Version => Key.Split(':') is [_, var version] ? version : null;

    /// <summary>Of a parameter: whether it has a name, and nothing else behind it but a number.</summary>
    public bool IsWellFormed =>
        Key.Split(':') switch
        {
            [{ Length: > 0 }] => true,
            [{ Length: > 0 }, var version] => long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            _ => false,
        };

    /// <summary>Every reference in a value, with its path: <c>A/B/0</c>.</summary>
    public static IEnumerable<(string Path, DynamicReference Reference)> In(Node node, string path = "") =>
        node switch
        {
            TextNode { Kind: ScalarKind.Text } text => In(text.Text).Select(reference => (path, reference)),
            ListNode list => list.Items.SelectMany((item, at) => In(item, Under(path, at.ToString(CultureInfo.InvariantCulture)))),
            MapNode map => map.Entries.SelectMany(entry => In(entry.Value, Under(path, entry.Key))),
            _ => [],
        };

    /// <summary>The value with the references replaced whose value is known.</summary>
    public static Node Replace(Node node, IReadOnlyDictionary<string, string> known) =>
        known.Count == 0
            ? node
            : node switch
            {
                TextNode { Kind: ScalarKind.Text } text when AreIn(text.Text) => Replaced(text, known),
                ListNode list => new ListNode([.. list.Items.Select(item => Replace(item, known))], list.At),
                MapNode map => new MapNode([.. map.Entries.Select(entry => entry with { Value = Replace(entry.Value, known) })], map.At),
                _ => node,
            };

    private static TextNode Replaced(TextNode text, IReadOnlyDictionary<string, string> known) =>
        text.IsHidden
            ? TextNode.Of(Replace(text.Text, known), Replace(text.ShownText, known), text.At)
            : TextNode.Of(Replace(text.Text, known), text.At);

    public static string Replace(string text, IReadOnlyDictionary<string, string> known) =>
        AreIn(text) ? Pattern().Replace(text, match => known.TryGetValue(match.Value, out var value) ? value : match.Value) : text;

    private static string Under(string path, string key) => path.Length == 0 ? key : $"{path}/{key}";

    [GeneratedRegex(@"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]+)\}\}")]
    private static partial Regex Pattern();
}
