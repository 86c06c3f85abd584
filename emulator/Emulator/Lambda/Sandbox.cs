using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Policies;
using Disa.Emulator.Time;

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

    public bool IsDebugged => Local is { IsDebugged: true };

    public string LogGroup => Version.LogGroup ?? "/aws/lambda/" + Name;

    /// <summary>The name of the session that the process acts in: STS takes no name of one letter (recorded on AWS).</summary>
    public static string SessionOf(string function) => function.Length == 1 ? function + "@lambda_function" : function;

    public string FunctionArn => FunctionReference.ArnOf(Scope, Name);
}

/// <summary>What came of one invocation.</summary>
internal sealed record SandboxResult(byte[] Payload, string? ErrorType, string LogTail, bool Reusable);

/// <summary>One execution environment: a process, its Runtime API and its log stream; runs one invocation at a time.</summary>
internal sealed class Sandbox(
    SandboxPlan plan,
    FunctionCredentials credentials,
    LogSink logs,
    Clock clock,
    Faults.FaultPlan faults,
    UsageMeter meter,
    StartSlots starts,
    Action<TimeSpan> started,
    Action<string> hint
) : IAsyncDisposable
{
    private static readonly TimeSpan InitLimit = TimeSpan.FromSeconds(10);
    private const int TailBytes = 4096;

    /// <summary>So many characters are kept back for the end of an invocation; what is more is written while it runs.</summary>
    private const int MostPending = 1024 * 1024;

    private readonly string stream =
        $"{clock.GetUtcNow():yyyy/MM/dd}/[{plan.Version.Version}]{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
    private readonly Lock gate = new();
    private List<(DateTimeOffset, string)> lines = [];
    private RuntimeApi? api;
    private FunctionProcess? process;
    private bool invoking;
    private DateTimeOffset ended;
    private Task writing = Task.CompletedTask;
    private readonly StringBuilder tail = new();
    private int pending;

    public SandboxPlan Plan => plan;

    public DateTimeOffset CredentialsExpire => credentials.Expiration;

    /// <summary>It has not asked for work yet.</summary>
    public bool IsStarting { get; private set; } = true;

    /// <summary>What its process has used of the processors until now.</summary>
    public TimeSpan ProcessorTime => process?.ProcessorTime ?? TimeSpan.Zero;

    public bool IsAlive => process is { Exited.IsCompleted: false };

    /// <summary>Runs one invocation; the first one starts the process.</summary>
    /// <param name="template">The invocation, whose deadline is set here.</param>
    /// <param name="isChanged">Tells whether the function has changed, so that a new process would be outdated.</param>
    /// <param name="cancellation">Ends it, and the process.</param>
    /// <returns>Null if the function changed before the process had the invocation.</returns>
    public async Task<SandboxResult?> Invoke(RuntimeInvocation template, Func<SandboxPlan, bool> isChanged, CancellationToken cancellation)
    {
        lock (gate)
        {
            invoking = true;
        }

        if (process is not null)
        {
            faults.Thaw(credentials.AccessKeyId, clock.GetUtcNow() - ended);
        }

        var timeout = plan.IsDebugged ? LocalRun.Patience : TimeSpan.FromSeconds(plan.Version.Timeout);
        TimeSpan? init = null;
        RuntimeAnswer? failure = null;
        var id = template.RequestId;
        if (process is null)
        {
            var began = clock.Wall.GetTimestamp();
            Line($"INIT_START Runtime Version: {plan.Version.Runtime}\n");
            if (FunctionRuntime.Remark(plan.Version) is { } remark)
            {
                Line(remark + "\n");
            }

            failure = await Initialise(plan.IsDebugged ? LocalRun.Patience : InitLimit, isChanged, cancellation).ConfigureAwait(false);
            if (failure is { ErrorType: "Sandbox.Timedout" })
            {
                // AWS starts once more when the ten seconds are over, now within the function's own time.
                await End().ConfigureAwait(false);
                Line($"INIT_REPORT Init Duration: {Milliseconds(clock.Wall.GetElapsedTime(began))} ms\tPhase: init\tStatus: timeout\n");
                began = clock.Wall.GetTimestamp();
                failure = await Initialise(timeout, isChanged, cancellation).ConfigureAwait(false);
            }

            if (process is null && failure is null)
            {
                return null;
            }

            init = clock.Wall.GetElapsedTime(began);
            if (failure is null)
            {
                IsStarting = false;
                started(init.Value);
            }
            else
            {
                Line(
                    $"INIT_REPORT Init Duration: {Milliseconds(init.Value)} ms\tPhase: init\tStatus: error\tError Type: {failure.ErrorType}\n"
                );
            }

            if (isChanged(plan))
            {
                await Flush().ConfigureAwait(false);
                return null;
            }
        }

        Line($"START RequestId: {id} Version: {plan.Version.Version}\n");
        var runs = clock.Wall.GetTimestamp();
        var answer = failure is null
            ? await Run(template with { Deadline = clock.Wall.GetUtcNow() + timeout }, timeout, cancellation).ConfigureAwait(false)
            : Named(failure, id);
        var duration = clock.Wall.GetElapsedTime(runs);
        var isAlive = IsAlive && failure is null && answer.ErrorType is not ("Sandbox.Timedout" or "Runtime.ExitError");
        process?.Drain();
        process?.Measure();
        if (answer.ErrorType is "Sandbox.Timedout")
        {
            Line($"{clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {id} Task timed out after {plan.Version.Timeout}.00 seconds\n");
        }

        Line($"END RequestId: {id}\n");
        Line(Report(id, duration, failure is null ? init : null, answer.ErrorType));
        var tail = await Flush().ConfigureAwait(false);
        ended = clock.GetUtcNow();
        if (!isAlive)
        {
            await End().ConfigureAwait(false);
        }

        return new SandboxResult(answer.Payload, answer.ErrorType, tail, isAlive);
    }

    public async ValueTask DisposeAsync()
    {
        await End().ConfigureAwait(false);
        faults.Forget(credentials.AccessKeyId);
    }

    /// <summary>Starts the process and waits until it asks for work. Null for success, and if the function changed before the start.</summary>
    /// <remarks>Its time begins when it has its turn: before that no process runs.</remarks>
    private async Task<RuntimeAnswer?> Initialise(TimeSpan limit, Func<SandboxPlan, bool> isChanged, CancellationToken cancellation)
    {
        using var turn = await starts.Enter(cancellation).ConfigureAwait(false);
        return isChanged(plan) ? null : await Start(limit, cancellation).ConfigureAwait(false);
    }

    private async Task<RuntimeAnswer?> Start(TimeSpan limit, CancellationToken cancellation)
    {
        IReadOnlyList<string> command;
        try
        {
            command = FunctionRuntime.Command(plan.Version, plan.Code, plan.Runtimes);
            if (plan.IsDebugged)
            {
                command = FunctionRuntime.Debugged(plan.Version, command);
            }
        }
        catch (RuntimeExitException early)
        {
            Line(early.Message + "\n");
            return Exit(string.Create(CultureInfo.InvariantCulture, $"exit status {early.Status}"));
        }

        api = await RuntimeApi.Start(cancellation).ConfigureAwait(false);
        process = new FunctionProcess(command, plan.Code, Environment(api.Address), Written);
        try
        {
            await process.Start().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            return RuntimeApi.Error("Runtime.InvalidEntrypoint", $"Error: fork/exec {command[0]}: the program cannot be started");
        }

        var first = await First(limit, cancellation, api.Asked, api.InitError, process.Exited).ConfigureAwait(false);
        return first == api.Asked ? null
            : api.InitError.IsCompleted ? await api.InitError.ConfigureAwait(false)
            : first == process.Exited ? Exit(await process.Exited.ConfigureAwait(false))
            : RuntimeApi.Error("Sandbox.Timedout", $"Error: Task timed out after {plan.Version.Timeout}.00 seconds");
    }

    private async Task<RuntimeAnswer> Run(RuntimeInvocation invocation, TimeSpan timeout, CancellationToken cancellation)
    {
        using var death = faults.Kill(plan.Name, credentials.AccessKeyId, process!.Kill);
        var answer = api!.Run(invocation);
        var first = await First(timeout, cancellation, answer, process.Exited).ConfigureAwait(false);
        if (death is not null && first != process.Exited)
        {
            death.Execute();
            first = await First(timeout, cancellation, process.Exited).ConfigureAwait(false);
        }
        else if (first == answer || answer.IsCompletedSuccessfully)
        {
            // The invocation is over when the process asks again; what it still does until then belongs to it.
            await First(timeout, cancellation, api.Asked, process.Exited).ConfigureAwait(false);
            return await answer.ConfigureAwait(false);
        }

        return Named(
            first == process.Exited
                ? Exit(await process.Exited.ConfigureAwait(false))
                : RuntimeApi.Error("Sandbox.Timedout", $"Error: Task timed out after {plan.Version.Timeout}.00 seconds"),
            invocation.RequestId
        );
    }

    private static RuntimeAnswer Exit(string how) =>
        RuntimeApi.Error(
            "Runtime.ExitError",
            how.Length == 0 ? "Error: Runtime exited without providing a reason" : $"Error: Runtime exited with error: {how}"
        );

    /// <summary>Errors that are Lambda's own and not the function's name the request.</summary>
    private static RuntimeAnswer Named(RuntimeAnswer answer, string requestId)
    {
        var own = System.Text.Json.JsonSerializer.Deserialize(answer.Payload, LambdaWireJson.Default.FunctionErrorBody);
        return answer.ErrorType is "Sandbox.Timedout" or "Runtime.ExitError" or "Runtime.InvalidEntrypoint"
            ? RuntimeApi.Error(answer.ErrorType, $"RequestId: {requestId} {own!.ErrorMessage}")
            : answer;
    }

    /// <summary>The task that completes first; null when the time, by real clocks, is over.</summary>
    private async Task<Task?> First(TimeSpan limit, CancellationToken cancellation, params Task[] tasks)
    {
        try
        {
            return await Task.WhenAny(tasks).WaitAsync(limit, clock.Wall, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private string Report(string id, TimeSpan duration, TimeSpan? init, string? errorType)
    {
        // The initialisation is billed for managed runtimes too, since August 2025: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
        var billed = Math.Ceiling((duration + (init ?? TimeSpan.Zero)).TotalMilliseconds);
        meter.Add("lambda", plan.Name, "Requests");
        meter.Metrics.Add(Invoker.Metric(plan.Scope, plan.Name, "Duration", "Milliseconds"), Math.Round(duration.TotalMilliseconds, 2));
        meter.Add(
            "lambda",
            plan.Name,
            plan.Version.Architecture == "arm64" ? "GBSecondsArm" : "GBSecondsX86",
            billed / 1000 * plan.Version.MemorySize / 1024
        );
        return string.Create(
                CultureInfo.InvariantCulture,
                $"REPORT RequestId: {id}\tDuration: {Milliseconds(duration)} ms\tBilled Duration: {billed:0} ms\tMemory Size: {plan.Version.MemorySize} MB\tMax Memory Used: {process?.PeakMemory ?? 0} MB\t"
            )
            + (init is { } span ? $"Init Duration: {Milliseconds(span)} ms\t" : "")
            + (
                errorType switch
                {
                    null => "",
                    "Sandbox.Timedout" => "Status: timeout\t",
                    "Runtime.ExitError" => "Status: error\tError Type: Runtime.ExitError\t",
                    _ => "",
                }
            )
            + "\n";
    }

    private static string Milliseconds(TimeSpan span) => span.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);

    private Dictionary<string, string> Environment(string runtimeApi)
    {
        var version = plan.Version;
        var runtimeDirectory = FunctionRuntime.HasBootstrap(version) ? plan.Runtimes : plan.Code;
        var environment = new Dictionary<string, string>
        {
            ["_HANDLER"] = version.Handler,
            ["AWS_REGION"] = plan.Scope.Region,
            ["AWS_DEFAULT_REGION"] = plan.Scope.Region,
            ["AWS_LAMBDA_FUNCTION_NAME"] = plan.Name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = version.Version,
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = version.MemorySize.ToString(CultureInfo.InvariantCulture),
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = plan.LogGroup,
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = stream,
            ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi,
            ["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = credentials.SessionToken,
            // The one thing that AWS does not set: where this AWS is.
            ["AWS_ENDPOINT_URL"] = plan.Endpoint.ToString().TrimEnd('/'),
            ["LAMBDA_TASK_ROOT"] = plan.Code,
            ["LAMBDA_RUNTIME_DIR"] = runtimeDirectory,
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/opt/bin",
        };
        if (!version.Runtime.StartsWith("provided", StringComparison.Ordinal))
        {
            environment["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + version.Runtime;
        }

        if (plan.IsDebugged && FunctionRuntime.MayBeDotnet(version))
        {
            environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(plan.Runtimes, DotnetPackage.RuntimeLoop);
        }

        foreach (var (name, value) in version.Environment ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>A line of the process: kept for the end of the invocation, or written at once where none is in progress.</summary>
    private void Written(string line)
    {
        if (plan.IsDebugged && LocalRun.IsHint(line))
        {
            hint(line.TrimEnd());
        }

        bool now,
            full;
        lock (gate)
        {
            Add(line);
            now = !invoking;
            full = invoking && pending > MostPending;
        }

        if (now)
        {
            writing = Flush();
        }
        else if (full)
        {
            // On the process's own thread, which reads no further meanwhile: a function cannot write faster than its lines are stored.
            Write().GetAwaiter().GetResult();
        }
    }

    private void Line(string line)
    {
        lock (gate)
        {
            Add(line);
        }
    }

    private void Add(string line)
    {
        lines.Add((clock.GetUtcNow(), line));
        pending += line.Length;
        tail.Append(line.Length > TailBytes ? line.AsSpan(line.Length - TailBytes) : line);
        if (tail.Length > 4 * TailBytes)
        {
            tail.Remove(0, tail.Length - TailBytes);
        }
    }

    /// <summary>Ends the invocation's lines, and answers the last of them.</summary>
    private async Task<string> Flush()
    {
        string last;
        lock (gate)
        {
            invoking = false;
            last = tail.Length > TailBytes ? tail.ToString(tail.Length - TailBytes, TailBytes) : tail.ToString();
            tail.Clear();
        }

        await Write().ConfigureAwait(false);
        return last;
    }

    private async Task Write()
    {
        List<(DateTimeOffset, string)> batch;
        lock (gate)
        {
            (batch, lines) = (lines, []);
            pending = 0;
        }

        try
        {
            await logs.WriteAs(Caller.Role(plan.Version.Role, SandboxPlan.SessionOf(plan.Name), plan.Scope), plan.LogGroup, stream, batch)
                .ConfigureAwait(false);
        }
        catch (AwsException)
        {
            // A group whose key is disabled takes no lines; the function's answer stands.
        }
    }

    private async Task End()
    {
        process?.Kill();
        if (process is not null)
        {
            await ((Task)process.Exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (api is not null)
        {
            await api.DisposeAsync().ConfigureAwait(false);
        }

        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
