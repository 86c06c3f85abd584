using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Emulator.Lambda;

/// <summary>A function's partial answer: <c>{"batchItemFailures":[{"itemIdentifier":"…"}]}</c>.</summary>
internal static class ItemFailures
{
    /// <summary>The index of the lowest item that failed; null for success; 0 where the answer is none, which fails the whole batch.</summary>
    public static int? First(ReadOnlyMemory<byte> payload, IReadOnlyList<string> identifiers, bool isOrdered) =>
        Read(payload, identifiers) is not { } failed
            ? (
                isOrdered ? 0
                : identifiers.Count == 0 ? null
                : 0
            )
        : failed.Count == 0 ? null
        : failed.Min();

    /// <summary>The indexes of what failed; null where the whole batch did: an identifier that is empty, missing or unknown.</summary>
    public static IReadOnlyCollection<int>? Read(ReadOnlyMemory<byte> payload, IReadOnlyList<string> identifiers)
    {
        if (payload.IsEmpty)
        {
            return [];
        }

        JsonDocument document;
        try
        {
            document = JsonInput.Document(payload);
        }
        catch (JsonException)
        {
            return null;
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Null || (root.ValueKind == JsonValueKind.String && root.GetString()!.Length == 0))
            {
                return [];
            }

            if (
                root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("batchItemFailures", out var list)
                || list.ValueKind == JsonValueKind.Null
            )
            {
                return [];
            }

            if (list.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            var failed = new HashSet<int>();
            foreach (var item in list.EnumerateArray())
            {
                var index =
                    item.ValueKind == JsonValueKind.Object
                    && item.TryGetProperty("itemIdentifier", out var name)
                    && name.ValueKind == JsonValueKind.String
                        ? identifiers.ToList().IndexOf(name.GetString()!)
                        : -1;
                if (index < 0)
                {
                    return null;
                }

                failed.Add(index);
            }

            return failed;
        }
    }
}
