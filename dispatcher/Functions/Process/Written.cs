using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>What came of a conditional write.</summary>
/// <param name="Done">Whether the item is as the write wanted it.</param>
/// <param name="Item">Where it is not: the item as it is; null when it is gone.</param>
public sealed record Written(bool Done, IReadOnlyDictionary<string, AttributeValue>? Item);
