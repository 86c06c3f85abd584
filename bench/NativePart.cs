using System.Diagnostics;

namespace Disa.Bench;

/// <summary>The command as a native program, in turns with the same command as the build makes it: what starting and deploying takes.</summary>
internal static class NativePart
{
    private const string Yardstick = "the build's";

    public static async Task Run(Bench bench, string native)
    {
        var natives = bench.Servers with { Command = native };
        List<Turn> ofNative = [],
            ofBuild = [];
        for (var run = 0; run < bench.Repeats; run++)
        {
            ofNative.Add(await Measure(bench, natives).ConfigureAwait(false));
            ofBuild.Add(await Measure(bench, bench.Servers).ConfigureAwait(false));
        }

        Add("disa --version", "ms", turn => turn.Version, "under 150 ms");
        Add("up --bare, process start to first answer", "ms", turn => turn.FirstAnswer, "under 150 ms");
        Add("up, process start to stack deployed", "ms", turn => turn.Deployed, "under 1,500 ms");
        Add("processor time until then, in the emulator", "ms", turn => turn.Server);
        Add("processor time until then, in its children", "ms", turn => turn.Functions);
        Add("peak memory until then", "MB", turn => turn.Peak);
        Add("resident memory, idle 5 s after deploying", "MB", turn => turn.Idle, "under 90 MB");

        void Add(string name, string unit, Func<Turn, double> value, string? aim = null) =>
            bench.Add(new Figure("native", name, unit, [.. ofNative.Select(value)], Yardstick, [.. ofBuild.Select(value)], Aim: aim));
    }

    /// <summary>Times in milliseconds, memory in MB.</summary>
    private sealed record Turn(
        double Version,
        double FirstAnswer,
        double Deployed,
        double Server,
        double Functions,
        double Peak,
        double Idle
    );

    private static async Task<Turn> Measure(Bench bench, Servers servers)
    {
        var started = Stopwatch.GetTimestamp();
        using (var asked = Process.Start(new ProcessStartInfo(servers.Command, ["--version"]) { RedirectStandardOutput = true })!)
        {
            await asked.WaitForExitAsync(bench.Cancellation).ConfigureAwait(false);
        }

        var version = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        double answered;
        using (var bare = new TemporaryDirectory())
        {
            started = Stopwatch.GetTimestamp();
            using var server = await servers.DisaStarting(bare.FullName, "--bare").ConfigureAwait(false);
            await server.Answers(bench.Cancellation).ConfigureAwait(false);
            answered = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        using var data = new TemporaryDirectory();
        started = Stopwatch.GetTimestamp();
        using (var server = await servers.DisaStarting(data.FullName).ConfigureAwait(false))
        {
            await server.Ready(bench.Cancellation).ConfigureAwait(false);
            var deployed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var (used, peak) = (server.Processors ?? default, server.PeakMegabytes);
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, bench.Cancellation).ConfigureAwait(false);
            return new Turn(version, answered, deployed, used.Server / 1000, used.Functions / 1000, peak, server.Megabytes);
        }
    }
}
