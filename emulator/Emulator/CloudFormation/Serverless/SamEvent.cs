using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary>What calls a function or starts a state machine.</summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html</remarks>
internal sealed class SamEvent
{
    private static readonly string[] MappingProperties =
    [
        "BatchSize",
        "Enabled",
        "FilterCriteria",
        "MaximumBatchingWindowInSeconds",
        "FunctionResponseTypes",
        "ScalingConfig",
        "StartingPosition",
        "ParallelizationFactor",
        "MaximumRetryAttempts",
        "MaximumRecordAgeInSeconds",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "TumblingWindowInSeconds",
    ];

    private readonly string owner;
    private readonly string name;
    private readonly string id;
    private readonly string type;
    private readonly MapNode source;
    private readonly MapNode properties;

    public SamEvent(string owner, MapNode source, Entry entry)
    {
        (this.owner, this.source, name, id) = (owner, source, entry.Key, owner + entry.Key);
        type =
            ((entry.Value as MapNode)?["Type"] as TextNode)?.Text
            ?? throw SamErrors.Event(owner, name, "Missing required property 'Type'.");
        properties = (entry.Value as MapNode)?["Properties"] as MapNode ?? MapNode.Empty;
    }

    /// <summary>What the function's role needs to read the source.</summary>
    public string? ManagedPolicy =>
        type switch
        {
            "SQS" => "AWSLambdaSQSQueueExecutionRole",
            "DynamoDB" => "AWSLambdaDynamoDBExecutionRole",
            _ => null,
        };

    /// <param name="target">The function's or its alias's ARN.</param>
    /// <param name="function">The function's or its alias's name.</param>
    public IEnumerable<(string Id, MapNode Resource)> OfFunction(MapNode target, MapNode function)
    {
        switch (type)
        {
            case "Schedule":
            case "EventBridgeRule" or "CloudWatchEvent":
                return
                [
                    (id, Rule(target, "LambdaTarget", null)),
                    ($"{id}Permission", Permission(function, "events.amazonaws.com", Arn(id))),
                ];
            case "ScheduleV2":
                return Schedule(target, "lambda:InvokeFunction", "LambdaInvokePolicy");
            case "SQS":
                return [(id, Mapping(function, "Queue"))];
            case "DynamoDB":
                return [(id, Mapping(function, "Stream"))];
            case "SNS":
                return Subscription(target, function);
            default:
                throw SamErrors.Undone($"the event type {type} of a function");
        }
    }

    public IEnumerable<(string Id, MapNode Resource)> OfStateMachine(MapNode target)
    {
        switch (type)
        {
            case "Schedule":
            case "EventBridgeRule" or "CloudWatchEvent":
                var role = $"{id}Role";
                return
                [
                    (id, Rule(target, "StepFunctionsTarget", Arn(role))),
                    (role, Role("events.amazonaws.com", "states:StartExecution", $"{role}StartExecutionPolicy", target)),
                ];
            case "ScheduleV2":
                return Schedule(target, "states:StartExecution", "StartExecutionPolicy");
            default:
                throw SamErrors.Undone($"the event type {type} of a state machine");
        }
    }

    private MapNode Rule(MapNode target, string suffix, MapNode? role)
    {
        if (properties["DeadLetterConfig"] is MapNode queue && queue["Arn"] is null)
        {
            throw SamErrors.Undone("a DeadLetterConfig that makes its queue");
        }

        var isSchedule = type == "Schedule";
        return Resource(
            "AWS::Events::Rule",
            Map([
                isSchedule ? ("ScheduleExpression", Needed("Schedule")) : ("EventPattern", Needed("Pattern")),
                .. Of(properties, "Name", "Description", "EventBusName"),
                ("Name", isSchedule ? null : properties["RuleName"]),
                ("State", properties["State"] ?? Enabled()),
                (
                    "Targets",
                    List(
                        Map([
                            ("Arn", target),
                            ("Id", Text(properties["Target"] is MapNode own && own["Id"] is TextNode named ? named.Text : id + suffix)),
                            ("RoleArn", role),
                            .. Of(properties, "Input", "InputPath", "InputTransformer", "DeadLetterConfig", "RetryPolicy"),
                        ])
                    )
                ),
            ]),
            source
        );
    }

