using System.Globalization;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

/// <summary>One page of a list: how many, and after what.</summary>
internal readonly record struct Page(int Size, string? After)
{
    /// <summary>1,000 at most; 0 or nothing is 100.</summary>
    /// <param name="tokenLimit">The longest token that the operation's model takes.</param>
    public static Page Of(int? maxResults, string? nextToken, int tokenLimit = 1024)
    {
        if (nextToken?.Length > tokenLimit)
        {
            throw StepFunctionsErrors.TooLong(nextToken, "nextToken", tokenLimit);
        }

        if (maxResults is < 0 or > 1000)
        {
            throw StepFunctionsErrors.OutOfRange(maxResults.Value, "maxResults", 0, 1000);
        }

        return new Page(maxResults is null or 0 ? 100 : maxResults.Value, nextToken is null ? null : Decode(nextToken));
    }

    public long? AfterNumber =>
        After is null ? null
        : long.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw StepFunctionsErrors.InvalidToken();

    public static string Token(string after) => Convert.ToBase64String(Encoding.UTF8.GetBytes("disa:" + after));

    private static string Decode(string token)
    {
        var bytes = new byte[token.Length];
        return
            Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length) is var text
            && text.StartsWith("disa:", StringComparison.Ordinal)
            ? text[5..]
            : throw StepFunctionsErrors.InvalidToken();
    }
}
