using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>How an invocation is meant.</summary>
public enum InvocationType
{
    RequestResponse,
    Event,
    DryRun,
}

/// <summary>What came of an invocation: <paramref name="FunctionError"/> says that the payload is an error.</summary>
public sealed record Invocation(
    int StatusCode,
    string? FunctionError,
    ReadOnlyMemory<byte> Payload,
    string ExecutedVersion,
    string LogTail,
    string RequestId
);

/// <summary>Invokes functions, for the wire and for the other rooms.</summary>
public sealed class Invoker
{
    /// <summary>Invocations of an account in a Region at a time.</summary>
    internal const int AccountConcurrency = 1000;

    private const int RequestLimit = 6_291_456;
    private const int EventLimit = 1_048_576;

    private readonly FunctionStore functions;
    private readonly SandboxPool pool;
    private readonly Lock gate = new();
    private readonly Dictionary<FunctionReference, int> running = [];

    private readonly ServiceMetrics metrics;

    internal Invoker(FunctionStore functions, SandboxPool pool, ServiceMetrics metrics) =>
        (this.functions, this.pool, this.metrics) = (functions, pool, metrics);

    /// <summary>A value of a function's own metric (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).</summary>
    internal static ServiceMetric Metric(Scope scope, string function, string name, string unit = "Count") =>
        new(scope, "AWS/Lambda", name, "FunctionName", function, unit);

    /// <summary>Takes an asynchronous invocation into its durable queue.</summary>
    internal Func<FunctionReference, ReadOnlyMemory<byte>, Caller, Task> Enqueue { get; set; } =
        (function, _, _) => throw AwsException.NotImplemented($"asynchronous invocations of {function.Name}");

    /// <summary>Whether a caller may invoke a function: throws where not.</summary>
    internal Action<string, string?, Caller> Authorize { get; set; } = (_, _, _) => { };

    /// <summary>For those who need the right to: <see cref="Invoke(string, string?, ReadOnlyMemory{byte}, InvocationType, Caller, CancellationToken)"/> asks nobody.</summary>
    /// <exception cref="AwsException">AccessDeniedException and those of an invocation.</exception>
    public Task<Invocation> InvokeAs(
        string functionArnOrName,
        string? qualifier,
        ReadOnlyMemory<byte> payload,
        InvocationType type,
        Caller caller,
        CancellationToken cancellation
    )
    {
        Authorize(functionArnOrName, qualifier, caller);
        return Invoke(functionArnOrName, qualifier, payload, type, caller, cancellation);
    }

    /// <exception cref="AwsException">ResourceNotFoundException, TooManyRequestsException, RequestTooLargeException, InvalidRequestContentException, ResourceConflictException.</exception>
    public Task<Invocation> Invoke(
        string functionArnOrName,
        string? qualifier,
        ReadOnlyMemory<byte> payload,
        InvocationType type,
        Caller caller,
        CancellationToken cancellation
    ) =>
        Invoke(
            FunctionReference.Anywhere(functionArnOrName, qualifier, caller.Scope),
            payload,
            type,
            null,
            caller,
            caller.RequestId,
            cancellation
        );

    internal async Task<Invocation> Invoke(
        FunctionReference reference,
        ReadOnlyMemory<byte> payload,
        InvocationType type,
        string? clientContext,
        Caller caller,
        string requestId,
        CancellationToken cancellation
    )
    {
        var function = functions.Functions.Get(reference.Scope, reference.Name);
        var version = function?.Route(reference.Qualifier, Random.Shared.NextDouble());
        if (function is null || version is null)
        {
            throw LambdaErrors.NoFunction(reference with { Qualifier = reference.Qualifier ?? FunctionVersion.Unpublished });
        }

        Check(payload, type);
        if (type == InvocationType.DryRun)
        {
            return new Invocation(204, null, default, version.Version, "", requestId);
        }

        if (version.State != "Active")
        {
            throw LambdaErrors.NotReady(reference.Arn, version.State);
        }

        if (type == InvocationType.Event)
        {
            await Enqueue(reference, payload, caller).ConfigureAwait(false);
            return new Invocation(202, null, default, version.Version, "", requestId);
        }

        using var busy = functions.Clock.Work(reference.Name);
        var key = reference with { Qualifier = null };
        try
        {
            Enter(key, function.ReservedConcurrency);
        }
        catch (AwsException)
        {
            metrics.Add(Metric(key.Scope, key.Name, "Throttles"));
            throw;
        }

        var span = Telemetry.Invocation(reference.Name, reference.Arn, requestId, caller.TraceHeader);
        var started = Stopwatch.GetTimestamp();
        var error = "Interrupted";
        try
        {
            var result = await pool.Run(
                    reference.Scope,
                    reference.Name,
                    version,
                    new RuntimeInvocation(
                        requestId,
                        payload.IsEmpty ? "{}"u8.ToArray() : payload,
                        default,
                        reference.Arn,
                        Telemetry.Onwards(span, caller.TraceHeader) ?? NewTrace(),
                        clientContext
                    ),
                    cancellation
                )
                .ConfigureAwait(false);
            metrics.Add(Metric(key.Scope, key.Name, "Invocations"));
            metrics.Add(Metric(key.Scope, key.Name, "Errors"), result.ErrorType is null ? 0 : 1);
            error = result.ErrorType;
            return new Invocation(
                200,
                result.ErrorType is null ? null : "Unhandled",
                result.Payload,
                version.Version,
                result.LogTail,
                requestId
            );
        }
        finally
        {
            Leave(key);
            Telemetry.Invoked(span, reference.Name, error, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>How old the last record of a batch was when a function was through with it.</summary>
    internal void Aged(string functionArn, TimeSpan age)
    {
        var function = FunctionReference.Anywhere(functionArn, null, default);
        metrics.Add(Metric(function.Scope, function.Name, "IteratorAge", "Milliseconds"), Math.Max(0, Math.Round(age.TotalMilliseconds)));
    }

    private static void Check(ReadOnlyMemory<byte> payload, InvocationType type)
    {
        var limit = type == InvocationType.Event ? EventLimit : RequestLimit;
        if (payload.Length > limit)
        {
            throw new AwsException(
                "RequestTooLargeException",
                $"Request must be smaller than {limit} bytes for the {(type == InvocationType.Event ? "InvokeAsync" : "InvokeFunction")} operation",
                413
            );
        }

        if (payload.IsEmpty)
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(payload);
        }
        catch (JsonException failure)
        {
            throw new AwsException(
                "InvalidRequestContentException",
                $"Could not parse request body into json: {JsonFault.Explain(failure)}"
            );
        }
    }

    private void Enter(FunctionReference function, int? reserved)
    {
        lock (gate)
        {
            var own = running.GetValueOrDefault(function);
            if (own >= reserved)
            {
                throw LambdaErrors.TooManyRequests(reserved: true);
            }

            if (running.Where(entry => entry.Key.Scope == function.Scope).Sum(entry => entry.Value) >= AccountConcurrency)
            {
                throw LambdaErrors.TooManyRequests(reserved: false);
            }

            running[function] = own + 1;
        }
    }

    private void Leave(FunctionReference function)
    {
        lock (gate)
        {
            if (--running[function] == 0)
            {
                running.Remove(function);
            }
        }
    }

    private string NewTrace() =>
        $"Root=1-{functions.Clock.GetUtcNow().ToUnixTimeSeconds():x8}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))};Parent={Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))};Sampled=0";
}
