namespace Disa.Emulator.Sns;

/// <summary>The content types that a delivery policy may ask for.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html, <c>headerContentType</c>: a notification is JSON and goes as
/// text or JSON; what is delivered raw may be more.
/// </remarks>
internal static class ContentTypes
{
    private const string Charset = "; charset=UTF-8";

    private static readonly string[] OfNotifications = ["application/json", "text/plain"];

    private static readonly string[] OfRawMessages =
    [
        .. OfNotifications,
        "application/atom+xml",
        "application/octet-stream",
        "application/soap+xml",
        "application/x-www-form-urlencoded",
        "application/xhtml+xml",
        "application/xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/xml",
    ];

    public static bool IsKnown(string type) => OfRawMessages.Contains(Bare(type));

    public static bool FitsNotifications(string type) => OfNotifications.Contains(Bare(type));

    /// <summary>Without the character set, which is always the same.</summary>
    private static string Bare(string type) => type.EndsWith(Charset, StringComparison.OrdinalIgnoreCase) ? type[..^Charset.Length] : type;
}
