#pragma warning disable RS0030 // What is written to a console goes to a file here.
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Disa.Cli;

/// <summary>
/// <c>disa up --detach</c>: the same command again as a process of its own, which outlives this one and its terminal. It writes to
/// <c>disa.log</c> in the data folder, and tells this one over a pipe once it is up.
/// </summary>
internal static class Detached
{
    /// <summary>The pipe's name, and the log's path: only a process that was started to be detached has them.</summary>
    private const string PipeVariable = "DISA_DETACHED_PIPE";
    private const string LogVariable = "DISA_DETACHED_LOG";

    public static string LogIn(string directory) => Path.Combine(directory, "disa.log");

    /// <summary>Whether this process is the one in the background.</summary>
    public static bool IsThis => Environment.GetEnvironmentVariable(PipeVariable) is { Length: > 0 };

    /// <summary>Before anything is written: leaves the terminal, and writes to the log from now on.</summary>
    public static void Begin()
    {
        if (!IsThis)
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            _ = SetSession();
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var log = TextWriter.Synchronized(
            new StreamWriter(new FileStream(Environment.GetEnvironmentVariable(LogVariable)!, options)) { AutoFlush = true }
        );
        Console.SetOut(log);
        Console.SetError(log);
    }

    /// <summary>Starts this command again in the background, and waits until it is up.</summary>
    /// <param name="directory">The data folder.</param>
    /// <param name="cancellation">Ends the waiting, and the process that it is for.</param>
    /// <returns>What it reported, and its process id.</returns>
    /// <exception cref="FailureException">It ended before it was up; the text ends with the last line of its log.</exception>
    public static async Task<(string Report, int Pid)> Start(string directory, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        var name = "disa-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        var pipe = new NamedPipeServerStream(
            name,
            PipeDirection.In,
            1,
            PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly
        );
        await using (pipe.ConfigureAwait(false))
        {
            using var process =
                Process.Start(Again(name, LogIn(directory))) ?? throw new FailureException("the process could not be started.");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var exit = process.WaitForExitAsync(ended.Token);
            var connected = pipe.WaitForConnectionAsync(ended.Token);
            await Task.WhenAny(exit, connected).ConfigureAwait(false);
            if (cancellation.IsCancellationRequested)
            {
                process.Kill();
                cancellation.ThrowIfCancellationRequested();
            }

            if (!connected.IsCompletedSuccessfully)
            {
                await ended.CancelAsync().ConfigureAwait(false);
                throw new FailureException($"it ended before it was up: {LastLine(LogIn(directory))}");
            }

            using var reader = new StreamReader(pipe, Encoding.UTF8);
            var report = await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            return (report, process.Id);
        }
    }

    /// <summary>In the background process: says that it is up.</summary>
    public static async Task Tell(string report, CancellationToken cancellation)
    {
        var pipe = new NamedPipeClientStream(
            ".",
            Environment.GetEnvironmentVariable(PipeVariable)!,
            PipeDirection.Out,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly
        );
        await using (pipe.ConfigureAwait(false))
        {
            await pipe.ConnectAsync(cancellation).ConfigureAwait(false);
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(report), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Asks a process to end, as Ctrl-C does.</summary>
    /// <exception cref="FailureException">There is no such process, or no right to end it.</exception>
    public static async Task End(int pid, CancellationToken cancellation)
    {
        Process process;
        try
        {
            process = Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            return;
        }

        using (process)
        {
            const int terminate = 15;
            if (OperatingSystem.IsWindows() || Kill(pid, terminate) != 0)
            {
                throw new FailureException($"process {pid} cannot be asked to end from here.");
            }

            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static ProcessStartInfo Again(string pipe, string log)
    {
        // A program that dotnet runs is the first argument of dotnet; nothing of its own is inherited, so that nobody waits for it.
        var program = Environment.ProcessPath!;
        var arguments = Environment.GetCommandLineArgs().Skip(1).Where(argument => argument is not "--detach").ToList();
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[PipeVariable] = pipe;
        start.Environment[LogVariable] = log;
        return start;
    }

    private static string LastLine(string log)
    {
        try
        {
            return File.ReadLines(log).LastOrDefault(line => line.Length > 0) ?? "it wrote nothing.";
        }
        catch (IOException)
        {
            return "it wrote nothing.";
        }
    }

    [DllImport("libc", EntryPoint = "setsid")]
    private static extern int SetSession();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
