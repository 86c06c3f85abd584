namespace Disa.Operations;

/// <summary>Finds the link in a mail that confirms a subscription, in one pass: the text of a mail is not trusted.</summary>
internal static class ConfirmLink
{
    private const string Action = "Action=ConfirmSubscription";

    /// <param name="text">A mail's text.</param>
    /// <returns>The first address with SNS's action, from its scheme to the next white space; null if there is none.</returns>
    public static string? Find(string text)
    {
        var at = 0;
        while (text.IndexOf(Action, at, StringComparison.Ordinal) is >= 0 and var action)
        {
            at = action + Action.Length;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var start = action;
            while (start > 0 && !char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }

            var scheme = Earlier(text.AsSpan(start, action - start));
            if (scheme >= 0 && at > action + Action.Length)
            {
                return text[(start + scheme)..at];
            }
        }

        return null;
    }

    private static int Earlier(ReadOnlySpan<char> word)
    {
        var (http, https) = (word.IndexOf("http://", StringComparison.Ordinal), word.IndexOf("https://", StringComparison.Ordinal));
        return http < 0 ? https
            : https < 0 ? http
            : Math.Min(http, https);
    }
}
