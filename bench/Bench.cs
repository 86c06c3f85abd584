using System.Net;
using System.Text;
using System.Text.Json;

namespace Disa.Bench;

/// <summary>What every part needs: the servers, how long and how often, and where the figures go.</summary>
internal sealed record Bench(Servers Servers, int Repeats, TimeSpan Span, Action<Figure> Add, CancellationToken Cancellation)
{
    /// <summary>One answer of a server, as text.</summary>
    /// <exception cref="RefusedException">It is an error.</exception>
    public static async Task<string> Send(IPEndPoint server, Call call, CancellationToken cancellation)
    {
        using var connection = new HttpConnection(server);
        return await Send(connection, call, cancellation).ConfigureAwait(false);
    }

    /// <summary>The same, over a connection that stays.</summary>
    /// <exception cref="RefusedException">It is an error.</exception>
    public static async Task<string> Send(HttpConnection connection, Call call, CancellationToken cancellation)
    {
        var status = await connection.Send(call.Copy(), cancellation).ConfigureAwait(false);
        var body = Encoding.UTF8.GetString(connection.Body.Span);
        return status is >= 200 and < 300 ? body : throw new RefusedException($"The server answered {status} {body}");
    }

    /// <summary>One answer of a server that is JSON, or nothing.</summary>
    public static async Task<JsonElement> Ask(IPEndPoint server, Call call, CancellationToken cancellation) =>
        await Send(server, call, cancellation).ConfigureAwait(false) is { Length: > 0 } text ? JsonElement.Parse(text) : default;

    /// <summary>The same, over a connection that stays.</summary>
    public static async Task<JsonElement> Ask(HttpConnection connection, Call call, CancellationToken cancellation) =>
        await Send(connection, call, cancellation).ConfigureAwait(false) is { Length: > 0 } text ? JsonElement.Parse(text) : default;

    public Task<string> Send(ServerProcess server, Call call) => Send(server.Address, call, Cancellation);

    public Task<JsonElement> Ask(ServerProcess server, Call call) => Ask(server.Address, call, Cancellation);
}

/// <summary>A directory that is gone afterwards.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("disa-bench-").FullName;

    /// <summary>Of the database, its write-ahead log included.</summary>
    public long Bytes => new DirectoryInfo(FullName).EnumerateFiles("disa.db*").Sum(file => file.Length);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
