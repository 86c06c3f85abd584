using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record DescribeStackEventsRequest(string? StackName = null, string? NextToken = null);

internal sealed record DescribeStackEventsResponse(List<StackEvent> StackEvents, string? NextToken);

/// <summary>Answers what happened to a stack, newest first, a hundred events a page.</summary>
internal static class DescribeStackEvents
{
    private const int PageSize = 100;

    public static DescribeStackEventsResponse Run(DescribeStackEventsRequest request, Caller caller, StackStore store)
    {
        var name = request.StackName ?? throw StackErrors.Validation("StackName is a required parameter.");
        var stack = store.Find(null, caller.Scope, name) ?? throw StackErrors.NoStackInBrackets(name);
        var before = long.MaxValue;
        if (request.NextToken is { } token && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            throw StackErrors.Validation("NextToken is invalid.");
        }

        var events = store.EventsOf(stack.Uuid, before, PageSize + 1);
        var more = events.Count > PageSize;
        return new(
            [.. events.Take(PageSize).Select(e => e.Event)],
            more ? events[PageSize - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null
        );
    }
}
