using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>What a configuration may say (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).</summary>
internal static class FunctionLimits
{
    /// <summary>Bytes of all environment variables together.</summary>
    private const int EnvironmentBytes = 4096;

    /// <summary>Names that a function's process gets from Lambda itself.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
    };

    public static void Check(FunctionVersion version)
    {
        InRange(version.MemorySize, 128, 10240, "memorySize");
        InRange(version.Timeout, 1, 900, "timeout");
        InRange(version.EphemeralStorage, 512, 10240, "ephemeralStorage.size");
        if (version.Description.Length > 256)
        {
            throw LambdaErrors.Constraint(version.Description, "description", "Member must have length less than or equal to 256");
        }

        if (version.Architecture is not ("x86_64" or "arm64"))
        {
            throw LambdaErrors.Constraint(
                $"[{version.Architecture}]",
                "architectures",
                "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"
            );
        }

        OneOf(version.TracingMode, "tracingConfig.mode", "Active", "PassThrough");
        RoleOf(version.Role);
        Environment(version.Environment);
        if (version.DeadLetterTarget is { } target && Arn.TryParse(target) is not { Service: "sqs" or "sns" })
        {
            throw LambdaErrors.Invalid(
                $"Unsupported resource in DeadLetterConfig TargetArn: {target}. Only SQS queues and SNS topics are supported."
            );
        }

        FunctionRuntime.Check(version.Runtime, version.Handler);
        CheckUnzipped(version);
    }

    /// <summary>What a function's package and its layers may take together, unpacked.</summary>
    public static void CheckUnzipped(FunctionVersion version)
    {
        var size = version.UnzippedSize + version.Layers.Sum(layer => layer.UnzippedSize);
        if (size > FunctionCode.UnpackedLimit)
        {
            throw LambdaErrors.Invalid(
                $"Function code combined with layers exceeds the maximum allowed size of {FunctionCode.UnpackedLimit} bytes. The actual size is {size} bytes."
            );
        }
    }

    /// <summary>Runtimes that AWS has and SnapStart has not: beside older ones of Python and .NET, all of Node.js and Ruby.</summary>
    /// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html</remarks>
    public static bool IsWithoutSnapStart(string runtime) =>
        runtime is "python3.8" or "python3.9" or "python3.10" or "python3.11" or "dotnet6"
        || runtime.StartsWith("nodejs", StringComparison.Ordinal)
        || runtime.StartsWith("ruby", StringComparison.Ordinal)
        || runtime.StartsWith("provided", StringComparison.Ordinal);

    public static void Name(string name)
    {
        if (name.Length > 64)
        {
            throw LambdaErrors.Invalid(
                $"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64"
            );
        }

        if (name.Contains('.', StringComparison.Ordinal))
        {
            throw LambdaErrors.Constraint(name, "functionName", "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+");
        }
    }

    /// <summary>One, where any are given.</summary>
    public static void Architectures(IReadOnlyList<string>? given)
    {
        if (given is not null && given.Count != 1)
        {
            throw LambdaErrors.Constraint(
                $"[{string.Join(", ", given)}]",
                "architectures",
                given.Count == 0 ? "Member must have length greater than or equal to 1" : "Member must have length less than or equal to 1"
            );
        }
    }

    public static void RoleOf(string role)
    {
        if (Arn.TryParse(role) is not { Service: "iam" } arn || !arn.Resource.StartsWith("role/", StringComparison.Ordinal))
        {
            throw LambdaErrors.Constraint(
                role,
                "role",
                "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+"
            );
        }
    }

    private static void Environment(IReadOnlyDictionary<string, string>? variables)
    {
        if (variables is null)
        {
            return;
        }

        foreach (var name in variables.Keys)
        {
            if (name.Length < 2 || !char.IsAsciiLetter(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                if (!Reserved.Contains(name))
                {
                    throw LambdaErrors.Constraint(
                        name,
                        "environment.variables",
                        "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]"
                    );
                }
            }
        }

        if (variables.Keys.Where(Reserved.Contains).ToList() is { Count: > 0 } reserved)
        {
            throw LambdaErrors.Invalid(
                $"Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: {string.Join(", ", reserved)}"
            );
        }

        var bytes = variables.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value));
        if (bytes > EnvironmentBytes)
        {
            throw LambdaErrors.Invalid(
                $"Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {bytes} bytes"
            );
        }
    }

    private static void InRange(int value, int least, int most, string member)
    {
        if (value < least || value > most)
        {
            throw LambdaErrors.Constraint(
                value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                member,
                value < least
                    ? $"Member must have value greater than or equal to {least}"
                    : $"Member must have value less than or equal to {most}"
            );
        }
    }

    private static void OneOf(string value, string member, params ReadOnlySpan<string> values)
    {
        if (!values.Contains(value))
        {
            throw LambdaErrors.Constraint(value, member, $"Member must satisfy enum value set: [{string.Join(", ", values.ToArray())}]");
        }
    }
}
