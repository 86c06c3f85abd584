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
        var list = store.Lists.Of("DescribeStackEvents", caller.Scope, stack.Id);
        var events = store.EventsOf(stack.Uuid, list.Number(request.NextToken) ?? long.MaxValue, PageSize + 1);
        return new(
            [.. events.Take(PageSize).Select(e => e.Event)],
            events.Count > PageSize ? list.Token(events[PageSize - 1].Sequence) : null
        );
    }
}
