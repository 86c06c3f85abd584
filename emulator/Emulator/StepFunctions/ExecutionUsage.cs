using Disa.Asl;
using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

/// <summary>What executions are billed for: STANDARD ones by transition, EXPRESS ones by request, time and memory.</summary>
/// <remarks>
/// https://aws.amazon.com/step-functions/pricing/: a transition each time a step is executed, retries included; EXPRESS durations round
/// up to 100 ms and memory to 64 MB. How much memory an execution takes, AWS does not say; one that carries keys only fits into one step.
/// </remarks>
internal sealed class ExecutionUsage(UsageMeter meter)
{
    private const double ExpressGigabytes = 64.0 / 1024;

    public void Recorded(ExecutionRow row, StateMachineDocument machine, Recording recording)
    {
        if (recording.Outcome is { } outcome)
        {
            Ended(row, machine, outcome, recording.At);
        }

        if (!machine.IsExpress)
        {
            var transitions = recording.Events.Count(IsTransition);
            if (transitions > 0)
            {
                meter.Add("states", machine.Name, "StateTransitions", transitions);
            }
        }
        else if (recording.Outcome is not null)
        {
            var steps = Math.Max(1, Math.Ceiling((recording.At - row.Started).TotalMilliseconds / 100));
            meter.Add("states", machine.Name, "ExpressRequests");
            meter.Add("states", machine.Name, "ExpressGBSeconds", steps / 10 * ExpressGigabytes);
        }
    }

    /// <summary>https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html</summary>
    private void Ended(ExecutionRow row, StateMachineDocument machine, Outcome outcome, DateTimeOffset at)
    {
        ServiceMetric Metric(string name, string unit = "Count") =>
            new(machine.Scope, "AWS/States", name, "StateMachineArn", machine.Arn, unit);
        meter.Metrics.Add(
            Metric(
                outcome.Status switch
                {
                    Outcome.Succeeded => "ExecutionsSucceeded",
                    Outcome.TimedOut => "ExecutionsTimedOut",
                    Outcome.Aborted => "ExecutionsAborted",
                    _ => "ExecutionsFailed",
                }
            )
        );
        meter.Metrics.Add(Metric("ExecutionTime", "Milliseconds"), Math.Round((at - row.Started).TotalMilliseconds));
    }

    /// <summary>A Task state is executed once for each time that its task is scheduled; every other state when it is entered.</summary>
    private static bool IsTransition(HistoryEvent happened) =>
        happened.Type is "TaskScheduled" or "LambdaFunctionScheduled"
        || (happened.Type.EndsWith("StateEntered", StringComparison.Ordinal) && happened.Type != "TaskStateEntered");
}
