using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Whether the alarms that watch an operation let it go on, and until when it is watched.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html</remarks>
internal sealed class RollbackWatch(StackDraft draft, AlarmBoard? alarms)
{
    /// <summary>Why the operation is to be rolled back; null where it may go on. An alarm that was in ALARM before does not go into it.</summary>
    public string? Objection()
    {
        foreach (var trigger in draft.Stack.Input.Rollback?.RollbackTriggers ?? [])
        {
            if (alarms?.Find(trigger.Arn!) is not { } standing || standing.IsComposite != (trigger.Type == RollbackTrigger.CompositeAlarm))
            {
                return $"Rollback trigger {trigger.Arn} does not exist.";
            }

            if (standing.State == "ALARM" && standing.Since >= draft.Operation.Started)
            {
                return $"Rollback trigger {trigger.Arn} went into ALARM state.";
            }
        }

        return null;
    }

    /// <summary>Whether the time goes on for which the stack is watched once everything is deployed; it begins with the first call.</summary>
    public bool GoesOn()
    {
        if (draft.Stack.Input.Rollback?.MonitoringTimeInMinutes is not (> 0 and var minutes))
        {
            return false;
        }

        if (draft.Operation.MonitoredUntil is null)
        {
            draft.Put(draft.Stack with { Operation = draft.Operation with { MonitoredUntil = draft.Now.AddMinutes(minutes) } });
        }

        return draft.Now < draft.Operation.MonitoredUntil;
    }
}
