using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class PutItemTests
{
    private const string Invalid = "One or more parameter values were invalid: ";

    public sealed class Behaviour
    {
        [Fact]
        public async Task Every_type_comes_back_as_it_was_put()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            var item = Item(
                ("pk", S("é😀")),
                ("n", N("-0012.50e1")),
                ("b", new() { B = new MemoryStream([0, 1, 255]) }),
                ("ss", new() { SS = ["b", "a"] }),
                ("ns", new() { NS = ["1.0", "2"] }),
                ("bs", new() { BS = [new MemoryStream([1]), new MemoryStream([2])] }),
                ("m", M(("x", L(S(""), N("1"), M())))),
                ("null", new() { NULL = true }),
                ("yes", new() { BOOL = true })
            );
            await dynamo.Client.PutItemAsync("table", item);

            var back = (await dynamo.Client.GetItemAsync("table", Item(("pk", S("é😀"))))).Item;

            Assert.Equal(9, back.Count);
            Assert.Equal("-125", back["n"].N);
            Assert.Equal([0, 1, 255], back["b"].B.ToArray());
            Assert.Equal(["a", "b"], back["ss"].SS);
            Assert.Equal(["1", "2"], back["ns"].NS);
            Assert.Equal(2, back["bs"].BS.Count);
            Assert.Equal("1", back["m"].M["x"].L[1].N);
            Assert.True(back["null"].NULL);
            Assert.True(back["yes"].BOOL);
        }

        [Fact]
        public async Task A_condition_that_fails_changes_nothing_and_shows_the_item_on_demand()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("v", N("1")));

            var error = await Assert.ThrowsAsync<ConditionalCheckFailedException>(() =>
                dynamo.Client.PutItemAsync(
                    new PutItemRequest("table", Item(("pk", S("a"))))
                    {
                        ConditionExpression = "attribute_not_exists(pk)",
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    }
                )
            );

            Assert.Equal("The conditional request failed", error.Message);
            Assert.Equal("1", error.Item["v"].N);
        }

        [Fact]
        public async Task The_old_item_and_the_capacity_of_the_larger_come_back()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("v", S(new string('x', 3000))));

            var answer = await dynamo.Client.PutItemAsync(
                new PutItemRequest("table", Item(("pk", S("a"))))
                {
                    ReturnValues = ReturnValue.ALL_OLD,
                    ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
                }
            );

            Assert.Equal(3000, answer.Attributes["v"].S.Length);
            Assert.Equal(3, answer.ConsumedCapacity.CapacityUnits);
        }

        /// <summary>Since 2020: https://aws.amazon.com/about-aws/whats-new/2020/05/amazon-dynamodb-now-supports-empty-values-for-non-key-string-and-binary-attributes-in-dynamodb-tables/</summary>
        [Fact]
        public async Task A_set_may_have_an_empty_member()
        {
            await using var dynamo = await Start();
            await dynamo.Table();

            await dynamo.Put("table", ("pk", S("a")), ("ss", new() { SS = ["", "b"] }), ("bs", new() { BS = [new MemoryStream()] }));

            var back = (await dynamo.Client.GetItemAsync("table", Item(("pk", S("a"))))).Item;
            Assert.Equal(["", "b"], back["ss"].SS.Order());
            Assert.Equal(0, Assert.Single(back["bs"].BS).Length);
        }
    }

    public sealed class Validation
    {
        [Theory]
        [InlineData("""{"TableName":"table","Item":{"other":{"S":"a"}}}""", Invalid + "Missing the key pk in the item")]
        [InlineData("""{"TableName":"table","Item":{"pk":{"N":"1"}}}""", Invalid + "Type mismatch for key pk expected: S actual: N")]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":""}}}""",
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{}}}""",
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a","N":"1"}}}""",
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"},"n":{"N":"b"}}}""",
            "The parameter cannot be converted to a numeric value: b"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"},"n":{"N":"1e126"}}}""",
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"},"n":{"N":"1e-131"}}}""",
            "Number underflow. Attempting to store a number with magnitude smaller than supported range"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"},"n":{"N":"123456789012345678901234567890123456789"}}}""",
            "Attempting to store more than 38 significant digits in a Number"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"},"s":{"SS":["a","a"]}}}""",
            Invalid + "Input collection [a, a] contains duplicates."
        )]
        [InlineData("""{"TableName":"table","Item":{"pk":{"S":"a"},"s":{"NS":["1","1.0"]}}}""", "Input collection contains duplicates")]
        [InlineData("""{"TableName":"table","Item":{"pk":{"S":"a"},"s":{"SS":[]}}}""", Invalid + "An string set  may not be empty")]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"},"s":{"SS":["",""]}}}""",
            Invalid + "Input collection [, ] contains duplicates."
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ReturnValues":"ALL_NEW"}""",
            "ReturnValues can only be ALL_OLD or NONE"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ExpressionAttributeValues":{":x":{"S":"a"}}}""",
            "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(pk)","ExpressionAttributeValues":{":x":{"S":"a"}}}""",
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(status)"}""",
            "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ConditionExpression":"a = :x"}""",
            "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :x"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ConditionExpression":"a ="}""",
            "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\""
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ConditionExpression":"((attribute_exists(a)))"}""",
            "Invalid ConditionExpression: The expression has redundant parentheses;"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ConditionExpression":"a = :x","ExpressionAttributeValues":{":x":{"N":""}}}""",
            "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value for key :x"
        )]
        [InlineData(
            """{"TableName":"table","Item":{"pk":{"S":"a"}},"ReturnValues":"X"}""",
            "1 validation error detected: Value 'X' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
        )]
        [InlineData(
            """{"Item":{"pk":{"S":"a"}}}""",
            "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"
        )]
        public async Task What_AWS_refuses_is_refused_in_its_words(string body, string message)
        {
            await using var dynamo = await Start();
            await dynamo.Table();

            Assert.Equal(("ValidationException", message), await dynamo.Fails("PutItem", body));
        }

        [Fact]
        public async Task An_item_over_400_KB_is_too_large()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            var limit = (400 * 1024) - "pk".Length - "a".Length - "v".Length;

            await dynamo.Put("table", ("pk", S("a")), ("v", S(new string('x', limit))));
            var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() =>
                dynamo.Put("table", ("pk", S("a")), ("v", S(new string('x', limit + 1))))
            );

            Assert.Equal("Item size has exceeded the maximum allowed size", error.Message);
        }

        [Fact]
        public async Task A_table_that_is_not_there_or_not_yet_is_not_found()
        {
            await using var dynamo = await Start();
            await dynamo.Client.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = "young",
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    AttributeDefinitions = [new("pk", ScalarAttributeType.S)],
                    KeySchema = [new("pk", KeyType.HASH)],
                }
            );

            foreach (var name in (string[])["young", "none"])
            {
                var error = await Assert.ThrowsAsync<ResourceNotFoundException>(() => dynamo.Put(name, ("pk", S("a"))));
                Assert.Equal("Requested resource not found", error.Message);
            }
        }
    }

    public sealed class Serialization
    {
        [Theory]
        [InlineData("""{"TableName":"table","Item":{"pk":{"S":1}}}""", "NUMBER_VALUE cannot be converted to String")]
        [InlineData("""{"TableName":"table","Item":{"pk":"a"}}""", "Unexpected field type")]
        public async Task A_wrong_JSON_type_is_a_serialization_fault(string body, string message)
        {
            await using var dynamo = await Start();

            Assert.Equal(("SerializationException", message), await dynamo.Fails("PutItem", body));
        }
    }
}
