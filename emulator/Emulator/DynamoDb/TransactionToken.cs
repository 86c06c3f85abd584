using System.Security.Cryptography;
using System.Text.Json;

namespace Disa.Emulator.DynamoDb;

/// <summary>What a transaction's token stands for: the digest of its actions, whatever order their maps and sets were written in.</summary>
internal static class TransactionToken
{
    public static byte[] Digest(TransactWriteItemsRequest request) =>
        SHA256.HashData(
            JsonSerializer.SerializeToUtf8Bytes(request.TransactItems!.ConvertAll(InOrder), DynamoDbJson.Default.ListTransactWriteItem)
        );

    private static TransactWriteItem InOrder(TransactWriteItem item) =>
        new(InOrder(item.Put), InOrder(item.Update), InOrder(item.Delete), InOrder(item.ConditionCheck));

    private static TransactAction? InOrder(TransactAction? action) =>
        action is null
            ? null
            : action with
            {
                Item = InOrder(action.Item),
                Key = InOrder(action.Key),
                ExpressionAttributeValues = InOrder(action.ExpressionAttributeValues),
                ExpressionAttributeNames = action.ExpressionAttributeNames is { } names
                    ? new(names.OrderBy(name => name.Key, StringComparer.Ordinal))
                    : null,
            };

    private static Item? InOrder(Item? item)
    {
        if (item is null)
        {
            return null;
        }

        var ordered = new Item(item.Count);
        foreach (var (name, value) in item.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            ordered.Add(name, InOrder(value));
        }

        return ordered;
    }

    private static AttributeValue InOrder(AttributeValue value) =>
        value.Type switch
        {
            AttributeType.M => AttributeValue.Of(InOrder(value.M)!),
            AttributeType.L => AttributeValue.List([.. value.Elements.Select(InOrder)]),
            AttributeType.SS or AttributeType.NS or AttributeType.BS => AttributeValue.Set(
                value.Type,
                [.. value.Elements.Order(Comparer<AttributeValue>.Create((left, right) => left.CompareTo(right)!.Value))]
            ),
            _ => value,
        };
}
