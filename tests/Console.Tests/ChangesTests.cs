using Microsoft.Extensions.Time.Testing;

namespace Disa.WebConsole.Tests;

/// <summary>How open pages hear that something changed.</summary>
public sealed class ChangesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Many_changes_at_once_are_told_as_few_and_the_last_of_them_is_never_lost()
    {
        var time = new FakeTimeProvider();
        var changes = new PushedChanges(time);
        await using var watch = changes.Watch(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var first = watch.MoveNextAsync().AsTask();
        for (var i = 0; i < 1000; i++)
        {
            changes.Happened();
        }

        Assert.True(await first.WaitAsync(Patience));
        var second = watch.MoveNextAsync().AsTask();
        changes.Happened(); // While its reader looks.
        Assert.False(second.IsCompleted, "not twice in half a second");
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(await second.WaitAsync(Patience));

        var third = watch.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(third.IsCompleted, "nothing happened, and nothing is told");
        changes.Happened();
        Assert.True(await third.WaitAsync(Patience));
    }

    [Fact]
    public async Task Everybody_who_watches_hears_of_it()
    {
        var changes = new PushedChanges(TimeProvider.System);
        await using var one = changes.Watch(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        await using var other = changes.Watch(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var heard = Task.WhenAll(one.MoveNextAsync().AsTask(), other.MoveNextAsync().AsTask());
        changes.Happened();
        Assert.All(await heard.WaitAsync(Patience), Assert.True);
    }
}
