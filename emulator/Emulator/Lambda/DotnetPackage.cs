using System.Globalization;
using System.Text.Json;

namespace Disa.Emulator.Lambda;

/// <summary>A package for dotnet8 or dotnet10, unpacked: an executable assembly, or a class library that the emulator's runtime loop loads.</summary>
/// <remarks>
/// Which files are taken, and what is said where they are missing: aws/aws-lambda-dotnet,
/// Libraries/src/Amazon.Lambda.RuntimeSupport/bootstrap-al2023.sh.
/// </remarks>
/// <param name="code">The directory of the unpacked package.</param>
internal sealed class DotnetPackage(FunctionVersion version, string code)
{
    /// <summary>The file that loads class libraries, built for the oldest of the runtimes.</summary>
    public const string RuntimeLoop = "dotnet.dll";

    /// <summary>The host's exit status where the framework that a program asks for is not there.</summary>
    private const int FrameworkMissing = 150;

    /// <summary>True where a handler names a method, and not a program.</summary>
    public static bool IsLibrary(string handler) => handler.Contains(':', StringComparison.Ordinal);

    /// <summary>A sentence where the machine has only a newer .NET than the runtime's; null where it has that one, or none.</summary>
    public static string? RollForward(string runtime, string dotnet) =>
        Installed(dotnet).Order().ToList() is { Count: > 0 } there
        && !there.Contains(Major(runtime))
        && there.Find(one => one > Major(runtime)) is > 0 and var newer
            ? $"The Disa emulator found no .NET {Major(runtime)} on this machine: the function runs on .NET {newer}."
            : null;

    /// <summary>Program and arguments.</summary>
    /// <exception cref="RuntimeExitException">A file is missing, or the package asks for a newer .NET than the runtime's.</exception>
    public IReadOnlyList<string> Command(string dotnet, string runtimes) =>
        IsLibrary(version.Handler) ? Library(dotnet, runtimes) : Executable(dotnet);

    private List<string> Library(string dotnet, string runtimes)
    {
        var main = Variable("LAMBDA_DOTNET_MAIN_ASSEMBLY") is { Length: > 0 } named
            ? WithoutExtension(named)
            : version.Handler[..version.Handler.IndexOf(':')];
        var deps = File(main, ".deps.json", 105);
        var configuration = File(main, ".runtimeconfig.json", 106);
        return [.. Host(dotnet, configuration), "--depsfile", deps, Path.Combine(runtimes, RuntimeLoop)];
    }

    private List<string> Executable(string dotnet)
    {
        var program = Path.Combine(code, WithoutExtension(version.Handler));
        if (System.IO.File.Exists(program + ".dll"))
        {
            return [.. Host(dotnet, program + ".runtimeconfig.json"), "--depsfile", program + ".deps.json", program + ".dll"];
        }

        var binary = Path.Combine(code, version.Handler);
        return System.IO.File.Exists(binary)
            ? [binary]
            : throw new RuntimeExitException($"Error: executable assembly {program}.dll or binary {binary} not found.", 104);
    }

    private List<string> Host(string dotnet, string configuration)
    {
        var wanted = FrameworkMajor(configuration);
        if (wanted > Major(version.Runtime))
        {
            throw new RuntimeExitException(
                $"You must install or update .NET to run this application. Framework: 'Microsoft.NETCore.App', version '{wanted}.0.0'; "
                    + $"the runtime {version.Runtime} has version {Major(version.Runtime)}.",
                FrameworkMissing
            );
        }

        // Only where the runtime's own version is not on this machine: a function finds on AWS what its runtime has, and no other.
        return RollForward(version.Runtime, dotnet) is null
            ? [dotnet, "exec", "--runtimeconfig", configuration]
            : [dotnet, "exec", "--roll-forward", "Major", "--runtimeconfig", configuration];
    }

    /// <summary>The file of that name, else the only one of its kind.</summary>
    private string File(string main, string kind, int status)
    {
        var own = Path.Combine(code, main + kind);
        return System.IO.File.Exists(own) ? own
            : Directory.GetFiles(code, "*" + kind) is [var only] ? only
            : throw new RuntimeExitException(
                $"Error: .NET binaries for Lambda function are not correctly installed in the {code} directory of the image when the image was built. "
                    + $"The {code} directory is missing the required {kind} file.",
                status
            );
    }

    private string? Variable(string name) => version.Environment?.GetValueOrDefault(name);

    private static string WithoutExtension(string file) => file.EndsWith(".dll", StringComparison.Ordinal) ? file[..^4] : file;

    private static int Major(string runtime) => int.Parse(runtime["dotnet".Length..], CultureInfo.InvariantCulture);

    /// <summary>Zero where it does not say, or cannot be read: the host says what is wrong with it.</summary>
    private static int FrameworkMajor(string configuration)
    {
        try
        {
            using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(configuration));
            var options = json.RootElement.GetProperty("runtimeOptions");
            var frameworks =
                options.TryGetProperty("frameworks", out var several) ? several.EnumerateArray().ToList()
                : options.TryGetProperty("framework", out var one) ? [one]
                : [];
            return frameworks
                .Select(framework => Version.TryParse(framework.GetProperty("version").GetString(), out var parsed) ? parsed.Major : 0)
                .Prepend(0)
                .Max();
        }
        catch (Exception failure) when (failure is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>The major versions beside the host.</summary>
    private static IEnumerable<int> Installed(string dotnet)
    {
        var frameworks = Path.Combine(Path.GetDirectoryName(dotnet)!, "shared", "Microsoft.NETCore.App");
        return Directory.Exists(frameworks)
            ? Directory
                .EnumerateDirectories(frameworks)
                .Select(path => Version.TryParse(Path.GetFileName(path), out var parsed) ? parsed.Major : 0)
            : [];
    }
}
