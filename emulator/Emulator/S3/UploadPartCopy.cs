using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Takes one part of an upload from an object that is there.</summary>
internal static class UploadPartCopy
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        using var source = CopySource.Read(request);
        var body = source.Body;
        if (request.Header("x-amz-copy-source-range") is { } range)
        {
            body = Slice(body, range);
        }

        var (upload, part, meta) = await UploadPart.Store(request, body, null).ConfigureAwait(false);
        return await S3Xml
            .Answer(
                S3Xml.Element(
                    "CopyPartResult",
                    S3Xml.Element("LastModified", S3Xml.Time(part.Modified)),
                    S3Xml.Element("ETag", S3Xml.Quoted(part.ETag)),
                    upload.Algorithm is { } algorithm ? S3Xml.Optional("Checksum" + algorithm, part.Checksum) : null
                ),
                WrittenObject.EncryptionHeaders(meta)
            )
            .ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> body, string range)
    {
        const string bytes = "bytes=",
            name = "x-amz-copy-source-range";
        var ends = range.StartsWith(bytes, StringComparison.Ordinal) ? range[bytes.Length..].Split('-') : [];
        if (
            ends.Length != 2
            || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || last < first
        )
        {
            throw S3Errors.Argument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
                name,
                range
            );
        }

        if (first >= body.Length)
        {
            throw new AwsException("InvalidRequest", "The specified copy range is invalid for the source object size");
        }

        return last < body.Length
            ? body[(int)first..(int)(last + 1)]
            : throw S3Errors.Argument($"Range specified is not valid for source object of size: {body.Length}", name, range);
    }
}
