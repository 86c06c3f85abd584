using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary>
/// What a step of a resource type is about, as the calls that its handler makes name it. A resource whose name is not given, and that is
/// not made yet, has no ARN to ask about.
/// </summary>
internal static class ResourceArns
{
    /// <summary>The ARNs that the type's actions are asked for; empty where none is known.</summary>
    public static IReadOnlyList<string> Of(string type, ResourceRequest request)
    {
        var scope = request.Caller.Scope;
        var id = request.PhysicalId;
        return type switch
        {
            "AWS::S3::Bucket" => One(id ?? Text(request, "BucketName"), name => $"arn:{Arn.Partition(scope.Region)}:s3:::{name}"),
            "AWS::S3::BucketPolicy" => One(Text(request, "Bucket"), name => $"arn:{Arn.Partition(scope.Region)}:s3:::{name}"),
            "AWS::SQS::Queue" => One(id ?? Text(request, "QueueName"), queue => QueueArn(queue, scope)),
            "AWS::SQS::QueuePolicy" => [.. Texts(request, "Queues").Select(queue => QueueArn(queue, scope))],
            "AWS::SQS::QueueInlinePolicy" => One(Text(request, "Queue"), queue => QueueArn(queue, scope)),
            "AWS::SNS::Topic" => One(id ?? Named("sns", "{0}", Text(request, "TopicName"))),
            "AWS::SNS::TopicPolicy" => [.. Texts(request, "Topics")],
            "AWS::SNS::Subscription" => One(Text(request, "TopicArn")),
            "AWS::Lambda::Function" => One(id ?? Text(request, "FunctionName"), name => FunctionArn(name, scope)),
            "AWS::Lambda::Permission" or "AWS::Lambda::Version" or "AWS::Lambda::Alias" or "AWS::Lambda::EventInvokeConfig" => One(
                Text(request, "FunctionName"),
                name => FunctionArn(name, scope)
            ),
            "AWS::Lambda::Url" => One(Text(request, "TargetFunctionArn"), name => FunctionArn(name, scope)),
            "AWS::Lambda::LayerVersion" => One(id ?? Named("lambda", "layer:{0}", Text(request, "LayerName"))),
            "AWS::Lambda::LayerVersionPermission" => One(Text(request, "LayerVersionArn") ?? id),
            "AWS::Lambda::EventSourceMapping" => id is not null ? [Arn.Of("lambda", scope, "event-source-mapping:" + id)] : [],
            "AWS::KMS::Key" => One(Named("kms", "key/{0}", id)),
            "AWS::KMS::ReplicaKey" => [.. One(Text(request, "PrimaryKeyArn")), .. One(Named("kms", "key/{0}", id))],
            "AWS::KMS::Alias" =>
            [
                .. One(Text(request, "AliasName"), name => Arn.Of("kms", scope, name)),
                .. One(Text(request, "TargetKeyId"), key => KeyArn(key, scope)),
            ],
            "AWS::DynamoDB::Table" => One(Named("dynamodb", "table/{0}", id ?? Text(request, "TableName"))),
            "AWS::StepFunctions::StateMachine" => One(id ?? Named("states", "stateMachine:{0}", Text(request, "StateMachineName"))),
            "AWS::StepFunctions::StateMachineVersion" => One(id ?? Text(request, "StateMachineArn")),
            "AWS::StepFunctions::StateMachineAlias" => id is null ? AliasArn(request) : [id],
            "AWS::Events::EventBus" => One(id ?? Text(request, "Name"), name => Arn.Of("events", scope, "event-bus/" + name)),
            "AWS::Events::Connection" => One(id ?? Text(request, "Name"), name => Arn.Of("events", scope, "connection/" + name)),
            "AWS::Events::ApiDestination" => One(id ?? Text(request, "Name"), name => Arn.Of("events", scope, "api-destination/" + name)),
            "AWS::Events::Rule" => RuleArn(id, request, scope) is { } rule ? [rule] : [],
            "AWS::Events::Archive" =>
            [
                .. One(id ?? Text(request, "ArchiveName"), name => Arn.Of("events", scope, "archive/" + name)),
                .. One(id is null ? Text(request, "SourceArn") : null),
            ],
            "AWS::Scheduler::Schedule" => One(
                id ?? Text(request, "Name"),
                name => Arn.Of("scheduler", scope, $"schedule/{Text(request, "GroupName") ?? "default"}/{name}")
            ),
            "AWS::Scheduler::ScheduleGroup" => One(
                id ?? Text(request, "Name"),
                name => Arn.Of("scheduler", scope, "schedule-group/" + name)
            ),
            "AWS::Logs::LogGroup" => One(Named("logs", "log-group:{0}", id ?? Text(request, "LogGroupName")), arn => arn + ":*"),
            "AWS::Logs::MetricFilter" or "AWS::Logs::SubscriptionFilter" => One(
                Named("logs", "log-group:{0}", Text(request, "LogGroupName")),
                arn => arn + ":*"
            ),
            "AWS::SecretsManager::Secret" => One(
                id ?? Text(request, "Name"),
                name => name.StartsWith("arn:", StringComparison.Ordinal) ? name : Arn.Of("secretsmanager", scope, "secret:" + name)
            ),
            "AWS::SecretsManager::ResourcePolicy" => One(
                id ?? Text(request, "SecretId"),
                name => name.StartsWith("arn:", StringComparison.Ordinal) ? name : Arn.Of("secretsmanager", scope, "secret:" + name)
            ),
            "AWS::SSM::Parameter" => One(
                id ?? Text(request, "Name"),
                name => Arn.Of("ssm", scope, name.StartsWith('/') ? "parameter" + name : "parameter/" + name)
            ),
            "AWS::CloudWatch::Alarm" => One(Named("cloudwatch", "alarm:{0}", id ?? Text(request, "AlarmName"))),
            // "You can't create a composite alarm if your cloudwatch:PutCompositeAlarm permission has a narrower scope."
            "AWS::CloudWatch::CompositeAlarm" => ["*"],
            "AWS::CloudWatch::Dashboard" => One(
                id ?? Text(request, "DashboardName"),
                name => $"arn:{Arn.Partition(scope.Region)}:cloudwatch::{scope.Account}:dashboard/{name}"
            ),
            "AWS::IAM::Role" => One(
                id ?? Text(request, "RoleName"),
                name => Iam(id is null ? $"role{Text(request, "Path") ?? "/"}{name}" : "role/" + name)
            ),
            "AWS::IAM::User" => One(
                id ?? Text(request, "UserName"),
                name => Iam(id is null ? $"user{Text(request, "Path") ?? "/"}{name}" : "user/" + name)
            ),
            "AWS::IAM::Group" => One(
                id ?? Text(request, "GroupName"),
                name => Iam(id is null ? $"group{Text(request, "Path") ?? "/"}{name}" : "group/" + name)
            ),
            "AWS::IAM::InstanceProfile" => One(
                id ?? Text(request, "InstanceProfileName"),
                name => Iam(id is null ? $"instance-profile{Text(request, "Path") ?? "/"}{name}" : "instance-profile/" + name)
            ),
            "AWS::IAM::RolePolicy" => One(Text(request, "RoleName"), name => Iam("role/" + name)),
            "AWS::IAM::Policy" => Holders(request),
            "AWS::IAM::ManagedPolicy" => [.. One(id), .. Holders(request)],
            _ => [],
        };

        string? Named(string service, string resource, string? name) =>
            name is null ? null
            : name.StartsWith("arn:", StringComparison.Ordinal) ? name
            : Arn.Of(service, scope, resource.Replace("{0}", name, StringComparison.Ordinal));

        string Iam(string resource) => $"arn:{Arn.Partition(scope.Region)}:iam::{scope.Account}:{resource}";

        List<string> Holders(ResourceRequest of) =>
            [
                .. Texts(of, "Roles").Select(name => Iam("role/" + name)),
                .. Texts(of, "Users").Select(name => Iam("user/" + name)),
                .. Texts(of, "Groups").Select(name => Iam("group/" + name)),
            ];
    }

