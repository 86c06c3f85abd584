using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.Runtime;

namespace Disa.Functions.Retry;

/// <summary>Asks CloudWatch for the alarm: one call a sweep, not one a message.</summary>
public sealed class AlarmReader(AmazonCloudWatchClient client, string alarmName, Log log)
{
    /// <param name="change">What EventBridge said. CloudWatch's answer may be older than the event, and does not overrule it then.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The newer of the two; null when neither says anything.</returns>
    public async Task<AlarmReading?> ReadAsync(AlarmChange? change, DateTimeOffset now, CancellationToken cancellation)
    {
        var told =
            change is { State.Value: { } said } && change.AlarmName == alarmName
                ? new AlarmReading(
                    said,
                    Instant.TryParse(change.State.Timestamp?.Replace("+0000", "Z", StringComparison.Ordinal), out var since) ? since : now
                )
                : null;
        var asked = await AskAsync(now, cancellation).ConfigureAwait(false);
        return asked is null || told?.Since > asked.Since ? told : asked;
    }

    private async Task<AlarmReading?> AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            var answer = await client
                .DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [alarmName] }, cancellation)
                .ConfigureAwait(false);
            if (answer.MetricAlarms.FirstOrDefault() is { StateValue: { } state } alarm)
            {
                // Not when it was last looked at again, but since when it is so: the same state is no news.
                return new(
                    state,
                    (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp) is { } time ? new(time, TimeSpan.Zero) : now
                );
            }

            log.Write("warn", "There is no such alarm: sending goes on.", ("alarm", alarmName));
            return new(BreakerState.Unknown, now);
        }
        catch (Exception e) when (CallFailure.Is(e))
        {
            log.Write("warn", "CloudWatch did not answer for the alarm.", ("alarm", alarmName), ("text", e.Message));
        }

        return null;
    }
}
