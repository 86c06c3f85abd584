using System.Globalization;

namespace Disa.Bench;

/// <summary>
/// Processor time that a server, the processes below it and this client have used, by /proc: what a message costs does not depend on how
/// busy the machine is, as its rate does.
/// </summary>
/// <param name="Server">Microseconds in the emulator's own process.</param>
/// <param name="Functions">Microseconds in its children, those that have ended included.</param>
/// <param name="Client">Microseconds in this process.</param>
internal readonly record struct ProcessorTime(double Server, double Functions, double Client)
{
    /// <summary>Ticks a second in /proc/PID/stat: USER_HZ, which is 100 on every architecture that .NET runs on (proc_pid_stat(5)).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Null where there is no /proc.</summary>
    public static ProcessorTime? Of(int server)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var parents = new Dictionary<int, (int Parent, double Own, double Ended)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Read(id) is { } read
            )
            {
                parents[id] = read;
            }
        }

        var own = parents.GetValueOrDefault(server);
        var below = own.Ended;
        foreach (var (id, (_, used, ended)) in parents)
        {
            if (id != server && IsBelow(id, server, parents))
            {
                below += used + ended;
            }
        }

        return new ProcessorTime(own.Own, below, Environment.CpuUsage.TotalTime.TotalMicroseconds);
    }

    public ProcessorTime Since(ProcessorTime before) => new(Server - before.Server, Functions - before.Functions, Client - before.Client);

    /// <summary>Its parent, what it has used, and what its ended children have; null where it is gone.</summary>
    private static (int Parent, double Own, double Ended)? Read(int id)
    {
        try
        {
            // The command's name is in parentheses and may hold anything; the fields follow the last one.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), Microseconds(fields, 11), Microseconds(fields, 13));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>In user mode and in the kernel.</summary>
    private static double Microseconds(string[] fields, int at) =>
        (double.Parse(fields[at], CultureInfo.InvariantCulture) + double.Parse(fields[at + 1], CultureInfo.InvariantCulture))
        / TicksPerSecond
        * 1e6;

    private static bool IsBelow(int id, int server, Dictionary<int, (int Parent, double Own, double Ended)> parents)
    {
        for (var at = id; parents.TryGetValue(at, out var read) && at > 1; at = read.Parent)
        {
            if (read.Parent == server)
            {
                return true;
            }
        }

        return false;
    }
}
