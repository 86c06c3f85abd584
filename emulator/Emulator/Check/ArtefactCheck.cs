using System.Text.RegularExpressions;
using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Check;

/// <summary>Checks files by themselves, and what they say of each other: nested stacks, and the state machine's substitutions.</summary>
internal sealed partial class ArtefactCheck(IReadOnlyDictionary<string, IResource> types, Func<string, IReadOnlyList<Diagnostic>> diagnose)
{
    private readonly Dictionary<string, TemplateCheck> templates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (CheckedFile File, Findings Findings)> definitions = new(StringComparer.Ordinal);

    public IReadOnlyList<Finding> Run(IReadOnlyList<CheckedFile> files)
    {
        foreach (var file in files)
        {
            if (IsDefinition(file))
            {
                definitions[file.Path] = (file, DefinitionCheck.Of(file, diagnose));
            }
            else
            {
                templates[file.Path] = TemplateCheck.Of(file, types);
            }
        }

        foreach (var template in templates.Values.Where(template => template.Root is not null))
        {
            foreach (var entry in (template.Root!["Resources"] as MapNode ?? MapNode.Empty).Entries)
            {
                if (entry.Value is not MapNode body || body["Type"] is not TextNode type || body["Properties"] is not MapNode properties)
                {
                    continue;
                }

                switch (type.Text)
                {
                    case TemplateChecks.NestedStack:
                        Nested(template, entry, properties);
                        break;
                    case "AWS::StepFunctions::StateMachine":
                        Substitutions(template, entry, properties);
                        break;
                }
            }
        }

        return
        [
            .. templates
                .Values.Select(template => template.Findings)
                .Concat(definitions.Values.Select(definition => definition.Findings))
                .SelectMany(findings => findings.All),
        ];
    }

    /// <summary>What a template makes by itself, where its conditions hold.</summary>
    public static TemplateContent Content(CheckedFile file)
    {
        var template = TemplateParser.Parse(file.Text);
        var evaluation = Planned.Evaluation(template, template.Parameters.Values, file);
        return new(
            template.Parameters.Values.ToDictionary(parameter => parameter.Name, parameter => parameter.Default),
            [
                .. template
                    .Resources.Values.Where(resource => evaluation.IsActive(resource.Condition))
                    .Select(resource => new TemplateContentResource(
                        resource.LogicalId,
                        resource.Type,
                        Named(resource.Properties["TemplateURL"])
                    )),
            ]
        );
    }

    private static bool IsDefinition(CheckedFile file) =>
        file.Text.TrimStart().StartsWith('{')
        && (file.Text.Contains("\"StartAt\"", StringComparison.Ordinal) || file.Text.Contains("\"States\"", StringComparison.Ordinal))
        && !file.Text.Contains("\"Resources\"", StringComparison.Ordinal);

    /// <summary>Parameters given and wanted, and outputs asked for.</summary>
    private void Nested(TemplateCheck template, Entry entry, MapNode properties)
    {
        if (Named(properties["TemplateURL"]) is not { } path || templates.Count == 1)
        {
            return;
        }

        if (templates.FirstOrDefault(other => Ends(other.Key, path)).Value is not { } nested)
        {
            template.Findings.Add(
                properties["TemplateURL"]!.At,
                $"there is no template '{path}' here",
                Near.To(path, templates.Keys.Select(Path.GetFileName).OfType<string>())
            );
            return;
        }

        if (nested.Root is null)
        {
            return;
        }

        var given = properties["Parameters"] as MapNode ?? MapNode.Empty;
        foreach (var parameter in given.Entries)
        {
            if (!nested.Parameters.TryGetValue(parameter.Key, out var declared))
            {
                template.Findings.Add(
                    parameter.At,
                    $"'{path}' has no parameter '{parameter.Key}'",
                    Near.To(parameter.Key, nested.Parameters.Keys)
                );
            }
            else if (parameter.Value is TextNode text && ParameterValues.Violation(declared, text.Text) is { } violation)
            {
                template.Findings.Add(text.At, violation, declared.ConstraintDescription);
            }
        }

        foreach (var missing in nested.Parameters.Values.Where(parameter => parameter.Default is null && given[parameter.Name] is null))
        {
            template.Findings.Add(
                properties["Parameters"]?.At ?? entry.At,
                $"'{path}' is not given its parameter '{missing.Name}', which has no default",
                $"'{missing.Name}'"
            );
        }

        var outputs = (nested.Root["Outputs"] as MapNode ?? MapNode.Empty).Entries.Select(output => output.Key).ToHashSet();
        foreach (var (name, at) in OutputsOf(entry.Key, template.Root!).Where(asked => !outputs.Contains(asked.Name)))
        {
            template.Findings.Add(at, $"'{path}' has no output '{name}'", Near.To(name, outputs));
        }
    }

