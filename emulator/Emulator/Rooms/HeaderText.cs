using System.Text;

namespace Disa.Emulator.Rooms;

/// <summary>
/// Header values as the bytes that they are: UTF-8 where they are UTF-8, and any other byte kept, so that what was sent to S3 as
/// Latin-1 comes back as Latin-1.
/// </summary>
internal sealed class HeaderText : Encoding
{
    /// <summary>A byte that is no UTF-8 becomes a character of the private use area, from here on.</summary>
    private const int Kept = 0xF700;

    private const char FirstKept = (char)(Kept + 0x80),
        LastKept = (char)(Kept + 0xFF);

    private static readonly Encoding Reading = GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new KeepBytes());
    private static readonly HeaderText Writing = new();

    private HeaderText() { }

    /// <summary>For Kestrel: how a header of a request is read; null for those that hold no text of the caller's.</summary>
    public static Encoding? ToRead(string name) => HoldsText(name) ? Reading : null;

    /// <summary>For Kestrel: how the headers of an answer are written.</summary>
    public static Encoding ToWrite(string name) => Writing;

    /// <summary>The bytes that a value had on the wire.</summary>
    public static byte[] Bytes(string value) => Writing.GetBytes(value);

    public override int GetByteCount(char[] chars, int index, int count)
    {
        var bytes = 0;
        Each(chars.AsSpan(index, count), UTF8.GetByteCount, _ => 1, length => bytes += length);
        return bytes;
    }

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        var at = byteIndex;
        Each(
            chars.AsSpan(charIndex, charCount),
            run => UTF8.GetBytes(run, bytes.AsSpan(at)),
            kept =>
            {
                bytes[at] = (byte)(kept - Kept);
                return 1;
            },
            length => at += length
        );
        return at - byteIndex;
    }

    /// <summary>What Kestrel calls.</summary>
    public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes) =>
        chars.IndexOfAnyInRange(FirstKept, LastKept) < 0 ? UTF8.GetBytes(chars, bytes) : base.GetBytes(chars, bytes);

    public override int GetCharCount(byte[] bytes, int index, int count) => Reading.GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        Reading.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => UTF8.GetMaxCharCount(byteCount);

    private static bool HoldsText(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Cache-Control", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Expires", StringComparison.OrdinalIgnoreCase);

    private delegate int OfRun(ReadOnlySpan<char> run);

    private static void Each(ReadOnlySpan<char> text, OfRun ofRun, Func<char, int> ofKept, Action<int> wrote)
    {
        while (text.Length > 0)
        {
            var next = text.IndexOfAnyInRange(FirstKept, LastKept);
            if (next == 0)
            {
                wrote(ofKept(text[0]));
                text = text[1..];
                continue;
            }

            var run = next < 0 ? text : text[..next];
            wrote(ofRun(run));
            text = text[run.Length..];
        }
    }

    private sealed class KeepBytes : DecoderFallback
    {
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new KeptBytes();
    }

    private sealed class KeptBytes : DecoderFallbackBuffer
    {
        private byte[] bytes = [];
        private int at;

        public override int Remaining => bytes.Length - at;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            (bytes, at) = (bytesUnknown, 0);
            return true;
        }

        public override char GetNextChar() => at < bytes.Length ? (char)(Kept + bytes[at++]) : '\0';

        public override bool MovePrevious()
        {
            at = Math.Max(0, at - 1);
            return at > 0;
        }
    }
}
