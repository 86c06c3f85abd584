namespace Amazon.SimpleNotificationService.Model;

/// <summary>Part of Publish and PublishBatch.</summary>
public sealed class MessageAttributeValue
{
    public string? DataType { get; set; }

    public string? StringValue { get; set; }

    public byte[]? BinaryValue { get; set; }
}
