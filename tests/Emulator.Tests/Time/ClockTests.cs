using System.Text.Json;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Time;

public sealed class ClockTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_timer_that_elapses_by_itself_is_work_in_progress_until_it_has_fired()
    {
        var wall = new FakeTimeProvider();
        var clock = new Clock(wall);
        var underWay = -1;
        using var timer = clock.CreateTimer(_ => underWay = clock.UnderWay, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        wall.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (underWay, clock.UnderWay));
    }

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
            return new Worker(
                name,
                clock,
                NullLogger.Instance,
                async _ =>
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
                }
            );
        }
    }

    [Fact]
    public async Task A_move_ends_with_whoever_asked_for_it_and_a_second_one_is_refused_meanwhile()
    {
        await using var cloud = await TestCloud.Start();
        var start = cloud.Clock.GetUtcNow();
        var reached = new TaskCompletionSource<Clock.Busy>();
        await using var due = cloud.Clock.CreateTimer(
            _ => reached.SetResult(cloud.Clock.Work("a test")),
            null,
            TimeSpan.FromHours(1),
            Timeout.InfiniteTimeSpan
        );
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
    public async Task A_move_is_seen_in_the_health_and_anybody_can_stop_it()
    {
        await using var cloud = await TestCloud.Start();
        var start = cloud.Clock.GetUtcNow();
        var reached = new TaskCompletionSource<Clock.Busy>();
        await using var due = cloud.Clock.CreateTimer(
            _ => reached.SetResult(cloud.Clock.Work("a test")),
            null,
            TimeSpan.FromHours(1),
            Timeout.InfiniteTimeSpan
        );
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };
        var moving = http.PostAsync("/_disa/time", new StringContent("""{"seconds":86400}"""));
        using var work = await reached.Task;

        using var asked = await http.GetAsync("/_disa/health");
        var health = JsonElement.Parse(await asked.Content.ReadAsStringAsync());
        Assert.InRange(health.GetProperty("movingTo").GetDateTimeOffset() - start, TimeSpan.FromHours(24), TimeSpan.FromHours(25));
        using var stopped = await http.DeleteAsync("/_disa/time");
        using var moved = await moving;

        Assert.Equal((200, 200), ((int)stopped.StatusCode, (int)moved.StatusCode));
        foreach (var answer in (HttpResponseMessage[])[stopped, moved])
        {
            var now = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
            Assert.InRange(now.GetProperty("now").GetDateTimeOffset() - start, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
            Assert.False(now.TryGetProperty("movingTo", out _));
        }

        using var nothing = await http.DeleteAsync("/_disa/time");
        Assert.Equal(200, (int)nothing.StatusCode);
    }

    [Fact]
    public async Task What_happens_by_itself_next_is_listed_by_time()
    {
        await using var cloud = await TestCloud.Start();
        var role = "arn:aws:iam::000000000000:role/nobody";
        await cloud.Json("events", "AWSEvents.PutRule", """{"Name":"hourly","ScheduleExpression":"rate(1 hour)"}""");
        await cloud.Json("events", "AWSEvents.PutRule", """{"Name":"off","ScheduleExpression":"rate(1 hour)","State":"DISABLED"}""");
        await cloud.Json(
            "monitoring",
            "GraniteServiceVersion20100801.PutMetricAlarm",
            """
            {"AlarmName":"high","Namespace":"n","MetricName":"m","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,
            "ComparisonOperator":"GreaterThanThreshold"}
            """
        );
        var machine = await cloud.Json(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            JsonSerializer.Serialize(
                new
                {
                    name = "waits",
                    roleArn = role,
                    definition = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":7200,"End":true}}}""",
                }
            )
        );
        await cloud.Json(
            "states",
            "AWSStepFunctions.StartExecution",
            JsonSerializer.Serialize(new { stateMachineArn = machine.GetProperty("stateMachineArn").GetString(), name = "waiting" })
        );
        await cloud.Clock.Settle(Patience);

        using var http = new HttpClient { BaseAddress = cloud.Endpoint };
        var listed = JsonElement
            .Parse(await http.GetStringAsync("/_disa/time/due"))
            .GetProperty("upcoming")
            .EnumerateArray()
            .Select(next =>
                $"{next.GetProperty("service").GetString()} {next.GetProperty("kind").GetString()} {next.GetProperty("name").GetString()!.Split(':')[^1]}"
            );

        Assert.Equal(["cloudwatch alarm evaluation high", "eventbridge schedule hourly", "sfn execution waiting"], listed);
        Assert.Equal("""{"upcoming":[]}""", await http.GetStringAsync("/_disa/time/due?account=111122223333"));
        using var wrong = await http.GetAsync("/_disa/time/due?limit=0");
        Assert.Equal(400, (int)wrong.StatusCode);
    }

    [Fact]
    public async Task A_signal_that_comes_while_the_step_runs_runs_it_again()
    {
        var clock = new Clock(TimeProvider.System);
        var entered = new SemaphoreSlim(0);
        var leave = new SemaphoreSlim(0);
        await using var worker = new Worker(
            "test",
            clock,
            NullLogger.Instance,
            async cancellation =>
            {
                entered.Release();
                await leave.WaitAsync(cancellation);
                return null;
            }
        );
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
