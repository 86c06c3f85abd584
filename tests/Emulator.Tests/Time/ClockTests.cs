using Disa.Emulator.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator.Tests.Time;

public sealed class ClockTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Moving_the_clock_runs_every_due_time_on_the_way_in_order()
    {
        var clock = new Clock(TimeProvider.System);
        var start = clock.GetUtcNow();
        var seen = new List<(string, double)>();
        await using var minutes = Periodic("minute", TimeSpan.FromMinutes(1));
        await using var quarters = Periodic("quarter", TimeSpan.FromMinutes(15.5));
        minutes.Start();
        quarters.Start();

        await clock.Advance(TimeSpan.FromHours(1), Patience);

        Assert.Equal(60, seen.Count(entry => entry.Item1 == "minute" && entry.Item2 > 0.5));
        Assert.Equal(3, seen.Count(entry => entry.Item1 == "quarter" && entry.Item2 > 0.5));
        Assert.Equal(seen.OrderBy(entry => entry.Item2), seen);
        Assert.True(clock.GetUtcNow() - start >= TimeSpan.FromHours(1));

        Worker Periodic(string name, TimeSpan every)
        {
            var next = start;
            return new Worker(name, clock, NullLogger.Instance, async _ =>
            {
                await Task.Yield();
                var now = clock.GetUtcNow();
                if (now >= next)
                {
                    lock (seen)
                    {
                        seen.Add((name, (now - start).TotalMinutes));
                    }

                    next = next == start ? start + every : next + every;
                }

                return next;
            });
        }
    }

    [Fact]
    public async Task A_move_ends_with_whoever_asked_for_it_and_a_second_one_is_refused_meanwhile()
    {
        await using var cloud = await TestCloud.Start();
        var start = cloud.Clock.GetUtcNow();
        var reached = new TaskCompletionSource<Clock.Busy>();
        await using var due = cloud.Clock.CreateTimer(_ => reached.SetResult(cloud.Clock.Work()), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        using var asker = new CancellationTokenSource();
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };
        var moving = http.PostAsync("/_disa/time", new StringContent("""{"seconds":86400}"""), asker.Token);
        using var work = await reached.Task;

        using var second = await http.PostAsync("/_disa/time", new StringContent("""{"seconds":1}"""));
        Assert.Equal(409, (int)second.StatusCode);
        Assert.Contains("The clock is already being moved, to ", await second.Content.ReadAsStringAsync());

        await asker.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => moving);
        await cloud.Clock.Standing.WaitAsync(Patience);
        work.Dispose();
        Assert.InRange(cloud.Clock.GetUtcNow() - start, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_signal_that_comes_while_the_step_runs_runs_it_again()
    {
        var clock = new Clock(TimeProvider.System);
        var entered = new SemaphoreSlim(0);
        var leave = new SemaphoreSlim(0);
        await using var worker = new Worker("test", clock, NullLogger.Instance, async cancellation =>
        {
            entered.Release();
            await leave.WaitAsync(cancellation);
            return null;
        });
        worker.Start();
        await entered.WaitAsync();
        worker.Signal();
        worker.Signal();
        leave.Release();

        Assert.True(await entered.WaitAsync(Patience));
        leave.Release();
        Assert.True(await clock.Settle(Patience));
        Assert.Equal(0, entered.CurrentCount);
    }
}
