using Disa.Asl;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>What a Task's Resource calls: one of the optimised integrations, or any operation through <c>aws-sdk</c>.</summary>
/// <param name="SdkName">The service in the directory.</param>
/// <param name="Operation">The operation's name.</param>
/// <param name="Style">How errors are named and results are dressed.</param>
internal sealed record Integration(string SdkName, string Operation, IntegrationStyle Style)
{
    private static readonly string[] Suffixes = [".waitForTaskToken", ".sync:2", ".sync"];

    private static readonly Dictionary<string, (string SdkName, IntegrationStyle Style, string[] Suffixes)> Optimised = new(
        StringComparer.Ordinal
    )
    {
        ["lambda:invoke"] = ("lambda", IntegrationStyle.Lambda, ["", ".waitForTaskToken"]),
        ["dynamodb:getItem"] = ("dynamodb", IntegrationStyle.DynamoDb, [""]),
        ["dynamodb:putItem"] = ("dynamodb", IntegrationStyle.DynamoDb, [""]),
        ["dynamodb:updateItem"] = ("dynamodb", IntegrationStyle.DynamoDb, [""]),
        ["dynamodb:deleteItem"] = ("dynamodb", IntegrationStyle.DynamoDb, [""]),
        ["sns:publish"] = ("sns", IntegrationStyle.Sns, ["", ".waitForTaskToken"]),
        ["sqs:sendMessage"] = ("sqs", IntegrationStyle.Sqs, ["", ".waitForTaskToken"]),
        ["states:startExecution"] = ("sfn", IntegrationStyle.StepFunctions, ["", ".sync", ".sync:2", ".waitForTaskToken"]),
        ["events:putEvents"] = ("eventbridge", IntegrationStyle.Events, ["", ".waitForTaskToken"]),
    };

    public static Integration Of(string resource)
    {
        var (type, action, _) = Split(resource);
        return type.StartsWith("aws-sdk:", StringComparison.Ordinal)
                ? new Integration(type["aws-sdk:".Length..], Pascal(action), IntegrationStyle.Sdk)
            : Optimised.TryGetValue($"{type}:{action}", out var known) ? new Integration(known.SdkName, Pascal(action), known.Style)
            : throw AwsException.NotImplemented($"the integration {resource}");
    }

    /// <summary>Whether the resource is one of those that are called here.</summary>
    public static bool Knows(string resource)
    {
        var (type, action, _) = Split(resource);
        return type.StartsWith("aws-sdk:", StringComparison.Ordinal) || Optimised.ContainsKey($"{type}:{action}");
    }

    /// <summary>Notes what cannot be called: refused when the machine is created, not when it runs.</summary>
    public static void Check(TaskState task, bool isExpress, ServiceDirectory services, List<Diagnostic> wrong)
    {
        var at = $"{task.Location}/Resource";
        if (TaskResource.IsFunction(task.Resource))
        {
            return;
        }

        if (TaskResource.IsActivity(task.Resource))
        {
            if (isExpress)
            {
                wrong.Add(new Diagnostic("SCHEMA_VALIDATION_FAILED", "Express state machine does not support Activity ARN", at));
            }

            return;
        }

        if (Arn.TryParse(task.Resource) is not { Service: "states", Region: "", Account: "" })
        {
            wrong.Add(new Diagnostic(Diagnostic.Unsupported, $"the resource {task.Resource}", at));
            return;
        }

        var (type, action, suffix) = Split(task.Resource);
        if (isExpress && suffix.Length > 0)
        {
            // The space at the end of one of the two sentences is AWS's (recorded).
            var end = suffix == ".waitForTaskToken" ? " " : "";
            wrong.Add(
                new Diagnostic(
                    "SCHEMA_VALIDATION_FAILED",
                    $"Express state machine does not support '{suffix}' service integration{end}",
                    at
                )
            );
            return;
        }

        var isKnown = type.StartsWith("aws-sdk:", StringComparison.Ordinal)
            ? suffix is "" or ".waitForTaskToken" && IsCallable(type["aws-sdk:".Length..], Pascal(action), services)
            : Optimised.TryGetValue($"{type}:{action}", out var known) && known.Suffixes.Contains(suffix);
        if (!isKnown)
        {
            wrong.Add(new Diagnostic(Diagnostic.Unsupported, $"the integration {task.Resource}", at));
        }
        else if (type == "aws-sdk:s3")
        {
            CheckParameters(task, ShapeModel.S3.Request(Pascal(action)), wrong);
        }
    }

    private static void CheckParameters(TaskState task, IReadOnlyList<ShapeMember> members, List<Diagnostic> wrong)
    {
        if (task.ParameterNames is not { } names)
        {
            return;
        }

        var at = $"{task.Location}/{task.ParametersField}";
        wrong.AddRange(
            members
                .Where(member => member.IsRequired && !names.Contains(member.Name))
                .Select(member => new Diagnostic(
                    "SCHEMA_VALIDATION_FAILED",
                    $"The field \"{member.Name}\" is required but was missing",
                    at
                ))
        );
        wrong.AddRange(
            names
                .Where(name => members.All(member => member.Name != name))
                .Select(name => new Diagnostic("SCHEMA_VALIDATION_FAILED", $"The field \"{name}\" is not supported by Step Functions", at))
        );
    }

    private static bool IsCallable(string sdkName, string name, ServiceDirectory services) =>
        services.Services.FirstOrDefault(service => service.SdkName.Equals(sdkName, StringComparison.OrdinalIgnoreCase)) is { } found
        && found.Operations.ContainsKey(name);

    private static (string Type, string Action, string Suffix) Split(string resource)
    {
        var (type, action) = TaskResource.Split(resource);
        foreach (var suffix in Suffixes)
        {
            if (action.EndsWith(suffix, StringComparison.Ordinal))
            {
                return (type, action[..^suffix.Length], suffix);
            }
        }

        return (type, action, "");
    }

    private static string Pascal(string action) => action.Length == 0 ? action : char.ToUpperInvariant(action[0]) + action[1..];
}

/// <summary>How an integration names its errors: the optimised ones as the older SDK did, <c>aws-sdk</c> as the newer one.</summary>
/// <param name="Prefix">What precedes the dot of an error's name; empty where the service's own prefix does.</param>
/// <param name="General">The exception for codes that the model does not name.</param>
/// <param name="ServiceName">The service, as causes name it.</param>
internal sealed record IntegrationStyle(string Prefix, string General, string ServiceName)
{
    public static readonly IntegrationStyle Sdk = new("", "", "");
    public static readonly IntegrationStyle Lambda = new("Lambda", "AWSLambdaException", "AWSLambda");
    public static readonly IntegrationStyle DynamoDb = new("DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2");
    public static readonly IntegrationStyle Sns = new("SNS", "AmazonSNSException", "AmazonSNS");
    public static readonly IntegrationStyle Sqs = new("SQS", "AmazonSQSException", "AmazonSQS");
    public static readonly IntegrationStyle StepFunctions = new("StepFunctions", "AWSStepFunctionsException", "AWSStepFunctions");
    public static readonly IntegrationStyle Events = new("EventBridge", "AmazonEventBridgeException", "AmazonEventBridge");
}
