namespace Disa.Functions.Process;

/// <summary>The spans of messages, in the traces of their producers.</summary>
internal static class MessageSpans
{
    /// <summary>
    /// One span for each attempt, with the id that the message's <c>traceparent</c> names as its consumer's parent. It is below the producer's span
    /// where the item carries one.
    /// </summary>
    public static void Published(
        this Spans spans,
        IReadOnlyList<Attempt> attempts,
        IReadOnlyList<Publication> publications,
        string topic,
        DateTimeOffset start,
        DateTimeOffset end
    )
    {
        foreach (var (attempt, publication) in attempts.Zip(publications))
        {
            if (!attempt.Trace.IsSampled)
            {
                continue;
            }

            var attributes = new List<KeyValuePair<string, object>>
            {
                new("messaging.system", "aws_sns"),
                new("messaging.operation.type", "send"),
                new("messaging.destination.name", topic),
                new("disa.id", attempt.Key.Id),
                new("disa.attempt", attempt.Number),
            };
            if (publication.MessageId is { } id)
            {
                attributes.Add(new("messaging.message.id", id));
            }

            if (publication.Fault is { } fault)
            {
                attributes.Add(new("error.type", fault.Code));
            }

            spans.Add(
                new(
                    attempt.Trace.TraceId,
                    attempt.Trace.SpanOf(attempt.Number),
                    attempt.Trace.Producer,
                    "publish " + topic,
                    Span.Producer,
                    start,
                    end,
                    attributes
                )
                {
                    Error = publication.Fault?.Text,
                }
            );
        }
    }
}
