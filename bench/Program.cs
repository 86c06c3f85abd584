using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Disa.Bench;

string[] parts = ["flow", "operations", "start", "functions", "native", "library", "audit"];
var chosen = new Argument<string[]>("parts")
{
    Description = $"What to measure: {string.Join(", ", parts)} (default: all)",
    DefaultValueFactory = _ => parts,
    Arity = ArgumentArity.ZeroOrMore,
};
chosen.AcceptOnlyFromAmong(parts);
var repeat = new Option<int>("--repeat") { Description = "Runs of each figure; their median counts", DefaultValueFactory = _ => 3 };
var seconds = new Option<double>("--seconds")
{
    Description = "How long each load lasts, after a third of it to warm up",
    DefaultValueFactory = _ => 3,
};
var sizes = new Option<int[]>("--sizes")
{
    Description = "Items in the table when the flow is measured again (flow); the largest is audited (audit)",
    DefaultValueFactory = _ => [10_000, 100_000],
    AllowMultipleArgumentsPerToken = true,
};
var command = new Option<string?>("--disa")
{
    Description = "The command to measure (default: the clone's own, built as ./disa builds it)",
};
var native = new Option<string?>("--native")
{
    Description = "The native program to measure (native; default: the clone's own, published before)",
};
var history = new Option<bool>("--keep") { Description = "Add a line to bench/history/history.jsonl, and the raw numbers beside it" };
var port = new Option<int>("--port");

var root = new RootCommand("Measures Disa, each figure beside a yardstick of the same minute and machine")
{
    chosen,
    repeat,
    seconds,
    sizes,
    command,
    native,
    history,
};
root.SetAction(
    async (parsed, cancellation) =>
    {
        var clone = Clone();
        var run = new List<Figure>();
        var machine = $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_000_000_000} GB";
        var place = Path.Combine(clone, "bench", "history");
        var last = Report.Last(place, machine);
        var servers = new Servers(parsed.GetValue(command) ?? await Build(clone, cancellation).ConfigureAwait(false), cancellation);
        var bench = new Bench(
            servers,
            parsed.GetValue(repeat),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            figure =>
            {
                run.Add(figure);
                Report.Print(figure, last);
            },
            cancellation
        );
        foreach (var part in parsed.GetValue(chosen)!)
        {
            await (
                part switch
                {
                    "flow" => FlowPart.Run(bench, parsed.GetValue(sizes)!),
                    "operations" => OperationsPart.Run(bench),
                    "start" => StartPart.Run(bench),
                    "native" => NativePart.Run(bench, parsed.GetValue(native) ?? await Publish(clone, cancellation).ConfigureAwait(false)),
                    "library" => LibraryPart.Run(bench),
                    "audit" => AuditPart.Run(bench, parsed.GetValue(sizes)!.Max()),
                    _ => FunctionsPart.Run(bench),
                }
            ).ConfigureAwait(false);
        }

        if (parsed.GetValue(history))
        {
            await Report
                .Keep(
                    new Run(TimeProvider.System.GetUtcNow(), await Commit(clone, cancellation).ConfigureAwait(false), machine, run),
                    place
                )
                .ConfigureAwait(false);
        }
    }
);
var loopback = new Command("serve-loopback", "The yardstick: Kestrel alone") { port };
loopback.Hidden = true;
loopback.SetAction((parsed, cancellation) => Yardsticks.ServeLoopback(parsed.GetValue(port), cancellation));
root.Subcommands.Add(loopback);
var operation = new Option<string>("--operation") { DefaultValueFactory = _ => "PutItem" };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 64 };
var hit = new Command("hit", "One operation against a server that runs already, for a profiler to look at")
{
    port,
    operation,
    connections,
    seconds,
};
hit.SetAction(
    async (parsed, cancellation) =>
        Console.WriteLine(
            await OperationsPart
                .Hit(
                    parsed.GetValue(port),
                    parsed.GetValue(operation)!,
                    parsed.GetValue(connections),
                    TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    cancellation
                )
                .ConfigureAwait(false)
        )
);
root.Subcommands.Add(hit);
var messages = new Option<int>("--messages") { DefaultValueFactory = _ => 10_000 };
var burst = new Command("burst", "Bursts through an emulator that runs already, for a profiler to look at") { port, messages, repeat };
burst.SetAction(
    async (parsed, cancellation) =>
    {
        for (var times = 0; times < parsed.GetValue(repeat); times++)
        {
            Console.WriteLine(await FlowPart.Burst(parsed.GetValue(port), parsed.GetValue(messages), cancellation).ConfigureAwait(false));
        }
    }
);
root.Subcommands.Add(burst);
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);

static string Clone()
{
    for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
    {
        if (File.Exists(Path.Combine(directory.FullName, "disa.slnx")))
        {
            return directory.FullName;
        }
    }

    throw new InvalidOperationException("The bench runs inside of a clone.");
}

static async Task<string> Build(string clone, CancellationToken cancellation)
{
    await Output(Path.Combine(clone, "disa"), clone, cancellation, "--version").ConfigureAwait(false);
    return Path.Combine(clone, "artifacts", "bin", "Disa.Cli", "release", "disa");
}

static async Task<string> Publish(string clone, CancellationToken cancellation)
{
    var system =
        OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : "linux";
    var runtime = $"{system}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
    Console.Error.WriteLine("Publishing the native program takes some minutes ...");
    await Output("dotnet", clone, cancellation, "publish", "cli", "-r", runtime, "-p:PublishAot=true", "-v", "quiet").ConfigureAwait(false);
    return Path.Combine(clone, "artifacts", "publish", "Disa.Cli", "release_" + runtime, OperatingSystem.IsWindows() ? "disa.exe" : "disa");
}

static async Task<string> Commit(string clone, CancellationToken cancellation) =>
    (await Output("git", clone, cancellation, "rev-parse", "--short", "HEAD").ConfigureAwait(false)).Trim()
    + ((await Output("git", clone, cancellation, "status", "--porcelain").ConfigureAwait(false)).Length > 0 ? "+" : "");

static async Task<string> Output(string program, string directory, CancellationToken cancellation, params string[] arguments)
{
    using var process = Process.Start(
        new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true }
    )!;
    var output = await process.StandardOutput.ReadToEndAsync(cancellation).ConfigureAwait(false);
    await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
    return process.ExitCode == 0
        ? output
        : throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture, $"{program} ended with exit code {process.ExitCode}.")
        );
}
