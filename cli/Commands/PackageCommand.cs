using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Disa.Cli.Deploy;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa package --json</c> prints.</summary>
/// <param name="Source">The clone they were built from; null where they are those that came with the command.</param>
internal sealed record PackageReport(string? Source, IReadOnlyList<Package> Packages);

/// <summary>One function's package.</summary>
internal sealed record Package(string Name, string Path, long Bytes, string Sha256);

/// <summary><c>disa package</c>: the three packages, built in a clone, or as they came with the command; size and hash of each.</summary>
internal static class PackageCommand
{
    /// <summary>The functions' projects, and what they make.</summary>
    private static readonly (string Project, string Name)[] Functions =
    [
        ("Init", "disa_init_process"),
        ("Process", "disa_process"),
        ("Retry", "disa_retry"),
    ];

    public static readonly Option<DirectoryInfo?> Source = new("--source")
    {
        Description = "The clone that has the sources (default: the clone that this command was built in, if any)",
    };
    private static readonly Option<DirectoryInfo?> Output = new("--output") { Description = "Copy the packages to this directory" };

    private static readonly Option<string?> Architecture = new("--architecture")
    {
        Description = "Compile the packages ahead of time for x86_64 or arm64 (default: they run on both and are compiled where they run)",
    };

    static PackageCommand() => Architecture.AcceptOnlyFromAmong("x86_64", "arm64");

    public static Command Create()
    {
        var command = new Command(
            "package",
            "Build the three function packages and print their size and SHA-256; the same sources give the same bytes"
        )
        {
            Source,
            Output,
            Architecture,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var source = parsed.GetValue(Source)?.FullName ?? Clone.Root;
        if (source is not null && !Clone.Is(source))
        {
            throw new UsageException($"{source} is not a clone of Disa.");
        }

        var architecture = parsed.GetValue(Architecture);
        if (source is not null)
        {
            await Terminal.Progress("Building", say => Build(source, architecture, say, cancellation)).ConfigureAwait(false);
        }
        else if (architecture is not null)
        {
            throw new UsageException("--architecture needs the sources: name a clone of Disa with --source.");
        }

        var from = source is null
            ? Path.Combine(Artefacts.Find().Directory, "code", "dotnet")
            : Path.Combine(source, "artifacts", architecture is null ? "packages" : $"packages-{architecture}");
        var report = new PackageReport(
            source,
            [.. Functions.Select(function => Take(Path.Combine(from, function.Name + ".zip"), parsed.GetValue(Output)))]
        );
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(report, CliJson.Readable.PackageReport);
            return DisaCommand.Done;
        }

        var table = new Listing("package", ">bytes", "SHA-256");
        foreach (var package in report.Packages)
        {
            table.Add(Styled.Of(package.Path), (Styled)$"{package.Bytes:N0}", Styled.Of(package.Sha256));
        }

        Terminal.Out.Write(table);
        return DisaCommand.Done;
    }

    private static Package Take(string path, DirectoryInfo? to)
    {
        if (to is not null)
        {
            to.Create();
            var copy = Path.Combine(to.FullName, Path.GetFileName(path));
            File.Copy(path, copy, overwrite: true);
            path = copy;
        }

        var bytes = File.ReadAllBytes(path);
        return new(Path.GetFileNameWithoutExtension(path), path, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>Builds the packages of a clone into its artifacts.</summary>
    /// <param name="source">The clone.</param>
    /// <param name="architecture">Which of Lambda's they are compiled for; null for none.</param>
    /// <param name="say">Told what is being built.</param>
    /// <param name="cancellation">Ends the build.</param>
    /// <exception cref="FailureException">One does not compile; the text is the first error.</exception>
    public static async Task<bool> Build(string source, string? architecture, Action<string> say, CancellationToken cancellation)
    {
        foreach (var (project, name) in Functions)
        {
            say($"Building {name}");
            var start = new ProcessStartInfo(
                "dotnet",
                [
                    "build",
                    Path.Combine(source, "dispatcher", "Functions", project),
                    "-c",
                    "Release",
                    "-v",
                    "quiet",
                    "-nologo",
                    $"-p:FunctionsFor={architecture}",
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = source,
            };
            using var process = Start(start);
            var (output, errors) = (
                process.StandardOutput.ReadToEndAsync(cancellation),
                process.StandardError.ReadToEndAsync(cancellation)
            );
            try
            {
                await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            if (process.ExitCode != 0)
            {
                var said = (await output.ConfigureAwait(false) + await errors.ConfigureAwait(false)).Split(
                    '\n',
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                );
                throw new FailureException(
                    $"{name} was not built: {said.FirstOrDefault(line => line.Contains(" error ", StringComparison.Ordinal)) ?? said.FirstOrDefault() ?? "dotnet gave no reason"}"
                );
            }
        }

        return true;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new FailureException($"the .NET SDK is needed to build ({missing.Message}).");
        }
    }
}
