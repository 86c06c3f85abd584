namespace Disa.Emulator.Store;

/// <summary>Where and how the one database file is kept.</summary>
public sealed record DatabaseOptions
{
    /// <summary>The SQLite file; null keeps everything in memory, and a stop loses it.</summary>
    public string? Path { get; init; }

    /// <summary>In memory: a database file to begin with a copy of; null begins with nothing.</summary>
    public string? From { get; init; }

    /// <summary>What the columns of <see cref="Sealed"/> are sealed with, 32 bytes; null leaves them open.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Every column that is sealed: what an older version left open there is sealed when the file is opened.</summary>
    public IReadOnlyList<SealedColumn> Sealed { get; init; } = [];

    /// <summary>
    /// For crash tests: called with the running number of each write, from 1, before it runs. What it throws is a power cut:
    /// nothing of this write or of those not yet committed remains, and the database takes no more.
    /// </summary>
    public Action<long>? BeforeWrite { get; init; }
}
