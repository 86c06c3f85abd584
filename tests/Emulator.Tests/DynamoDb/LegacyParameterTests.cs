using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DataModel;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;
using QueryFilter = Amazon.DynamoDBv2.DocumentModel.QueryFilter;
using ReturnValues = Amazon.DynamoDBv2.DocumentModel.ReturnValues;
using ScanFilter = Amazon.DynamoDBv2.DocumentModel.ScanFilter;
using ScanOperator = Amazon.DynamoDBv2.DocumentModel.ScanOperator;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html</summary>
public sealed class LegacyParameterTests
{
    public sealed class Behaviour
    {
        [Theory]
        [InlineData("""{"n":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"2"}]}}""", "b")]
        [InlineData("""{"n":{"ComparisonOperator":"NE","AttributeValueList":[{"N":"2"}]}}""", "a,c,d")]
        [InlineData("""{"n":{"ComparisonOperator":"LT","AttributeValueList":[{"N":"2"}]}}""", "a")]
        [InlineData("""{"n":{"ComparisonOperator":"LE","AttributeValueList":[{"N":"2"}]}}""", "a,b")]
        [InlineData("""{"n":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"2"}]}}""", "c")]
        [InlineData("""{"n":{"ComparisonOperator":"GE","AttributeValueList":[{"N":"2"}]}}""", "b,c")]
        [InlineData("""{"n":{"ComparisonOperator":"NULL"}}""", "d")]
        [InlineData("""{"n":{"ComparisonOperator":"NOT_NULL"}}""", "a,b,c")]
        [InlineData("""{"n":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"2"},{"N":"3"}]}}""", "b,c")]
        [InlineData("""{"n":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"1"},{"N":"3"}]}}""", "a,c")]
        [InlineData("""{"t":{"ComparisonOperator":"BEGINS_WITH","AttributeValueList":[{"S":"x"}]}}""", "a,b")]
        [InlineData("""{"t":{"ComparisonOperator":"CONTAINS","AttributeValueList":[{"S":"y"}]}}""", "b,c")]
        [InlineData("""{"t":{"ComparisonOperator":"NOT_CONTAINS","AttributeValueList":[{"S":"y"}]}}""", "a,d")]
        [InlineData("""{"s":{"ComparisonOperator":"CONTAINS","AttributeValueList":[{"S":"m"}]}}""", "d")]
        [InlineData("""{"m.dot":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"dotted"}]}}""", "d")]
        [InlineData(
            """{"n":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}]},"t":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"y"}]}}""",
            ""
        )]
        [InlineData(
            """{"n":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}]},"t":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"y"}]}},"ConditionalOperator":"OR""",
            "a,c"
        )]
        public async Task Filters_compare_as_expressions_do(string filter, string found)
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("n", N("1")), ("t", S("x")));
            await dynamo.Put("table", ("pk", S("b")), ("n", N("2")), ("t", S("xy")));
            await dynamo.Put("table", ("pk", S("c")), ("n", N("3")), ("t", S("y")));
            await dynamo.Put("table", ("pk", S("d")), ("s", new() { SS = ["l", "m"] }), ("m.dot", S("dotted")));
            var body = filter.EndsWith('}') ? filter : filter + "\"";

            var answer = await dynamo.Cloud.Json(
                "dynamodb",
                "DynamoDB_20120810.Scan",
                $$"""{"TableName":"table","AttributesToGet":["pk","absent"],"ScanFilter":{{body}}}"""
            );

