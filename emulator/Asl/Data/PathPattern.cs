using System.Text.RegularExpressions;

namespace Disa.Asl.Data;

/// <summary>The regular expressions of filters: someone else's, over someone else's text, so in linear time where that is possible.</summary>
internal static class PathPattern
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <exception cref="FormatException">It is no regular expression.</exception>
    public static Regex Of(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new Regex($@"\A(?:{pattern})\z", options | RegexOptions.NonBacktracking, Patience);
        }
        catch (NotSupportedException)
        {
            // Lookarounds and back references need backtracking: these end after a second.
            return new Regex($@"\A(?:{pattern})\z", options, Patience);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"'{pattern}' is not a valid regular expression.");
        }
    }

    /// <exception cref="WorkflowException">It takes too long.</exception>
    public static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw WorkflowException.Runtime($"The pattern '{pattern}' takes too long to match.");
        }
    }
}
