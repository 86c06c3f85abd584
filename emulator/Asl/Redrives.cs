using Disa.Asl.States;

namespace Disa.Asl;

/// <summary>How an execution that failed goes on: what was done stays done.</summary>
internal static class Redrives
{
    /// <summary>Lets what failed go on: what was done stays done, what failed or was given up is run again.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html</remarks>
    public static void Redrive(this Step step, IEnumerable<Position> left)
    {
        var redriven = step.Record(
            "ExecutionRedriven",
            step.LastEvent,
            "executionRedrivenEventDetails",
            w => w.WriteNumber("redriveCount", step.Facts.RedriveCount ?? 0)
        );
        var all = left.ToList();
        foreach (var position in all)
        {
            step.Keep(position);
        }

        foreach (var position in all)
        {
            var isJoining = position.Join is not null && all.Any(child => child.Parent == position.Id);
            if (position.Phase == Phase.Done || isJoining)
            {
                step.Put(isJoining ? position with { Phase = Phase.Join } : position);
                continue;
            }

            var isEntered = position.Phase != Phase.Enter || position.EnteredEvent > 0;
            step.Put(
                position with
                {
                    Phase = isEntered && step.StateOf(position) is not FailState ? Phase.Redrive : Phase.Enter,
                    LastEvent = redriven,
                    Due = null,
                    Task = null,
                    Join = null,
                    Attempts = [],
                    RetryCount = 0,
                }
            );
        }
    }

    /// <summary>Runs a state again whose execution was redriven.</summary>
    public static void Rerun(this Step step, Position position)
    {
        var state = step.StateOf(position);
        step.Guard(
            position.Id,
            () =>
            {
                if (state is DistributedMapState && position.Map is not null)
                {
                    DistributedMapState.Redrive(step, position);
                }
                else
                {
                    state.Run(step, position);
                }
            }
        );
    }
}
