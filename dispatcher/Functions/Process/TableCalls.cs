using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Disa.Functions.Process;

/// <summary>Calls of one table within a limit of time, and conditional writes: one by itself, or several in one request.</summary>
internal sealed class TableCalls(AmazonDynamoDBClient client, string tableName)
{
    /// <summary>How long one call may take, its repetitions included.</summary>
    public TimeSpan Limit { get; set; } = Timeouts.TableCall;

    /// <summary>Writes of different items in one request, each with its own condition and its own outcome, in their order.</summary>
    /// <remarks>
    /// What DynamoDB does not take in a batch (an error of one statement that is not its condition's, or of the request) goes by itself.
    /// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
    /// </remarks>
    public Task<Written[]> WriteAllAsync(IReadOnlyList<(Update Update, string Condition)> writes, CancellationToken cancellation) =>
        CallAsync(
            async token =>
            {
                var errors = await ErrorsAsync(writes, token).ConfigureAwait(false);
                return await Task.WhenAll(
                        writes.Select(
                            (write, i) =>
                                errors is null ? OnceAsync(write.Update, write.Condition, token)
                                : errors[i] is not { } error ? Task.FromResult(new Written(true, null))
                                : error.Code == BatchStatementErrorCodeEnum.ConditionalCheckFailed
                                    ? Task.FromResult(Failed(write.Update, error.Item))
                                : OnceAsync(write.Update, write.Condition, token)
                        )
                    )
                    .ConfigureAwait(false);
            },
            cancellation
        );

    /// <summary>The error of each statement, null for each that was carried out; null as a whole where the batch was not.</summary>
    private async Task<List<BatchStatementError?>?> ErrorsAsync(
        IReadOnlyList<(Update Update, string Condition)> writes,
        CancellationToken cancellation
    )
    {
        var statements = writes
            .Select(write => write.Update.Statement(tableName, write.Condition))
            .OfType<BatchStatementRequest>()
            .ToList();
        if (writes.Count == 1 || statements.Count < writes.Count)
        {
            return null;
        }

        try
        {
            var answer = await client
                .BatchExecuteStatementAsync(new BatchExecuteStatementRequest { Statements = statements }, cancellation)
                .ConfigureAwait(false);
            return answer.Responses.ConvertAll(response => (BatchStatementError?)response.Error);
        }
        catch (AmazonDynamoDBException refused) when (refused.StatusCode == System.Net.HttpStatusCode.BadRequest)
        {
            return null;
        }
    }

    /// <summary>One write by itself.</summary>
    public Task<Written> WriteAsync(Update update, string condition, CancellationToken cancellation) =>
        CallAsync(token => OnceAsync(update, condition, token), cancellation);

    private async Task<Written> OnceAsync(Update update, string condition, CancellationToken cancellation)
    {
        try
        {
            await client.UpdateItemAsync(update.Request(tableName, condition), cancellation).ConfigureAwait(false);
            return new(true, null);
        }
        catch (ConditionalCheckFailedException failed)
        {
            return Failed(update, failed.Item);
        }
    }

    /// <summary>The condition may have failed on this very write: applied, its answer lost, and repeated by the SDK.</summary>
    private static Written Failed(Update update, Dictionary<string, AttributeValue>? found) =>
        new(update.IsAppliedTo(found), found is { Count: > 0 } item ? item : null);

    /// <summary>One call, its repetitions included, for no longer than <see cref="Limit"/>.</summary>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await call(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new AmazonClientException($"The table did not answer within {Limit.TotalSeconds} s.");
        }
    }
}
