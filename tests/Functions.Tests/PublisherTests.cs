using System.Text.Json;
using Amazon.SimpleNotificationService.Model;
using Disa.Functions.Process;

namespace Disa.Functions.Tests;

/// <summary>How attempts are put together for a topic.</summary>
public sealed class PublisherTests
{
    [Fact]
    public void Batches_keep_within_ten_entries_and_a_topics_bytes_and_keep_the_order()
    {
        var attempts = Enumerable.Range(0, 25).Select(i => Attempt($"{i}", i is 3 or 4 ? 200_000 : 10)).ToList();
        var batches = Publisher.Batches(attempts).ToList();
        Assert.Equal([4, 10, 10, 1], batches.Select(batch => batch.Count));
        Assert.Equal(attempts, batches.SelectMany(batch => batch));
        Assert.All(batches, batch => Assert.True(batch.Sum(attempt => attempt.Bytes) <= MessageLimits.DefaultBytes));
    }

    [Fact]
    public void A_trace_that_is_none_is_replaced_by_one_that_is_the_same_for_each_attempt()
    {
        var item = Attempt("1").Item;
        var trace = TraceContext.Of("00-00000000000000000000000000000000-00f067aa0ba902b7-01", item);
        Assert.Matches("^[0-9a-f]{32}$", trace.TraceId);
        Assert.Equal(trace, TraceContext.Of(null, item));
        Assert.Equal(trace, TraceContext.Of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n", item));
        Assert.NotEqual(trace.ParentOf(1), trace.ParentOf(2));
        Assert.Equal(trace.ParentOf(1)[..35], trace.ParentOf(2)[..35]);
        Assert.NotEqual(trace, TraceContext.Of(null, item with { SeenAt = item.SeenAt.AddSeconds(1) }));
    }

    internal static Attempt Attempt(string id, int bytes = 5)
    {
        var item = new WorkItem(ItemKey.Parse(JsonElement.Parse($$"""{"sequenceNo":{"S":"{{id}}"} }""")), DateTimeOffset.UnixEpoch);
        var trace = TraceContext.Of(null, item);
        return new(
            item,
            [],
            1,
            "token",
            DateTimeOffset.MaxValue,
            new(new string('x', bytes), null, new Dictionary<string, MessageAttributeValue>(), null, null, null, null),
            Process.Attempt.OwnAttributes(item.Key, 1, false, trace),
            trace
        );
    }
}
