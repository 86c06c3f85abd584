using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>
/// ExecuteStatement, by the pages "PartiQL select/insert/update/delete statements for DynamoDB" of AWS's Developer Guide.
/// </summary>
public sealed class StatementTests : IAsyncLifetime
{
    private Dynamo dynamo = null!;

    public async ValueTask InitializeAsync()
    {
        dynamo = await Start();
        await dynamo.Table(
            "Orders",
            "sk",
            change: request =>
            {
                request.AttributeDefinitions.Add(new("city", ScalarAttributeType.S));
                request.GlobalSecondaryIndexes =
                [
                    new()
                    {
                        IndexName = "by-city",
                        KeySchema = [new("city", KeyType.HASH), new("sk", KeyType.RANGE)],
                        Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                    },
                ];
            }
        );
        await dynamo.Put("Orders", ("pk", S("a")), ("sk", S("1")), ("n", N("1")), ("city", S("Bern")), ("tags", Set("x", "y")));
        await dynamo.Put("Orders", ("pk", S("a")), ("sk", S("2")), ("n", N("2")), ("m", M(("k", L(S("zero"), S("one"))))));
        await dynamo.Put("Orders", ("pk", S("a")), ("sk", S("3")), ("n", N("3")), ("nil", new AttributeValue { NULL = true }));
        await dynamo.Put("Orders", ("pk", S("b")), ("sk", S("1")), ("n", N("10")), ("city", S("Bern")), ("l", L(N("1"))));
    }

    public ValueTask DisposeAsync() => dynamo.DisposeAsync();

    [Theory]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a'", "a1 a2 a3")]
    [InlineData("SELECT * FROM \"Orders\" WHERE \"pk\" = 'a' AND \"sk\" = '2'", "a2")]
    [InlineData("select * from Orders where 'a' = pk and sk between '2' and '3';", "a2 a3")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' AND sk > '1' AND n < 3", "a2")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' AND begins_with(sk, '3')", "a3")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' ORDER BY sk DESC", "a3 a2 a1")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' ORDER BY pk, sk ASC", "a1 a2 a3")]
    [InlineData("SELECT * FROM Orders WHERE pk IN ['b', 'a'] ORDER BY pk", "a1 a2 a3 b1")]
    [InlineData("SELECT * FROM Orders WHERE pk IN ('b', 'a')", "b1 a1 a2 a3")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'b' OR pk = 'a' AND sk = '1'", "b1 a1")]
    [InlineData("SELECT * FROM Orders WHERE n > 1 AND n <= 2", "a2")]
    [InlineData("SELECT * FROM Orders WHERE NOT n <> 10", "b1")]
    [InlineData("SELECT * FROM Orders WHERE NOT (n = 1 OR n = 2) AND pk = 'a'", "a3")]
    [InlineData("SELECT * FROM Orders WHERE n != 10 AND n >= 3", "a3")]
    [InlineData("SELECT * FROM Orders WHERE n IN [1, 10] AND city IS NOT MISSING", "a1 b1")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' AND n NOT IN [1, 2]", "a3")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' AND n NOT BETWEEN 2 AND 9", "a1")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' AND city IS MISSING", "a2 a3")]
    [InlineData("SELECT * FROM Orders WHERE nil IS NULL", "a3")]
    [InlineData("SELECT * FROM Orders WHERE nil = NULL", "a3")]
    [InlineData("SELECT * FROM Orders WHERE contains(tags, 'x')", "a1")]
    [InlineData("SELECT * FROM Orders WHERE tags = <<'y', 'x'>>", "a1")]
    [InlineData("SELECT * FROM Orders WHERE attribute_type(m, 'M')", "a2")]
    [InlineData("SELECT * FROM Orders WHERE size(tags) = 2", "a1")]
    [InlineData("SELECT * FROM Orders WHERE m.k[1] = 'one'", "a2")]
    [InlineData("SELECT * FROM Orders WHERE m['k'][0] = 'zero'", "a2")]
    [InlineData("SELECT * FROM Orders WHERE m = {'k': ['zero', 'one']}", "a2")]
    [InlineData("SELECT * FROM Orders WHERE n = -1 OR n = 1e1", "b1")]
    [InlineData("SELECT * FROM \"Orders\".\"by-city\" WHERE city = 'Bern' AND sk = '1'", "a1 b1")]
    public async Task Select_finds(string statement, string found) => Assert.Equal(found, await Keys(statement));

