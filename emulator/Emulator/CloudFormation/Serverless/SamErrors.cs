using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary>What AWS::Serverless answers to a template that is wrong, in its words.</summary>
internal static class SamErrors
{
    public static AwsException Resource(string id, string what) =>
        Document($"Number of errors found: 1. Resource with id [{id}] is invalid. {what}");

    public static AwsException Event(string id, string name, string what) => Resource(id, $"Event with id [{name}] is invalid. {what}");

    public static AwsException Document(string what) =>
        TemplateErrors.Validation(
            $"Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. {what}"
        );

    public static AwsException Missing(string id, string property) => Resource(id, $"Missing required property '{property}'.");

    public static AwsException Undone(string what) => AwsException.NotImplemented($"{what} of AWS::Serverless");
}
