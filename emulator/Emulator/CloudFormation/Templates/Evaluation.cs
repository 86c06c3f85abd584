using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>What the <c>AWS::</c> references answer in a stack.</summary>
internal sealed record PseudoParameters(Scope Scope, string StackName, string StackId, IReadOnlyList<string> NotificationArns)
{
    public static bool IsName(string name) =>
        name
            is "AWS::AccountId"
                or "AWS::NotificationARNs"
                or "AWS::NoValue"
                or "AWS::Partition"
                or "AWS::Region"
                or "AWS::StackId"
                or "AWS::StackName"
                or "AWS::URLSuffix";

    public string? Text(string name) =>
        name switch
        {
            "AWS::AccountId" => Scope.Account,
            "AWS::Partition" => Arn.Partition(Scope.Region),
            "AWS::Region" => Scope.Region,
            "AWS::StackId" => StackId,
            "AWS::StackName" => StackName,
            "AWS::URLSuffix" => Arn.UrlSuffix(Scope.Region),
            _ => null,
        };
}

/// <summary>Resolves a template's functions against parameter values and what exists so far.</summary>
internal sealed class Evaluation
{
    private readonly Template template;
    private readonly IReadOnlyDictionary<string, string> parameters;
    private readonly PseudoParameters pseudo;
    private readonly EvaluationBudget budget = new();

    public Evaluation(Template template, IReadOnlyDictionary<string, string> parameters, PseudoParameters pseudo)
    {
        this.template = template;
        this.parameters = parameters;
        this.pseudo = pseudo;
        ConditionValues = Conditions.Settle(template, Resolve);
    }

    /// <summary>Every condition of the template with its value.</summary>
    public IReadOnlyDictionary<string, bool> ConditionValues { get; }

    /// <summary>What exists of a resource by its logical id, or null.</summary>
    public Func<string, ResourceState?> Existing { get; init; } = _ => null;

    /// <summary>For change sets: a property, by its path, of a resource that stays as it is; null where it is not known.</summary>
    public Func<string, string, Node?> Kept { get; init; } = (_, _) => null;

    /// <summary>An export's value by its name, or null.</summary>
    public Func<string, string?> Exports { get; init; } = _ => null;

    /// <summary>Whether an export that is not there yet is unknown instead of an error: a stack looks for it when it runs.</summary>
    public bool ImportsLater { get; init; }

    /// <summary>For change sets: what does not exist yet is unknown instead of an error.</summary>
    public bool Planning { get; init; }

    public bool IsActive(string? condition) => condition is null || ConditionValues[condition];

    /// <summary>Whether a parameter's value comes from what is only known after the change is applied.</summary>
    public bool IsUnknown(string parameter) => parameters.GetValueOrDefault(parameter) == TextNode.KnownAfterApply;

    /// <summary>What Parameter Store has for <c>{{resolve:ssm:…}}</c>, by the whole of it.</summary>
    public IReadOnlyDictionary<string, string> References { get; init; } = new Dictionary<string, string>();

    public MapNode Properties(TemplateResource resource) => (MapNode)DynamicReference.Replace(Resolve(resource.Properties)!, References);

    /// <summary>What a CreationPolicy waits for; null where there is none.</summary>
    public Deployment.SignalPolicy? Signals(TemplateResource resource) =>
        resource.CreationPolicy is { } policy ? Deployment.SignalPolicy.Of(Resolve(policy), resource.LogicalId) : null;

    public RetentionPolicy DeletionPolicy(TemplateResource resource) =>
        resource.DeletionPolicyFunction is { } function
            ? TemplateParser.Retention(resource.LogicalId, resource.Type, "DeletionPolicy", Resolve(function))
            : resource.DeletionPolicy;

    public RetentionPolicy UpdateReplacePolicy(TemplateResource resource) =>
        resource.UpdateReplacePolicyFunction is { } function
            ? TemplateParser.Retention(resource.LogicalId, resource.Type, "UpdateReplacePolicy", Resolve(function))
            : resource.UpdateReplacePolicy;