    [Theory]
    [InlineData("SELECT n, m.k FROM Orders WHERE pk = 'a' AND sk = '2'", "k n")]
    [InlineData("SELECT m.k[1] FROM Orders WHERE pk = 'a' AND sk = '2'", "k[1]")]
    [InlineData("SELECT city FROM Orders WHERE pk = 'a' AND sk = '2'", "")]
    public async Task A_projection_shows_each_path_under_its_last_name(string statement, string names)
    {
        var answer = await Run(statement);

        Assert.Equal(names, string.Join(' ', Assert.Single(answer.Items).Keys.Order()));
    }

    [Theory]
    [InlineData("SELEC * FROM Orders", "Statement wasn't well formed, can't be processed: Expected data manipulation")]
    [InlineData(
        "UPDATE Payment-Orders SET n = 1 WHERE pk = 'a'",
        "Statement wasn't well formed, can't be processed: Expected data manipulation"
    )]
    [InlineData("INSERT INTO Orders (key) VALUES (1)", "Statement wasn't well formed, can't be processed: Unexpected operator")]
    [InlineData("SELECT user FROM Orders", "Statement wasn't well formed, can't be processed: Unexpected keyword")]
    [InlineData(
        "SELECT * FROM Orders WHERE pk = 'a' x",
        "Statement wasn't well formed, can't be processed: Unexpected token after expression"
    )]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' LIMIT 1", "Unsupported clause: LIMIT at 1:37:5")]
    [InlineData("SELECT * FROM Orders WHERE pk = ?", "Number of parameters in request and statement don't match.")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a", "Statement wasn't well formed, can't be processed: Invalid character")]
    [InlineData("SELECT *, n FROM Orders", "Other attributes should not be present in the projection when '*' is used.")]
    [InlineData("SELECT n AS m FROM Orders", "Aliasing is not supported")]
    [InlineData("SELECT * FROM Orders o WHERE pk = 'a'", "Aliasing is not supported")]
    [InlineData("SELECT * FROM Orders ORDER BY pk", "Must have WHERE clause in the statement when using ORDER BY clause.")]
    [InlineData(
        "SELECT * FROM Orders WHERE n = 1 ORDER BY pk",
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."
    )]
    [InlineData(
        "SELECT * FROM Orders WHERE pk = 'a' ORDER BY n",
        "Variable reference n in ORDER BY clause must be part of the primary key"
    )]
    [InlineData("SELECT * FROM Orders.none", "The table does not have the specified index: none")]
    [InlineData(
        "SELECT * FROM Orders WHERE pk = 1",
        "One or more parameter values were invalid: Condition parameter type does not match schema type"
    )]
    [InlineData("UPDATE Orders SET n = 1 WHERE pk = 'a'", "Where clause does not contain a mandatory equality on all key attributes")]
    [InlineData("DELETE FROM Orders WHERE sk = 'a'", "Where clause does not contain a mandatory equality on all key attributes")]
    [InlineData("DELETE FROM Orders", "Where clause does not contain a mandatory equality on all key attributes")]
    [InlineData("INSERT INTO Orders VALUE {'pk': 'a'}", "One or more parameter values were invalid: Missing the key sk in the item")]
    [InlineData(
        "UPDATE Orders SET pk = 'x' WHERE pk = 'a' AND sk = '1'",
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
    )]
    [InlineData("DELETE FROM Orders WHERE pk = 1 AND sk = '1'", "The provided key element does not match the schema")]
    [InlineData("DELETE FROM \"Orders\".\"by-city\" WHERE pk = 'a' AND sk = '1'", "This operation is not supported on an index")]
    public async Task What_cannot_be_done_is_refused_in_these_words(string statement, string message)
    {
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Run(statement));

        Assert.Equal(("ValidationException", message), (error.ErrorCode, error.Message));
    }

    [Fact]
    public async Task Hostile_statements_meet_a_limit()
    {
        foreach (
            var statement in (string[])
                [new('(', 8000), "SELECT * FROM t WHERE " + new string('(', 8000), "INSERT INTO t VALUE {'a':" + new string('[', 8000)]
        )
        {
            Assert.Equal("ValidationException", (await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Run(statement))).ErrorCode);
        }