    /// <summary>Every role that a resource is given to work with: an instance profile has it by its name.</summary>
    public static IEnumerable<string> Passed(string type, ResourceRequest request) =>
        type == "AWS::IAM::InstanceProfile"
            ? Texts(request with { PreviousProperties = default }, "Roles")
                .Select(name => $"arn:{Arn.Partition(request.Caller.Region)}:iam::{request.Caller.Account}:role/{name}")
            : Roles(request.Properties);

    /// <summary>The roles that are named by their ARN, however deep in the properties.</summary>
    private static IEnumerable<string> Roles(JsonElement properties) =>
        properties.ValueKind switch
        {
            JsonValueKind.Object => properties
                .EnumerateObject()
                .SelectMany(member =>
                    member.Value.ValueKind == JsonValueKind.String
                    && IsRole(member.Name)
                    && Arn.TryParse(member.Value.GetString()) is { Service: "iam" }
                        ? [member.Value.GetString()!]
                        : Roles(member.Value)
                ),
            JsonValueKind.Array => properties.EnumerateArray().SelectMany(Roles),
            _ => [],
        };

    private static bool IsRole(string property) => property is "Role" || property.EndsWith("RoleArn", StringComparison.OrdinalIgnoreCase);

    /// <summary>An alias is its machine's, which its versions tell.</summary>
    private static IReadOnlyList<string> AliasArn(ResourceRequest request)
    {
        var routes = Member(request.Properties, "RoutingConfiguration");
        var route =
            routes.ValueKind == JsonValueKind.Array && routes.GetArrayLength() > 0
                ? routes[0]
                : Member(request.Properties, "DeploymentPreference");
        var version = Member(route, "StateMachineVersionArn");
        return
            Text(request, "Name") is { } name
            && version.ValueKind == JsonValueKind.String
            && version.GetString()!.Split(':') is { Length: > 7 } parts
            ? [string.Join(':', parts[..7]) + ":" + name]
            : [];
    }

