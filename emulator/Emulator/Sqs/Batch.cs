using Disa.Emulator.Aws;

namespace Disa.Emulator.Sqs;

/// <summary>What all batch entries have: an id of the caller's choosing.</summary>
internal interface IBatchEntry
{
    string? Id { get; }
}

internal sealed record BatchResultErrorEntry(string Id, bool SenderFault, string Code, string Message);

/// <summary>The rules of batches: one to ten entries, with distinct well-formed ids; each then succeeds or fails alone.</summary>
internal static class Batch
{
    public static void Check<T>(IReadOnlyList<T>? entries, string entryName)
        where T : IBatchEntry
    {
        if (entries is null || entries.Count == 0)
        {
            throw SqsErrors.EmptyBatch(entryName);
        }

        if (entries.Count > 10)
        {
            throw SqsErrors.TooManyEntries(entries.Count);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (
                entry.Id is not { Length: > 0 and <= 80 } id
                || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            )
            {
                throw SqsErrors.InvalidEntryId();
            }

            if (!seen.Add(id))
            {
                throw SqsErrors.EntryIdsNotDistinct(id);
            }
        }
    }

    /// <summary>A list that nothing is in is not in the answer.</summary>
    public static List<T>? Some<T>(List<T> entries) => entries.Count == 0 ? null : entries;

    public static BatchResultErrorEntry Failed(string id, AwsException error) =>
        new(id, error.StatusCode < 500, error.QueryCode ?? error.Code, error.Message);
}
