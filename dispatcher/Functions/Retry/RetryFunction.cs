using System.Globalization;

namespace Disa.Functions.Retry;

/// <summary>One sweep: keeps the breaker record, and while the alarm is not In Alarm starts the workflow again for what is due.</summary>
/// <remarks>Natural key: item and due time, which every attempt moves; a doubled schedule finds the same due times and starts nothing twice.</remarks>
public sealed class RetryFunction(Breaker breaker, DueIndex index, Workflow workflow, int maxItems, string stack, Log log, TimeProvider time)
{
    public async Task<RetryResult> RunAsync(RetryEvent input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var clock = new EventClock(Instant.TryParse(input.Time, out var at) ? at : null, time);
        var now = clock.Now;
        var state = await breaker.RefreshAsync(input.Detail, now, cancellation).ConfigureAwait(false);
        var (messages, more) = await index.FindAsync(input.Force ? null : now, maxItems, cancellation).ConfigureAwait(false);
        if (state == Breaker.Alarm)
        {
            log.Count(stack, now, ("Held", messages.Count));
            return Report(input, new(state, messages.Count, 0, 0, more));
        }

        var started = 0;
        var executions = 0;
        foreach (var batch in Workflow.Batches(messages, message => message.Key))
        {
            // The minute of the event is in the name: a doubled schedule carries the same one and starts nothing twice, and a batch
            // whose execution came to nothing is not taken for done for ninety days. By hand, every call counts.
            var prefix = input.Force
                ? $"forced-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}"
                : $"retry-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmm", CultureInfo.InvariantCulture)}";
            var identity = batch.Select(message => $"{message.Key.Id} {message.Due}").Order(StringComparer.Ordinal);
            if (await workflow.StartAsync(prefix, identity, [.. batch.Select(message => message.Key)], input.Source ?? "disa.retry", input.Force, cancellation).ConfigureAwait(false))
            {
                started += batch.Count;
                executions++;
            }
        }

        return Report(input, new(state, messages.Count, started, executions, more));
    }

    private RetryResult Report(RetryEvent input, RetryResult result)
    {
        log.Write(
            "info",
            result.Breaker == Breaker.Alarm ? "In Alarm: nothing is sent." : "Swept.",
            ("source", input.Source), ("breaker", result.Breaker), ("due", result.Due.ToString(CultureInfo.InvariantCulture)),
            ("started", result.Started.ToString(CultureInfo.InvariantCulture)), ("executions", result.Executions.ToString(CultureInfo.InvariantCulture)),
            ("more", result.More ? "left for the next sweep" : ""));
        return result;
    }
}
