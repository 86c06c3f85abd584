using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Check;

/// <summary>Everything that can be said of one template before anything is created, all of it at once.</summary>
internal sealed class TemplateCheck
{
    private static readonly HashSet<string> ResourceMembers =
    [
        "Type",
        "Properties",
        "DependsOn",
        "Condition",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "Metadata",
        "CreationPolicy",
        "UpdatePolicy",
    ];

    private static readonly HashSet<string> OutputMembers = ["Description", "Value", "Export", "Condition"];

    private readonly CheckedFile file;
    private readonly IReadOnlyDictionary<string, IResource> types;
    private readonly OrderedDictionary<string, TemplateParameter> declared = [];

    private TemplateCheck(CheckedFile file, IReadOnlyDictionary<string, IResource> types)
    {
        this.file = file;
        this.types = types;
        Findings = new Findings(file.Path);
    }

    public Findings Findings { get; }

    /// <summary>Null where the text is not a template.</summary>
    public MapNode? Root { get; private set; }

    public IReadOnlyDictionary<string, TemplateParameter> Parameters => declared;

    public static TemplateCheck Of(CheckedFile file, IReadOnlyDictionary<string, IResource> types)
    {
        var check = new TemplateCheck(file, types);
        check.Size();
        if (check.Read())
        {
            check.Check();
        }

        return check;
    }

    private void Size()
    {
        var bytes = Encoding.UTF8.GetByteCount(file.Text);
        if (bytes > TemplateParser.UrlLimit)
        {
            Findings.Add(default, $"the template has {bytes} bytes", $"at most {TemplateParser.UrlLimit}");
        }
        else if (bytes > TemplateParser.BodyLimit)
        {
            Findings.Add(
                default,
                $"the template has {bytes} bytes",
                $"at most {TemplateParser.BodyLimit}{(file.IsBody ? "" : ", or a way through a bucket")}",
                warning: !file.IsBody
            );
        }
    }

    private bool Read()
    {
        Node? node = null;
        var read = Findings.Holds(
            default,
            () => node = file.Text.AsSpan().TrimStart().StartsWith("{") ? JsonTemplate.Read(file.Text) : YamlTemplate.Read(file.Text)
        );
        Root = node as MapNode;
        if (read && Root is null)
        {
            Findings.Add(node?.At ?? default, "this is not a template", "a map with Resources");
        }

        return Root is not null;
    }

    private void Check()
    {
        foreach (var section in Root!.Entries.Where(entry => !TemplateParser.Sections.Contains(entry.Key)))
        {
            Findings.Add(section.At, $"a template has no section '{section.Key}'", Near.To(section.Key, TemplateParser.Sections));
        }

        foreach (
            var (name, most) in (ReadOnlySpan<(string, int)>)[("Parameters", 200), ("Mappings", 200), ("Resources", 500), ("Outputs", 200)]
        )
        {
            if (Root[name] is MapNode { Entries.Count: var count } && count > most)
            {
                Findings.Add(Root[name]!.At, $"{count} {name.ToLowerInvariant()}", $"at most {most}");
            }
        }

        DeclareParameters();
        var references = new ReferenceCheck(Root, Extensions, types, Findings);
        foreach (var entry in Section("Conditions"))
        {
            references.Condition(entry.Value);
        }

        foreach (var entry in Section("Resources"))
        {
            Resource(entry, references);
        }

        foreach (var entry in Section("Outputs"))
        {
            Output(entry, references);
        }

        Values();
        Rest();
    }

    private bool Extensions =>
        Root!["Transform"]
            is TextNode { Text: "AWS::LanguageExtensions" }
                or ListNode { Items: [TextNode { Text: "AWS::LanguageExtensions" }, ..] };

    private IReadOnlyList<Entry> Section(string name) => (Root![name] as MapNode ?? MapNode.Empty).Entries;

    private void DeclareParameters()
    {
        foreach (var entry in Section("Parameters"))
        {
            var at = entry.Value is MapNode body
                ? body["Default"]?.At ?? (body.Entries is [var first, ..] ? first.At : entry.At)
                : entry.At;
            if (
                entry.Value is MapNode { } known
                && known["Type"] is TextNode type
                && type.Text.StartsWith("AWS::", StringComparison.Ordinal)
            )
            {
                Findings.Add(type.At, $"values of the parameter type {type.Text} are not checked here", warning: true);
                continue;
            }

            Findings.Holds(at, () => ParameterParser.Parse(new MapNode([entry], entry.At), declared));
        }
    }

