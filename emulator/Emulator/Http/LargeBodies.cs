using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Disa.Emulator.Http;

/// <summary>Gives the memory of large bodies back to the system: an emulator that idles afterwards would keep it otherwise.</summary>
internal static class LargeBodies
{
    /// <summary>In bytes. A collection costs less than receiving so much.</summary>
    private const long Large = 16 * 1024 * 1024;

    private static int collecting;

    /// <param name="length">Of the body whose request is over.</param>
    public static void Ended(long? length)
    {
        if (length >= Large && Interlocked.Exchange(ref collecting, 1) == 0)
        {
            // Later than the request's own frames, which still hold it.
            ThreadPool.UnsafeQueueUserWorkItem(
                static _ =>
                {
                    Interlocked.Exchange(ref collecting, 0);
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    if (OperatingSystem.IsLinux())
                    {
                        Trim();
                    }
                },
                null
            );
        }
    }

    /// <summary>What SQLite has freed: glibc keeps it otherwise. Other C libraries have no such function, and need none.</summary>
    private static void Trim()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "The generated form needs unsafe code.")]
    private static extern int MallocTrim(nuint pad);
}
