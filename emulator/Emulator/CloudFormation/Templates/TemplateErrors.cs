using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>What CloudFormation answers to a template that is wrong, in its words.</summary>
internal static class TemplateErrors
{
    public static AwsException Validation(string message) => new("ValidationError", message);

    public static AwsException Format(string message) => Validation("Template format error: " + message);

    public static AwsException Template(string message) => Validation("Template error: " + message);

    public static AwsException NotWellFormed(string language, Mark at) => Format($"{language} not well-formed. {at}");

    public static AwsException UnsupportedStructure() => Format("unsupported structure.");

    public static AwsException Unresolved(IEnumerable<string> names, string block) =>
        Format($"Unresolved resource dependencies [{string.Join(", ", names)}] in the {block} block of the template");

    /// <summary>The same of an output that names what the stack does not have for its condition: there AWS says nothing of the format (recorded).</summary>
    public static AwsException UnresolvedOutput(IEnumerable<string> names) =>
        Validation($"Unresolved resource dependencies [{string.Join(", ", names)}] in the Outputs block of the template");

    public static AwsException UnresolvedCondition(string name, string block) =>
        Format($"Unresolved condition dependency {name} in the {block} block of the template");

    public static AwsException Circular(IEnumerable<string> resources) =>
        Validation($"Circular dependency between resources: [{string.Join(", ", resources)}]");

    public static AwsException UndefinedResource(string name) => Template($"instance of Fn::GetAtt references undefined resource {name}");

    public static AwsException UnknownAttribute(string resource, string attribute) =>
        Template($"resource {resource} does not support attribute type {attribute} in Fn::GetAtt");

    public static AwsException UnknownTypes(IEnumerable<string> types) =>
        Format($"Unrecognized resource types: [{string.Join(", ", types)}]");

    public static AwsException TooMany(string what, int count, int limit) =>
        Format($"Number of {what}, {count}, is greater than maximum allowed, {limit}");

    public static AwsException Mapping(string map, string first, string second) =>
        Template($"Unable to get mapping for {map}::{first}::{second}");

    public static AwsException UnsupportedFunction(string name) =>
        Template($"Encountered unsupported function: {name} Supported functions are: [{string.Join(", ", Functions.Known)}]");
}
