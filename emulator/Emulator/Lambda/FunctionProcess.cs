using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;

namespace Disa.Emulator.Lambda;

/// <summary>A function's process: its start, its end, and every line that it writes.</summary>
/// <remarks>
/// Standard output and error are one pipe, so that lines keep their order. A thread of the process's own starts it and reads the
/// pipe: Linux kills the child when the thread that started it ends (<c>setpriv --pdeathsig</c>), which must therefore be the
/// emulator's end and not that of a thread-pool thread.
/// </remarks>
internal sealed class FunctionProcess : IDisposable
{
    /// <summary>A longer line becomes several, as log events have at most 256 KB.</summary>
    private const int LineLimit = 256 * 1024 - 26;

    private readonly ProcessStartInfo start;
    private readonly Action<string> onLine;
    private readonly Lock gate = new();
    private readonly List<byte> line = [];
    private readonly byte[] chunk = new byte[16384];
    private readonly TaskCompletionSource<string> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? process;
    private Stream? pipe;

    public FunctionProcess(
        IReadOnlyList<string> command,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        Action<string> onLine
    )
    {
        this.onLine = onLine;
        start = new ProcessStartInfo
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = OperatingSystem.IsWindows(),
        };
        if (OperatingSystem.IsWindows())
        {
            Use(command);
        }
        else
        {
            // Where it can have a session of its own, everything in it ends with it: a watcher waits for the end of the pipe that the emulator
            // holds, and that comes however the emulator ends.
            var setsid = FunctionRuntime.OnPath("setsid");
            string[] joined = setsid is null
                ? ["/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1 </dev/null", .. command]
                :
                [
                    setsid,
                    "/bin/sh",
                    "-c",
                    "exec 3<&0 </dev/null; (read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & exec 3<&-; exec \"$0\" \"$@\" 2>&1",
                    .. command,
                ];
            Use(FunctionRuntime.OnPath("setpriv") is { } setpriv ? [setpriv, "--pdeathsig", "KILL", .. joined] : joined);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
    }

    /// <summary>How it ended, in AWS's words: <c>exit status 1</c>, <c>signal: killed</c>.</summary>
    public Task<string> Exited => exited.Task;

    /// <summary>The most memory that it used at a time, in MB.</summary>
    public int PeakMemory { get; private set; }

    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public Task Start()
    {
        new Thread(Run) { IsBackground = true, Name = "disa function" }.Start();
        return started.Task;
    }

    /// <summary>Takes in what the process has written until now; on Windows, what has arrived.</summary>
    public void Drain()
    {
        lock (gate)
        {
            while (!OperatingSystem.IsWindows() && pipe is AnonymousPipeClientStream anonymous && Poll(anonymous, 0) && ReadChunk()) { }
        }
    }

    public void Measure()
    {
        try
        {
            var kilobytes = OperatingSystem.IsLinux() ? LinuxPeak(process!.Id) : Peak(process!);
            PeakMemory = Math.Max(PeakMemory, (int)(kilobytes / 1024));
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile; the last measure stands.
        }
    }

    private static long Peak(Process process)
    {
        process.Refresh();
        return process.PeakWorkingSet64 / 1024;
    }

    /// <summary>The one line that is wanted (proc_pid_status(5)); <see cref="Process"/> would also go through all of the process's threads.</summary>
    private static long LinuxPeak(int id)
    {
        try
        {
            using var file = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status"));
            Span<byte> status = stackalloc byte[4096];
            status = status[..RandomAccess.Read(file, status, 0)];
            var at = status.IndexOf("VmHWM:"u8);
            return at >= 0 && Utf8Parser.TryParse(status[(at + 6)..].TrimStart(" \t"u8), out long kilobytes, out _) ? kilobytes : 0;
        }
        catch (IOException)
        {
            return 0; // It has ended meanwhile.
        }
    }

    /// <summary>What it has used of the processors until now; zero where it does not run.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            try
            {
                process?.Refresh();
                return process?.TotalProcessorTime ?? TimeSpan.Zero;
            }
            catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
            {
                return TimeSpan.Zero;
            }
        }
    }

    public void Kill()
    {
        try
        {
            process?.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => Kill();

    private void Use(IReadOnlyList<string> command)
    {
        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }
    }

    private void Run()
    {
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            started.SetException(failure);
            return;
        }

        using (process)
        {
            pipe = process.StandardOutput.BaseStream;
            // Its own end counts, also while a child that it left behind still holds the pipe.
            process.Exited += (_, _) =>
            {
                End();
                Release(); // what it left behind may hold the pipe
            };
            process.EnableRaisingEvents = true;
            if (OperatingSystem.IsWindows())
            {
                process.ErrorDataReceived += (_, data) => onLine((data.Data ?? "") + "\n");
                process.BeginErrorReadLine();
            }

            started.SetResult();
            while (Read()) { }

            process.WaitForExit();
            End();
            Release();
            lock (gate)
            {
                pipe.Dispose();
                pipe = null;
            }
        }
    }

    /// <summary>Ends what the process left behind.</summary>
    internal void Release()
    {
        try
        {
            process!.StandardInput.Close();
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            // There is no watcher, or it has ended.
        }
    }

    private void End()
    {
        try
        {
            Drain();
            exited.TrySetResult(Describe(process!.ExitCode));
        }
        catch (InvalidOperationException)
        {
            // The pipe's end was seen first, and all was read.
            exited.TrySetResult("");
        }
    }

    private bool Read()
    {
        if (pipe is AnonymousPipeClientStream anonymous && !OperatingSystem.IsWindows())
        {
            // Waiting happens outside the lock and reading inside, so that Drain leaves nothing behind.
            Poll(anonymous, -1);
            lock (gate)
            {
                return !Poll(anonymous, 0) || ReadChunk();
            }
        }

        return ReadChunk();
    }

    private bool ReadChunk()
    {
        var read = pipe!.Read(chunk);
        foreach (var value in chunk.AsSpan(0, read))
        {
            line.Add(value);
            if (value == '\n' || line.Count == LineLimit)
            {
                Flush();
            }
        }

        if (read == 0 && line.Count > 0)
        {
            Flush();
        }

        return read > 0;
    }

    private void Flush()
    {
        onLine(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(line)));
        line.Clear();
    }

    private static string Describe(int exitCode) =>
        exitCode switch
        {
            0 => "",
            137 => "signal: killed",
            134 => "signal: aborted",
            139 => "signal: segmentation fault",
            143 => "signal: terminated",
            _ => "exit status " + exitCode.ToString(CultureInfo.InvariantCulture),
        };

    private static bool Poll(AnonymousPipeClientStream stream, int milliseconds)
    {
        var file = new PollFile { File = (int)stream.SafePipeHandle.DangerousGetHandle(), Events = 1 };
        return Native.Poll(ref file, 1, milliseconds) > 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFile
    {
        public int File;
        public short Events;
        public short Answered;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "poll")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Poll(ref PollFile files, nuint count, int milliseconds);
    }
}
