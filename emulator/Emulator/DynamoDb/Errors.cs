using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

/// <summary>DynamoDB's errors, in its words.</summary>
internal static class Errors
{
    public static AwsException Validation(string message) => new("ValidationException", message);

    public static AwsException InvalidNextToken() => Validation("Invalid NextToken");

    /// <summary>Of a statement: its parameters belong to the request.</summary>
    public static AwsException ForeignNextToken() => Validation("NextToken does not match request");

    public static AwsException Invalid(string what) => new("ValidationException", "One or more parameter values were invalid: " + what);

    public static AwsException Serialization(string message) => new("SerializationException", message);

    public static AwsException ResourceNotFound(string what = "") =>
        new("ResourceNotFoundException", what.Length == 0 ? "Requested resource not found" : "Requested resource not found: " + what);

    public static AwsException TableNotFound(string table) => ResourceNotFound($"Table: {table} not found");

    public static AwsException ResourceInUse(string message) => new("ResourceInUseException", message);

    public static AwsException KeyMismatch() => Validation("The provided key element does not match the schema");

    /// <summary>The condition of a write does not hold; with ALL_OLD the item as it is comes along.</summary>
    public static AwsException ConditionFailed(Item? item) =>
        new("ConditionalCheckFailedException", "The conditional request failed")
        {
            Details = item is null ? default : JsonSerializer.SerializeToElement(new FailedItem(item), DynamoDbJson.Default.FailedItem),
        };

    /// <summary>An INSERT finds an item that has its key.</summary>
    public static AwsException DuplicateItem() => new("DuplicateItemException", "Duplicate primary key exists in table");

    public static AwsException Cancelled(IReadOnlyList<CancellationReason> reasons) =>
        new(
            "TransactionCanceledException",
            $"Transaction cancelled, please refer cancellation reasons for specific reasons [{string.Join(", ", reasons.Select(reason => reason.Code))}]"
        )
        {
            Details = JsonSerializer.SerializeToElement(new CancellationReasons(reasons), DynamoDbJson.Default.CancellationReasons),
        };
}

/// <summary>The item that a failed condition shows.</summary>
internal sealed record FailedItem(Item Item)
{
    /// <summary>The item that an error shows; null where it shows none.</summary>
    public static Item? In(AwsException error) =>
        error.Details.ValueKind == JsonValueKind.Object ? error.Details.Deserialize(DynamoDbJson.Default.FailedItem)!.Item : null;
}

/// <summary>Why a transaction was cancelled, an entry for each of its items.</summary>
internal sealed record CancellationReasons(
    [property: System.Text.Json.Serialization.JsonPropertyName("CancellationReasons")] IReadOnlyList<CancellationReason> Reasons
);

/// <summary>What one item of a transaction has to do with its cancelling.</summary>
internal sealed record CancellationReason(string Code, string? Message = null, Item? Item = null)
{
    public static readonly CancellationReason None = new("None");

    /// <summary>Of an error that one item's action ended with.</summary>
    public static CancellationReason Of(AwsException error) =>
        new(
            error.Code switch
            {
                "ValidationException" => "ValidationError",
                "DuplicateItemException" => "DuplicateItem",
                _ => "ConditionalCheckFailed",
            },
            error.Message,
            FailedItem.In(error)
        );
}
