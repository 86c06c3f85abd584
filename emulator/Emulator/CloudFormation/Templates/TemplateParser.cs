using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Reads a template's text into a <see cref="Template"/>, or says in AWS's words what is wrong with its form.</summary>
internal static class TemplateParser
{
    /// <summary>Bytes that a template may have in a request.</summary>
    public const int BodyLimit = 51_200;

    /// <summary>Bytes that a template may have in S3.</summary>
    public const int UrlLimit = 1_000_000;

    public static Template Parse(string text) => Root(text) is MapNode map ? Parse(map) : throw TemplateErrors.UnsupportedStructure();

    /// <summary>The text as it is written, whatever it says.</summary>
    public static Node? Root(string text) => text.AsSpan().TrimStart().StartsWith("{") ? JsonTemplate.Read(text) : YamlTemplate.Read(text);

    public static void CheckSize(string body, bool fromUrl)
    {
        var size = Encoding.UTF8.GetByteCount(body);
        if (fromUrl && size > UrlLimit)
        {
            throw TemplateErrors.Validation($"Template may not exceed {UrlLimit} bytes in size.");
        }

        if (!fromUrl && size > BodyLimit)
        {
            throw TemplateErrors.Validation(
                $"1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to {BodyLimit}"
            );
        }
    }

    public static readonly HashSet<string> Sections =
    [
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Mappings",
        "Conditions",
        "Rules",
        "Hooks",
        "Transform",
        "Resources",
        "Outputs",
    ];

    public static Template Parse(MapNode root)
    {
        var transforms = Transforms(root["Transform"]);
        var unknown = root
            .Entries.Select(e => e.Key)
            .Where(k => !Sections.Contains(k) && !(k == "Globals" && transforms.Contains(Serverless.SamTransform.Name)))
            .ToList();
        if (unknown.Count > 0)
        {
            throw unknown.Find(k => k.StartsWith("Fn::", StringComparison.Ordinal)) is { } undone
                ? AwsException.NotImplemented(undone)
                : TemplateErrors.Validation($"Invalid template property or properties [{string.Join(", ", unknown)}]");
        }

        if (root["Hooks"] is not null)
        {
            throw AwsException.NotImplemented("a template's Hooks section");
        }

        if (root["Resources"] is not MapNode { Entries.Count: > 0 } resources)
        {
            throw TemplateErrors.Format("At least one Resources member must be defined.");
        }

        var template = new Template
        {
            Version = Version(root["AWSTemplateFormatVersion"]),
            Description = Description(root["Description"]),
            Metadata = Section(root, "Metadata"),
            Transforms = transforms,
            NamesDynamicReferences = Names(resources),
            Mappings = Mappings(Section(root, "Mappings")),
            Rules = Section(root, "Rules") ?? MapNode.Empty,
        };
        Limit("resources", resources, 500);
        ParameterParser.Parse(Section(root, "Parameters"), template.Parameters);
        foreach (var (name, _, value) in (Section(root, "Conditions") ?? MapNode.Empty).Entries)
        {
            template.Conditions[name] = value;
        }

        foreach (var entry in resources.Entries)
        {
            template.Resources[entry.Key] = Resource(entry, template.LanguageExtensions);
        }

        var outputs = Section(root, "Outputs") ?? MapNode.Empty;
        Limit("outputs", outputs, 200);
        foreach (var entry in outputs.Entries)
        {
            template.Outputs[entry.Key] = Output(entry, template.LanguageExtensions);
        }

        RefuseNulls(root, "");
        return template;
    }

    /// <summary>Whether "{{resolve:" is written anywhere, in one piece or in parts that functions put together.</summary>
    private static bool Names(Node node) =>
        node switch
        {
            TextNode text => text.Text.Contains("resolve:", StringComparison.Ordinal),
            ListNode list => list.Items.Any(Names),
            MapNode map => map.Entries.Any(entry => Names(entry.Value)),
            _ => false,
        };

    public static void Limit(string what, MapNode section, int limit)
    {
        if (section.Entries.Count > limit)
        {
            throw TemplateErrors.TooMany(what, section.Entries.Count, limit);
        }
    }

    private static MapNode? Section(MapNode root, string name) =>
        root[name] switch
        {
            null or TextNode { Kind: ScalarKind.Null } => null,
            MapNode map => map,
            _ => throw TemplateErrors.Format($"{name} must be an object."),
        };

