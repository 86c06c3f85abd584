using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Disa.Bench;

/// <summary>
/// One HTTP/1.1 connection that sends ready-made bytes and reads the answer: the same client for every server that is measured, and
/// light enough that the server, and not the client, is what the machine is busy with.
/// </summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private Socket? socket;
    private byte[] buffer = new byte[16 * 1024];
    private int filled;

    /// <summary>The last answer's body; valid until the next request.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Sends a whole request (head and body) and answers the HTTP status.</summary>
    /// <exception cref="IOException">The server ended the connection inside of an answer, or its answer is not HTTP/1.</exception>
    public async ValueTask<int> Send(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        if (socket is null)
        {
            socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        }

        await socket.SendAsync(request, cancellation).ConfigureAwait(false);
        filled = 0;
        int head;
        while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await Receive(cancellation).ConfigureAwait(false);
        }

        var status = Status(buffer.AsSpan(0, head));
        var start = head + 4;
        var length = Length(buffer.AsSpan(0, head));
        if (length is { } known)
        {
            while (filled < start + known)
            {
                await Receive(cancellation).ConfigureAwait(false);
            }

            Body = buffer.AsMemory(start, known);
        }
        else if (Has(buffer.AsSpan(0, head), "transfer-encoding: chunked"u8))
        {
            while (!buffer.AsSpan(start, filled - start).EndsWith("0\r\n\r\n"u8))
            {
                await Receive(cancellation).ConfigureAwait(false);
            }

            Body = buffer.AsMemory(start, filled - start);
        }
        else
        {
            Body = default;
        }

        if (Has(buffer.AsSpan(0, head), "connection: close"u8) || buffer.AsSpan(0, 8).SequenceEqual("HTTP/1.0"u8))
        {
            socket.Dispose();
            socket = null;
        }

        return status;
    }

    public void Dispose() => socket?.Dispose();

    private async ValueTask Receive(CancellationToken cancellation)
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = await socket!.ReceiveAsync(buffer.AsMemory(filled), cancellation).ConfigureAwait(false);
        filled += read > 0 ? read : throw new IOException("The server ended the connection inside of an answer.");
    }

    private static int Status(ReadOnlySpan<byte> head) =>
        head.StartsWith("HTTP/1."u8) && Utf8Parser.TryParse(head[9..], out int status, out _)
            ? status
            : throw new IOException("The answer is not HTTP/1.");

    private static int? Length(ReadOnlySpan<byte> head)
    {
        var at = Find(head, "content-length:"u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 15)..].TrimStart((byte)' '), out int length, out _) ? length : null;
    }

    private static bool Has(ReadOnlySpan<byte> head, ReadOnlySpan<byte> header) => Find(head, header) >= 0;

    private static int Find(ReadOnlySpan<byte> head, ReadOnlySpan<byte> header)
    {
        for (var at = head.IndexOf((byte)'\n'); at >= 0 && at + 1 + header.Length <= head.Length; )
        {
            if (System.Text.Ascii.EqualsIgnoreCase(head.Slice(at + 1, header.Length), header))
            {
                return at + 1;
            }

            var next = head[(at + 1)..].IndexOf((byte)'\n');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return -1;
    }
}
