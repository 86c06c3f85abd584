using System.Text.Json.Serialization;
using Amazon.CloudFormation.Model;

namespace Disa.Cli.Deploy;

/// <summary>What a deploy would change.</summary>
/// <param name="StackName">The root's.</param>
/// <param name="IsNew">The stack does not exist yet.</param>
/// <param name="Changes">Of the root, with those of nested stacks inside.</param>
/// <param name="Remark">What the plan cannot say, and why; null where it says all.</param>
internal sealed record StackPlan(string StackName, bool IsNew, IReadOnlyList<PlannedChange> Changes, string? Remark = null)
{
    /// <summary>Every change that is not just a nested stack's frame.</summary>
    [JsonIgnore]
    public IEnumerable<PlannedChange> All => Changes.SelectMany(change => change.All);
}

/// <summary>What happens to one resource.</summary>
/// <param name="Action">add, change, maybe-change, replace, maybe-replace or delete. Perhaps: it refers to something that changes, and only then is known whether that has another value.</param>
/// <param name="Properties">What of it changes.</param>
/// <param name="AtRisk">Data that could be lost, in words; null where there is none.</param>
/// <param name="Inside">Of a nested stack.</param>
internal sealed record PlannedChange(
    string Action,
    string LogicalId,
    string Type,
    string? PhysicalId,
    IReadOnlyList<string> Properties,
    string? AtRisk,
    IReadOnlyList<PlannedChange> Inside
)
{
    private const string NestedStack = "AWS::CloudFormation::Stack";

    [JsonIgnore]
    public bool IsNestedStack => Type == NestedStack;

    [JsonIgnore]
    public IEnumerable<PlannedChange> All =>
        (IsNestedStack && Inside.Count > 0 ? [] : Enumerable.Repeat(this, 1)).Concat(Inside.SelectMany(change => change.All));

    /// <summary>From CloudFormation's own answer.</summary>
    public static PlannedChange Of(ResourceChange change, IReadOnlyList<PlannedChange> inside)
    {
        var action = (change.Action, change.Replacement) switch
        {
            ("Add" or "Import", _) => "add",
            ("Remove", _) => "delete",
            (_, "True") => "replace",
            (_, "Conditional") => "maybe-replace",
            _ when change.ResourceType != NestedStack
                    && change.Details.Count > 0
                    && change.Details.TrueForAll(detail => detail.Evaluation == "Dynamic") => "maybe-change",
            _ => "change",
        };
        var properties = change
            .Details.Select(detail => detail.Target?.Name ?? detail.Target?.Attribute)
            .OfType<string>()
            .Where(name => name != "Properties")
            .Distinct()
            .ToList();
        return new(
            action,
            change.LogicalResourceId!,
            change.ResourceType!,
            change.PhysicalResourceId,
            properties,
            Risk(action, change.ResourceType!, change.PolicyAction),
            inside
        );
    }

    public static PlannedChange Added(string logicalId, string type, IReadOnlyList<PlannedChange> inside) =>
        new("add", logicalId, type, null, [], null, inside);

    /// <summary>Of the user's own table: what a deploy adds to it, outside of any stack.</summary>
    public static PlannedChange OfTable(AttachedTable table) =>
        new("change", table.Name, "AWS::DynamoDB::Table", table.Arn, [.. table.Steps.Select(step => step.What)], null, []);

    private static string? Risk(string action, string type, string? policy)
    {
        var what = type switch
        {
            "AWS::DynamoDB::Table" => "the table's items",
            "AWS::SNS::Topic" => "the topic's subscriptions",
            "AWS::KMS::Key" => "everything encrypted under the key",
            "AWS::S3::Bucket" => "the bucket's objects",
            "AWS::SQS::Queue" => "the queue's messages",
            _ => null,
        };
        var kept = policy is "Retain" or "ReplaceAndRetain";
        return (what, action) switch
        {
            (null, _) or (_, "add" or "change" or "maybe-change") => null,
            (_, "delete") when kept => null,
            (_, "delete") => $"{what} go with it",
            _ when kept => $"the new one starts empty; {what} stay where they are",
            _ => $"the new one starts empty; {what} go with the old one",
        };
    }
}
