using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Disa.Bench;

/// <summary>A server under measurement: a process of ours, on a free loopback port, ended with us.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, IPEndPoint address)
    {
        this.process = process;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public string Host => Address.ToString();

    /// <summary>What it, its children and this client have used of the processors; null where that cannot be told.</summary>
    public ProcessorTime? Processors => ProcessorTime.Of(process.Id);

    /// <summary>Resident memory, in MB (10^6 bytes).</summary>
    public double Megabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>The most resident memory that it has had, in MB; zero where that cannot be told.</summary>
    public double PeakMegabytes => OperatingSystem.IsLinux() ? Status($"/proc/{process.Id}").GetValueOrDefault("VmHWM") * 1024 / 1e6 : 0;

    /// <summary>The most resident memory that one of its children has had, in MB; zero where that cannot be told.</summary>
    public double LargestChild =>
        !OperatingSystem.IsLinux()
            ? 0
            : Directory
                .EnumerateDirectories("/proc")
                .Where(directory => int.TryParse(Path.GetFileName(directory), out _))
                .Select(Status)
                .Where(status => status.GetValueOrDefault("PPid") == process.Id)
                .Select(status => status.GetValueOrDefault("VmHWM") * 1024 / 1e6)
                .DefaultIfEmpty(0)
                .Max();

    /// <summary>The numbers of /proc/PID/status (proc_pid_status(5)); none where the process is gone.</summary>
    private static Dictionary<string, long> Status(string directory)
    {
        try
        {
            return File.ReadLines(Path.Combine(directory, "status"))
                .Select(line => line.Split(':', 2))
                .Where(pair => pair.Length == 2)
                .Select(pair => (Name: pair[0], IsNumber: long.TryParse(pair[1].Trim().Split(' ')[0], out var number), Number: number))
                .Where(pair => pair.IsNumber)
                .ToDictionary(pair => pair.Name, pair => pair.Number);
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Starts a program and waits until it accepts connections.</summary>
    /// <param name="program">What to run.</param>
    /// <param name="arguments">By the port to listen on.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<ServerProcess> Start(string program, Func<int, string[]> arguments, CancellationToken cancellation)
    {
        var port = FreePort();
        var process =
            Process.Start(new ProcessStartInfo(program, arguments(port)) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, new IPEndPoint(IPAddress.Loopback, port));
        while (!await server.Accepts(cancellation).ConfigureAwait(false))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode} before it listened.");
            }
        }

        return server;
    }

    /// <summary>Waits until the emulator says that its stack is deployed.</summary>
    public async Task Ready(CancellationToken cancellation)
    {
        using var connection = new HttpConnection(Address);
        var health = Call.Rest(Host, "disa", "GET", "/_disa/health").Copy();
        while (await connection.Send(health, cancellation).ConfigureAwait(false) != 200)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the emulator answers a request, whatever it says.</summary>
    public async Task Answers(CancellationToken cancellation)
    {
        using var connection = new HttpConnection(Address);
        await connection.Send(Call.Rest(Host, "disa", "GET", "/_disa/health").Copy(), cancellation).ConfigureAwait(false);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private async Task<bool> Accepts(CancellationToken cancellation)
    {
        using var socket = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Address, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellation).ConfigureAwait(false);
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Where the servers are that can be measured here.</summary>
/// <param name="Command">The program that is measured.</param>
/// <param name="Cancellation">Ends all waiting.</param>
internal sealed record Servers(string Command, CancellationToken Cancellation)
{
    private const string DynaliteVersion = "4.0.0";

    private string? dynalite;

    /// <summary>The emulator with the stack deployed, as <c>disa up</c> starts it.</summary>
    /// <param name="data">Where it keeps everything: durable.</param>
    /// <param name="further">More arguments.</param>
    public async Task<ServerProcess> Disa(string data, params string[] further)
    {
        var server = await DisaStarting(data, further).ConfigureAwait(false);
        await server.Ready(Cancellation).ConfigureAwait(false);
        return server;
    }

    /// <summary>The same, as soon as it accepts connections.</summary>
    public Task<ServerProcess> DisaStarting(string data, params string[] further) =>
        ServerProcess.Start(
            Command,
            port => ["up", "--data", data, "--port", $"{port}", "--json", "--param", "MaxSendsPerSecond=0", .. further],
            Cancellation
        );

    /// <summary>Kestrel alone: reads the body and answers with some bytes.</summary>
    public Task<ServerProcess> Loopback() =>
        ServerProcess.Start(Environment.ProcessPath!, port => ["serve-loopback", "--port", $"{port}"], Cancellation);

    /// <summary>dynalite, in memory; null where there is no npm.</summary>
    public async Task<ServerProcess?> Dynalite()
    {
        dynalite ??= await FindDynalite().ConfigureAwait(false);
        return dynalite.Length == 0
            ? null
            : await ServerProcess
                .Start(
                    OnPath("node")!,
                    port => [dynalite, "--host", "127.0.0.1", "--port", $"{port}", "--createTableMs", "0"],
                    Cancellation
                )
                .ConfigureAwait(false);
    }

    /// <summary>moto's server, in memory; null where it is not on PATH.</summary>
    public async Task<ServerProcess?> Moto() =>
        OnPath("moto_server") is { } moto
            ? await ServerProcess.Start(moto, port => ["-H", "127.0.0.1", "-p", $"{port}"], Cancellation).ConfigureAwait(false)
            : null;

    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private async Task<string> FindDynalite()
    {
        if (OnPath("npm") is not { } npm || OnPath("node") is null)
        {
            return "";
        }

        var place = Path.Combine(Path.GetTempPath(), "disa-bench-dynalite-" + DynaliteVersion);
        var cli = Path.Combine(place, "node_modules", "dynalite", "cli.js");
        if (!File.Exists(cli))
        {
            Directory.CreateDirectory(place);
            using var install = Process.Start(
                new ProcessStartInfo(npm, ["install", "--no-audit", "--no-fund", "--prefix", place, "dynalite@" + DynaliteVersion])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            _ = install.StandardOutput.ReadToEndAsync(Cancellation);
            _ = install.StandardError.ReadToEndAsync(Cancellation);
            await install.WaitForExitAsync(Cancellation).ConfigureAwait(false);
        }

        return File.Exists(cli) ? cli : "";
    }
}
