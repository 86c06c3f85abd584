using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("n = :one", true)]
    [InlineData("n <> :one", false)]
    [InlineData("absent <> :one", true)]
    [InlineData("absent = :one", false)]
    [InlineData("n < :ten AND n >= :one", true)]
    [InlineData("n > :ten OR txt = :hello", true)]
    [InlineData("NOT n = :one", false)]
    [InlineData("NOT (n = :ten OR txt = :ten)", true)]
    [InlineData("n BETWEEN :one AND :ten", true)]
    [InlineData("n BETWEEN :one AND :ten AND txt = :hello", true)]
    [InlineData("n IN (:ten, :one)", true)]
    [InlineData("n IN (:ten)", false)]
    [InlineData("attribute_exists(m.x) AND attribute_not_exists(m.z)", true)]
    [InlineData("attribute_type(m, :M)", true)]
    [InlineData("begins_with(txt, :he)", true)]
    [InlineData("contains(txt, :ll)", true)]
    [InlineData("contains(l, :one)", true)]
    [InlineData("contains(ss, :hello)", true)]
    [InlineData("size(txt) = :five", true)]
    [InlineData("size(l) > :one", true)]
    [InlineData("l[1] = :ten", true)]
    [InlineData("m.x.#y = :one", true)]
    [InlineData("txt < :one", false)]
    [InlineData("(n) = (:one)", true)]
    [InlineData("n = :one OR n = :ten AND txt = :ten", true)]
    public async Task A_condition_holds_or_not(string condition, bool holds)
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Put(
            "table",
            ("pk", S("a")),
            ("n", N("1")),
            ("txt", S("hello")),
            ("l", L(N("1"), N("10"))),
            ("ss", new() { SS = ["hello", "x"] }),
            ("m", M(("x", M(("y", N("1"))))))
        );
        var values = new Dictionary<string, AttributeValue>
        {
            [":one"] = N("1.0"),
            [":ten"] = N("10"),
            [":five"] = N("5"),
            [":hello"] = S("hello"),
            [":he"] = S("he"),
            [":ll"] = S("ll"),
            [":M"] = S("M"),
        };
        var used = values.Where(value => System.Text.RegularExpressions.Regex.IsMatch(condition, value.Key + "\\b")).ToDictionary();

        var request = new DeleteItemRequest("table", Item(("pk", S("a")))) { ConditionExpression = condition };
        request.ExpressionAttributeValues = used.Count > 0 ? used : null;
        request.ExpressionAttributeNames = condition.Contains('#') ? new() { ["#y"] = "y" } : null;
        var failed = await Record.ExceptionAsync(() => dynamo.Client.DeleteItemAsync(request));

        Assert.Equal(holds, failed is null);
        Assert.True(failed is null or ConditionalCheckFailedException, failed?.Message);
    }

    [Theory]
    [InlineData("unknown(a)", "Invalid function name; function: unknown")]
    [InlineData("size(a)", "The function is not allowed to be used this way in an expression; function: size")]
    [InlineData("attribute_exists(:v)", "Operator or function requires a document path; operator or function: attribute_exists")]
    [InlineData(
        "begins_with(a, :n)",
        "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"
    )]
    [InlineData(
        "attribute_exists(a, b)",
        "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2"
    )]
    [InlineData("attribute_type(a, :v)", "Invalid attribute type name found; type: v, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")]
    [InlineData(
        "a = a",
        "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]"
    )]
    [InlineData("a = :v b", "Syntax error; token: \"b\", near: \":v b\"")]
    [InlineData("a ? :v", "Syntax error; token: \"?\", near: \"a ?\"")]
    public async Task A_condition_that_makes_no_sense_is_refused(string condition, string message)
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        var values = string.Join(
            ',',
            new[] { (":v", "\":v\":{\"S\":\"v\"}"), (":n", "\":n\":{\"N\":\"1\"}") }
                .Where(value => condition.Contains(value.Item1))
                .Select(value => value.Item2)
        );
        var given = values.Length == 0 ? "" : $",\"ExpressionAttributeValues\":{{{values}}}";

        Assert.Equal(
            ("ValidationException", "Invalid ConditionExpression: " + message),
            await dynamo.Fails(
                "DeleteItem",
                $"{{\"TableName\":\"table\",\"Key\":{{\"pk\":{{\"S\":\"a\"}}}},\"ConditionExpression\":\"{condition}\"{given}}}"
            )
        );
    }
}
