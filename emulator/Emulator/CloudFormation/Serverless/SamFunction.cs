using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary><c>AWS::Serverless::Function</c>: a function, its role, its events, and its version and alias where it has them.</summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html</remarks>
internal sealed class SamFunction(string id, MapNode source, MapNode properties, IReadOnlyDictionary<string, string> values)
{
    /// <summary>What Lambda's own type has too.</summary>
    private static readonly string[] Same =
    [
        "FunctionName",
        "Handler",
        "Runtime",
        "Description",
        "Timeout",
        "MemorySize",
        "Environment",
        "EphemeralStorage",
        "SnapStart",
        "VpcConfig",
        "Layers",
        "Architectures",
        "ReservedConcurrentExecutions",
        "PackageType",
        "LoggingConfig",
    ];

    private static readonly string[] Own =
    [
        "CodeUri",
        "InlineCode",
        "Role",
        "Policies",
        "PermissionsBoundary",
        "RolePath",
        "AssumeRolePolicyDocument",
        "Tags",
        "PropagateTags",
        "Tracing",
        "DeadLetterQueue",
        "Events",
        "AutoPublishAlias",
        "VersionDescription",
        "EventInvokeConfig",
        "FunctionUrlConfig",
    ];

    private string? Alias => properties["AutoPublishAlias"] is { } alias ? SamTransform.Known(alias, values, id, "AutoPublishAlias") : null;

    private string AliasId => $"{id}Alias{Alias}";

    /// <summary>The resources that take its place.</summary>
    public IEnumerable<(string Id, MapNode Resource)> Write(Dictionary<string, string> names)
    {
        foreach (var entry in properties.Entries.Where(entry => !Same.Contains(entry.Key) && !Own.Contains(entry.Key)))
        {
            throw SamErrors.Undone($"the property {entry.Key} of a function");
        }

        var code = Code();
        var events = (properties["Events"] as MapNode ?? MapNode.Empty).Entries.Select(entry => new SamEvent(id, source, entry)).ToList();
        yield return (id, Function(code));
        if (properties["Role"] is null)
        {
            yield return ($"{id}Role", Role(events));
        }

        if (Alias is { } alias)
        {
            var version = $"{id}Version{Hash(code)}";
            names[$"{id}.Version"] = version;
            names[$"{id}.Alias"] = AliasId;
            yield return (
                version,
                Resource(
                    "AWS::Lambda::Version",
                    Map(("FunctionName", Ref(id)), ("Description", properties["VersionDescription"])),
                    source,
                    ("DeletionPolicy", Text("Retain"))
                )
            );
            yield return (
                AliasId,
                Resource(
                    "AWS::Lambda::Alias",
                    Map(("Name", Text(alias)), ("FunctionName", Ref(id)), ("FunctionVersion", GetAtt(version, "Version"))),
                    source
                )
            );
        }

        foreach (
            var (name, resource) in events.SelectMany(one =>
                one.OfFunction(Alias is null ? Arn(id) : Ref(AliasId), Ref(Alias is null ? id : AliasId))
            )
        )
        {
            yield return (name, resource);
        }

        var called = Ref(Alias is null ? id : AliasId);
        foreach (var one in properties["FunctionUrlConfig"] is { } url ? new SamUrl(id, source, called).Write(url) : [])
        {
            yield return one;
        }

        if (properties["EventInvokeConfig"] is MapNode invoke)
        {
            yield return (
                $"{id}EventInvokeConfig",
                Resource(
                    "AWS::Lambda::EventInvokeConfig",
                    Map([
                        ("FunctionName", Ref(id)),
                        ("Qualifier", Text(Alias ?? "$LATEST")),
                        .. Of(invoke, "MaximumEventAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig"),
                    ]),
                    source,
                    Alias is null ? [] : [("DependsOn", (Node?)Text(AliasId))]
                )
            );
        }
    }

    private MapNode Function(MapNode code)
    {
        var queue = properties["DeadLetterQueue"] as MapNode;
        return Resource(
            "AWS::Lambda::Function",
            Map([
                ("Code", code),
                .. Of(properties, Same),
                ("Role", properties["Role"] ?? Arn($"{id}Role")),
                ("TracingConfig", properties["Tracing"] is { } mode ? Map(("Mode", mode)) : null),
                ("DeadLetterConfig", queue is null ? null : Map(Of(queue, "TargetArn"))),
                ("Tags", Tags(properties["Tags"], "lambda:createdBy")),
            ]),
            source,
            Of(source, "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata")
        );
    }

    private MapNode Role(List<SamEvent> events)
    {
        List<string> managed = ["AWSLambdaBasicExecutionRole"];
        if (properties["VpcConfig"] is not null)
        {
            managed.Add("AWSLambdaVPCAccessExecutionRole");
        }

        if (properties["Tracing"] is not null)
        {
            managed.Add("AWSXRayDaemonWriteAccess");
        }

        managed.AddRange(events.Select(one => one.ManagedPolicy).OfType<string>());
        var further = new List<(string, MapNode)>();
        if (properties["DeadLetterQueue"] is MapNode queue)
        {
            var action = (queue["Type"] as TextNode)?.Text switch
            {
                "SQS" => "sqs:SendMessage",
                "SNS" => "sns:Publish",
                _ => throw SamErrors.Resource(id, "'DeadLetterQueue' requires Type of SNS, SQS"),
            };
            further.Add(
                ("DeadLetterQueuePolicy", Document(Statement([action], queue["TargetArn"] ?? throw SamErrors.Missing(id, "TargetArn"))))
            );
        }

        return SamRole.Of(
            id,
            "lambda.amazonaws.com",
            source,
            properties,
            "lambda:createdBy",
            managed.Distinct().Select(SamRole.Managed),
            further
        );
    }

    private MapNode Code()
    {
        if (properties["InlineCode"] is { } text)
        {
            return properties["CodeUri"] is null
                ? Map(("ZipFile", text))
                : throw SamErrors.Resource(id, "Only one of 'InlineCode' or 'CodeUri' can be set.");
        }

        return
            SamTransform.Location(
                properties["CodeUri"] ?? throw SamErrors.Resource(id, "'InlineCode' or 'CodeUri' must be set."),
                id,
                "CodeUri"
            )
                is var (bucket, key, version)
            ? Map(("S3Bucket", bucket), ("S3Key", key), ("S3ObjectVersion", version))
            : MapNode.Empty;
    }

    /// <summary>Other code makes another version.</summary>
    private static string Hash(MapNode code)
    {
        var sorted = new MapNode([.. code.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)], default).ToJsonText();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sorted)))[..10];
    }
}
