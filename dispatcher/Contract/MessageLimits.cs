using System.Text;

namespace Disa.Contract;

/// <summary>How large a message may be; the functions, the producers' library and the documents take it from here.</summary>
internal static class MessageLimits
{
    /// <summary>Bytes of a message with its attributes that a topic takes unless its MaximumMessageSize says otherwise.</summary>
    /// <remarks>https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html</remarks>
    public const int DefaultBytes = 262_144;

    /// <summary>
    /// Bytes that are kept for Disa's own message attributes besides the value of disa-id: names, types, and the longest values that any
    /// attempt can have. A resend, which carries one attribute more, fits if the first attempt did.
    /// </summary>
    public static readonly int OwnBytes =
        Size("disa-id", "String", "")
        + Size("disa-attempt", "Number", int.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture))
        + Size("traceparent", "String", $"00-{new string('0', 32)}-{new string('0', 16)}-00")
        + Size("disa-possible-duplicate", "String", "true");

    /// <summary>Bytes that Disa needs for a message of this id.</summary>
    public static int Reserved(string id) => OwnBytes + Encoding.UTF8.GetByteCount(id);

    private static int Size(string name, string type, string value) =>
        Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(type) + Encoding.UTF8.GetByteCount(value);
}