    private void Resource(Entry entry, ReferenceCheck references)
    {
        if (entry.Value is not MapNode body)
        {
            Findings.Add(entry.At, $"the resource '{entry.Key}' is not a map", "Type and Properties");
            return;
        }

        foreach (var member in body.Entries.Where(member => !ResourceMembers.Contains(member.Key)))
        {
            Findings.Add(member.At, $"a resource has no member '{member.Key}'", Near.To(member.Key, ResourceMembers));
        }

        if (body["Condition"] is TextNode condition)
        {
            references.ConditionName(condition);
        }

        foreach (
            var name in body["DependsOn"] switch
            {
                TextNode text => [text],
                ListNode list => list.Items.OfType<TextNode>(),
                _ => Enumerable.Empty<TextNode>(),
            }
        )
        {
            references.ResourceName(name);
        }

        references.Value(body["Properties"] ?? MapNode.Empty);
        if (body["Type"] is not TextNode type)
        {
            Findings.Add(entry.At, $"the resource '{entry.Key}' has no Type", "such as AWS::SQS::Queue");
        }
        else if (types.TryGetValue(type.Text, out var known))
        {
            if (body["Properties"] is null or MapNode && !known.TakesAny)
            {
                new PropertyCheck(Findings).Resource(entry.Key, entry.At, known, body["Properties"] as MapNode ?? MapNode.Empty);
            }
        }
        else
        {
            var typo =
                Near.IsTypo(type.Text, types.Keys)
                || type.Text.Split("::") is not (["AWS", _, _] or ["Custom", ..] or [_, _, _, "MODULE"] or [_, _, _]);
            Findings.Add(
                type.At,
                typo ? $"there is no resource type {type.Text}" : $"the properties of {type.Text} are not known here",
                typo ? Near.To(type.Text, types.Keys) ?? "such as AWS::SQS::Queue" : null,
                warning: !typo
            );
        }
    }

    private void Output(Entry entry, ReferenceCheck references)
    {
        if (entry.Value is not MapNode body || body["Value"] is null)
        {
            Findings.Add(entry.At, $"the output '{entry.Key}' has no Value", "Value");
            return;
        }

        foreach (var member in body.Entries)
        {
            if (!OutputMembers.Contains(member.Key))
            {
                Findings.Add(member.At, $"an output has no member '{member.Key}'", Near.To(member.Key, OutputMembers));
            }
            else if (member is { Key: "Condition", Value: TextNode condition })
            {
                references.ConditionName(condition);
            }
            else
            {
                references.Value(member.Value);
            }
        }
    }

    /// <summary>The values that the caller gives, against what the template asks of them.</summary>
    private void Values()
    {
        foreach (var (name, value) in file.Parameters ?? new Dictionary<string, string>())
        {
            if (!declared.TryGetValue(name, out var parameter))
            {
                Findings.Add(default, $"the template has no parameter '{name}'", Near.To(name, declared.Keys));
            }
            else if (ParameterValues.Violation(parameter, value) is { } violation)
            {
                Findings.Add(
                    parameter.At,
                    $"the value '{value}': {violation}",
                    parameter.ConstraintDescription
                        ?? (parameter.AllowedValues is { } allowed ? $"one of {string.Join(", ", allowed)}" : null)
                );
            }
        }
    }

    /// <summary>Cycles; and whatever CloudFormation would still refuse.</summary>
    private void Rest()
    {
        if (Findings.HasErrors)
        {
            return;
        }

        Findings.Holds(
            default,
            () =>
            {
                var template = TemplateParser.Parse(file.Text);
                TemplateChecks.References(template);
                var conditions = Planned.Evaluation(template, declared.Values, file).ConditionValues;
                if (Cycle.In(Cycle.Graph((MapNode)Root!["Resources"]!, Extensions, conditions)) is { } cycle)
                {
                    Findings.Add(
                        template.Resources[cycle[0]].At,
                        $"these resources wait for each other: {string.Join(" -> ", cycle)}",
                        "an order in which they can be created"
                    );
                }
            }
        );
    }
}
