using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Disa.Bench;

/// <summary>What a load did.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="Milliseconds">Of each answer, sorted.</param>
internal sealed record LoadResult(double PerSecond, double[] Milliseconds)
{
    public double Percentile(double share) =>
        Milliseconds.Length == 0 ? 0 : Milliseconds[Math.Min(Milliseconds.Length - 1, (int)(Milliseconds.Length * share))];
}

/// <summary>A server answered with an error.</summary>
internal sealed class RefusedException(string message) : Exception(message);

/// <summary>Sends one kind of call over a number of connections, each waiting for its answer before the next.</summary>
internal static class Load
{
    private static int numbers = RandomNumberGenerator.GetInt32(1000) * 100_000;

    /// <summary>A number that no call had before, nor, most likely, one of an earlier process.</summary>
    public static int NextNumber() => Interlocked.Increment(ref numbers);

    /// <summary>For so long; a third of it before, uncounted, to warm up.</summary>
    /// <exception cref="RefusedException">An answer was an error: a server that refuses is not fast.</exception>
    public static async Task<LoadResult> For(TimeSpan span, IPEndPoint server, int connections, Call call, CancellationToken cancellation)
    {
        await Run(server, connections, call, span / 3, long.MaxValue, cancellation).ConfigureAwait(false);
        return await Run(server, connections, call, span, long.MaxValue, cancellation).ConfigureAwait(false);
    }

    /// <summary>So many calls, and no more.</summary>
    public static Task<LoadResult> Times(long calls, IPEndPoint server, int connections, Call call, CancellationToken cancellation) =>
        Run(server, connections, call, TimeSpan.FromHours(1), calls, cancellation);

    private static async Task<LoadResult> Run(
        IPEndPoint server,
        int connections,
        Call call,
        TimeSpan span,
        long calls,
        CancellationToken cancellation
    )
    {
        var left = calls;
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(
                Enumerable
                    .Range(0, connections)
                    .Select(_ =>
                        Task.Run(
                            async () =>
                            {
                                var mine = new List<double>();
                                using var connection = new HttpConnection(server);
                                var request = call.Copy();
                                while (Stopwatch.GetElapsedTime(started) < span && Interlocked.Decrement(ref left) >= 0)
                                {
                                    call.Fill(request, NextNumber());
                                    var sent = Stopwatch.GetTimestamp();
                                    var status = await connection.Send(request, cancellation).ConfigureAwait(false);
                                    mine.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                                    if (status is < 200 or > 299)
                                    {
                                        throw new RefusedException(
                                            $"The server answered {status} {Encoding.UTF8.GetString(connection.Body.Span)} to {Encoding.UTF8.GetString(request.AsSpan(0, Math.Min(request.Length, 1500)))}"
                                        );
                                    }
                                }

                                return mine;
                            },
                            cancellation
                        )
                    )
            )
            .ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double[] all = [.. times.SelectMany(mine => mine)];
        Array.Sort(all);
        return new LoadResult(all.Length / elapsed, all);
    }
}
