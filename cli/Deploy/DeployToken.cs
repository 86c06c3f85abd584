using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Disa.Cli.Deploy;

/// <summary>Who deploys: goes with each stack operation as its client request token, so that another deploy knows whose it is.</summary>
internal static class DeployToken
{
    private const string Prefix = "disa";

    public static string New() => $"{Prefix}-{Machine}-{Environment.ProcessId}-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";

    /// <summary>Says in words whose a token is.</summary>
    public static string Describe(string token) => $"{token} {Environment.UserName}@{Environment.MachineName}";

    /// <summary>The process of this machine that made it and still runs; null where there is none, or nobody can say.</summary>
    public static int? RunningProcess(string? text) =>
        text?.Split(' ')[0].Split('-') is [Prefix, var machine, var number, _]
        && machine == Machine
        && int.TryParse(number, out var id)
        && id != Environment.ProcessId
        && IsDisa(id)
            ? id
            : null;

    /// <summary>Made on this machine by a process that has ended, or by this one.</summary>
    public static bool IsLeftOver(string? text) =>
        text?.Split(' ')[0].Split('-') is [Prefix, var machine, _, _] && machine == Machine && RunningProcess(text) is null;

    private static string Machine { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName)))[..8];

    private static bool IsDisa(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            using var own = Process.GetCurrentProcess();
            return !process.HasExited && process.ProcessName == own.ProcessName;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
