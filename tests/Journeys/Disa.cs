using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Disa.Journeys;

/// <summary>How a process ended, and what it printed.</summary>
public sealed record Ended(int ExitCode, string Output, string Error)
{
    /// <summary>The output as JSON; fails, showing what was printed, where it is none or the process failed.</summary>
    public JsonElement Json()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return JsonElement.Parse(Output);
    }
}

/// <summary>Runs programs as a user does.</summary>
public static class Program
{
    /// <summary>The command <c>disa</c> that the same build made, or the one that DISA_UNDER_TEST names.</summary>
    public static string DisaPath { get; } =
        Environment.GetEnvironmentVariable("DISA_UNDER_TEST")
        ?? Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "Disa.Cli",
                Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\')),
                OperatingSystem.IsWindows() ? "disa.exe" : "disa"
            )
        );

    public static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    public static async Task<Ended> Run(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? directory = null
    )
    {
        using var process = Start(program, arguments, environment, directory);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, await output, await error);
    }

    public static Process Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        string? directory,
        bool typing = false
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };

        // Nothing of the developer's own AWS configuration may reach a test.
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("DISA_", StringComparison.Ordinal)
                )
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        if (!typing)
        {
            process.StandardInput.Close();
        }

        return process;
    }
}
