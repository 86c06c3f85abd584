namespace Disa.Emulator.DynamoDb;

/// <summary>A backup as it is kept: the table's document of that time, and the rows in a space of their own.</summary>
internal sealed record BackupDocument
{
    public required string Arn { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>CREATING until <see cref="SettlesAt"/>, then AVAILABLE.</summary>
    public required DateTimeOffset SettlesAt { get; init; }

    /// <summary>USER, or SYSTEM for that which a table with point-in-time recovery leaves behind.</summary>
    public required string Type { get; init; }

    /// <summary>When a system backup goes away.</summary>
    public DateTimeOffset? Expires { get; init; }

    public required TableDocument Table { get; init; }

    /// <summary>The number of its rows.</summary>
    public required long Space { get; init; }

    public required long ItemCount { get; init; }

    public required long Size { get; init; }
}
