using System.Text;

namespace Disa.Emulator.Http;

/// <summary>A form of a browser, <c>multipart/form-data</c>: its fields up to the file, which ends it.</summary>
/// <param name="Fields">Names and values, in order.</param>
/// <param name="File">The bytes of the field <c>file</c>; null where there is none.</param>
/// <param name="FileName">As the browser names it.</param>
internal sealed record MultipartForm(IReadOnlyList<(string Name, string Value)> Fields, ReadOnlyMemory<byte>? File, string FileName)
{
    /// <summary>What precedes the file, in bytes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, MaxPostPreDataLengthExceeded).</summary>
    private const int FieldsLimit = 20 * 1024;

    private const int MostFields = 100;
    private const int HeadLimit = 4 * 1024;
    private const int LongestBoundary = 70;

    public string? this[string name] =>
        Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault();

    /// <summary>Whether a request brings one: then its signature is in it.</summary>
    public static bool Is(WireRequest request) =>
        request.Method == "POST" && request.Header("Content-Type").StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null where it is not a form after all, or exceeds a limit.</summary>
    public static MultipartForm? Parse(WireRequest request) => Parse(request.Header("Content-Type"), request.Sent);

    internal static MultipartForm? Parse(string contentType, ReadOnlyMemory<byte> body)
    {
        if (Boundary(contentType) is not { } boundary)
        {
            return null;
        }

        var first = Encoding.UTF8.GetBytes("--" + boundary);
        var next = Encoding.UTF8.GetBytes("\r\n--" + boundary);
        var start = body.Span.IndexOf(first);
        if (start < 0)
        {
            return null;
        }

        var at = start + first.Length;
        var fields = new List<(string, string)>();
        var length = 0;
        while (true)
        {
            var rest = body[at..];
            if (rest.Span.StartsWith("--"u8))
            {
                return new(fields, null, "");
            }

            if (!rest.Span.StartsWith("\r\n"u8))
            {
                return null;
            }

            // Without any header the head ends with the line break that the boundary's line ends with.
            var head = rest.Span[..Math.Min(rest.Length, HeadLimit)].IndexOf("\r\n\r\n"u8);
            if (head < 0 || Disposition(Encoding.UTF8.GetString(rest.Span[..head])) is not var (name, file))
            {
                return null;
            }

            var content = rest[(head + 4)..];
            var end = content.Span.IndexOf(next);
            if (end < 0)
            {
                return null;
            }

            if (name == "file")
            {
                return new(fields, content[..end], file ?? "");
            }

            length += name.Length + end;
            if (length > FieldsLimit || fields.Count == MostFields)
            {
                return null;
            }

            fields.Add((name, Encoding.UTF8.GetString(content.Span[..end])));
            at += head + 4 + end + next.Length;
        }
    }

    private static string? Boundary(string contentType)
    {
        foreach (var part in contentType.Split(';', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("boundary=", StringComparison.OrdinalIgnoreCase))
            {
                var boundary = part["boundary=".Length..].Trim('"');
                return boundary.Length is > 0 and <= LongestBoundary ? boundary : null;
            }
        }

        return null;
    }

    /// <summary>The field's name, and the file's where there is one.</summary>
    private static (string Name, string? File)? Disposition(string head)
    {
        foreach (var line in head.Split("\r\n"))
        {
            if (line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase) && Value(line, "name") is { } name)
            {
                return (name, Value(line, "filename"));
            }
        }

        return null;
    }

    private static string? Value(string line, string name)
    {
        var start = line.IndexOf($"; {name}=\"", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return null;
        }

        start += name.Length + 4;
        var end = line.IndexOf('"', start);
        return end < 0 ? null : line[start..end];
    }
}
