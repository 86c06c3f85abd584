using System.IO.Compression;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>Reads bodies into buffers that grow with what arrives, not with what is announced.</summary>
internal static class RequestBody
{
    private const int Chunk = 64 * 1024;

    /// <summary>The whole body; what is announced is checked, and trusted for no memory beyond a first chunk.</summary>
    public static async Task<byte[]> Read(Stream stream, long? announced, int limit)
    {
        var body = new byte[Math.Min(announced ?? Chunk, Chunk)];
        var length = 0;
        while (true)
        {
            if (length == body.Length)
            {
                if (length == announced)
                {
                    return body;
                }

                // Four times what has arrived, but no more than is announced.
                body = Grown(body, (int)Math.Min(Math.Min(Math.Max(Chunk, body.Length * 4L), announced ?? long.MaxValue), limit + 1L));
            }

            var read = await stream.ReadAsync(body.AsMemory(length)).ConfigureAwait(false);
            if (read == 0)
            {
                return length == body.Length ? body : body[..length];
            }

            length += read;
            if (length > limit)
            {
                throw new AwsException("RequestEntityTooLarge", $"The emulator reads bodies of up to {limit} bytes.", 413);
            }
        }
    }

    /// <summary>The same for what is announced to be large: its memory is given back with <see cref="LargeBuffer.Release"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadLarge(Stream stream, int announced)
    {
        var buffer = new LargeBuffer(announced);
        var length = 0;
        try
        {
            while (length < announced && await stream.ReadAsync(buffer.Memory[length..]).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
            }

            return buffer.Memory[..length];
        }
        catch
        {
            ((IDisposable)buffer).Dispose();
            throw;
        }
    }

    public static async Task<byte[]> Unzip(byte[] body, int limit)
    {
        try
        {
            using var unzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            return await Read(unzip, null, limit).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            throw new AwsException("SerializationException", "The body is not gzip, as its Content-Encoding says.");
        }
    }

    private static byte[] Grown(byte[] body, int size)
    {
        var larger = new byte[size];
        body.CopyTo(larger, 0);
        return larger;
    }
}
