using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>Actions on items that are done all or not at all. The same ClientRequestToken within ten minutes is the same request.</summary>
internal sealed class ItemTransactions(Clock clock, Tables tables, ItemWrites writes)
{
    private const long MaxBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(10);

    public static void CheckDistinct(List<Table> opened, List<RowKey> keys)
    {
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < keys.Count; i++)
        {
            if (!seen.Add((opened[i].Document.Arn, Convert.ToHexString(keys[i].Joined()))))
            {
                throw Errors.Validation("Transaction request cannot include multiple operations on one item");
            }
        }
    }

    public static void CheckSize(List<ItemAction> actions)
    {
        if (actions.Sum(action => (long)(action.Put ?? action.Key)!.Size()) > MaxBytes)
        {
            throw Errors.Validation(
                "Collection size has exceeded the maximum limit: Transaction request size has exceeded the maximum of 4 MB"
            );
        }
    }

    public List<ItemOutcome> All(Transaction transaction, List<ItemAction> actions, List<Table> opened)
    {
        var outcomes = new List<ItemOutcome>(actions.Count);
        var reasons = new List<CancellationReason>(actions.Count);
        var failed = false;
        for (var i = 0; i < actions.Count; i++)
        {
            try
            {
                var table = tables.Open(transaction, opened[i]);
                outcomes.Add(writes.Run(transaction, table, actions[i].Check(table.Schema), actions[i], factor: 2));
                reasons.Add(CancellationReason.None);
            }
            catch (AwsException error)
                when (error.Code is "ConditionalCheckFailedException" or "ValidationException" or "DuplicateItemException")
            {
                failed = true;
                reasons.Add(CancellationReason.Of(error));
            }
        }

        // The exception takes back what the actions before have written.
        return failed ? throw Errors.Cancelled(reasons) : outcomes;
    }

    /// <summary>Whether a request was done already; one that is new is remembered.</summary>
    /// <exception cref="AwsException">IdempotentParameterMismatchException: the token was used for another request.</exception>
    public bool IsRepeat(Transaction transaction, Scope scope, string? token, Func<byte[]> makeDigest)
    {
        if (token is null)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var digest = makeDigest();
        transaction.Execute(
            "DELETE FROM dynamodb_token WHERE account = $1 AND region = $2 AND created <= $3",
            scope.Account,
            scope.Region,
            (now - TokenLife).ToUnixTimeMilliseconds()
        );
        var known = transaction.First(
            "SELECT request FROM dynamodb_token WHERE account = $1 AND region = $2 AND token = $3",
            row => row.GetFieldValue<byte[]>(0),
            scope.Account,
            scope.Region,
            token
        );
        if (known is null)
        {
            transaction.Execute(
                "INSERT INTO dynamodb_token VALUES ($1, $2, $3, $4, $5)",
                scope.Account,
                scope.Region,
                token,
                digest,
                now.ToUnixTimeMilliseconds()
            );
            return false;
        }

        return known.AsSpan().SequenceEqual(digest)
            ? true
            : throw new AwsException(
                "IdempotentParameterMismatchException",
                "Rejected transaction since its parameters mismatch with an earlier transaction with the same token"
            );
    }
}
