using System.Text.Json;

namespace Disa.Asl;

/// <summary>A Map run as its state began it: what to read, how to start the child executions, and what becomes of their results.</summary>
public sealed record MapOrder
{
    /// <summary>The id of the event that began it: tells a late answer of an earlier attempt from this one's.</summary>
    public long Id { get; init; }

    public required string Arn { get; init; }

    /// <summary>The name of the state.</summary>
    public required string State { get; init; }

    public required string Label { get; init; }

    public bool IsExpress { get; init; }

    /// <summary>Null where the items are part of the state's input.</summary>
    public ReaderOrder? Reader { get; init; }

    public WriterOrder? Writer { get; init; }

    public BatchOrder? Batch { get; init; }

    /// <summary>The effective input, from which items are selected.</summary>
    public JsonElement Input { get; init; }

    public int Redrives { get; init; }

    /// <summary>0 where nothing limits it.</summary>
    public int MaxConcurrency { get; init; }

    public int ToleratedFailureCount { get; init; }

    public double ToleratedFailurePercentage { get; init; }

    /// <summary>Whether more items failed than may.</summary>
    public bool IsExceeded(long failed, long items) => Exceeds(ToleratedFailureCount, ToleratedFailurePercentage, failed, items);

    /// <summary>Where only one of the two limits is given, the other one says nothing.</summary>
    public static bool Exceeds(long count, double percentage, long failed, long items) =>
        failed > 0
        && (
            (count == 0 && percentage == 0)
            || (count > 0 && failed > count)
            || (percentage > 0 && failed * 100.0 / Math.Max(items, failed) > percentage)
        );
}

/// <summary>An ItemReader with its expressions evaluated.</summary>
public sealed record ReaderOrder
{
    public required string Resource { get; init; }

    public JsonElement Arguments { get; init; }

    /// <summary>CSV, JSON, JSONL, MANIFEST; null for a list of objects.</summary>
    public string? InputType { get; init; }

    /// <summary>The columns of a CSV; null where the first row has them.</summary>
    public IReadOnlyList<string>? Headers { get; init; }

    public char Delimiter { get; init; } = ',';

    /// <summary>0 where nothing limits them; a negative number fails the Map run.</summary>
    public int MaxItems { get; init; }

    /// <summary>A JSON pointer to the items of a document.</summary>
    public string? ItemsPointer { get; init; }

    /// <summary>Whether the objects of a list are read, and their items are what the Map iterates over.</summary>
    public bool Flattens { get; init; }
}

/// <summary>How items are put together to the input of one child execution.</summary>
public sealed record BatchOrder
{
    public int? MaxItems { get; init; }

    public int? MaxBytes { get; init; }

    /// <summary>What each batch is given too; undefined where there is nothing.</summary>
    public JsonElement Input { get; init; }
}

/// <summary>A ResultWriter with its expressions evaluated.</summary>
public sealed record WriterOrder
{
    /// <summary>Null where results are only formatted.</summary>
    public string? Bucket { get; init; }

    public string? Prefix { get; init; }

    /// <summary>NONE, COMPACT or FLATTEN.</summary>
    public required string Transformation { get; init; }

    /// <summary>Whether results are lines instead of an array.</summary>
    public bool IsLines { get; init; }
}

/// <summary>One item that was read.</summary>
/// <param name="Key">Of a member of an object; null of any other.</param>
/// <param name="Source">Where it is from, as the context object says it.</param>
public sealed record MapItem(JsonElement Value, string? Key, string Source);

/// <summary>A Map run to be carried out.</summary>
/// <param name="Children">The inputs of its child executions; null as long as its items have not been read.</param>
public sealed record MapStart(int Position, MapOrder Order, IReadOnlyList<ChildInput>? Children);

/// <param name="Items">How many items are in it.</param>
public sealed record ChildInput(JsonElement Input, int Items);
