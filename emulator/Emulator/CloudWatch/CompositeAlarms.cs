using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>The children that decide the state of a composite alarm, as its StateReasonData has them.</summary>
internal sealed record ChildrenData(IReadOnlyList<TriggeringAlarm> TriggeringAlarms);

internal sealed record TriggeringAlarm(string Arn, TriggeringState State);

internal sealed record TriggeringState(string Value, string Timestamp);

/// <summary>What the state of one alarm means for the composite alarms that name it, as a child or as their suppressor.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html and
/// Create_Composite_Alarm_Suppression.html.
/// </remarks>
internal sealed class CompositeAlarms(Shelf<Alarm> alarms)
{
    public const string ByAlarm = "Alarm";
    public const string ByWait = "WaitPeriod";
    public const string ByExtension = "ExtensionPeriod";

    /// <summary>The state that the rule gives a composite alarm now, and the alarms that decide it, as JSON.</summary>
    public (string State, string Data) Evaluate(Transaction transaction, Scope scope, Alarm composite)
    {
        var rule = AlarmRule.Of(composite.Rule!);
        string? State(string name) => alarms.Get(transaction, scope, name)?.State;
        var deciding = rule.Deciding(State)
            .Distinct(StringComparer.Ordinal)
            .Select(name => alarms.Get(transaction, scope, name))
            .OfType<Alarm>()
            .Select(alarm => new TriggeringAlarm(alarm.Arn, new(alarm.State, AlarmText.Time(alarm.StateTransitioned))))
            .ToList();
        return (
            rule.Holds(State) ? AlarmState.Alarm : AlarmState.Ok,
            JsonSerializer.Serialize(new ChildrenData(deciding), CloudWatchText.Plain.ChildrenData)
        );
    }

    /// <summary>The composite alarms whose rule names an alarm.</summary>
    public IEnumerable<Alarm> Parents(Transaction? transaction, Scope scope, string name) =>
        All(transaction, scope).Where(alarm => alarm.Rule is { } rule && AlarmRule.Of(rule).Named.Contains(name));

    /// <summary>The composite alarms whose actions an alarm suppresses.</summary>
    public IEnumerable<Alarm> Suppressed(Transaction? transaction, Scope scope, string name) =>
        All(transaction, scope).Where(alarm => alarm.Suppressor is { } suppressor && AlarmRuleParser.NameOf(suppressor) == name);

    public static string Transition(Alarm child) =>
        $"{child.Arn} transitioned to {child.State} at "
        + child.StateTransitioned.UtcDateTime.ToString("dddd dd MMMM, yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A composite alarm that has just changed: its actions wait for the suppressor, or are held by it.</summary>
    public Alarm Held(Transaction transaction, Scope scope, Alarm before, Alarm after, DateTimeOffset now)
    {
        if (after.Suppressor is null)
        {
            return after;
        }

        if (IsSuppressing(transaction, scope, after))
        {
            return By(after, ByAlarm, null) with { HeldState = before.State };
        }

        var wait = after.SuppressorWait ?? 0;
        return wait > 0 ? By(after, ByWait, now.AddSeconds(wait)) with { HeldState = before.State } : Free(after) with { HeldState = null };
    }

    /// <summary>A composite alarm whose suppressor has just changed; the same where that changes nothing.</summary>
    public static Alarm Resuppressed(Alarm composite, Alarm suppressor, DateTimeOffset now) =>
        suppressor.State == AlarmState.Alarm ? By(composite, ByAlarm, null)
        : composite.SuppressedBy != ByAlarm ? composite
        : composite.SuppressorExtension is > 0 and var extension ? By(composite, ByExtension, now.AddSeconds(extension))
        : Free(composite);

    /// <summary>Its actions are suppressed no more; what is held is still to be done.</summary>
    public static Alarm Free(Alarm composite) => composite with { SuppressedBy = null, SuppressedReason = null, SuppressedUntil = null };

    /// <summary>With the suppressor that it has just been given.</summary>
    public Alarm Configured(Transaction transaction, Scope scope, Alarm composite) =>
        composite.Suppressor is not null && IsSuppressing(transaction, scope, composite)
            ? By(composite, ByAlarm, null)
            : Free(composite) with
            {
                HeldState = null,
            };

    private bool IsSuppressing(Transaction transaction, Scope scope, Alarm composite) =>
        alarms.Get(transaction, scope, AlarmRuleParser.NameOf(composite.Suppressor!))?.State == AlarmState.Alarm;

    private static Alarm By(Alarm composite, string what, DateTimeOffset? until) =>
        composite with
        {
            SuppressedBy = what,
            SuppressedReason = $"Actions suppressed by {what}",
            SuppressedUntil = until,
        };

    private IEnumerable<Alarm> All(Transaction? transaction, Scope scope) =>
        (transaction is null ? alarms.List(scope) : alarms.List(transaction, scope)).Values;
}