    /// <summary>A rule's physical id is its name, or <c>bus|name</c>.</summary>
    private static string? RuleArn(string? id, ResourceRequest request, Scope scope)
    {
        var bus =
            id?.Contains('|', StringComparison.Ordinal) == true ? id[..id.IndexOf('|', StringComparison.Ordinal)]
            : Text(request, "EventBusName") is { } named ? named[(named.LastIndexOf('/') + 1)..]
            : "default";
        var name = id is null ? Text(request, "Name") : id[(id.IndexOf('|', StringComparison.Ordinal) + 1)..];
        var owner = Arn.TryParse(Text(request, "EventBusName")) is { } arn ? arn.Scope : scope;
        return name is null ? null : Arn.Of("events", owner, bus == "default" ? "rule/" + name : $"rule/{bus}/{name}");
    }

    /// <param name="queue">A queue's URL or name.</param>
    private static string QueueArn(string queue, Scope scope) =>
        queue.TrimEnd('/').Split('/') is [.., { Length: 12 } account, { Length: > 0 } name]
            ? Arn.Of("sqs", scope with { Account = account }, name)
            : Arn.Of("sqs", scope, queue);

    private static string KeyArn(string key, Scope scope) =>
        key.StartsWith("arn:", StringComparison.Ordinal) ? key : Arn.Of("kms", scope, "key/" + key);

    /// <param name="function">A function's name, partial ARN or ARN, with a qualifier or without: its rights are the function's.</param>
    private static string FunctionArn(string function, Scope scope) =>
        function.Split(':') switch
        {
            ["arn", _, "lambda", var region, var account, "function", var name, ..] => Arn.Of(
                "lambda",
                new Scope(account, region),
                "function:" + name
            ),
            [var account, "function", var name, ..] => Arn.Of("lambda", scope with { Account = account }, "function:" + name),
            ["function", var name, ..] => Arn.Of("lambda", scope, "function:" + name),
            [var name, ..] => Arn.Of("lambda", scope, "function:" + name),
            _ => PolicyRequest.AnyResource,
        };

    private static string[] One(string? text, Func<string, string>? arn = null) => text is null ? [] : [arn is null ? text : arn(text)];

    private static string? Text(ResourceRequest request, string property) =>
        Member(request.Properties, property) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Those of now, and on an update those of before too: they lose what they had.</summary>
    private static IEnumerable<string> Texts(ResourceRequest request, string property) =>
        new[] { Member(request.Properties, property), Member(request.PreviousProperties, property) }
            .Where(list => list.ValueKind == JsonValueKind.Array)
            .SelectMany(list => list.EnumerateArray())
            .Where(value => value.ValueKind == JsonValueKind.String)
            .Select(value => value.GetString()!)
            .Distinct();

    private static JsonElement Member(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value) ? value : default;
}
