namespace Shipping;

/// <summary>A batch of a queue, as Lambda gets it.</summary>
public sealed record QueueEvent(IReadOnlyList<QueueMessage> Records);

public sealed record QueueMessage(string MessageId, string Body);

/// <summary>Which messages of a batch are to come again.</summary>
public sealed record BatchResult(IReadOnlyList<BatchItemFailure> BatchItemFailures);

public sealed record BatchItemFailure(string ItemIdentifier);

public sealed record Parcel(string Order, int Weight);

public sealed record Label(string Order, string Carrier);

/// <summary>The functions' code, which knows nothing of where it runs.</summary>
public static class Functions
{
    /// <summary>Takes orders from a queue; what is not an order's number comes again, and ends in the dead-letter queue.</summary>
    public static BatchResult Intake(QueueEvent batch, ICollection<int> orders)
    {
        var failed = new List<BatchItemFailure>();
        foreach (var message in batch.Records)
        {
            if (int.TryParse(message.Body, out var order))
            {
                orders.Add(order);
            }
            else
            {
                failed.Add(new BatchItemFailure(message.MessageId));
            }
        }

        return new BatchResult(failed);
    }

    /// <summary>Chooses who carries a parcel.</summary>
    public static Label Choose(Parcel parcel) =>
        parcel.Weight > 30
            ? throw new ArgumentException($"{parcel.Weight} kg are too heavy.")
            : new Label(parcel.Order, parcel.Weight > 5 ? "truck" : "bike");
}
