namespace Disa.Emulator;

/// <summary>
/// The environment of the emulator's own process. Functions run as the same user and can read it in <c>/proc</c>: real keys must not be there.
/// Taking a variable away keeps it from children; what the process was started with stays in the kernel's copy unless that is overwritten.
/// </summary>
internal static class OwnEnvironment
{
    private static readonly string[] Secrets =
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ];

    /// <summary>Takes AWS secrets out of this process's environment, and out of what <c>/proc/self/environ</c> shows where that can be done.</summary>
    public static void Clear()
    {
        foreach (var name in Secrets)
        {
            var value = Environment.GetEnvironmentVariable(name);
            if (value is null)
            {
                continue;
            }

            Environment.SetEnvironmentVariable(name, null);
            if (OperatingSystem.IsLinux())
            {
                Overwrite(name + "=", value.Length);
            }
        }
    }

    /// <summary>The block that the kernel shows is memory of this process: the value's bytes become stars.</summary>
    private static void Overwrite(string prefix, int length)
    {
        try
        {
            // Fields 50 and 51 of /proc/self/stat are where the environment begins and ends (proc_pid_stat(5)).
            var fields = File.ReadAllText("/proc/self/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : [];
            var (start, end) = (
                long.Parse(fields[47], System.Globalization.CultureInfo.InvariantCulture),
                long.Parse(fields[48], System.Globalization.CultureInfo.InvariantCulture)
            );
            using var memory = new FileStream("/proc/self/mem", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1);
            var block = new byte[end - start];
            memory.Position = start;
            memory.ReadExactly(block);
            var wanted = System.Text.Encoding.UTF8.GetBytes(prefix);
            byte[] behindAnother = [0, .. wanted];
            var at = block.AsSpan().StartsWith(wanted) ? 0 : block.AsSpan().IndexOf(behindAnother) + 1;
            if (at == 0 && !block.AsSpan().StartsWith(wanted))
            {
                return;
            }

            var from = at + wanted.Length;
            var size = block.AsSpan(from).IndexOf((byte)0);
            memory.Position = start + from;
            memory.Write(Enumerable.Repeat((byte)'*', size < 0 ? length : size).ToArray());
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or IndexOutOfRangeException or FormatException)
        {
            // The variable is gone from the environment at least; a hardened kernel lets nobody at the block.
        }
    }
}
