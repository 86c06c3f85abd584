using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>The keys that a function's process signs with.</summary>
internal sealed record FunctionCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration);

/// <summary>What sandboxes of a version have in common.</summary>
internal sealed record SandboxPlan(
    Scope Scope,
    string Name,
    FunctionVersion Version,
    string Code,
    string Runtimes,
    Uri Endpoint,
    LocalRun? Local = null
)
{
    /// <summary>What the directory of its code was when it was opened.</summary>
    private readonly int opened = Local?.Version ?? 0;

    /// <summary>Whether the code is what it was.</summary>
    public bool IsCurrent => opened == (Local?.Version ?? 0);

    /// <summary>The directory of its layers' contents, which is <c>/opt</c> on AWS; null where it has none.</summary>
    public string? Layers { get; init; }

    /// <summary>Whether it serves provisioned concurrency.</summary>
    public bool IsProvisioned { get; init; }

    public bool IsDebugged => Local is { IsDebugged: true };

    public string LogGroup => Version.LogGroup ?? "/aws/lambda/" + Name;

    /// <summary>The name of the session that the process acts in: STS takes no name of one letter (recorded on AWS).</summary>
    public static string SessionOf(string function) => function.Length == 1 ? function + "@lambda_function" : function;

    public string FunctionArn => FunctionReference.ArnOf(Scope, Name);

    /// <summary>What its process finds in its environment.</summary>
    public Dictionary<string, string> Environment(string runtimeApi, string logStream, FunctionCredentials credentials)
    {
        var version = Version;
        var runtimeDirectory = FunctionRuntime.HasBootstrap(version) ? Runtimes : Code;
        var environment = new Dictionary<string, string>
        {
            ["_HANDLER"] = version.Handler,
            ["AWS_REGION"] = Scope.Region,
            ["AWS_DEFAULT_REGION"] = Scope.Region,
            ["AWS_LAMBDA_FUNCTION_NAME"] = Name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = version.Version,
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = version.MemorySize.ToString(CultureInfo.InvariantCulture),
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = IsProvisioned ? "provisioned-concurrency" : "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = LogGroup,
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = logStream,
            ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi,
            ["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = credentials.SessionToken,
            // The one thing that AWS does not set: where this AWS is.
            ["AWS_ENDPOINT_URL"] = Endpoint.ToString().TrimEnd('/'),
            ["LAMBDA_TASK_ROOT"] = Code,
            ["LAMBDA_RUNTIME_DIR"] = runtimeDirectory,
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/opt/bin",
        };
        if (version.LogFormat == FunctionLogging.Json)
        {
            environment["AWS_LAMBDA_LOG_FORMAT"] = FunctionLogging.Json;
            environment["AWS_LAMBDA_LOG_LEVEL"] = version.ApplicationLogLevel!;
        }

        if (Layers is { } layers)
        {
            FunctionLayers.AddPaths(environment, version.Runtime, layers);
        }

        if (!version.Runtime.StartsWith("provided", StringComparison.Ordinal))
        {
            environment["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + version.Runtime;
        }

        if (IsDebugged && FunctionRuntime.MayBeDotnet(version))
        {
            environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(Runtimes, DotnetPackage.RuntimeLoop);
        }

        foreach (var (name, value) in version.Environment ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return environment;
    }
}

/// <summary>What came of one invocation.</summary>
internal sealed record SandboxResult(byte[] Payload, string? ErrorType, string LogTail, bool Reusable);
