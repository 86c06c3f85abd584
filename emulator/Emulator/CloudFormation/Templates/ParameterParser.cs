using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Reads a template's Parameters section.</summary>
internal static class ParameterParser
{
    private static readonly HashSet<string> Types =
    [
        "String",
        "Number",
        "List<Number>",
        "List<String>",
        "CommaDelimitedList",
        "AWS::SSM::Parameter::Name",
        "AWS::SSM::Parameter::Value<String>",
        "AWS::SSM::Parameter::Value<List<String>>",
        "AWS::SSM::Parameter::Value<CommaDelimitedList>",
    ];

    public static void Parse(MapNode? section, OrderedDictionary<string, TemplateParameter> parameters)
    {
        if (section is null)
        {
            return;
        }

        TemplateParser.Limit("parameters", section, 200);
        foreach (var (name, at, node) in section.Entries)
        {
            if (!name.All(char.IsAsciiLetterOrDigit) || name.Length is 0 or > 255)
            {
                throw TemplateErrors.Format($"Parameter name {name} is non alphanumeric.");
            }

            var parameter = Parameter(
                name,
                at,
                node as MapNode ?? throw TemplateErrors.Format("Every Parameters member must be an object.")
            );
            parameters[name] = parameter;
            if (
                DynamicReference
                    .In(parameter.Default ?? "")
                    .Any(reference => reference.Service == DynamicReference.Ssm && reference.Version is null)
            )
            {
                throw TemplateErrors.Template($"parameter {name} should not contain ssm versionless resolver");
            }

            if (parameter.Default is { } value && ParameterValues.Violation(parameter, value) is { } violation)
            {
                throw TemplateErrors.Format(violation);
            }
        }
    }

    private static TemplateParameter Parameter(string name, Mark at, MapNode body)
    {
        var type = body["Type"] switch
        {
            TextNode text => text.Text,
            null => throw TemplateErrors.Format("Every Parameters object must contain a Type member."),
            _ => throw TemplateErrors.Format("Every Type member must be a string."),
        };
        if (!Types.Contains(type))
        {
            throw type.Contains("AWS::", StringComparison.Ordinal)
                ? AwsException.NotImplemented($"the parameter type {type}")
                : TemplateErrors.Format($"Unrecognized parameter type: {type}");
        }

        foreach (var (key, _, _) in body.Entries)
        {
            if (
                key
                is not (
                    "Type"
                    or "Default"
                    or "Description"
                    or "ConstraintDescription"
                    or "NoEcho"
                    or "AllowedValues"
                    or "AllowedPattern"
                    or "MinLength"
                    or "MaxLength"
                    or "MinValue"
                    or "MaxValue"
                )
            )
            {
                throw TemplateErrors.Validation($"Invalid template parameter property '{key}'");
            }
        }

        return new TemplateParameter(name, type, at)
        {
            Default = Text(body, "Default"),
            Description = Text(body, "Description"),
            ConstraintDescription = Text(body, "ConstraintDescription"),
            NoEcho = Text(body, "NoEcho") is { } noEcho && noEcho.Equals("true", StringComparison.OrdinalIgnoreCase),
            AllowedValues = body["AllowedValues"] switch
            {
                null => null,
                ListNode list when list.Items.All(i => i is TextNode) => [.. list.Items.Select(i => ((TextNode)i).Text)],
                _ => throw TemplateErrors.Format($"Every AllowedValues value must be a list of strings. {body["AllowedValues"]!.At}"),
            },
            AllowedPattern = Text(body, "AllowedPattern"),
            MinLength = (int?)Number(body, "MinLength"),
            MaxLength = (int?)Number(body, "MaxLength"),
            MinValue = Number(body, "MinValue"),
            MaxValue = Number(body, "MaxValue"),
        };
    }

    private static string? Text(MapNode body, string member) =>
        body[member] switch
        {
            null => null,
            TextNode { Kind: not ScalarKind.Null } text => text.Text,
            TextNode => null,
            _ => throw TemplateErrors.Format($"Every {member} member must be a string."),
        };

    private static decimal? Number(MapNode body, string member) =>
        Text(body, member) switch
        {
            null => null,
            var text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
            _ => throw TemplateErrors.Format($"Every {member} member must be a number."),
        };
}
