using System.ComponentModel;
using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Policies;
using Disa.Emulator.Time;

namespace Disa.Emulator.Lambda;

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

    private readonly PlatformLog platform = new(plan, clock);
    private readonly SandboxLog log = new(plan, logs, clock, hint);
    private RuntimeApi? api;
    private FunctionProcess? process;
    private DateTimeOffset ended;

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
        log.Begin();
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
            log.Line(platform.InitStart());
            if (FunctionRuntime.Remark(plan.Version) is { } remark)
            {
                log.Line(remark + "\n");
            }

            failure = await Initialise(plan.IsDebugged ? LocalRun.Patience : InitLimit, isChanged, cancellation).ConfigureAwait(false);
            if (failure is { ErrorType: "Sandbox.Timedout" })
            {
                // AWS starts once more when the ten seconds are over, now within the function's own time.
                await End().ConfigureAwait(false);
                log.Line(platform.InitReport(clock.Wall.GetElapsedTime(began), "timeout", null));
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
                log.Line(platform.InitReport(init.Value, "error", failure.ErrorType));
            }

            if (isChanged(plan))
            {
                await log.Flush().ConfigureAwait(false);
                return null;
            }
        }

        log.Line(platform.Start(id));
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
            log.Line(platform.TimedOut(id));
        }

        log.Line(platform.End(id));
        log.Line(Report(id, duration, failure is null ? init : null, answer.ErrorType));
        var tail = await log.Flush().ConfigureAwait(false);
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
            command = FunctionRuntime.Command(plan.Version, plan.Code, plan.Runtimes, plan.Layers);
            if (plan.IsDebugged)
            {
                command = FunctionRuntime.Debugged(plan.Version, command);
            }
        }
        catch (RuntimeExitException early)
        {
            log.Line(early.Message + "\n");
            return Exit(string.Create(CultureInfo.InvariantCulture, $"exit status {early.Status}"));
        }

        api = await RuntimeApi.Start(cancellation).ConfigureAwait(false);
        process = new FunctionProcess(command, plan.Code, plan.Environment(api.Address, log.Stream, credentials), log.Written);
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
        return platform.Report(id, duration, billed, process?.PeakMemory ?? 0, init, errorType);
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

        await log.Writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
