using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>Changes an alarm's state: the state, its history and what is to be told to whom, all in one write.</summary>
internal sealed class AlarmStates(Shelf<Alarm> alarms)
{
    /// <summary>The target of the event that every change sends to the default bus.</summary>
    public const string Bus = "events";

    /// <summary>Called with an alarm's ARN after each commit that changed its state.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>Called after each commit that left something to tell.</summary>
    public Action? Signal { get; set; }

    /// <summary>Called after each commit that began a period in which actions are suppressed.</summary>
    public Action? Suppressing { get; set; }

    public CompositeAlarms Composites { get; } = new(alarms);

    public void Change(
        Transaction transaction,
        Scope scope,
        Alarm before,
        string state,
        string reason,
        string? reasonData,
        DateTimeOffset now
    ) => Change(transaction, scope, before, state, reason, reasonData, now, [before.Name]);

    /// <summary>The period that suppressed a composite alarm's actions is over: what was held back is done, as the state is now.</summary>
    public void Release(Transaction transaction, Scope scope, Alarm composite, DateTimeOffset now) =>
        Put(transaction, scope, CompositeAlarms.Free(composite), now);

    /// <param name="path">The alarms whose changes led here: where they lead in a circle, the evaluation stops.</param>
    private void Change(
        Transaction transaction,
        Scope scope,
        Alarm before,
        string state,
        string reason,
        string? reasonData,
        DateTimeOffset now,
        IReadOnlyList<string> path
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
        after = changed ? Composites.Held(transaction, scope, before, after, now) : after;
        alarms.Put(transaction, scope, after.Name, after);
        if (!changed)
        {
            return;
        }

        AlarmHistory.Changed(transaction, scope, before, after);
        Tell(transaction, scope, after, Bus, "", AlarmMessage.ForBus(before, after), now);
        if (after.SuppressedBy is null)
        {
            Act(transaction, scope, before, after, now);
        }

        transaction.AfterCommit(() => Signal?.Invoke());
        transaction.AfterCommit(() => Changed?.Invoke(after.Arn));
        Await(transaction, after);
        Spread(transaction, scope, after, now, path);
    }

    private static void Act(Transaction transaction, Scope scope, Alarm before, Alarm after, DateTimeOffset now)
    {
        if (!after.ActionsEnabled)
        {
            return;
        }

        foreach (var target in after.ActionsOf(after.State).Distinct(StringComparer.Ordinal))
        {
            var body =
                Arn.TryParse(target)?.Service == "lambda"
                    ? AlarmMessage.ForFunction(before, after, scope)
                    : AlarmMessage.ForTopic(before, after, scope);
            Tell(transaction, scope, after, target, AlarmMessage.Subject(after, scope), body, now);
        }
    }

    /// <summary>A changed state is felt by the composite alarms that name the alarm, in the order of their names.</summary>
    private void Spread(Transaction transaction, Scope scope, Alarm changed, DateTimeOffset now, IReadOnlyList<string> path)
    {
        foreach (var name in Composites.Suppressed(transaction, scope, changed.Name).Select(composite => composite.Name).ToList())
        {
            var composite = alarms.Get(transaction, scope, name)!;
            var after = CompositeAlarms.Resuppressed(composite, changed, now);
            if (after != composite)
            {
                Put(transaction, scope, after, now);
            }
        }

        foreach (var name in Composites.Parents(transaction, scope, changed.Name).Select(composite => composite.Name).ToList())
        {
            var composite = alarms.Get(transaction, scope, name)!;
            var (state, data) = Composites.Evaluate(transaction, scope, composite);
            if (state != composite.State && !path.Contains(name))
            {
                Change(transaction, scope, composite, state, CompositeAlarms.Transition(changed), data, now, [.. path, name]);
            }
        }
    }

    /// <summary>Keeps a composite alarm whose suppression changed; without one, the actions that were held back are done.</summary>
    private void Put(Transaction transaction, Scope scope, Alarm composite, DateTimeOffset now)
    {
        if (composite is { SuppressedBy: null, HeldState: { } held })
        {
            composite = composite with { HeldState = null };
            Act(transaction, scope, composite with { State = held }, composite, now);
            transaction.AfterCommit(() => Signal?.Invoke());
        }

        alarms.Put(transaction, scope, composite.Name, composite);
        Await(transaction, composite);
    }

    private void Await(Transaction transaction, Alarm alarm)
    {
        if (alarm.SuppressedUntil is not null)
        {
            transaction.AfterCommit(() => Suppressing?.Invoke());
        }
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
