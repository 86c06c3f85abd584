namespace Disa.Client;

/// <summary>The table of messages: the stack's outputs TableName, PartitionKeyName and PartitionKeyType.</summary>
/// <param name="Name">The table's name or ARN.</param>
/// <param name="PartitionKeyName">The name of its partition key.</param>
/// <param name="PartitionKeyType">S, N or B.</param>
public sealed record DisaTable(string Name, string PartitionKeyName = "sequenceNo", string PartitionKeyType = "S");
