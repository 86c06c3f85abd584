using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Time;

namespace Disa.Emulator.Lambda;

/// <summary>What a sandbox writes: kept for the end of an invocation, or stored at once where none is in progress.</summary>
internal sealed class SandboxLog(SandboxPlan plan, LogSink logs, Clock clock, Action<string> hint)
{
    private const int TailBytes = 4096;

    /// <summary>So many characters are kept back for the end of an invocation; what is more is written while it runs.</summary>
    private const int MostPending = 1024 * 1024;

    private readonly Lock gate = new();
    private readonly StringBuilder tail = new();
    private List<(DateTimeOffset, string)> lines = [];
    private bool invoking;
    private int pending;

    /// <summary>The name of its log stream.</summary>
    public string Stream { get; } =
        $"{clock.GetUtcNow():yyyy/MM/dd}/[{plan.Version.Version}]{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";

    /// <summary>The last lines that were written while no invocation was in progress.</summary>
    public Task Writing { get; private set; } = Task.CompletedTask;

    /// <summary>From now on lines belong to an invocation.</summary>
    public void Begin()
    {
        lock (gate)
        {
            invoking = true;
        }
    }

    /// <summary>A line of the process: kept for the end of the invocation, or written at once where none is in progress.</summary>
    public void Written(string line)
    {
        if (plan.IsDebugged && LocalRun.IsHint(line))
        {
            hint(line.TrimEnd());
        }

        bool now,
            full;
        lock (gate)
        {
            Add(line);
            now = !invoking;
            full = invoking && pending > MostPending;
        }

        if (now)
        {
            Writing = Flush();
        }
        else if (full)
        {
            // On the process's own thread, which reads no further meanwhile: a function cannot write faster than its lines are stored.
            Write().GetAwaiter().GetResult();
        }
    }

    /// <summary>A line of the platform; an empty one is none.</summary>
    public void Line(string line)
    {
        if (line.Length == 0)
        {
            return;
        }

        lock (gate)
        {
            Add(line);
        }
    }

    private void Add(string line)
    {
        lines.Add((clock.GetUtcNow(), line));
        pending += line.Length;
        tail.Append(line.Length > TailBytes ? line.AsSpan(line.Length - TailBytes) : line);
        if (tail.Length > 4 * TailBytes)
        {
            tail.Remove(0, tail.Length - TailBytes);
        }
    }

    /// <summary>Ends the invocation's lines, and answers the last of them.</summary>
    public async Task<string> Flush()
    {
        string last;
        lock (gate)
        {
            invoking = false;
            last = tail.Length > TailBytes ? tail.ToString(tail.Length - TailBytes, TailBytes) : tail.ToString();
            tail.Clear();
        }

        await Write().ConfigureAwait(false);
        return last;
    }

    private async Task Write()
    {
        List<(DateTimeOffset, string)> batch;
        lock (gate)
        {
            (batch, lines) = (lines, []);
            pending = 0;
        }

        try
        {
            await logs.WriteAs(Caller.Role(plan.Version.Role, SandboxPlan.SessionOf(plan.Name), plan.Scope), plan.LogGroup, Stream, batch)
                .ConfigureAwait(false);
        }
        catch (AwsException)
        {
            // A group whose key is disabled takes no lines; the function's answer stands.
        }
    }
}
