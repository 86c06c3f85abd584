namespace Disa.Operations;

/// <summary>What the command is called in hints: as the user called it, so that a hint can be typed as it stands.</summary>
internal static class CommandName
{
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>Such as <c>disa</c>, <c>./disa</c> or <c>dotnet run --project cli --</c>.</summary>
    public static string Current => Found.Value;

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("DISA_COMMAND") is { Length: > 0 } script)
        {
            return script;
        }

        if (!OperatingSystem.IsLinux())
        {
            return "disa";
        }

        try
        {
            var parent = File.ReadAllText("/proc/self/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] : "";
            return OfRun(Arguments($"/proc/{parent}/cmdline")) ?? OfCall(Arguments("/proc/self/cmdline"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return "disa";
        }
    }

    /// <summary>Called by <c>dotnet run</c>: with all that stands before the command's own arguments.</summary>
    private static string? OfRun(string[] parent)
    {
        if (
            parent is not [var dotnet, ..]
            || Path.GetFileNameWithoutExtension(dotnet) != "dotnet"
            || !parent.Contains("run", StringComparer.Ordinal)
        )
        {
            return null;
        }

        var own = parent
            .Skip(1)
            .SkipWhile(argument => argument.EndsWith(".dll", StringComparison.Ordinal))
            .TakeWhile(argument => argument != "--");
        return $"dotnet {string.Join(' ', own)} --";
    }

    private static string OfCall(string[] self) =>
        self is [{ Length: > 0 } first, ..] && Path.GetFileNameWithoutExtension(first) != "dotnet" ? first : "disa";

    private static string[] Arguments(string path) => File.ReadAllText(path).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