    private IEnumerable<(string, MapNode)> Schedule(MapNode target, string action, string policy)
    {
        var role = $"{id}Role";
        var own = properties["RoleArn"];
        yield return (
            id,
            Resource(
                "AWS::Scheduler::Schedule",
                Map([
                    ("ScheduleExpression", Needed("ScheduleExpression")),
                    ("FlexibleTimeWindow", properties["FlexibleTimeWindow"] ?? Map(("Mode", Text("OFF")))),
                    ("Name", properties["OmitName"] is TextNode { Text: "true" } ? null : properties["Name"] ?? Text(id)),
                    .. Of(properties, "State", "Description", "GroupName", "StartDate", "EndDate", "ScheduleExpressionTimezone"),
                    (
                        "Target",
                        Map([("Arn", target), ("RoleArn", own ?? Arn(role)), .. Of(properties, "Input", "RetryPolicy", "DeadLetterConfig")])
                    ),
                ]),
                source
            )
        );
        if (own is null)
        {
            yield return (role, Role("scheduler.amazonaws.com", action, $"{role}{policy}", target));
        }
    }

    private MapNode Role(string service, string action, string policy, MapNode target) =>
        Resource(
            "AWS::IAM::Role",
            Map(
                ("AssumeRolePolicyDocument", Trust(service)),
                ("Policies", List(Map(("PolicyName", Text(policy)), ("PolicyDocument", Document(Statement([action], target)))))),
                ("PermissionsBoundary", properties["PermissionsBoundary"])
            ),
            source
        );

    private MapNode Mapping(MapNode function, string sourceProperty)
    {
        if (properties.Entries.FirstOrDefault(entry => entry.Key != sourceProperty && !MappingProperties.Contains(entry.Key)) is { } other)
        {
            throw SamErrors.Undone($"the property {other.Key} of the event type {type}");
        }

        return Resource(
            "AWS::Lambda::EventSourceMapping",
            Map([("EventSourceArn", Needed(sourceProperty)), ("FunctionName", function), .. Of(properties, MappingProperties)]),
            source
        );
    }

    private IEnumerable<(string, MapNode)> Subscription(MapNode target, MapNode function)
    {
        if (properties["SqsSubscription"] is not null and not TextNode { Text: "false" })
        {
            throw SamErrors.Undone("SqsSubscription");
        }

        var topic = Needed("Topic");
        yield return (
            id,
            Resource(
                "AWS::SNS::Subscription",
                Map([
                    ("Endpoint", target),
                    ("Protocol", Text("lambda")),
                    ("TopicArn", topic),
                    .. Of(properties, "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "Region"),
                ]),
                source
            )
        );
        yield return ($"{id}Permission", Permission(function, "sns.amazonaws.com", topic));
    }

    private MapNode Permission(MapNode function, string principal, Node sourceArn) =>
        Resource(
            "AWS::Lambda::Permission",
            Map(
                ("Action", Text("lambda:InvokeFunction")),
                ("FunctionName", function),
                ("Principal", Text(principal)),
                ("SourceArn", sourceArn)
            ),
            source
        );

    private TextNode? Enabled() =>
        properties["Enabled"] switch
        {
            TextNode { Text: "true" or "false" } text => Text(text.Text == "true" ? "ENABLED" : "DISABLED"),
            null => null,
            _ => throw SamErrors.Undone("a function as the Enabled of an event"),
        };

    private Node Needed(string property) =>
        properties[property] ?? throw SamErrors.Event(owner, name, $"Missing required property '{property}'.");
}