    private static string? Version(Node? node) =>
        node switch
        {
            null => null,
            TextNode { Text: "2010-09-09" } text => text.Text,
            _ => throw TemplateErrors.Format("unsupported value for AWSTemplateFormatVersion."),
        };

    private static string? Description(Node? node) =>
        node switch
        {
            null => null,
            TextNode { Kind: ScalarKind.Null } => null,
            TextNode text when Encoding.UTF8.GetByteCount(text.Text) > 1024 => throw TemplateErrors.Format(
                "'Description' length is greater than 1024"
            ),
            TextNode text => text.Text,
            _ => throw TemplateErrors.Format("Every Description member must be a string."),
        };

    /// <summary>Those that are written out already too: they ask for a capability.</summary>
    private static List<string> Transforms(Node? node) =>
        node switch
        {
            null => [],
            TextNode { Text: not ("AWS::LanguageExtensions" or "AWS::Include" or Serverless.SamTransform.Name) } text
                when text.Text.StartsWith("AWS::", StringComparison.Ordinal) => throw AwsException.NotImplemented(
                $"the transform {text.Text}"
            ),
            TextNode text => [text.Text],
            ListNode list => [.. list.Items.SelectMany(Transforms)],
            MapNode map when map["Name"] is TextNode name => Transforms(name),
            _ => throw TemplateErrors.Format("Every Transform member must have a Name."),
        };

    private static MapNode Mappings(MapNode? mappings)
    {
        if (mappings is null)
        {
            return MapNode.Empty;
        }

        Limit("mappings", mappings, 200);
        foreach (var map in mappings.Entries)
        {
            var keys = map.Value as MapNode ?? throw TemplateErrors.Format($"Every Mappings member {map.Key} must be a map");
            foreach (var key in keys.Entries)
            {
                var values = key.Value as MapNode ?? throw TemplateErrors.Format($"Every Mappings member {key.Key} must be a map");
                if (values.Entries.Any(v => v.Value is MapNode || v.Value is ListNode list && list.Items.Any(i => i is not TextNode)))
                {
                    throw TemplateErrors.Format("Every Mappings attribute must be a String or a List.");
                }
            }
        }

        return mappings;
    }

    /// <summary>A loop that is not written out stands where a name is wanted.</summary>
    private static void RefuseLoop(string key, bool extensions)
    {
        if (key == "Fn::Transform" || (extensions && Loops.IsLoop(key)))
        {
            throw AwsException.NotImplemented(key == "Fn::Transform" ? key : "Fn::ForEach");
        }
    }

