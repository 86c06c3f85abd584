using System.Globalization;
using System.Text.RegularExpressions;
using Quartz;

namespace Disa.Emulator.Events;

/// <summary>When something runs: <c>at(…)</c>, <c>rate(…)</c> or <c>cron(…)</c>, as EventBridge Scheduler and scheduled rules read it. Pure.</summary>
/// <remarks>https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html</remarks>
internal sealed partial class ScheduleExpression
{
    private readonly DateTimeOffset? at;
    private readonly TimeSpan? rate;
    private readonly CronExpression? cron;

    private ScheduleExpression(DateTimeOffset? at, TimeSpan? rate, CronExpression? cron)
    {
        this.at = at;
        this.rate = rate;
        this.cron = cron;
    }

    /// <summary>It runs once.</summary>
    public bool IsOnce => at is not null;

    public bool IsRate => rate is not null;

    /// <summary>Null where it is none.</summary>
    public static ScheduleExpression? TryParse(string text, TimeZoneInfo zone)
    {
        if (RateForm().Match(text) is { Success: true } match)
        {
            return
                long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value is > 0 and < 1_000_000
                ? new(
                    null,
                    match.Groups[2].ValueSpan[0] switch
                    {
                        'm' => TimeSpan.FromMinutes(value),
                        'h' => TimeSpan.FromHours(value),
                        _ => TimeSpan.FromDays(value),
                    },
                    null
                )
                : null;
        }

        if (
            text.StartsWith("at(", StringComparison.Ordinal)
            && text.EndsWith(')')
            && DateTime.TryParseExact(
                text.AsSpan(3, text.Length - 4),
                "yyyy-MM-dd'T'HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var local
            )
        )
        {
            // An hour that the zone skips does not exist; it is taken as the one after, so that the schedule is not lost.
            var existing = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
            var offset = zone.GetUtcOffset(existing);
            return existing.Ticks - offset.Ticks < DateTime.MinValue.Ticks || existing.Ticks - offset.Ticks > DateTime.MaxValue.Ticks
                ? null
                : new(new DateTimeOffset(existing, offset), null, null);
        }

        return text.StartsWith("cron(", StringComparison.Ordinal) && text.EndsWith(')') ? Cron(text[5..^1], zone) : null;
    }

    /// <summary>The first time after the one given; null where there is none any more.</summary>
    /// <param name="after">Exclusive.</param>
    /// <param name="start">Where a rate counts from: its first time.</param>
    public DateTimeOffset? Next(DateTimeOffset after, DateTimeOffset start)
    {
        if (at is { } once)
        {
            return once > after ? once : null;
        }

        if (rate is { } interval)
        {
            return after < start ? start : start + (((after - start).Ticks / interval.Ticks) + 1) * interval;
        }

        return cron!.GetNextValidTimeAfter(after < start ? start.AddSeconds(-1) : after)?.ToUniversalTime();
    }

    private static ScheduleExpression? Cron(string fields, TimeZoneInfo zone)
    {
        var parts = fields.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // AWS has no seconds, and exactly one of the two day fields is a question mark.
        if (parts.Length != 6 || parts[2] == "?" == (parts[4] == "?") || !parts.All(part => CronField().IsMatch(part)))
        {
            return null;
        }

        try
        {
            return new(null, null, new CronExpression($"0 {string.Join(' ', parts)}", zone));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^rate\((\d+) (minutes?|hours?|days?)\)\z")]
    private static partial Regex RateForm();

    [GeneratedRegex(@"^[A-Za-z0-9,*?/#-]+\z")]
    private static partial Regex CronField();
}