    /// <summary>Null stands for <c>AWS::NoValue</c>: whatever holds it leaves it out.</summary>
    public Node? Resolve(Node node)
    {
        budget.Spend(1);
        switch (node)
        {
            case ListNode list:
                return new ListNode([.. list.Items.Select(Resolve).OfType<Node>()], list.At);
            case MapNode map when Functions.Call(map) is { } call:
                return Call(call);
            case MapNode map:
                var entries = new List<Entry>(map.Entries.Count);
                foreach (var entry in map.Entries)
                {
                    if (Resolve(entry.Value) is { } value)
                    {
                        entries.Add(entry with { Value = value });
                    }
                }

                return new MapNode(entries, map.At);
            default:
                return node;
        }
    }

    private Node? Call(Entry call) =>
        call.Key switch
        {
            "Ref" => Ref(((TextNode)call.Value).Text, call.At),
            "Fn::GetAtt" => GetAtt((ListNode)call.Value, call.At),
            "Fn::Sub" => Sub(call),
            "Fn::If" => If((ListNode)call.Value),
            "Fn::Join" => Join((ListNode)call.Value, call.At),
            "Fn::Split" => Split((ListNode)call.Value, call.At),
            "Fn::Select" => Select((ListNode)call.Value, call.At),
            "Fn::FindInMap" => FindInMap((ListNode)call.Value, call.At),
            "Fn::Base64" => Text(call.Value, text => budget.Text(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))),
            "Fn::GetAZs" => Zones(call),
            "Fn::ImportValue" => Import(call.Value),
            "Fn::Cidr" => CidrBlocks((ListNode)call.Value, call.At),
            "Fn::Length" => TextNode.Of(
                (Resolve(call.Value) as ListNode ?? throw TemplateErrors.Template("Fn::Length requires a list")).Items.Count.ToString(),
                call.At
            ),
            "Fn::ToJsonString" => Resolve(call.Value) is { } value
                ? value.HasUnknown
                    ? TextNode.Unknown(call.At)
                    : TextNode.Of(budget.Text(value.ToJsonText()), value.Shown.ToJsonText(), call.At)
                : throw TemplateErrors.Template("Fn::ToJsonString requires a value"),
            _ => throw TemplateErrors.Template($"{call.Key} may stand in the Conditions block only {call.At}"),
        };

    private TextNode Import(Node argument) =>
        Resolve(argument) switch
        {
            TextNode { Kind: not ScalarKind.Unknown } name when Exports(name.Text) is null && ImportsLater => TextNode.Unknown(argument.At),
            _ => Text(argument, name => Exports(name) ?? throw TemplateErrors.Validation($"No export named {name} found.")),
        };

    private Node? Ref(string name, Mark at)
    {
        // A parameter may be given this text as its value (recorded on AWS).
        if (name == "AWS::NoValue" || (template.Parameters.ContainsKey(name) && parameters[name] == "AWS::NoValue"))
        {
            return null;
        }

        if (name == "AWS::NotificationARNs")
        {
            return new ListNode([.. pseudo.NotificationArns.Select(arn => TextNode.Of(arn, at))], at);
        }

        if (pseudo.Text(name) is { } text)
        {
            return TextNode.Of(text, at);
        }

        if (template.Parameters.TryGetValue(name, out var parameter))
        {
            budget.Spend(parameters[name].Length);
            return IsUnknown(name) ? TextNode.Unknown(at)
                : parameter.NoEcho ? ParameterValues.Resolve(parameter, parameters[name], at).Hidden
                : ParameterValues.Resolve(parameter, parameters[name], at);
        }

        return Existing(name) is { } state ? TextNode.Of(state.PhysicalId, at)
            : Planning ? TextNode.Unknown(at)
            : throw TemplateErrors.Unresolved([name], "Resources");
    }

    private Node GetAtt(ListNode arguments, Mark at)
    {
        var resource = ((TextNode)arguments.Items[0]).Text;
        var attribute =
            Resolve(arguments.Items[1]) as TextNode
            ?? throw TemplateErrors.Template(
                "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
            );
        return Attribute(resource, attribute.Text, at);
    }

    private Node Attribute(string resource, string attribute, Mark at)
    {
        if (Existing(resource) is { } state && state.Attributes.TryGetValue(attribute, out var value))
        {
            budget.Spend(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).Length);
            return state.NoEcho ? Node.FromJson(value, at).Hidden : Node.FromJson(value, at);
        }

        if (!Planning && template.Resources[resource].IsCustom)
        {
            throw TemplateErrors.Validation(
                $"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute in object {pseudo.StackId}|{resource}"
            );
        }

        return Planning
            ? Kept(resource, attribute) ?? TextNode.Unknown(at)
            : Property(resource, attribute) ?? throw TemplateErrors.UnknownAttribute(resource, attribute);
    }

    /// <summary>What a template sets of a resource can be asked for too (recorded on AWS).</summary>
    private Node? Property(string resource, string path)
    {
        var names = path.Split('.');
        if (!template.Resources.TryGetValue(resource, out var declared) || declared.Properties[names[0]] is not { } property)
        {
            return null;
        }

        var node = Resolve(property);
        foreach (var name in names.Skip(1))
        {
            node = (node as MapNode)?[name];
        }

        return node;
    }

    private TextNode Sub(Entry call)
    {
        var (text, values) = SubText.Arguments(call.Value);
        var result = new StringBuilder();
        StringBuilder? shown = null; // from the first secret on
        var known = new Dictionary<string, Node?>(StringComparer.Ordinal); // each is resolved once, however often it is mentioned
        foreach (var piece in SubText.Parse(text))
        {
            if (!piece.IsVariable)
            {
                result.Append(piece.Text);
                shown?.Append(piece.Text);
                continue;
            }

            if (!known.TryGetValue(piece.Text, out var value))
            {
                var dot = piece.Text.IndexOf('.', StringComparison.Ordinal);
                known[piece.Text] = value =
                    values[piece.Text] is { } given ? Resolve(given)
                    : dot < 0 ? Ref(piece.Text, call.At)
                    : Attribute(piece.Text[..dot], piece.Text[(dot + 1)..], call.At);
            }

            switch (value)
            {
                case TextNode { Kind: ScalarKind.Unknown }:
                    return TextNode.Unknown(call.At);
                case TextNode scalar:
                    shown ??= scalar.IsHidden ? new StringBuilder(result.ToString()) : null;
                    result.Append(scalar.Text);
                    shown?.Append(scalar.ShownText);
                    break;
                default:
                    throw TemplateErrors.Template("Fn::Sub expressions do not resolve to a string");
            }

            EvaluationBudget.CheckLength(result.Length);
        }

        var filled = budget.Text(result.ToString());
        return shown is null ? TextNode.Of(filled, call.At) : TextNode.Of(filled, shown.ToString(), call.At);
    }

    private Node? If(ListNode arguments)
    {
        var name = ((TextNode)arguments.Items[0]).Text;
        return ConditionValues.TryGetValue(name, out var met)
            ? Resolve(arguments.Items[met ? 1 : 2])
            : throw TemplateErrors.Template($"unresolved condition dependency {name} in Fn::If");
    }

    private TextNode Join(ListNode arguments, Mark at)
    {
        var list = Resolve(arguments.Items[1]);
        if (list is TextNode { Kind: ScalarKind.Unknown } || list is { HasUnknown: true })
        {
            return TextNode.Unknown(at);
        }

        if (list is not ListNode items || items.Items.Any(i => i is not TextNode))
        {
            throw TemplateErrors.Template(
                "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
            );
        }

        var delimiter = ((TextNode)arguments.Items[0]).Text;
        EvaluationBudget.CheckLength(items.Items.Sum(i => (long)((TextNode)i).Text.Length + delimiter.Length) - delimiter.Length);
        var texts = items.Items.Cast<TextNode>();
        var text = budget.Text(string.Join(delimiter, texts.Select(i => i.Text)));
        return texts.Any(i => i.IsHidden)
            ? TextNode.Of(text, string.Join(delimiter, texts.Select(i => i.ShownText)), at)
            : TextNode.Of(text, at);
    }

    private Node Split(ListNode arguments, Mark at) =>
        Resolve(arguments.Items[1]) switch
        {
            TextNode { Kind: ScalarKind.Unknown } => TextNode.Unknown(at),
            TextNode text => AsSecret(
                new ListNode(
                    [.. budget.Parts(text.Text.Split(((TextNode)arguments.Items[0]).Text)).Select(part => TextNode.Of(part, at))],
                    at
                ),
                text.IsHidden
            ),
            _ => throw TemplateErrors.Template(
                "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split."
            ),
        };

    private Node Select(ListNode arguments, Mark at)
    {
        var list = Resolve(arguments.Items[1]);
        if (list is TextNode { Kind: ScalarKind.Unknown })
        {
            return TextNode.Unknown(at);
        }

        if (list is not ListNode items || Resolve(arguments.Items[0]) is not TextNode index || !int.TryParse(index.Text, out var i))
        {
            throw TemplateErrors.Template("Fn::Select requires a list argument with two elements: an integer index and a list");
        }

        return i >= 0 && i < items.Items.Count
            ? items.Items[i]
            : throw TemplateErrors.Template($"Fn::Select cannot select nonexistent value at index {i}");
    }

    private Node? FindInMap(ListNode arguments, Mark at)
    {
        var keys = arguments.Items.Take(3).Select(Resolve).ToList();
        if (keys is not [TextNode map, TextNode first, TextNode second])
        {
            throw TemplateErrors.Template(
                "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"
            );
        }

        return ((template.Mappings[map.Text] as MapNode)?[first.Text] as MapNode)?[second.Text]
            ?? (arguments.Items is [_, _, _, MapNode other] ? Resolve(other["DefaultValue"]!) : null)
            ?? throw TemplateErrors.Mapping(map.Text, first.Text, second.Text);
    }

    private ListNode Zones(Entry call)
    {
        var region = Resolve(call.Value) is TextNode { Text.Length: > 0 } text ? text.Text : pseudo.Scope.Region;
        return new ListNode([.. "abc".Select(zone => TextNode.Of(region + zone, call.At))], call.At);
    }

    private Node CidrBlocks(ListNode arguments, Mark at)
    {
        var items = arguments.Items.Select(Resolve).OfType<TextNode>().ToList();
        return items.Exists(i => i.HasUnknown) ? TextNode.Unknown(at)
            : items.Count == arguments.Items.Count
                ? AsSecret(
                    new ListNode(
                        [
                            .. Cidr.Blocks(items[0].Text, items[1].Text, items.Count > 2 ? items[2].Text : "8")
                                .Select(b => TextNode.Of(b, at)),
                        ],
                        at
                    ),
                    items.Exists(item => item.IsHidden)
                )
            : throw TemplateErrors.Template("every Fn::Cidr object requires two or three parameters, ipBlock, count and cidrBits");
    }

    /// <summary>What is made of a secret's parts is one too.</summary>
    private static Node AsSecret(Node made, bool secret) => secret ? made.Hidden : made;

    private TextNode Text(Node argument, Func<string, string> then) =>
        Resolve(argument) switch
        {
            TextNode { Kind: ScalarKind.Unknown } => TextNode.Unknown(argument.At),
            TextNode { IsHidden: true } secret => TextNode.Of(then(secret.Text), argument.At).Hidden,
            TextNode text => TextNode.Of(then(text.Text), argument.At),
            _ => throw TemplateErrors.Template($"a string is expected {argument.At}"),
        };
}
