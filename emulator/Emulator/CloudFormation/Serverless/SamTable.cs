using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary><c>AWS::Serverless::SimpleTable</c>: a table with one key.</summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html</remarks>
internal static class SamTable
{
    public static MapNode Write(string id, MapNode source, MapNode properties)
    {
        var key = properties["PrimaryKey"] as MapNode;
        var name = key?["Name"] ?? Text("id");
        var type = (key?["Type"] as TextNode)?.Text switch
        {
            null or "String" => "S",
            "Number" => "N",
            "Binary" => "B",
            var other => throw SamErrors.Resource(id, $"Invalid 'Type' \"{other}\"."),
        };
        return Resource(
            "AWS::DynamoDB::Table",
            Map([
                ("AttributeDefinitions", List(Map(("AttributeName", name), ("AttributeType", Text(type))))),
                ("KeySchema", List(Map(("AttributeName", name), ("KeyType", Text("HASH"))))),
                .. properties["ProvisionedThroughput"] is { } throughput
                    ? [("ProvisionedThroughput", (Node?)throughput)]
                    : new (string, Node?)[] { ("BillingMode", Text("PAY_PER_REQUEST")) },
                .. Of(properties, "TableName", "SSESpecification", "PointInTimeRecoverySpecification"),
                (
                    "Tags",
                    properties["Tags"] is MapNode tags
                        ? List(tags.Entries.Select(tag => (Node)Map(("Key", Text(tag.Key)), ("Value", tag.Value))))
                        : null
                ),
            ]),
            source,
            Of(source, "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata")
        );
    }
}