    /// <summary>Every <c>Outputs.X</c> that is asked of a nested stack.</summary>
    private static IEnumerable<(string Name, Mark At)> OutputsOf(string logicalId, Node node)
    {
        switch (node)
        {
            case MapNode { Entries: [{ Key: "Fn::GetAtt", Value: ListNode { Items: [TextNode stack, TextNode attribute] } }] }
                when stack.Text == logicalId && attribute.Text.StartsWith("Outputs.", StringComparison.Ordinal):
                return [(attribute.Text["Outputs.".Length..], attribute.At)];
            case MapNode map:
                return map.Entries.SelectMany(entry =>
                    entry.Key == "Fn::Sub" && entry.Value is TextNode text
                        ? SubOutput()
                            .Matches(text.Text)
                            .Where(match => match.Groups[1].Value == logicalId)
                            .Select(match => (match.Groups[2].Value, text.At))
                        : OutputsOf(logicalId, entry.Value)
                );
            case ListNode list:
                return list.Items.SelectMany(item => OutputsOf(logicalId, item));
            default:
                return [];
        }
    }

    /// <summary>What the definition leaves open, and what the template fills in.</summary>
    private void Substitutions(TemplateCheck template, Entry entry, MapNode properties)
    {
        if (
            Named((properties["DefinitionS3Location"] as MapNode)?["Key"]) is not { } path
            || definitions.FirstOrDefault(other => Ends(other.Key, path)).Value is not ({ } file, { } findings)
        )
        {
            return;
        }

        var given = properties["DefinitionSubstitutions"] as MapNode ?? MapNode.Empty;
        var lines = file.Text.Split('\n');
        var used = new HashSet<string>(StringComparer.Ordinal);
        for (var line = 0; line < lines.Length; line++)
        {
            foreach (Match open in Substitution().Matches(lines[line]))
            {
                used.Add(open.Groups[1].Value);
                if (given[open.Groups[1].Value] is null)
                {
                    findings.Add(
                        new Mark(line + 1, open.Index + 1),
                        $"nothing is given for {open.Value}",
                        $"one of the DefinitionSubstitutions of '{entry.Key}': {string.Join(", ", given.Entries.Select(known => known.Key))}"
                    );
                }
            }
        }

        foreach (var spare in given.Entries.Where(known => !used.Contains(known.Key)))
        {
            template.Findings.Add(spare.At, $"the definition does not use '{spare.Key}'", $"${{{spare.Key}}} in it", warning: true);
        }
    }

    /// <summary>The file's name at the end of a URL or key, however it is put together.</summary>
    private static string? Named(Node? node) =>
        node switch
        {
            TextNode text => text.Text[(text.Text.LastIndexOfAny(['/', '}']) + 1)..] is { Length: > 0 } name ? name : null,
            MapNode { Entries: [{ Key: "Fn::Sub", Value: TextNode text }] } => Named(text),
            MapNode { Entries: [{ Key: "Fn::Sub", Value: ListNode { Items: [TextNode text, ..] } }] } => Named(text),
            MapNode { Entries: [{ Key: "Fn::Join", Value: ListNode { Items: [_, ListNode { Items: [.., var last] }] } }] } => Named(last),
            _ => null,
        };

    private static bool Ends(string path, string name) => Path.GetFileName(path) == name;

    [GeneratedRegex(@"\$\{(\w+)\.Outputs\.(\w+)\}")]
    private static partial Regex SubOutput();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Substitution();
}
