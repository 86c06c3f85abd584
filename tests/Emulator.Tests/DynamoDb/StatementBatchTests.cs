using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>
/// BatchExecuteStatement and ExecuteTransaction, by the pages "Running batch operations with PartiQL for DynamoDB" and "Performing
/// transactions with PartiQL for DynamoDB" of AWS's Developer Guide.
/// </summary>
public sealed class StatementBatchTests : IAsyncLifetime
{
    private Dynamo dynamo = null!;

    public async ValueTask InitializeAsync()
    {
        dynamo = await Start();
        await dynamo.Table("tab");
        await dynamo.Put("tab", ("pk", S("a")), ("n", N("1")));
        await dynamo.Put("tab", ("pk", S("b")), ("n", N("2")));
    }

    public ValueTask DisposeAsync() => dynamo.DisposeAsync();

    [Fact]
    public async Task Each_statement_of_a_batch_answers_for_itself()
    {
        var answer = await Batch(
            "INSERT INTO tab VALUE {'pk': 'c'}",
            "INSERT INTO tab VALUE {'pk': 'a'}",
            "UPDATE tab SET n = 5 WHERE pk = 'b' AND n = 1",
            "UPDATE tab SET n = 5 WHERE pk = 'b' RETURNING ALL NEW *",
            "UPDATE tab SET n = 5",
            "INSERT INTO none VALUE {'pk': 'a'}",
            "INSERT INTO tab VALUE {'pk': ?}"
        );

        Assert.Equal(
            [
                null,
                "DuplicateItem: Duplicate primary key exists in table",
                "ConditionalCheckFailed: The conditional request failed",
                null,
                "ValidationError: Where clause does not contain a mandatory equality on all key attributes",
                "ResourceNotFound: Requested resource not found",
                "ValidationError: Number of parameters in request and statement don't match.",
            ],
            answer.Responses.Select(one => one.Error is { } error ? $"{error.Code}: {error.Message}" : null)
        );
        Assert.Equal(["tab", "tab", "tab", "tab", null, "none", null], answer.Responses.Select(one => one.TableName));
        Assert.Equal("5", answer.Responses[3].Item["n"].N);
    }

    [Fact]
    public async Task A_batch_reads_items_by_their_whole_keys()
    {
        var answer = await Batch(
            "SELECT n FROM tab WHERE pk = 'a'",
            "SELECT * FROM tab WHERE pk = 'none'",
            "SELECT * FROM tab WHERE n = 1"
        );

        Assert.Equal("1", Assert.Single(answer.Responses[0].Item).Value.N);
        Assert.Empty(answer.Responses[1].Item ?? []);
        Assert.Equal(
            "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
            answer.Responses[2].Error.Message
        );
        Assert.Equal(1, Assert.Single(answer.ConsumedCapacity).CapacityUnits);
    }

    [Fact]
    public async Task Reads_and_writes_do_not_mix()
    {
        string[] mixed = ["SELECT * FROM tab WHERE pk = 'a'", "DELETE FROM tab WHERE pk = 'a'"];

        Assert.Equal("ValidationException", (await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Batch(mixed))).ErrorCode);
        Assert.Equal("ValidationException", (await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Transact(null, mixed))).ErrorCode);
        Assert.NotEmpty((await dynamo.Client.GetItemAsync("tab", Item(("pk", S("a"))))).Item);
    }

    [Theory]
    [InlineData(26, 0, "statements")]
    [InlineData(0, 101, "transactStatements")]
    public async Task There_is_a_most_that_goes_into_one_request(int batch, int transaction, string member)
    {
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() =>
            batch > 0
                ? Batch([.. Enumerable.Range(0, batch).Select(i => $"INSERT INTO tab VALUE {{'pk': 'x{i}'}}")])
                : Transact(null, [.. Enumerable.Range(0, transaction).Select(i => $"INSERT INTO tab VALUE {{'pk': 'x{i}'}}")])
        );

        Assert.Contains($"at '{member}' failed to satisfy constraint: Member must have length less than or equal to", error.Message);
    }

    [Fact]
    public async Task A_transaction_does_all_or_nothing_and_says_why()
    {
        var error = await Assert.ThrowsAsync<TransactionCanceledException>(() =>
            Transact(
                null,
                "INSERT INTO tab VALUE {'pk': 'c'}",
                "INSERT INTO tab VALUE {'pk': 'a'}",
                "EXISTS(SELECT * FROM tab WHERE pk = 'b' AND n = 7)"
            )
        );

        Assert.Equal(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, DuplicateItem, ConditionalCheckFailed]",
            error.Message
        );
        Assert.Equal("Duplicate primary key exists in table", error.CancellationReasons[1].Message);
        Assert.Empty((await dynamo.Client.GetItemAsync("tab", Item(("pk", S("c"))))).Item ?? []);
    }

    [Fact]
    public async Task A_transaction_writes_where_what_it_checks_exists()
    {
        var answer = await Transact(
            null,
            "EXISTS(SELECT * FROM tab WHERE pk = 'b' AND n = 2)",
            "UPDATE tab SET n = 3 WHERE pk = 'a'",
            "INSERT INTO tab VALUE {'pk': 'c'}"
        );
        var read = await Transact(null, "SELECT n FROM tab WHERE pk = 'a'", "SELECT * FROM tab WHERE pk = 'none'");

        Assert.Empty(answer.Responses ?? []); // recorded on AWS 23-08-2023
        Assert.Equal(6, Assert.Single(answer.ConsumedCapacity).WriteCapacityUnits);
        Assert.Equal("3", Assert.Single(read.Responses[0].Item).Value.N);
        Assert.Empty(read.Responses[1].Item ?? []);
        Assert.Equal(4, Assert.Single(read.ConsumedCapacity).ReadCapacityUnits);
    }

    [Fact]
    public async Task The_same_token_does_it_once()
    {
        await Transact("token", "UPDATE tab SET n = n + 1 WHERE pk = 'a'");
        await Transact("token", "UPDATE tab SET n = n + 1 WHERE pk = 'a'");

        await Assert.ThrowsAsync<IdempotentParameterMismatchException>(() => Transact("token", "UPDATE tab SET n = 1 WHERE pk = 'a'"));
        Assert.Equal("2", (await dynamo.Client.GetItemAsync("tab", Item(("pk", S("a"))))).Item["n"].N);
    }

    [Theory]
    [InlineData("EXISTS(SELECT * FROM tab WHERE pk = 'b')", "UPDATE tab SET n = 1 WHERE pk = 'a'")]
    [InlineData("DELETE FROM tab WHERE pk = 'b'", "UPDATE tab SET n = 1 WHERE pk = 'b'")]
    [InlineData("SELECT * FROM tab WHERE n = 1", "SELECT * FROM tab WHERE pk = 'b'")]
    public async Task What_no_transaction_may_have_is_refused(string first, string second)
    {
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Transact(null, first, second));

        Assert.Equal("ValidationException", error.ErrorCode);
    }

    private Task<BatchExecuteStatementResponse> Batch(params string[] statements) =>
        dynamo.Client.BatchExecuteStatementAsync(
            new()
            {
                Statements = [.. statements.Select(text => new BatchStatementRequest { Statement = text })],
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            }
        );

    private Task<ExecuteTransactionResponse> Transact(string? token, params string[] statements) =>
        dynamo.Client.ExecuteTransactionAsync(
            new()
            {
                TransactStatements = [.. statements.Select(text => new ParameterizedStatement { Statement = text })],
                ClientRequestToken = token,
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            }
        );
}
