namespace Disa.Cli;

/// <summary>The clone that the command was built in, where it was.</summary>
internal static class Clone
{
    /// <summary>Its root; null for an installed tool.</summary>
    public static string? Root { get; } = Find(AppContext.BaseDirectory);

    public static bool Is(string directory) =>
        File.Exists(Path.Combine(directory, "disa.slnx")) && Directory.Exists(Path.Combine(directory, "dispatcher", "Functions"));

    private static string? Find(string? directory)
    {
        while (directory is not null && !Is(directory))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory;
    }
}
