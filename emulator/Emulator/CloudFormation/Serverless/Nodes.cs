using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary>Short words for the parts of a template that is being written.</summary>
internal static class Nodes
{
    public static TextNode Text(string text) => TextNode.Of(text);

    public static ListNode List(params IEnumerable<Node> items) => new([.. items], default);

    public static ListNode Texts(params IEnumerable<string> items) => List(items.Select(Text));

    /// <summary>What has no value is left out.</summary>
    public static MapNode Map(params IEnumerable<(string Key, Node? Value)> members) =>
        new(
            [.. members.Where(member => member.Value is not null).Select(member => new Entry(member.Key, default, member.Value!))],
            default
        );

    public static MapNode Ref(string name) => Map(("Ref", Text(name)));

    public static MapNode Arn(string name) => GetAtt(name, "Arn");

    public static MapNode GetAtt(string name, string attribute) => Map(("Fn::GetAtt", Texts(name, attribute)));

    /// <param name="values">What the text's variables are, where the template does not say it.</param>
    public static MapNode Sub(string text, MapNode? values = null) =>
        Map(("Fn::Sub", values is null ? Text(text) : List(Text(text), values)));

    /// <summary>A resource, with what its source says of its conditions.</summary>
    public static MapNode Resource(string type, MapNode properties, MapNode source, params IEnumerable<(string Key, Node? Value)> more) =>
        Map([("Type", Text(type)), ("Condition", source["Condition"]), ("Properties", properties), .. more]);

    /// <summary>The members of these names, as they are.</summary>
    public static IEnumerable<(string Key, Node? Value)> Of(MapNode map, params IEnumerable<string> names) =>
        names.Select(name => (name, map[name]));

    public static MapNode Statement(IEnumerable<string> actions, params IEnumerable<Node> resources) =>
        Map(("Effect", Text("Allow")), ("Action", Texts(actions)), ("Resource", resources.ToList() is [var only] ? only : List(resources)));

    public static MapNode Document(params IEnumerable<Node> statements) =>
        Map(("Version", Text("2012-10-17")), ("Statement", List(statements)));

    /// <summary>A role that a service takes.</summary>
    public static MapNode Trust(string service) =>
        Document(Map(("Action", Texts("sts:AssumeRole")), ("Effect", Text("Allow")), ("Principal", Map(("Service", Texts(service))))));

    /// <summary>The tags of a template's map, as a list, behind the one that says who made the resource.</summary>
    public static ListNode Tags(Node? tags, string made) =>
        List([
            Map(("Key", Text(made)), ("Value", Text("SAM"))),
            .. (tags as MapNode ?? MapNode.Empty).Entries.Select(tag => Map(("Key", Text(tag.Key)), ("Value", tag.Value))),
        ]);
}
