using System.Collections.Concurrent;
using System.Diagnostics;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>The runtimes that run here, and the command that each one starts a function's process with.</summary>
internal static class FunctionRuntime
{
    private static readonly string[] Supported =
    [
        "dotnet8", "dotnet10", "provided.al2023", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14", "nodejs20.x", "nodejs22.x", "nodejs24.x",
    ];

    private static readonly ConcurrentDictionary<string, string?> Found = new(StringComparer.Ordinal);

    /// <exception cref="AwsException">InvalidParameterValueException: the runtime is unknown, does not run here, or the handler is not of its form.</exception>
    public static void Check(string runtime, string handler)
    {
        if (!Supported.Contains(runtime))
        {
            throw LambdaErrors.Invalid(
                $"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", Supported)}] (those that the Disa emulator runs)");
        }

        if (handler.Length is 0 or > 128 || handler.Any(char.IsWhiteSpace))
        {
            throw LambdaErrors.Constraint(handler, "handler", "Member must satisfy regular expression pattern: [^\\s]+");
        }

        if ((IsPython(runtime) || IsNode(runtime)) && Interpreter(runtime) is null)
        {
            throw LambdaErrors.Invalid($"The runtime {runtime} needs {(IsPython(runtime) ? "python3" : "node")} on the PATH of the Disa emulator, and there is none.");
        }
    }

    public static bool IsPython(string runtime) => runtime.StartsWith("python3.", StringComparison.Ordinal);

    public static bool IsDotnet(string runtime) => runtime.StartsWith("dotnet", StringComparison.Ordinal);

    public static bool IsNode(string runtime) => runtime.StartsWith("nodejs", StringComparison.Ordinal);

    /// <summary>True where the runtime brings a runtime loop of its own; the others speak the Runtime API themselves.</summary>
    public static bool HasBootstrap(FunctionVersion version) =>
        IsPython(version.Runtime) || IsNode(version.Runtime) || (IsDotnet(version.Runtime) && DotnetPackage.IsLibrary(version.Handler));

    /// <summary>Program and arguments.</summary>
    /// <exception cref="RuntimeExitException">The runtime would end before it started the function.</exception>
    /// <param name="version">Whose process it is.</param>
    /// <param name="code">The directory of the unpacked package.</param>
    /// <param name="runtimes">The directory of the runtime loops.</param>
    public static IReadOnlyList<string> Command(FunctionVersion version, string code, string runtimes)
    {
        if (IsDotnet(version.Runtime))
        {
            return new DotnetPackage(version, code).Command(Dotnet(version.Runtime), runtimes);
        }

        return IsPython(version.Runtime) ? [Interpreter(version.Runtime)!, "-u", Path.Combine(runtimes, "python.py")]
            : IsNode(version.Runtime) ? [Interpreter(version.Runtime)!, Path.Combine(runtimes, "node.mjs")]
            : [Path.Combine(code, "bootstrap")];
    }

    /// <summary>The interpreter itself, where the one on PATH is a script that chooses it (pyenv): the function's process has no such environment.</summary>
    private static string? Interpreter(string runtime) => Found.GetOrAdd(runtime, static name =>
    {
        if (IsNode(name))
        {
            return OnPath("node");
        }

        return new[] { OnPath(name), OnPath("python3") }.OfType<string>()
            .Select(python => Ask(python, "-c", "import sys; print(sys.executable)")).FirstOrDefault(python => python is not null);
    });

    /// <summary>What an engineer should know of the machine, for the function's log; null for nothing.</summary>
    public static string? Remark(FunctionVersion version) => IsDotnet(version.Runtime) ? DotnetPackage.RollForward(version.Runtime, Dotnet(version.Runtime)) : null;

    private static string Dotnet(string runtime) => Found.GetOrAdd("dotnet", static _ =>
        Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
        : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(Path.Combine(root, "dotnet")) ? Path.Combine(root, "dotnet")
        : OnPath("dotnet") is { } found ? File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found
        : null) ?? throw LambdaErrors.Invalid($"The runtime {runtime} needs dotnet on the PATH of the Disa emulator, and there is none.");

    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(directory => OperatingSystem.IsWindows() ? (string[])[Path.Combine(directory, program + ".exe")] : [Path.Combine(directory, program)])
        .FirstOrDefault(File.Exists);

    private static string? Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        var answer = process?.StandardOutput.ReadToEnd().Trim();
        process?.WaitForExit();
        return process?.ExitCode == 0 && File.Exists(answer) ? answer : null;
    }
}
