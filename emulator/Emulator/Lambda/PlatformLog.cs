using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Time;

namespace Disa.Emulator.Lambda;

/// <summary>
/// The platform's own lines in a function's log: texts, or JSON where the function logs so; empty where its level leaves one out.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html says which level a line has,
/// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html what is in it.
/// </remarks>
internal sealed class PlatformLog(SandboxPlan plan, Clock clock)
{
    private const string Warn = "WARN";
    private const string Info = "INFO";

    private bool IsJson => plan.Version.LogFormat == FunctionLogging.Json;

    private string Initialization => plan.IsProvisioned ? "provisioned-concurrency" : "on-demand";

    public string InitStart() =>
        IsJson
            ? Json(
                Info,
                "platform.initStart",
                writer =>
                {
                    writer.WriteString("initializationType", Initialization);
                    writer.WriteString("phase", "init");
                    writer.WriteString("runtimeVersion", plan.Version.Runtime);
                    writer.WriteString("runtimeVersionArn", RuntimeVersionConfig.Of(plan.Scope, plan.Version.Runtime).RuntimeVersionArn);
                    writer.WriteString("functionName", plan.Name);
                    writer.WriteString("functionVersion", plan.Version.Version);
                }
            )
            : $"INIT_START Runtime Version: {plan.Version.Runtime}\n";

    /// <summary>Of an initialisation that failed.</summary>
    public string InitReport(TimeSpan duration, string status, string? errorType) =>
        IsJson
            ? Json(
                Warn,
                "platform.initReport",
                writer =>
                {
                    writer.WriteString("initializationType", Initialization);
                    writer.WriteString("status", status);
                    writer.WriteString("phase", "init");
                    if (errorType is not null)
                    {
                        writer.WriteString("errorType", errorType);
                    }

                    writer.WriteStartObject("metrics");
                    writer.WriteNumber("durationMs", Rounded(duration));
                    writer.WriteEndObject();
                }
            )
            : $"INIT_REPORT Init Duration: {Milliseconds(duration)} ms\tPhase: init\tStatus: {status}"
                + (errorType is null ? "\n" : $"\tError Type: {errorType}\n");

    public string Start(string requestId) =>
        IsJson
            ? Json(
                Info,
                "platform.start",
                writer =>
                {
                    writer.WriteString("requestId", requestId);
                    writer.WriteString("version", plan.Version.Version);
                }
            )
            : $"START RequestId: {requestId} Version: {plan.Version.Version}\n";

    /// <summary>The report says it in JSON.</summary>
    public string TimedOut(string requestId) =>
        IsJson
            ? ""
            : $"{clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {requestId} Task timed out after {plan.Version.Timeout}.00 seconds\n";

    public string End(string requestId) => IsJson ? "" : $"END RequestId: {requestId}\n";

    public string Report(string requestId, TimeSpan duration, double billed, long peakMemory, TimeSpan? init, string? errorType)
    {
        var status = errorType switch
        {
            null => "success",
            "Sandbox.Timedout" => "timeout",
            "Runtime.ExitError" => "error",
            _ => "failure",
        };
        if (!IsJson)
        {
            return string.Create(
                    CultureInfo.InvariantCulture,
                    $"REPORT RequestId: {requestId}\tDuration: {Milliseconds(duration)} ms\tBilled Duration: {billed:0} ms\tMemory Size: {plan.Version.MemorySize} MB\tMax Memory Used: {peakMemory} MB\t"
                )
                + (init is { } span ? $"Init Duration: {Milliseconds(span)} ms\t" : "")
                + status switch
                {
                    "timeout" => "Status: timeout\t",
                    "error" => "Status: error\tError Type: Runtime.ExitError\t",
                    _ => "",
                }
                + "\n";
        }

        return Json(
            status == "success" ? Info : Warn,
            "platform.report",
            writer =>
            {
                writer.WriteString("requestId", requestId);
                writer.WriteStartObject("metrics");
                writer.WriteNumber("durationMs", Rounded(duration));
                writer.WriteNumber("billedDurationMs", (long)billed);
                writer.WriteNumber("memorySizeMB", plan.Version.MemorySize);
                writer.WriteNumber("maxMemoryUsedMB", peakMemory);
                if (init is { } begun)
                {
                    writer.WriteNumber("initDurationMs", Rounded(begun));
                }

                writer.WriteEndObject();
                writer.WriteString("status", status);
                if (status == "error")
                {
                    writer.WriteString("errorType", errorType);
                }
            }
        );
    }

    private string Json(string level, string type, Action<Utf8JsonWriter> record)
    {
        if (!FunctionLogging.Writes(plan.Version, level))
        {
            return "";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("time", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("type", type);
            writer.WriteStartObject("record");
            record(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static double Rounded(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);

    private static string Milliseconds(TimeSpan span) => span.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
