using Amazon.CloudFormation.Model;

namespace Disa.Cli.Deploy;

/// <summary>One event of a stack or of a stack nested in it.</summary>
/// <param name="Depth">0 for the root's own resources.</param>
internal sealed record StackStep(int Depth, StackEvent Event);

/// <summary>How a stack's operation ended.</summary>
/// <param name="Stack">Null where it is gone.</param>
/// <param name="Reason">The first real reason of a failure.</param>
internal sealed record StackEnd(Stack? Stack, string? Reason)
{
    public string Status => Stack?.StackStatus ?? "DELETE_COMPLETE";
}

/// <summary>Follows a stack's operation to its end, event by event, nested stacks included.</summary>
/// <param name="step">Hears each event once, in order; null where nobody listens, and events are only read to explain a failure.</param>
internal sealed class StackWatch(AwsSession session, Action<StackStep>? step)
{
    private const string NestedStack = "AWS::CloudFormation::Stack";
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<StackStep> steps = [];

    /// <param name="stack">The name, or the id where the operation may end with the stack's end.</param>
    public async Task<StackEnd> Follow(string stack, CancellationToken cancellation)
    {
        foreach (var pause in Pauses.Of(session.Target))
        {
            var now = await Deployment.StackOrNone(session, stack, cancellation).ConfigureAwait(false);
            var over =
                now?.StackStatus is not { } status
                || !status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal)
                || status == "REVIEW_IN_PROGRESS";
            var failed = now?.StackStatus is { } end && end is not ("CREATE_COMPLETE" or "UPDATE_COMPLETE" or "DELETE_COMPLETE");
            if (now is not null && (step is not null || (over && failed)))
            {
                var fresh = new List<StackStep>();
                await Read(now.StackId!, 0, null, fresh, cancellation).ConfigureAwait(false);
                foreach (var one in fresh.OrderBy(one => one.Event.Timestamp))
                {
                    steps.Add(one);
                    step?.Invoke(one);
                }
            }

            if (over)
            {
                return new(now is { StackStatus: "DELETE_COMPLETE" } ? null : now, failed ? Reason() : null);
            }

            await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        throw new FailureException($"the stack '{stack}' has not finished after {Pauses.Longest.TotalMinutes} minutes.");
    }

    /// <summary>The events since the operation began, oldest first; then those of the nested stacks among them.</summary>
    private async Task Read(string stackId, int depth, DateTime? since, List<StackStep> into, CancellationToken cancellation)
    {
        var fresh = new List<StackEvent>();
        var nested = new HashSet<string>(StringComparer.Ordinal);
        string? token = null;
        do
        {
            var page = await session
                .CloudFormation.DescribeStackEventsAsync(
                    new DescribeStackEventsRequest { StackName = stackId, NextToken = token },
                    cancellation
                )
                .ConfigureAwait(false);
            token = page.NextToken;
            foreach (var entry in page.StackEvents)
            {
                if (since is { } start && entry.Timestamp < start)
                {
                    token = null;
                    break;
                }

                if (seen.Add(entry.EventId!))
                {
                    fresh.Add(entry);
                }

                if (entry.ResourceType == NestedStack && entry.PhysicalResourceId is { Length: > 0 } id && id != stackId)
                {
                    nested.Add(id);
                }

                if (
                    depth == 0
                    && entry.PhysicalResourceId == stackId
                    && entry.ResourceStatus is ("CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS" or "DELETE_IN_PROGRESS")
                )
                {
                    since = entry.Timestamp;
                    token = null;
                    break;
                }
            }
        } while (token is not null);

        for (var i = fresh.Count - 1; i >= 0; i--)
        {
            // What a nested stack says of itself its parent says of it too.
            if (depth == 0 || fresh[i].PhysicalResourceId != stackId)
            {
                into.Add(new StackStep(depth, fresh[i]));
            }
        }

        foreach (var id in nested)
        {
            await Read(id, depth + 1, since, into, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The oldest failure that is nobody else's consequence.</summary>
    private string Reason()
    {
        var failed = steps
            .Where(one => one.Event.ResourceStatus?.EndsWith("_FAILED", StringComparison.Ordinal) == true && IsCause(one.Event))
            .MinBy(one => one.Event.Timestamp)
            ?.Event;
        return failed is null
            ? "its events give no reason."
            : $"{failed.LogicalResourceId} ({failed.ResourceType}): {failed.ResourceStatusReason}";
    }

    private static bool IsCause(StackEvent entry) =>
        entry.ResourceStatusReason is { Length: > 0 } reason
        && !reason.Contains("cancelled", StringComparison.OrdinalIgnoreCase)
        && !reason.StartsWith("The following resource(s) failed", StringComparison.Ordinal)
        && !reason.StartsWith("Embedded stack", StringComparison.Ordinal);
}
