using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary><c>AWS::Serverless::StateMachine</c>: a state machine, its role and its events.</summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html</remarks>
internal static class SamStateMachine
{
    private static readonly string[] Known =
    [
        "Definition",
        "DefinitionUri",
        "DefinitionSubstitutions",
        "Name",
        "Type",
        "Role",
        "Policies",
        "PermissionsBoundary",
        "RolePath",
        "Logging",
        "Tracing",
        "Events",
        "Tags",
        "PropagateTags",
    ];

    public static IEnumerable<(string Id, MapNode Resource)> Write(string id, MapNode source, MapNode properties)
    {
        if (properties.Entries.FirstOrDefault(entry => !Known.Contains(entry.Key)) is { } other)
        {
            throw SamErrors.Undone($"the property {other.Key} of a state machine");
        }

        if (properties["Role"] is not null && properties["Policies"] is not null)
        {
            throw SamErrors.Resource(id, "Specify either 'Role' or 'Policies' property and not both.");
        }

        yield return (
            id,
            Resource(
                "AWS::StepFunctions::StateMachine",
                Map([
                    .. Definition(id, properties),
                    ("DefinitionSubstitutions", properties["DefinitionSubstitutions"]),
                    ("StateMachineName", properties["Name"]),
                    ("StateMachineType", properties["Type"]),
                    ("RoleArn", properties["Role"] ?? Arn($"{id}Role")),
                    ("LoggingConfiguration", properties["Logging"]),
                    ("TracingConfiguration", properties["Tracing"]),
                    ("Tags", Tags(properties["Tags"], "stateMachine:createdBy")),
                ]),
                source,
                Of(source, "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata")
            )
        );
        if (properties["Role"] is null)
        {
            var managed = properties["Tracing"] is null ? [] : new[] { SamRole.Managed("AWSXRayDaemonWriteAccess") };
            yield return ($"{id}Role", SamRole.Of(id, "states.amazonaws.com", source, properties, "stateMachine:createdBy", managed, []));
        }

        foreach (var entry in (properties["Events"] as MapNode ?? MapNode.Empty).Entries)
        {
            foreach (var resource in new SamEvent(id, source, entry).OfStateMachine(Ref(id)))
            {
                yield return resource;
            }
        }
    }

    private static IEnumerable<(string, Node?)> Definition(string id, MapNode properties)
    {
        if (properties["Definition"] is { } definition)
        {
            return properties["DefinitionUri"] is null
                ? [("Definition", definition)]
                : throw SamErrors.Resource(id, "Specify either 'Definition' or 'DefinitionUri' property and not both.");
        }

        var (bucket, key, version) = SamTransform.Location(
            properties["DefinitionUri"]
                ?? throw SamErrors.Resource(id, "Either 'Definition' or 'DefinitionUri' property must be specified."),
            id,
            "DefinitionUri"
        );
        return [("DefinitionS3Location", Map(("Bucket", bucket), ("Key", key), ("Version", version)))];
    }
}