        var deep = "SELECT * FROM Orders WHERE pk = 'a'" + string.Concat(Enumerable.Repeat(" AND n = 1", 800));
        Assert.Equal("a1", await Keys(deep));
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Run(new string('x', 8193)));
        Assert.EndsWith("at 'statement' failed to satisfy constraint: Member must have length less than or equal to 8192", error.Message);
    }

    [Fact]
    public async Task Insert_makes_an_item_once()
    {
        var made = await Run("INSERT INTO \"Orders\" VALUE {'pk': ?, 'sk': 'it''s', 'm': {'l': [1, TRUE, NULL]}, 's': <<1, 2>>}", S("c"));
        var error = await Assert.ThrowsAsync<DuplicateItemException>(() => Run("INSERT INTO Orders VALUE {'pk': 'c', 'sk': 'it''s'}"));

        Assert.Empty(made.Items);
        Assert.Equal("Duplicate primary key exists in table", error.Message);
        var item = Assert.Single((await Run("SELECT * FROM Orders WHERE pk = ?", S("c"))).Items);
        Assert.Equal(["1", "2"], item["s"].NS.Order());
        Assert.Equal("1", item["m"].M["l"].L[0].N);
        Assert.True(item["m"].M["l"].L[1].BOOL);
        Assert.True(item["m"].M["l"].L[2].NULL);
    }

    [Theory]
    [InlineData("SET n = n + 5 RETURNING-ALL NEW *", "city=Bern n=6 pk=a sk=1 tags=x,y")]
    [InlineData("SET n = 7 REMOVE city RETURNING-ALL OLD *", "city=Bern n=1 pk=a sk=1 tags=x,y")]
    [InlineData("SET n = 7 SET city = 'Chur' RETURNING-MODIFIED NEW *", "city=Chur n=7")]
    [InlineData("SET n = 7, city = 'Chur' RETURNING-MODIFIED OLD *", "city=Bern n=1")]
    [InlineData("SET tags = set_add(tags, <<'z'>>) RETURNING-MODIFIED NEW *", "tags=x,y,z")]
    [InlineData("SET tags = SET_DELETE(tags, <<'x'>>) RETURNING-MODIFIED NEW *", "tags=y")]
    [InlineData("REMOVE tags REMOVE city RETURNING-ALL NEW *", "n=1 pk=a sk=1")]
    public async Task Update_changes_one_item_and_shows_what_is_asked(string change, string shown)
    {
        var parts = change.Split("RETURNING-");
        var answer = await Run($"UPDATE Orders {parts[0]} WHERE pk = 'a' AND sk = '1' RETURNING {parts[1]}");

        Assert.Equal(shown, Text(Assert.Single(answer.Items)));
    }

    [Fact]
    public async Task Lists_are_appended_to()
    {
        await Run("UPDATE Orders SET l = list_append(l, [2, ?]) WHERE pk = 'b' AND sk = '1'", N("3"));
        await Run("UPDATE Orders SET l[0] = 0 WHERE pk = 'b' AND sk = '1'");
        await Run("UPDATE Orders SET n = 4 WHERE pk = 'b' AND sk = '1' AND l[2] = 3");

        var item = Assert.Single((await Run("SELECT * FROM Orders WHERE pk = 'b'")).Items);
        Assert.Equal(("0 2 3", "4"), (string.Join(' ', item["l"].L.Select(one => one.N)), item["n"].N));
    }

    [Theory]
    [InlineData("UPDATE Orders SET n = 9 WHERE pk = 'a' AND sk = '1' AND n = 2")]
    [InlineData("DELETE FROM Orders WHERE pk = 'a' AND sk = '1' AND n = 2")]
    public async Task A_write_whose_clause_does_not_hold_fails_and_shows_the_item(string statement)
    {
        var error = await Assert.ThrowsAsync<ConditionalCheckFailedException>(() =>
            dynamo.Client.ExecuteStatementAsync(
                new() { Statement = statement, ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD }
            )
        );

        Assert.Equal(("The conditional request failed", "1"), (error.Message, error.Item["n"].N));
    }

    [Fact]
    public async Task An_update_makes_no_item_and_a_delete_of_none_succeeds()
    {
        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => Run("UPDATE Orders SET n = 9 WHERE pk = 'no' AND sk = '1'"));
        Assert.Empty((await Run("DELETE FROM Orders WHERE pk = 'no' AND sk = '1' AND n = 2 RETURNING ALL OLD *")).Items);

        var gone = await Run("DELETE FROM Orders WHERE pk = 'a' AND sk = '1' RETURNING ALL OLD *");

        Assert.Equal("1", Assert.Single(gone.Items)["n"].N);
        Assert.Equal("a2 a3", await Keys("SELECT * FROM Orders WHERE pk = 'a'"));
    }

    [Theory]
    [InlineData("SELECT * FROM Orders WHERE pk IN ['b', 'a']", "b1 a1 | a2 a3 | ")]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' ORDER BY sk DESC", "a3 a2 | a1")]
    public async Task A_page_goes_on_where_the_one_before_ended(string statement, string pages)
    {
        var found = new List<string>();
        string? token = null;
        do
        {
            var page = await dynamo.Client.ExecuteStatementAsync(
                new()
                {
                    Statement = statement,
                    Limit = 2,
                    NextToken = token,
                }
            );
            found.Add(Found(page));
            token = page.NextToken;
            Assert.Equal(token is null, page.LastEvaluatedKey is null or { Count: 0 });
        } while (token is not null);

        Assert.Equal(pages, string.Join(" | ", found));
    }

    [Fact]
    public async Task Behind_an_item_that_is_named_by_its_whole_key_there_is_no_page()
    {
        var page = await dynamo.Client.ExecuteStatementAsync(
            new() { Statement = "SELECT * FROM Orders WHERE pk = 'a' AND sk = '1'", Limit = 1 }
        );

        Assert.Equal(("a1", null), (Found(page), page.NextToken));
    }

    [Fact]
    public async Task A_token_is_for_its_statement_alone()
    {
        var page = await dynamo.Client.ExecuteStatementAsync(new() { Statement = "SELECT * FROM Orders WHERE pk = 'a'", Limit = 1 });

        foreach (
            var (statement, token) in ((string, string)[])
                [("SELECT * FROM Orders", page.NextToken), ("SELECT * FROM Orders WHERE pk = 'a'", "x")]
        )
        {
            await Assert.ThrowsAsync<AmazonDynamoDBException>(() =>
                dynamo.Client.ExecuteStatementAsync(new() { Statement = statement, NextToken = token })
            );
        }
    }

    [Theory]
    [InlineData("SELECT * FROM Orders WHERE pk = 'a' AND sk = '1'", 0.5)]
    [InlineData("INSERT INTO Orders VALUE {'pk': 'new', 'sk': '1'}", 1)]
    [InlineData("INSERT INTO Orders VALUE {'pk': 'new', 'sk': '1', 'city': 'Bern'}", 2)]
    public async Task Statements_cost_what_the_operations_cost(string statement, double units)
    {
        var answer = await dynamo.Client.ExecuteStatementAsync(
            new() { Statement = statement, ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL }
        );

        Assert.Equal((units, "Orders"), (answer.ConsumedCapacity.CapacityUnits, answer.ConsumedCapacity.TableName));
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_not_found()
    {
        var error = await Assert.ThrowsAsync<ResourceNotFoundException>(() => Run("SELECT * FROM none"));

        Assert.Equal("Requested resource not found", error.Message);
    }

    private static AttributeValue Set(params List<string> members) => new() { SS = members };

    private static string Text(Dictionary<string, AttributeValue> item) =>
        string.Join(
            ' ',
            item.OrderBy(pair => pair.Key)
                .Select(pair => $"{pair.Key}={pair.Value.S ?? pair.Value.N ?? string.Join(',', pair.Value.SS.Order())}")
        );

    private async Task<string> Keys(string statement) => Found(await Run(statement));

    private static string Found(ExecuteStatementResponse answer) =>
        string.Join(' ', (answer.Items ?? []).Select(item => item["pk"].S + item["sk"].S));

    private Task<ExecuteStatementResponse> Run(string statement, params List<AttributeValue> parameters) =>
        dynamo.Client.ExecuteStatementAsync(new() { Statement = statement, Parameters = parameters.Count == 0 ? null : parameters });
}
