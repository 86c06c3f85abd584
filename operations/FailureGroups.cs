using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>Messages that are not sent for the same reason.</summary>
/// <param name="Id">Names the group: the same for the same code and words.</param>
/// <param name="Code">The code of the last error, or the reason where there was none.</param>
/// <param name="Words">How the error's text begins; numbers in it are left out.</param>
/// <param name="Count">Messages in it.</param>
/// <param name="Parked">Of those, the ones that nobody tries again by itself.</param>
/// <param name="First">Since when the first of them failed, parked or not.</param>
/// <param name="Last">When the last of them failed.</param>
internal sealed record FailureGroup(string Id, string Code, string Words, int Count, int Parked, string First, string Last)
{
    private const int MostWords = 8;
    private const int IdDigits = 8;

    /// <summary>Code and words of an item's failure.</summary>
    public static (string Id, string Code, string Words) Of(IReadOnlyDictionary<string, AttributeValue> item)
    {
        var error = item.GetValueOrDefault(SendAttributes.Error)?.M;
        var code = error?.GetValueOrDefault("code")?.S ?? item.GetValueOrDefault(SendAttributes.Reason)?.S ?? "none";
        var words = Begin(error?.GetValueOrDefault("text")?.S ?? "");
        return (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{code}\n{words}")))[..IdDigits], code, words);
    }

    /// <summary>The first words, with "#" for each run of digits: ids and times would make a group of each message.</summary>
    private static string Begin(string text)
    {
        var begin = new StringBuilder();
        foreach (var word in text.Split((char[])[' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).Take(MostWords))
        {
            begin.Append(begin.Length == 0 ? "" : " ");
            foreach (var letter in word)
            {
                if (!char.IsAsciiDigit(letter))
                {
                    begin.Append(letter);
                }
                else if (begin.Length == 0 || begin[^1] != '#')
                {
                    begin.Append('#');
                }
            }
        }

        return begin.ToString();
    }
}

/// <summary>The failures by group, the largest first.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="LookedThrough">Messages that were looked through, the newest failures first.</param>
/// <param name="IsMore">Whether there are more than that.</param>
internal sealed record FailureGroups(IReadOnlyList<FailureGroup> Groups, int LookedThrough, bool IsMore)
{
    /// <summary>Messages that are looked through at most.</summary>
    public const int Most = 10_000;

    public static async Task<FailureGroups> Read(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        var index = new MessageIndex(session, deployment);
        var entries = new List<ListedMessage>();
        await foreach (
            var entry in index.NewestFirst([ListedState.Failed, ListedState.Parked], null, null, null, cancellation).ConfigureAwait(false)
        )
        {
            entries.Add(entry);
            if (entries.Count > Most)
            {
                break;
            }
        }

        var isMore = entries.Count > Most;
        var items = await index
            .Items(
                isMore ? entries[..Most] : entries,
                [SendAttributes.Status, SendAttributes.Reason, SendAttributes.Error, SendAttributes.NextAttempt, SendAttributes.ListedAt],
                cancellation
            )
            .ConfigureAwait(false);
        var groups = items
            .Where(item => item.GetValueOrDefault(SendAttributes.Status)?.S == SendAttributes.Failure)
            .GroupBy(FailureGroup.Of)
            .Select(same => new FailureGroup(
                same.Key.Id,
                same.Key.Code,
                same.Key.Words,
                same.Count(),
                same.Count(item => !item.ContainsKey(SendAttributes.NextAttempt)),
                same.Select(ListedAt).Min(StringComparer.Ordinal) ?? "",
                same.Select(ListedAt).Max(StringComparer.Ordinal) ?? ""
            ))
            .OrderByDescending(group => group.Count)
            .ThenBy(group => group.Id, StringComparer.Ordinal);
        return new([.. groups], items.Count, isMore);

        static string ListedAt(Dictionary<string, AttributeValue> item) => item.GetValueOrDefault(SendAttributes.ListedAt)?.S ?? "";
    }
}
