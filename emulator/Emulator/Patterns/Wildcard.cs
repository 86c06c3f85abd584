namespace Disa.Emulator.Patterns;

/// <summary>Patterns with stars in them.</summary>
internal static class Wildcard
{
    /// <summary>Whether a pattern with <c>*</c> and <c>?</c> covers a text.</summary>
    public static bool Matches(string pattern, string text, bool ignoreCase = false)
    {
        int p = 0,
            t = 0,
            star = -1,
            mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || (pattern[p] != '*' && Same(pattern[p], text[t], ignoreCase))))
            {
                p++;
                t++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;

        static bool Same(char a, char b, bool ignoreCase) => ignoreCase ? char.ToLowerInvariant(a) == char.ToLowerInvariant(b) : a == b;
    }

    /// <summary>Whether a text has these pieces in this order, the first at its start and the last at its end.</summary>
    /// <param name="pieces">What stands between a pattern's stars.</param>
    public static bool MatchesPieces(IReadOnlyList<string> pieces, string value)
    {
        if (pieces.Count == 1)
        {
            return value == pieces[0];
        }

        if (!value.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = pieces[0].Length;
        for (var i = 1; i < pieces.Count - 1; i++)
        {
            var found = value.IndexOf(pieces[i], at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + pieces[i].Length;
        }

        return value.Length - at >= pieces[^1].Length && value.EndsWith(pieces[^1], StringComparison.Ordinal);
    }
}
