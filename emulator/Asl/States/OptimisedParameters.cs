using System.Collections.Frozen;
using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>The parameters that optimised integrations take; all others are left out, without a word. Those of functions are not looked at here.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html, a page for each service: "Supported parameters". That others
/// are left out was recorded on AWS: localstack/localstack, services/test_sqs_task_service.snapshot.json,
/// test_send_message_unsupported_parameters; and that topics take what FIFO needs.
/// </remarks>
internal static class OptimisedParameters
{
    private const string Condition =
        "ConditionalOperator ConditionExpression Expected ExpressionAttributeNames ExpressionAttributeValues ReturnConsumedCapacity "
        + "ReturnItemCollectionMetrics ReturnValues TableName";

    private static readonly FrozenDictionary<string, FrozenSet<string>> Known = new Dictionary<string, string>
    {
        ["dynamodb:getItem"] =
            "AttributesToGet ConsistentRead ExpressionAttributeNames Key ProjectionExpression ReturnConsumedCapacity TableName",
        ["dynamodb:putItem"] = $"Item {Condition}",
        ["dynamodb:deleteItem"] = $"Key {Condition}",
        ["dynamodb:updateItem"] = $"AttributeUpdates Key UpdateExpression {Condition}",
        ["sns:publish"] =
            "Message MessageAttributes MessageDeduplicationId MessageGroupId MessageStructure PhoneNumber Subject TargetArn TopicArn",
        ["sqs:sendMessage"] = "DelaySeconds MessageAttributes MessageBody MessageDeduplicationId MessageGroupId QueueUrl",
        ["states:startExecution"] = "Input Name StateMachineArn",
        ["events:putEvents"] = "Entries",
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Split(' ').ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>As they are sent, and as the history shows them.</summary>
    public static JsonElement Of(string resource, JsonElement parameters)
    {
        var (type, action) = TaskResource.Split(resource);
        if (
            TaskResource.IsFunction(resource)
            || parameters.ValueKind != JsonValueKind.Object
            || !Known.TryGetValue($"{type}:{action.Split('.')[0]}", out var names)
            || parameters.EnumerateObject().All(member => names.Contains(member.Name))
        )
        {
            return parameters;
        }

        return Json.Write(w =>
        {
            w.WriteStartObject();
            foreach (var member in parameters.EnumerateObject().Where(member => names.Contains(member.Name)))
            {
                member.WriteTo(w);
            }

            w.WriteEndObject();
        });
    }
}
