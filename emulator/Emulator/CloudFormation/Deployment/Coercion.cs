using System.Text.Json;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>
/// Templates may write <c>5</c> where a type wants text, and <c>"5"</c> where it wants a number: AWS converts by the type's schema. Here the
/// type says which scalar it could not read, and gets it in the other form.
/// </summary>
internal static partial class Coercion
{
    private const int Limit = 64;

    public static async Task<T> Run<T>(string type, ResourceRequest request, Func<ResourceRequest, Task<T>> ask)
    {
        var tried = new HashSet<(string, bool)>();
        while (true)
        {
            try
            {
                return await ask(request).ConfigureAwait(false);
            }
            catch (Exception unread) when (unread is JsonException || (unread is AwsException && JsonFault.IsReaders(unread.Message)))
            {
                var path = (unread as JsonException)?.Path ?? PathInText().Match(unread.Message).Groups["path"].Value;
                request =
                    (tried.Count < Limit && path.Length > 0 ? Other(request, path, tried) : null)
                    ?? throw JsonFault.OfProperties(unread.Message, request.LogicalId, type);
            }
        }
    }

    /// <summary>The request with the scalar at a path as text; the second time, as number or boolean. Null where neither is possible.</summary>
    private static ResourceRequest? Other(ResourceRequest request, string path, HashSet<(string, bool)> tried)
    {
        foreach (var toText in new[] { true, false })
        {
            if (tried.Add((path, toText)))
            {
                var changed = false;
                var properties = Change(request.Properties, path, toText, ref changed);
                var previous =
                    request.PreviousProperties.ValueKind == JsonValueKind.Undefined
                        ? request.PreviousProperties
                        : Change(request.PreviousProperties, path, toText, ref changed);
                if (changed)
                {
                    return request with { Properties = properties, PreviousProperties = previous };
                }
            }
        }

        return null;
    }

    private static JsonElement Change(JsonElement json, string path, bool toText, ref bool changed)
    {
        var here = false;
        var node = Change(Node.FromJson(json), "$", path, toText, ref here);
        changed |= here;
        return here ? node.ToJson() : json;
    }

    private static Node Change(Node node, string at, string path, bool toText, ref bool changed)
    {
        if (at != path && !path.StartsWith(at, StringComparison.Ordinal))
        {
            return node;
        }

        switch (node)
        {
            case MapNode map:
                var entries = new List<Entry>();
                foreach (var entry in map.Entries)
                {
                    var quoted = $"{at}['{entry.Key}']";
                    var value = Change(
                        entry.Value,
                        path.StartsWith(quoted, StringComparison.Ordinal) ? quoted : $"{at}.{entry.Key}",
                        path,
                        toText,
                        ref changed
                    );
                    entries.Add(entry with { Value = value });
                }

                return new MapNode(entries, map.At);
            case ListNode list:
                var items = new List<Node>();
                foreach (var item in list.Items)
                {
                    items.Add(Change(item, $"{at}[{items.Count}]", path, toText, ref changed));
                }

                return new ListNode(items, list.At);
            case TextNode { Kind: ScalarKind.Number or ScalarKind.Boolean } text when toText && at == path:
                changed = true;
                return TextNode.Of(text.Text, text.At);
            case TextNode { Kind: ScalarKind.Text, Text: "true" or "false" } text when !toText && at == path:
                changed = true;
                return new TextNode(text.Text, ScalarKind.Boolean, text.At);
            case TextNode { Kind: ScalarKind.Text } text when !toText && at == path && Number().IsMatch(text.Text):
                changed = true;
                return new TextNode(text.Text, ScalarKind.Number, text.At);
            default:
                return node;
        }
    }

    [GeneratedRegex(@"could not be converted.* Path: (?<path>\$\S*) \|")]
    private static partial Regex PathInText();

    [GeneratedRegex(@"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\z")]
    private static partial Regex Number();
}
