using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>A checksum that goes with an object: which, its base-64 value, and whether it is of the whole object or of its parts' checksums.</summary>
internal sealed record Checksum(string Algorithm, string Value, string Type)
{
    public const string Full = "FULL_OBJECT";
    public const string Composite = "COMPOSITE";

    public string Header => "x-amz-checksum-" + Algorithm.ToLowerInvariant();

    public string Element => "Checksum" + Algorithm;
}

/// <summary>Computes and verifies checksums.</summary>
internal static class Checksums
{
    public const string Default = "CRC64NVME";

    private static readonly string[] Known = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

    /// <summary>Verifies what a request states of its body, MD5 too, and answers the checksum that it brought.</summary>
    /// <exception cref="AwsException">BadDigest, InvalidDigest, InvalidRequest.</exception>
    public static Checksum? Verify(RestCall call)
    {
        if (call.Headers.GetValueOrDefault("Content-MD5") is { Length: > 0 } md5)
        {
            var stated = new byte[16];
            if (!Convert.TryFromBase64String(md5, stated, out var length) || length != 16)
            {
                throw S3Errors.With("InvalidDigest", "The Content-MD5 you specified was invalid.", 400, ("Content-MD5", md5));
            }

            var calculated = MD5.HashData(call.Body.Span);
            if (!stated.AsSpan().SequenceEqual(calculated))
            {
                throw S3Errors.BadMd5(md5, Convert.ToBase64String(calculated));
            }
        }

        Checksum? brought = null;
        foreach (var (name, value) in call.Headers)
        {
            const string prefix = "x-amz-checksum-";
            if (
                !name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                || name.ToLowerInvariant() is "x-amz-checksum-mode" or "x-amz-checksum-algorithm" or "x-amz-checksum-type"
            )
            {
                continue;
            }

            var algorithm = name[prefix.Length..].ToUpperInvariant();
            if (!Known.Contains(algorithm))
            {
                throw AwsException.NotImplemented($"the checksum algorithm {algorithm} of s3");
            }

            if (brought is not null)
            {
                throw new AwsException(
                    "InvalidRequest",
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
                );
            }

            brought = new Checksum(algorithm, value, Checksum.Full);
        }

        if (
            brought is not null
            && !call.Query.ContainsKey("uploadId") | call.Query.ContainsKey("partNumber")
            && Of(brought.Algorithm, call.Body) != brought.Value
        )
        {
            throw S3Errors.BadDigest(brought.Algorithm);
        }

        return brought;
    }

    public static string Checked(string algorithm) =>
        Known.Contains(algorithm.ToUpperInvariant())
            ? algorithm.ToUpperInvariant()
            : throw AwsException.NotImplemented($"the checksum algorithm {algorithm} of s3");

    /// <summary>In base 64.</summary>
    public static string Of(string algorithm, ReadOnlyMemory<byte> bytes) => Of(algorithm, [bytes]);

    public static string Of(string algorithm, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        if (algorithm is "SHA1" or "SHA256")
        {
            using var hash = IncrementalHash.CreateHash(algorithm == "SHA1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
            foreach (var piece in pieces)
            {
                hash.AppendData(piece.Span);
            }

            return Convert.ToBase64String(hash.GetHashAndReset());
        }

        var crc = algorithm switch
        {
            "CRC32" => Crc.Crc32,
            "CRC32C" => Crc.Crc32C,
            _ => Crc.Crc64Nvme,
        };
        return Convert.ToBase64String(crc.End(pieces.Aggregate(crc.Start, (state, piece) => crc.Append(state, piece.Span))));
    }

    /// <summary>The checksum of parts' checksums, with how many they are.</summary>
    public static string OfParts(string algorithm, IReadOnlyList<string> parts) =>
        $"{Of(algorithm, parts.Select(part => (ReadOnlyMemory<byte>)Convert.FromBase64String(part)))}-{parts.Count}";
}
