namespace Disa.Client;

/// <summary>The table of messages: the stack's outputs TableName, PartitionKeyName, PartitionKeyType and, with a table of your own that has a sort key, SortKeyName and SortKeyType.</summary>
/// <param name="Name">The table's name or ARN.</param>
/// <param name="PartitionKeyName">The name of its partition key.</param>
/// <param name="PartitionKeyType">S, N or B.</param>
/// <param name="SortKeyName">The name of its sort key; null where it has none.</param>
/// <param name="SortKeyType">S, N or B; null where it has none.</param>
public sealed record DisaTable(
    string Name,
    string PartitionKeyName = "sequenceNo",
    string PartitionKeyType = "S",
    string? SortKeyName = null,
    string? SortKeyType = null
)
{
    /// <summary>Bytes of a message with its attributes that the topic takes: the stack's parameter MaxMessageBytes.</summary>
    public int MaxMessageBytes { get; init; } = DisaMessage.MaxBytes;

    /// <summary>The names of its key attributes.</summary>
    internal IEnumerable<string> KeyNames => SortKeyName is null ? [PartitionKeyName] : [PartitionKeyName, SortKeyName];
}
