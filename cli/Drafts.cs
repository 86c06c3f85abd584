using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Cli;

/// <summary>A message that is to be put.</summary>
/// <param name="where">Its file and line, or its place among the texts.</param>
/// <param name="line">The line as it stands in the file; null for a text of the command line.</param>
internal sealed class Draft(string where, string? line)
{
    public string Where { get; } = where;

    public string? Line { get; } = line;

    /// <summary>Null where the line is no item.</summary>
    public Dictionary<string, AttributeValue>? Item { get; set; }

    /// <summary>Why it cannot be sent, in a sentence.</summary>
    public string? Wrong { get; set; }

    public string? Id { get; set; }

    /// <summary>Whether the same command gives it the same key.</summary>
    public bool HasStableKey { get; set; }

    /// <summary>Whether it is in the table now.</summary>
    public bool IsDone { get; set; }

    /// <summary>Whether it was there before.</summary>
    public bool WasThere { get; set; }
}

/// <summary>Reads what is to be sent, and says of each message why it cannot be, before any is put.</summary>
internal static class Drafts
{
    private const string StandardInput = "-";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static List<Draft> Of(IReadOnlyList<string> texts, FileInfo? file)
    {
        var drafts = texts.Select((text, i) => new Draft($"message {i + 1}", null) { Item = Outbox.ItemOf(text) }).ToList();
        if (file is not null)
        {
            var number = 0;
            foreach (var bytes in LinesOf(Read(file)))
            {
                number++;
                if (ReadLine($"{file.Name}:{number}", bytes) is { } draft)
                {
                    drafts.Add(draft);
                }
            }
        }

        return drafts;
    }

    /// <summary>Gives each its key, and finds what could never be sent.</summary>
    /// <param name="drafts">All that is to be put.</param>
    /// <param name="outbox">The table.</param>
    /// <param name="deployment">Whose table it is.</param>
    /// <param name="now">The time where the messages are.</param>
    /// <param name="again">Whether lines get new keys.</param>
    public static void Check(IReadOnlyList<Draft> drafts, Outbox outbox, Deployment deployment, DateTimeOffset now, bool again)
    {
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            var file = draft.Where[..Math.Max(0, draft.Where.LastIndexOf(':'))];
            var occurrence = draft.Line is { } line ? occurrences[line] = occurrences.GetValueOrDefault(line) + 1 : 0;
            draft.HasStableKey = (draft.Line is not null && !again) || deployment.Shape.KeyNames.All(draft.Item!.ContainsKey);
            outbox.Complete(
                draft.Item!,
                (name, type) => draft.Line is null || again ? Outbox.NewKey(type) : LineKey.Of(type, name, file, draft.Line, occurrence)
            );
            draft.Wrong = MessageCheck.WhyNot(draft.Item!, deployment, now);
            if (draft.Wrong is null)
            {
                draft.Id = Disa.Contract.ItemKey.Of(draft.Item!, deployment.Shape.KeyNames).Id;
                draft.Wrong = keys.TryAdd(draft.Id, draft.Where) ? null : $"It has the same key, {draft.Id}, as {keys[draft.Id]}.";
            }
        }
    }

    private static Draft? ReadLine(string where, ReadOnlyMemory<byte> bytes)
    {
        var line = "";
        try
        {
            line = Strict.GetString(bytes.Span);
            if (string.IsNullOrWhiteSpace(line))
            {
                return null;
            }

            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.String => new Draft(where, line) { Item = Outbox.ItemOf(document.RootElement.GetString()!) },
                JsonValueKind.Object => new Draft(where, line) { Item = JsonItem.Of(document.RootElement) },
                _ => new Draft(where, line) { Wrong = "Expected a JSON object (an item) or a JSON string (a message)." },
            };
        }
        catch (DecoderFallbackException)
        {
            return new Draft(where, line) { Wrong = "It is not UTF-8." };
        }
        catch (Exception wrong)
            when (wrong is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            return new Draft(where, line) { Wrong = $"It is not valid JSON for an item: {wrong.Message.TrimEnd('.')}." };
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> text)
    {
        var rest = text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            yield return end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    private static byte[] Read(FileInfo file)
    {
        try
        {
            return file.Name == StandardInput ? Terminal.InputBytes() : File.ReadAllBytes(file.FullName);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file.Name} cannot be read: {unreadable.Message.TrimEnd('.')}.");
        }
    }
}
