namespace Disa.Operations;

/// <summary>What a list shows of a mail's body.</summary>
internal static class MailHead
{
    private const int MostOfLine = 120;

    /// <summary>The first line of a body, cut at 120 characters.</summary>
    public static string FirstLine(string body)
    {
        var end = body.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? body : body[..end];
        return line.Length <= MostOfLine ? line : string.Concat(line.AsSpan(0, MostOfLine - 1), "…");
    }
}
