using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class UpdateItemTests
{
    public sealed class Behaviour
    {
        [Fact]
        public async Task Every_section_does_its_part_on_the_item_as_it_was()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put(
                "table",
                ("pk", S("a")),
                ("n", N("1")),
                ("l", L(S("x"), S("y"), S("z"))),
                ("s", new() { SS = ["a", "b"] }),
                ("gone", S("g")),
                ("m", M(("a", N("1"))))
            );

            var answer = await dynamo.Client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = "table",
                    Key = Item(("pk", S("a"))),
                    UpdateExpression =
                        "SET n = n + :one, c = n, m.b = if_not_exists(m.b, :one), l[5] = :s, e = list_append(l, :list) REMOVE gone, l[0] ADD k :one DELETE s :b",
                    ExpressionAttributeValues = new()
                    {
                        [":one"] = N("1"),
                        [":s"] = S("new"),
                        [":list"] = L(N("9")),
                        [":b"] = new() { SS = ["b", "q"] },
                    },
                    ReturnValues = ReturnValue.ALL_NEW,
                }
            );

            var item = answer.Attributes;
            Assert.Equal("2", item["n"].N);
            Assert.Equal("1", item["c"].N);
            Assert.Equal("1", item["m"].M["b"].N);
            Assert.Equal(["y", "z", "new"], item["l"].L.Select(element => element.S));
            Assert.Equal(4, item["e"].L.Count);
            Assert.False(item.ContainsKey("gone"));
            Assert.Equal("1", item["k"].N);
            Assert.Equal(["a"], item["s"].SS);
        }

        [Fact]
        public async Task An_item_that_is_not_there_is_made_unless_only_taking_away()
        {
            await using var dynamo = await Start();
            await dynamo.Table();

            await dynamo.Client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = "table",
                    Key = Item(("pk", S("removed"))),
                    UpdateExpression = "REMOVE a",
                }
            );
            await dynamo.Client.UpdateItemAsync(new UpdateItemRequest { TableName = "table", Key = Item(("pk", S("bare"))) });

            Assert.Null((await dynamo.Client.GetItemAsync("table", Item(("pk", S("removed"))))).Item);
            Assert.Single((await dynamo.Client.GetItemAsync("table", Item(("pk", S("bare"))))).Item);
        }

        [Fact]
        public async Task Updated_values_come_back_with_only_the_paths_touched()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("m", M(("x", N("1")), ("y", N("2")))));

            var answer = await dynamo.Client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = "table",
                    Key = Item(("pk", S("a"))),
                    UpdateExpression = "SET m.x = :v",
                    ExpressionAttributeValues = new() { [":v"] = N("5") },
                    ReturnValues = ReturnValue.UPDATED_NEW,
                }
            );

            Assert.Equal("5", Assert.Single(Assert.Single(answer.Attributes).Value.M).Value.N);
        }
    }

    public sealed class Validation
    {
        [Theory]
        [InlineData(
            "SET pk = :v",
            "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
        )]
        [InlineData(
            "SET a = :v, a.b = :v",
            "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]"
        )]
        [InlineData(
            "SET a[0] = :v, a.b = :v",
            "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [0]], path two: [a, b]"
        )]
        [InlineData("SET x.y = :v", "The document path provided in the update expression is invalid for update")]
        [InlineData("SET a = absent + :v", "The provided expression refers to an attribute that does not exist in the item")]
        [InlineData("SET a = txt + :v", "An operand in the update expression has an incorrect data type")]
        [InlineData(
            "SET a = :v SET b = :v",
            "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;"
        )]
        [InlineData("SET a = other(:v)", "Invalid UpdateExpression: Invalid function name; function: other")]
        [InlineData(
            "ADD a :t",
            "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"
        )]
        [InlineData(
            "SET a = :t + :v",
            "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S"
        )]
        [InlineData(
            "SET a = #n",
            "Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #n"
        )]
        [InlineData("SET", "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"SET\"")]
        [InlineData("", "Invalid UpdateExpression: The expression can not be empty;")]
        public async Task What_AWS_refuses_is_refused_in_its_words(string expression, string message)
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("txt", S("t")));

            var values = new List<string>();
            if (expression.Contains(":v", StringComparison.Ordinal))
            {
                values.Add("\":v\":{\"N\":\"1\"}");
            }

            if (expression.Contains(":t", StringComparison.Ordinal))
            {
                values.Add("\":t\":{\"S\":\"t\"}");
            }

            var given = values.Count == 0 ? "" : $",\"ExpressionAttributeValues\":{{{string.Join(',', values)}}}";
            var (type, said) = await dynamo.Fails(
                "UpdateItem",
                $"{{\"TableName\":\"table\",\"Key\":{{\"pk\":{{\"S\":\"a\"}}}},\"UpdateExpression\":\"{expression}\"{given}}}"
            );

            Assert.Equal(("ValidationException", message), (type, said));
        }

        [Fact]
        public async Task A_key_must_match_the_schema()
        {
            await using var dynamo = await Start();
            await dynamo.Table();

            foreach (var key in (string[])["{\"pk\":{\"N\":\"1\"}}", "{\"pk\":{\"S\":\"1\"},\"b\":{\"S\":\"1\"}}", "{}"])
            {
                Assert.Equal(
                    ("ValidationException", "The provided key element does not match the schema"),
                    await dynamo.Fails("UpdateItem", $"{{\"TableName\":\"table\",\"Key\":{key}}}")
                );
            }
        }
    }
}
