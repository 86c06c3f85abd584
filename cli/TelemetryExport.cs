using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Disa.Cli;

/// <summary>Exports the emulator's spans and metrics by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the SDK reads the other variables itself.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string EndpointParameter = "OtlpEndpoint";
    private const string HeadersParameter = "OtlpHeaders";

    private readonly TracerProvider tracer;
    private readonly MeterProvider meter;

    private TelemetryExport()
    {
        var resource = ResourceBuilder.CreateDefault().AddService("disa-emulator").AddEnvironmentVariableDetector();
        tracer = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Emulator.Aws.Telemetry.Name)
            .AddOtlpExporter(OverHttp)
            .Build();
        meter = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Emulator.Aws.Telemetry.Name)
            .AddOtlpExporter(OverHttp)
            .Build();
    }

    /// <summary>Null where nothing is to be exported.</summary>
    public static string? Endpoint => Variable("OTEL_EXPORTER_OTLP_ENDPOINT");

    /// <summary>Before anything of the emulator starts: metrics are off in this program until someone wants them.</summary>
    public static TelemetryExport? Start()
    {
        if (Endpoint is null)
        {
            return null;
        }

        AppContext.SetSwitch("System.Diagnostics.Metrics.Meter.IsSupported", true);
        return new TelemetryExport();
    }

    /// <summary>The root stack's parameters, with the endpoint and its headers for the functions unless an endpoint is given.</summary>
    public static IReadOnlyDictionary<string, string> ToFunctions(IReadOnlyDictionary<string, string> parameters)
    {
        if (parameters.ContainsKey(EndpointParameter))
        {
            return parameters;
        }

        var all = new Dictionary<string, string>(parameters, StringComparer.Ordinal) { [EndpointParameter] = Endpoint ?? "" };
        if (Endpoint is not null && Variable("OTEL_EXPORTER_OTLP_HEADERS") is { } headers)
        {
            // Only then: CloudFormation does not say what they are, so that a stack which is given them is always changed.
            all.TryAdd(HeadersParameter, headers);
        }

        return all;
    }

    /// <summary>What is not exported yet goes out.</summary>
    public void Dispose()
    {
        tracer.Dispose();
        meter.Dispose();
    }

    private static void OverHttp(OtlpExporterOptions options)
    {
        if (Variable("OTEL_EXPORTER_OTLP_PROTOCOL") is null)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
