using System.Diagnostics;

namespace Disa.Bench;

/// <summary>From the start of the process to the first answer, and to the whole stack deployed; memory and disk.</summary>
internal static class StartPart
{
    public static async Task Run(Bench bench)
    {
        var (answers, deployed, again, idle, bare, disk, after, many) = (
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>()
        );
        for (var run = 0; run < bench.Repeats; run++)
        {
            var started = Stopwatch.GetTimestamp();
            using (await bench.Servers.Loopback().ConfigureAwait(false))
            {
                bare.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            using var data = new TemporaryDirectory();
            started = Stopwatch.GetTimestamp();
            using (var server = await bench.Servers.DisaStarting(data.FullName).ConfigureAwait(false))
            {
                answers.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await server.Ready(bench.Cancellation).ConfigureAwait(false);
                deployed.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, bench.Cancellation).ConfigureAwait(false);
                idle.Add(server.Megabytes);
                using var stack = await Stack.Of(server.Address, bench.Cancellation).ConfigureAwait(false);
                await stack.WithoutMail().ConfigureAwait(false);
                var before = data.Bytes;
                await stack.Burst(10_000, 16).ConfigureAwait(false);
                disk.Add((data.Bytes - before) / 10_000.0);
                after.Add(server.Megabytes);
                if (run == bench.Repeats - 1)
                {
                    await stack.Burst(90_000, 16).ConfigureAwait(false);
                    many.Add(server.Megabytes);
                }
            }

            started = Stopwatch.GetTimestamp();
            using (var server = await bench.Servers.DisaStarting(data.FullName).ConfigureAwait(false))
            {
                await server.Ready(bench.Cancellation).ConfigureAwait(false);
                again.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        bench.Add(
            new Figure("start", "process start to first answer", "ms", [.. answers], "a bare Kestrel's start", [.. bare], "under 1,000 ms")
        );
        bench.Add(
            new Figure(
                "start",
                "process start to stack deployed",
                "ms",
                [.. deployed],
                "a bare Kestrel's start",
                [.. bare],
                "under 3,000 ms"
            )
        );
        bench.Add(
            new Figure(
                "start",
                "process start to ready, 10,000 messages kept (100,000 in the last run)",
                "ms",
                [.. again],
                "a bare Kestrel's start",
                [.. bare]
            )
        );
        bench.Add(new Figure("start", "resident memory, idle 5 s after deploying", "MB", [.. idle], Aim: "under 150 MB"));
        bench.Add(new Figure("start", "resident memory after 10,000 messages", "MB", [.. after]));
        bench.Add(new Figure("start", "resident memory after 100,000 messages", "MB", [.. many]));
        bench.Add(new Figure("start", "disk a message, all it leaves behind", "B", [.. disk]));
    }
}
