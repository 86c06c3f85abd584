using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Reads YAML as CloudFormation does: short forms become functions; dates, <c>yes</c> and <c>no</c> stay text.</summary>
internal sealed partial class YamlTemplate
{
    private readonly Parser parser;
    private int depth;

    private YamlTemplate(string text) => parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>Null for an empty document.</summary>
    public static Node? Read(string text)
    {
        // YamlDotNet cannot read a block of nothing but blanks, which AWS can: such lines may as well be empty.
        try
        {
            return ReadAsItIs(text);
        }
        catch (AwsException) when (BlankLines().IsMatch(text))
        {
            return ReadAsItIs(BlankLines().Replace(text, ""));
        }
    }

    private static Node? ReadAsItIs(string text)
    {
        try
        {
            var reader = new YamlTemplate(text);
            reader.parser.Consume<StreamStart>();
            if (reader.parser.TryConsume<StreamEnd>(out _))
            {
                return null;
            }

            reader.parser.Consume<DocumentStart>();
            var root = reader.Value("");
            reader.parser.Consume<DocumentEnd>();
            if (!reader.parser.TryConsume<StreamEnd>(out _))
            {
                throw TemplateErrors.NotWellFormed("YAML", At(reader.parser.Current!.Start));
            }

            return root;
        }
        catch (YamlException e)
        {
            throw TemplateErrors.NotWellFormed("YAML", At(e.Start));
        }
        catch (Exception unread) when (unread is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner says no place for some of what it cannot read.
            throw TemplateErrors.NotWellFormed("YAML", new Mark(1, 1));
        }
    }

    private Node Value(string path)
    {
        if (parser.Current is AnchorAlias)
        {
            throw TemplateErrors.Format("YAML aliases are not allowed in CloudFormation templates");
        }

        // Where a key stands without a value YamlDotNet ends the map before the value.
        if (parser.Current is not NodeEvent start)
        {
            throw TemplateErrors.NotWellFormed("YAML", At(parser.Current!.Start));
        }

        var at = At(start.Start);
        var function = ShortForm(start.Tag, at);
        if (function is not null)
        {
            path = $"{path}/{function}";
        }

        var levels = function is null ? 1 : 2; // a short form is a map around its argument
        Nesting.Check(depth += levels, at);
        Node value = parser.Current switch
        {
            Scalar => ScalarValue(function is not null),
            SequenceStart => List(path),
            _ => Map(path),
        };
        depth -= levels;
        return function is null ? value : new MapNode([new Entry(function, at, Dotted(function, value))], at);
    }

    private TextNode ScalarValue(bool tagged)
    {
        var scalar = parser.Consume<Scalar>();
        var kind =
            scalar.Style == ScalarStyle.Plain && !tagged && (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific)
                ? Kind(scalar.Value)
                : ScalarKind.Text;
        var text = kind == ScalarKind.Boolean ? scalar.Value.ToLowerInvariant() : scalar.Value;
        return new TextNode(text, kind, At(scalar.Start));
    }

    private ListNode List(string path)
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<Node>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value($"{path}/{items.Count}"));
        }

        return new ListNode(items, At(start.Start));
    }

    private MapNode Map(string path)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<Entry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Current is not Scalar)
            {
                throw TemplateErrors.Format(
                    $"[{path}] map keys must be strings; received a {(parser.Current is SequenceStart ? "list" : "map")} instead"
                );
            }

            var key = ScalarValue(false);
            if (key.Kind is ScalarKind.Number or ScalarKind.Boolean)
            {
                var kind = key.Kind == ScalarKind.Number ? "numeric" : "boolean";
                throw TemplateErrors.Format($"[{path}] map keys must be strings; received {kind} [{key.Text}] instead");
            }

            if (!seen.Add(key.Text))
            {
                throw TemplateErrors.Format($"[{path}] duplicate key '{key.Text}' {key.At}");
            }

            var value = Value($"{path}/{key.Text}");
            entries.Add(new Entry(key.Text, key.At, Dotted(key.Text, value)));
        }

        return new MapNode(entries, At(start.Start));
    }

    /// <summary>YAML may write <c>GetAtt</c> with a dot instead of a list.</summary>
    private static Node Dotted(string function, Node value)
    {
        if (
            function != "Fn::GetAtt"
            || value is not TextNode text
            || text.Text.IndexOf('.', StringComparison.Ordinal) is not (> 0 and var dot)
        )
        {
            return value;
        }

        return new ListNode([TextNode.Of(text.Text[..dot], text.At), TextNode.Of(text.Text[(dot + 1)..], text.At)], text.At);
    }

    private static string? ShortForm(TagName tag, Mark at)
    {
        if (tag.IsEmpty || tag.IsNonSpecific)
        {
            return null;
        }

        var name = tag.Value;
        if (name.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
        {
            return name is "tag:yaml.org,2002:str" or "tag:yaml.org,2002:map" or "tag:yaml.org,2002:seq"
                ? null
                : throw TemplateErrors.Format($"unsupported tag {name} {at}");
        }

        name = name.TrimStart('!');
        var function = name is "Ref" or "Condition" ? name : "Fn::" + name;
        return Functions.IsKnown(function) ? function : throw TemplateErrors.UnsupportedFunction("!" + name);
    }

    private static ScalarKind Kind(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
            _ => Number().IsMatch(text) ? ScalarKind.Number : ScalarKind.Text,
        };

    [GeneratedRegex(@"^[ \t]+(?=\r?$)", RegexOptions.Multiline)]
    private static partial Regex BlankLines();

    /// <summary>A number as JSON writes it: what has leading zeros, such as an account id, stays text.</summary>
    [GeneratedRegex(@"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\z")]
    private static partial Regex Number();

    private static Mark At(YamlDotNet.Core.Mark mark) => new((int)mark.Line, (int)mark.Column);
}
