namespace Disa.Journeys;

/// <summary>What the disk held when the power went before one write of a journey.</summary>
/// <param name="Number">Which write, from 1.</param>
/// <param name="Directory">A data directory as it was then.</param>
/// <param name="Acknowledged">Whether the application had its answer by then.</param>
public sealed record PowerCut(int Number, string Directory, bool Acknowledged);

/// <summary>A machine's disk, copied before each write of a journey: each copy is what a power cut there leaves.</summary>
/// <param name="directory">The data directory that is written to.</param>
/// <param name="images">Where the copies go.</param>
public sealed class Disk(string directory, string images)
{
    private readonly List<PowerCut> cuts = [];
    private volatile bool travelling;
    private volatile bool acknowledged;

    /// <summary>One for each write of the journey; read it when the machine is off.</summary>
    public IReadOnlyList<PowerCut> Cuts => cuts;

    /// <summary>From now on the writes are the journey's.</summary>
    public void Travel() => travelling = true;

    public void Acknowledge() => acknowledged = true;

    /// <summary>For the emulator to call before each write, on the thread that alone changes the files: nothing moves while they are copied.</summary>
    public void BeforeWrite(long number)
    {
        if (travelling)
        {
            var cut = new PowerCut(cuts.Count + 1, Path.Combine(images, $"{cuts.Count + 1}"), acknowledged);
            Copy(directory, cut.Directory);
            cuts.Add(cut);
        }
    }

    /// <summary>
    /// Files only: functions are unpacked again at each start. Nor the index of SQLite's log, which a start after a cut makes again, nor the lock
    /// of the process that runs, which ends with it.
    /// </summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (
            var file in Directory
                .EnumerateFiles(from)
                .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal))
        )
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
