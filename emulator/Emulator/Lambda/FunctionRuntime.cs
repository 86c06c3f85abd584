using System.Collections.Concurrent;
using System.Diagnostics;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>The runtimes that run here, and the command that each one starts a function's process with.</summary>
internal static class FunctionRuntime
{
    private static readonly string[] Supported =
    [
        "dotnet8",
        "dotnet10",
        "provided.al2023",
        "python3.8",
        "python3.9",
        "python3.10",
        "python3.11",
        "python3.12",
        "python3.13",
        "python3.14",
        "nodejs16.x",
        "nodejs18.x",
        "nodejs20.x",
        "nodejs22.x",
        "nodejs24.x",
    ];

    /// <summary>Those that AWS runs and the emulator does not (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html).</summary>
    private static readonly string[] NotDone =
    [
        "dotnet6",
        "java8.al2",
        "java11",
        "java17",
        "java21",
        "java25",
        "provided.al2",
        "ruby3.2",
        "ruby3.3",
        "ruby3.4",
    ];

    /// <summary>Those that AWS no longer takes.</summary>
    private static readonly string[] Withdrawn =
    [
        "dotnet5.0",
        "dotnetcore1.0",
        "dotnetcore2.0",
        "dotnetcore2.1",
        "dotnetcore3.1",
        "go1.x",
        "java8",
        "nodejs",
        "nodejs10.x",
        "nodejs12.x",
        "nodejs14.x",
        "nodejs4.3",
        "nodejs4.3-edge",
        "nodejs6.10",
        "nodejs8.10",
        "provided",
        "python2.7",
        "python3.6",
        "python3.7",
        "ruby2.5",
        "ruby2.7",
    ];

    /// <summary>Those that AWS names where it refuses one, in its order.</summary>
    /// <remarks>As recorded on AWS at the end of 2025, before dotnet10, in localstack's tests/aws/services/lambda_/test_lambda_api.</remarks>
    public const string Recorded =
        "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java17, nodejs16.x, java25, dotnet8, "
        + "python3.10, java11, python3.11, dotnet6, java21, nodejs18.x, provided.al2, ruby3.3, ruby3.4, java8.al2, ruby3.2, python3.8, python3.9";

    private static readonly ConcurrentDictionary<string, string?> Found = new(StringComparer.Ordinal);

    /// <exception cref="AwsException">
    /// InvalidParameterValueException: the runtime is unknown or withdrawn, or the handler is not of its form. NotImplemented: it does not run here.
    /// </exception>
    public static void Check(string runtime, string handler)
    {
        if (Withdrawn.Contains(runtime))
        {
            throw LambdaErrors.Invalid(
                $"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. "
                    + "We recommend you use a supported runtime while creating or updating functions."
            );
        }

        if (NotDone.Contains(runtime))
        {
            throw AwsException.NotImplemented($"the runtime {runtime}");
        }

        if (!Supported.Contains(runtime))
        {
            throw LambdaErrors.Invalid(
                $"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [{Recorded}] or be a valid ARN"
            );
        }

        if (handler.Length is 0 or > 128 || handler.Any(char.IsWhiteSpace))
        {
            throw LambdaErrors.Constraint(handler, "handler", "Member must satisfy regular expression pattern: [^\\s]+");
        }

        if ((IsPython(runtime) || IsNode(runtime)) && Interpreter(runtime) is null)
        {
            throw AwsException.NotImplemented($"the runtime {runtime} without {(IsPython(runtime) ? "python3" : "node")} on its PATH");
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
    /// <param name="layers">The directory of its layers' contents: there the bootstrap is looked for after the package.</param>
    public static IReadOnlyList<string> Command(FunctionVersion version, string code, string runtimes, string? layers = null)
    {
        if (IsDotnet(version.Runtime))
        {
            return new DotnetPackage(version, code).Command(Dotnet(version.Runtime), runtimes);
        }

        return IsPython(version.Runtime) ? [Interpreter(version.Runtime)!, "-u", Path.Combine(runtimes, "python.py")]
            : IsNode(version.Runtime) ? [Interpreter(version.Runtime)!, Path.Combine(runtimes, "node.mjs")]
            : [Bootstrap(code, layers)];
    }

    private static string Bootstrap(string code, string? layers)
    {
        var own = Path.Combine(code, "bootstrap");
        return layers is null || File.Exists(own) ? own : Path.Combine(layers, "bootstrap");
    }

    /// <summary>The command that starts the same process waiting for a debugger.</summary>
    /// <remarks>
    /// Node.js has an option for it (https://nodejs.org/api/debugger.html), .NET a startup hook of the emulator's; Python waits for none by
    /// itself: there the function calls debugpy.
    /// </remarks>
    public static IReadOnlyList<string> Debugged(FunctionVersion version, IReadOnlyList<string> command) =>
        IsNode(version.Runtime) ? [command[0], "--inspect-brk=127.0.0.1:0", .. command.Skip(1)] : command;

    /// <summary>Whether a process may be a .NET program: a startup hook does nothing in others.</summary>
    public static bool MayBeDotnet(FunctionVersion version) => !IsPython(version.Runtime) && !IsNode(version.Runtime);

    /// <summary>The interpreter itself, where the one on PATH is a script that chooses it (pyenv): the function's process has no such environment.</summary>
    private static string? Interpreter(string runtime) =>
        Found.GetOrAdd(
            runtime,
            static name =>
            {
                if (IsNode(name))
                {
                    return OnPath("node");
                }

                return new[] { OnPath(name), OnPath("python3") }
                    .OfType<string>()
                    .Select(python => Ask(python, "-c", "import sys; print(sys.executable)"))
                    .FirstOrDefault(python => python is not null);
            }
        );

    /// <summary>What an engineer should know of the machine, for the function's log; null for nothing.</summary>
    public static string? Remark(FunctionVersion version) =>
        IsDotnet(version.Runtime) ? DotnetPackage.RollForward(version.Runtime, Dotnet(version.Runtime)) : null;

    private static string Dotnet(string runtime) =>
        Found.GetOrAdd(
            "dotnet",
            static _ =>
                Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
                : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(Path.Combine(root, "dotnet"))
                    ? Path.Combine(root, "dotnet")
                : OnPath("dotnet") is { } found ? File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found
                : null
        ) ?? throw LambdaErrors.Invalid($"The runtime {runtime} needs dotnet on the PATH of the Disa emulator, and there is none.");

    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory =>
                OperatingSystem.IsWindows() ? (string[])[Path.Combine(directory, program + ".exe")] : [Path.Combine(directory, program)]
            )
            .FirstOrDefault(File.Exists);

    private static string? Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        );
        var answer = process?.StandardOutput.ReadToEnd().Trim();
        process?.WaitForExit();
        return process?.ExitCode == 0 && File.Exists(answer) ? answer : null;
    }
}
