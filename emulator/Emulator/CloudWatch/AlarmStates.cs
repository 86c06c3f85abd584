using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>Changes an alarm's state: the state, its history and what is to be told to whom, all in one write.</summary>
internal sealed class AlarmStates(Shelf<Alarm> alarms)
{
    /// <summary>The target of the event that every change sends to the default bus.</summary>
    public const string Bus = "events";

    /// <summary>Called after each commit that left something to tell.</summary>
    public Action? Signal { get; set; }

    public void Change(
        Transaction transaction,
        Scope scope,
        Alarm before,
        string state,
        string reason,
        string? reasonData,
        DateTimeOffset now
    )
    {
        var changed = state != before.State;
        var after = before with
        {
            State = state,
            Reason = reason,
            ReasonData = reasonData,
            StateUpdated = now,
            StateTransitioned = changed ? now : before.StateTransitioned,
        };
        alarms.Put(transaction, scope, after.Name, after);
        if (!changed)
        {
            return;
        }

        AlarmHistory.Changed(transaction, scope, before, after);
        Tell(transaction, scope, after, Bus, "", AlarmMessage.ForBus(before, after), now);
        if (after.ActionsEnabled)
        {
            foreach (var target in after.ActionsOf(state).Distinct(StringComparer.Ordinal))
            {
                var body =
                    Arn.TryParse(target)?.Service == "lambda"
                        ? AlarmMessage.ForFunction(before, after, scope)
                        : AlarmMessage.ForTopic(before, after, scope);
                Tell(transaction, scope, after, target, AlarmMessage.Subject(after, scope), body, now);
            }
        }

        transaction.AfterCommit(() => Signal?.Invoke());
    }

    private static void Tell(
        Transaction transaction,
        Scope scope,
        Alarm alarm,
        string target,
        string subject,
        string body,
        DateTimeOffset now
    ) =>
        transaction.Execute(
            "INSERT INTO cloudwatch_action (account, region, alarm, target, subject, body, changed, attempts, due) VALUES ($1, $2, $3, $4, seal('cloudwatch_action', $5), seal('cloudwatch_action', $6), $7, 0, $7)",
            scope.Account,
            scope.Region,
            alarm.Name,
            target,
            subject,
            body,
            now.ToUnixTimeMilliseconds()
        );
}