    private static TemplateResource Resource(Entry entry, bool extensions)
    {
        RefuseLoop(entry.Key, extensions);
        if (Loops.IsLoop(entry.Key))
        {
            throw TemplateErrors.Format($"[/Resources/{entry.Key}] resource definition is malformed");
        }

        if (!entry.Key.All(char.IsAsciiLetterOrDigit) || entry.Key.Length is 0 or > 255)
        {
            throw TemplateErrors.Format($"Resource name {entry.Key} is non alphanumeric.");
        }

        var body = entry.Value as MapNode ?? throw TemplateErrors.Format("Any Resources member must be an object.");
        foreach (var (key, at, value) in body.Entries)
        {
            RefuseLoop(key, extensions);
            switch (key)
            {
                case "Type" or "Properties" or "DependsOn" or "Condition" or "DeletionPolicy" or "UpdateReplacePolicy" or "Metadata":
                    break;
                case "CreationPolicy" when body["Type"] is TextNode { Text: "AWS::CloudFormation::WaitCondition" }:
                    break;
                case "CreationPolicy" or "UpdatePolicy":
                    throw AwsException.NotImplemented($"a resource's {key} {at}");
                default:
                    throw TemplateErrors.Validation($"Invalid template resource property '{key}'");
            }
        }

        if (body["Type"] is not TextNode { Text.Length: > 0 } type)
        {
            throw TemplateErrors.Format($"[/Resources/{entry.Key}] Every Resources object must contain a Type member.");
        }

        return new TemplateResource(
            entry.Key,
            type.Text,
            body["Properties"] switch
            {
                null or TextNode { Kind: ScalarKind.Null } => MapNode.Empty,
                MapNode map => map,
                _ => throw TemplateErrors.Format("[/Resources/" + entry.Key + "/Properties] Properties must be an object."),
            },
            entry.At
        )
        {
            DependsOn = body["DependsOn"] switch
            {
                null => [],
                TextNode text => [text.Text],
                ListNode list when list.Items.All(i => i is TextNode) => [.. list.Items.Select(i => ((TextNode)i).Text)],
                _ => throw TemplateErrors.Template($"Every DependsOn value must be a string. {body["DependsOn"]!.At}"),
            },
            Condition = body["Condition"] switch
            {
                null => null,
                TextNode text => text.Text,
                _ => throw TemplateErrors.Format($"Every Condition member must be a string. {body["Condition"]!.At}"),
            },
            DeletionPolicy = Retention(entry.Key, type.Text, "DeletionPolicy", Literal(body["DeletionPolicy"], extensions)),
            UpdateReplacePolicy = Retention(entry.Key, type.Text, "UpdateReplacePolicy", Literal(body["UpdateReplacePolicy"], extensions)),
            DeletionPolicyFunction = Computed(body["DeletionPolicy"], extensions),
            UpdateReplacePolicyFunction = Computed(body["UpdateReplacePolicy"], extensions),
            CreationPolicy = body["CreationPolicy"],
            SetsDeletionPolicy = body["DeletionPolicy"] is not null,
            SetsUpdateReplacePolicy = body["UpdateReplacePolicy"] is not null,
            Metadata = body["Metadata"] as MapNode,
        };
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html</summary>
    private static Node? Computed(Node? policy, bool extensions) =>
        extensions && policy is MapNode map && Functions.Call(map) is { Key: "Ref" or "Fn::FindInMap" } ? policy : null;

    private static Node? Literal(Node? policy, bool extensions) => Computed(policy, extensions) is null ? policy : null;

    public static RetentionPolicy Retention(string resource, string type, string member, Node? node) =>
        node switch
        {
            null or TextNode { Text: "Delete" } => RetentionPolicy.Delete,
            TextNode { Text: "Retain" } => RetentionPolicy.Retain,
            TextNode { Text: "RetainExceptOnCreate" } when member == "DeletionPolicy" => RetentionPolicy.RetainExceptOnCreate,
            TextNode { Text: "Snapshot" } => throw TemplateErrors.Template(
                $"resource type {type} does not support {(member == "DeletionPolicy" ? "deletion policy" : "update replace policy")} Snapshot"
            ),
            TextNode text => throw TemplateErrors.Template($"Unrecognized {member} {text.Text} for resource {resource}"),
            _ => throw TemplateErrors.Template($"Every {member} member must be a string. {node.At}"),
        };

    private static TemplateOutput Output(Entry entry, bool extensions)
    {
        RefuseLoop(entry.Key, extensions);
        if (!entry.Key.All(char.IsAsciiLetterOrDigit) || entry.Key.Length is 0 or > 255)
        {
            throw TemplateErrors.Format($"Output name {entry.Key} is non alphanumeric.");
        }

        var body = entry.Value as MapNode ?? throw TemplateErrors.Format("Every Outputs member must be an object.");
        var unknown = body.Entries.Select(e => e.Key).FirstOrDefault(k => k is not ("Description" or "Value" or "Export" or "Condition"));
        if (unknown is not null)
        {
            throw TemplateErrors.Validation($"Invalid template output property '{unknown}'");
        }

        var value = body["Value"] ?? throw TemplateErrors.Format("Every Outputs member must contain a Value object");
        Node? export = null;
        if (body["Export"] is { } given)
        {
            export = given is MapNode { Entries: [{ Key: "Name" }] } map
                ? map["Name"]
                : throw TemplateErrors.Format(
                    $"Output {entry.Key} is malformed. The Name field of every Export member must be specified and it must be the only field."
                );
        }

        return new TemplateOutput(
            entry.Key,
            value,
            export,
            Description(body["Description"]),
            (body["Condition"] as TextNode)?.Text,
            entry.At
        );
    }

    private static void RefuseNulls(Node node, string path)
    {
        switch (node)
        {
            case TextNode { Kind: ScalarKind.Null }:
                throw TemplateErrors.Validation($"[{path}] 'null' values are not allowed in templates");
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    RefuseNulls(list.Items[i], $"{path}/{i}");
                }

                break;
            case MapNode map:
                foreach (var (key, _, value) in map.Entries)
                {
                    RefuseNulls(value, $"{path}/{key}");
                }

                break;
        }
    }
}