            Assert.Equal(
                found,
                string.Join(
                    ',',
                    answer.GetProperty("Items").EnumerateArray().Select(item => item.GetProperty("pk").GetProperty("S").GetString()).Order()
                )
            );
        }

        [Fact]
        public async Task Updates_put_add_and_delete()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("n", N("1")), ("s", new() { SS = ["a", "b"] }), ("gone", S("g")), ("l", L(S("x"))));

            var answer = await dynamo.Client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = "table",
                    Key = Item(("pk", S("a"))),
                    AttributeUpdates = new()
                    {
                        ["n"] = new(N("5"), AttributeAction.ADD),
                        ["fresh"] = new(N("7"), AttributeAction.ADD),
                        ["s"] = new(new() { SS = ["b", "z"] }, AttributeAction.DELETE),
                        ["gone"] = new() { Action = AttributeAction.DELETE },
                        ["l"] = new(L(S("y")), AttributeAction.ADD),
                        ["put"] = new() { Value = S("p") },
                    },
                    ReturnValues = ReturnValue.UPDATED_NEW,
                }
            );

            Assert.Equal("6", answer.Attributes["n"].N);
            Assert.Equal("7", answer.Attributes["fresh"].N);
            Assert.Equal(["a"], answer.Attributes["s"].SS);
            Assert.Equal(["x", "y"], answer.Attributes["l"].L.Select(element => element.S));
            Assert.Equal("p", answer.Attributes["put"].S);
            Assert.False(answer.Attributes.ContainsKey("gone"));
        }
    }

    public sealed class Validation
    {
        private const string Invalid = "One or more parameter values were invalid: ";
        private const string Mixed = "Can not use both expression and non-expression parameters in the same request: ";
        private const string Key = "\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"EQ\",\"AttributeValueList\":[{\"S\":\"a\"}]}}";
        private const string Two = "{\"a\":{\"ComparisonOperator\":\"NULL\"},\"b\":{\"ComparisonOperator\":\"NULL\"}}";

        [Theory]
        [InlineData(
            "Scan",
            "\"AttributesToGet\":[\"a\"],\"ScanFilter\":"
                + Two
                + ",\"ConditionalOperator\":\"AND\",\"FilterExpression\":\"a = :v\",\"ProjectionExpression\":\"b\"",
            Mixed
                + "Non-expression parameters: {AttributesToGet, ScanFilter, ConditionalOperator} Expression parameters: {ProjectionExpression, FilterExpression}"
        )]
        [InlineData("Scan", "\"ConditionalOperator\":\"AND\"", "ConditionalOperator cannot be used without Filter or Expected")]
        [InlineData(
            "Scan",
            "\"ConditionalOperator\":\"OR\",\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"NULL\"}}",
            "ConditionalOperator can only be used when Filter or Expected has two or more elements"
        )]
        [InlineData(
            "Scan",
            "\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"EQ\"}}",
            Invalid + "Invalid number of argument(s) for the EQ ComparisonOperator"
        )]
        [InlineData(
            "Scan",
            "\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"NULL\",\"AttributeValueList\":[{\"S\":\"a\"}]}}",
            Invalid + "Invalid number of argument(s) for the NULL ComparisonOperator"
        )]
        [InlineData(
            "Scan",
            "\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"IN\",\"AttributeValueList\":[{\"S\":\"a\"},{\"N\":\"1\"}]}}",
            Invalid + "AttributeValues inside AttributeValueList must be of same type"
        )]
        [InlineData(
            "Scan",
            "\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"GT\",\"AttributeValueList\":[{\"SS\":[\"a\"]}]}}",
            Invalid + "ComparisonOperator GT is not valid for SS AttributeValue type"
        )]
        [InlineData(
            "Scan",
            "\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"BETWEEN\",\"AttributeValueList\":[{\"S\":\"b\"},{\"S\":\"a\"}]}}",
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
        )]
        [InlineData(
            "Scan",
            "\"ScanFilter\":{\"a\":{\"ComparisonOperator\":\"LIKE\"}}",
            "1 validation error detected: Value 'LIKE' at 'scanFilter.a.member.comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"
        )]
        [InlineData("Scan", "\"AttributesToGet\":[\"a\",\"a\"]", Invalid + "Duplicate value in attribute name: a")]
        [InlineData(
            "Scan",
            "\"AttributesToGet\":[\"a\"],\"Select\":\"COUNT\"",
            "Cannot specify the AttributesToGet when choosing to get only the Count"
        )]
        [InlineData(
            "Query",
            Key + ",\"AttributesToGet\":[\"a\"],\"Select\":\"ALL_ATTRIBUTES\"",
            "1 validation error detected: Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES"
        )]
        [InlineData(
            "Query",
            Key + ",\"KeyConditionExpression\":\"pk = :v\"",
            Mixed + "Non-expression parameters: {KeyConditions} Expression parameters: {KeyConditionExpression}"
        )]
        [InlineData("Query", "\"KeyConditions\":{}", "Conditions can be of length 1 or 2 only")]
        [InlineData(
            "Query",
            "\"KeyConditions\":{\"sk\":{\"ComparisonOperator\":\"EQ\",\"AttributeValueList\":[{\"S\":\"a\"}]}}",
            "Query condition missed key schema element: pk"
        )]
        [InlineData(
            "Query",
            "\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"NE\",\"AttributeValueList\":[{\"S\":\"a\"}]}}",
            "Attempted conditional constraint is not an indexable operation"
        )]
        [InlineData(
            "Query",
            "\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"GT\",\"AttributeValueList\":[{\"S\":\"a\"}]}}",
            "Query key condition not supported"
        )]
        [InlineData(
            "Query",
            "\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"EQ\",\"AttributeValueList\":[{\"N\":\"1\"}]}}",
            Invalid + "Condition parameter type does not match schema type"
        )]
        [InlineData(
            "Query",
            Key + ",\"QueryFilter\":{\"pk\":{\"ComparisonOperator\":\"NULL\"}}",
            "QueryFilter can only contain non-primary key attributes: Primary key attribute: pk"
        )]
        [InlineData(
            "PutItem",
            "\"Item\":{\"pk\":{\"S\":\"a\"}},\"Expected\":"
                + Two
                + ",\"ConditionalOperator\":\"AND\",\"ConditionExpression\":\"attribute_exists(pk)\"",
            Mixed + "Non-expression parameters: {Expected, ConditionalOperator} Expression parameters: {ConditionExpression}"
        )]
        [InlineData(
            "PutItem",
            "\"Item\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{\"a\":{}}",
            Invalid + "Value must be provided when Exists is null for Attribute: a"
        )]
        [InlineData(
            "PutItem",
            "\"Item\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{\"a\":{\"Exists\":true}}",
            Invalid + "Value must be provided when Exists is true for Attribute: a"
        )]
        [InlineData(
            "PutItem",
            "\"Item\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{\"a\":{\"Exists\":false,\"Value\":{\"S\":\"a\"}}}",
            Invalid + "Value cannot be used when Exists is false for Attribute: a"
        )]
        [InlineData(
            "PutItem",
            "\"Item\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{\"a\":{\"Exists\":false,\"ComparisonOperator\":\"NULL\"}}",
            Invalid + "Exists and ComparisonOperator cannot be used together for Attribute: a"
        )]
        [InlineData(
            "DeleteItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{\"a\":{\"ComparisonOperator\":\"LT\"}}",
            Invalid + "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a"
        )]
        [InlineData(
            "DeleteItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{\"a\":{\"AttributeValueList\":[{\"S\":\"a\"}]}}",
            Invalid + "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"
        )]
        [InlineData(
            "DeleteItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{\"a\":{\"Value\":{\"S\":\"a\"},\"AttributeValueList\":[{\"S\":\"a\"}]}}",
            Invalid + "Value and AttributeValueList cannot be used together for Attribute: a"
        )]
        [InlineData(
            "UpdateItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributeUpdates\":{\"a\":{\"Action\":\"PUT\"}}",
            Invalid + "Only DELETE action is allowed when no attribute value is specified"
        )]
        [InlineData(
            "UpdateItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributeUpdates\":{\"a\":{\"Action\":\"DELETE\",\"Value\":{\"N\":\"1\"}}}",
            Invalid + "DELETE action with value is not supported for the type N"
        )]
        [InlineData(
            "UpdateItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributeUpdates\":{\"a\":{\"Action\":\"ADD\",\"Value\":{\"S\":\"1\"}}}",
            Invalid + "ADD action is not supported for the type S"
        )]
        [InlineData(
            "UpdateItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributeUpdates\":{\"txt\":{\"Action\":\"ADD\",\"Value\":{\"N\":\"1\"}}}",
            "Type mismatch for attribute to update"
        )]
        [InlineData(
            "UpdateItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributeUpdates\":{\"pk\":{\"Value\":{\"S\":\"1\"}}}",
            Invalid + "Cannot update attribute pk. This attribute is part of the key"
        )]
        [InlineData(
            "UpdateItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributeUpdates\":{\"a\":{\"Value\":{\"S\":\"1\"}}},\"ConditionExpression\":\"attribute_exists(pk)\"",
            Mixed + "Non-expression parameters: {AttributeUpdates} Expression parameters: {ConditionExpression}"
        )]
        [InlineData(
            "GetItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributesToGet\":[\"a\"],\"ProjectionExpression\":\"a\"",
            Mixed + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
        )]
        [InlineData(
            "GetItem",
            "\"Key\":{\"pk\":{\"S\":\"a\"}},\"AttributesToGet\":[]",
            "1 validation error detected: Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1"
        )]
        public async Task What_AWS_refuses_is_refused_in_its_words(string operation, string members, string message)
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("txt", S("t")));

            Assert.Equal(("ValidationException", message), await dynamo.Fails(operation, $"{{\"TableName\":\"table\",{members}}}"));
        }
    }
}
