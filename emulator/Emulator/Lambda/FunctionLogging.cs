using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>How a function logs: as texts, or as JSON from a level on.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html</remarks>
internal static class FunctionLogging
{
    public const string Json = "JSON";
    public const string Text = "Text";
    private const string Default = "INFO";
    private static readonly string[] ApplicationLevels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
    private static readonly string[] SystemLevels = ["DEBUG", "INFO", "WARN"];

    /// <summary>The version with what is set; what is not stays, and levels that JSON begins with are INFO (recorded on AWS).</summary>
    /// <remarks>localstack, tests/aws/services/lambda_/test_lambda_api, TestLoggingConfig (17-04-2024).</remarks>
    public static FunctionVersion Apply(LoggingConfig? config, FunctionVersion version)
    {
        if (config is null)
        {
            return version;
        }

        Check(config.LogFormat, "logFormat", [Json, Text]);
        Check(config.ApplicationLogLevel, "applicationLogLevel", ApplicationLevels);
        Check(config.SystemLogLevel, "systemLogLevel", SystemLevels);
        var format = config.LogFormat ?? version.LogFormat;
        if (format == Json)
        {
            return version with
            {
                LogFormat = format,
                ApplicationLogLevel = config.ApplicationLogLevel ?? version.ApplicationLogLevel ?? Default,
                SystemLogLevel = config.SystemLogLevel ?? version.SystemLogLevel ?? Default,
            };
        }

        return config is { ApplicationLogLevel: null, SystemLogLevel: null }
            ? version with
            {
                LogFormat = format,
                ApplicationLogLevel = null,
                SystemLogLevel = null,
            }
            : throw LambdaErrors.Invalid("Log levels are only supported with the log format JSON.");
    }

    /// <summary>Whether the platform writes a line of a level.</summary>
    public static bool Writes(FunctionVersion version, string level) =>
        Array.IndexOf(SystemLevels, level) >= Array.IndexOf(SystemLevels, version.SystemLogLevel ?? Default);

    private static void Check(string? value, string member, string[] values)
    {
        if (value is not null && !values.Contains(value))
        {
            throw LambdaErrors.Constraint(
                value,
                "loggingConfig." + member,
                $"Member must satisfy enum value set: [{string.Join(", ", values)}]"
            );
        }
    }
}
