using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Disa.Bench;

/// <summary>What this machine can do at the best, measured in the same minute as what is held against it.</summary>
internal static class Yardsticks
{
    private static readonly byte[] Answer = new byte[64];

    /// <summary>Kestrel alone, in a process of its own: reads the body, answers 64 bytes.</summary>
    public static async Task ServeLoopback(int port, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = new byte[context.Request.ContentLength ?? 0];
            await context.Request.Body.ReadExactlyAsync(body).ConfigureAwait(false);
            context.Response.ContentLength = Answer.Length;
            await context.Response.Body.WriteAsync(Answer).ConfigureAwait(false);
        });
        await app.StartAsync(cancellation).ConfigureAwait(false);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Loopback requests a second, with bodies as large as the call's.</summary>
    public static async Task<LoadResult> Loopback(
        Servers servers,
        int connections,
        Call call,
        TimeSpan span,
        CancellationToken cancellation
    )
    {
        using var server = await servers.Loopback().ConfigureAwait(false);
        return await Load.For(span, server.Address, connections, call, cancellation).ConfigureAwait(false);
    }

    /// <summary>Durable commits a second of SQLite alone: one row of 200 bytes each, WAL, <c>synchronous=FULL</c>, as the emulator's own file.</summary>
    public static double DurableCommits(TimeSpan span)
    {
        var directory = Directory.CreateTempSubdirectory("disa-bench-").FullName;
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "yardstick.db")};Pooling=False");
            connection.Open();
            Run("PRAGMA journal_mode=WAL");
            Run("PRAGMA synchronous=FULL");
            Run("CREATE TABLE yardstick (id INTEGER PRIMARY KEY, value BLOB)");
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO yardstick (value) VALUES ($1)";
            insert.Parameters.AddWithValue("$1", new byte[200]);
            var (started, commits) = (Stopwatch.GetTimestamp(), 0);
            while (Stopwatch.GetElapsedTime(started) < span)
            {
                insert.ExecuteNonQuery();
                commits++;
            }

            return commits / Stopwatch.GetElapsedTime(started).TotalSeconds;

            void Run(string sql)
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                command.ExecuteNonQuery();
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
