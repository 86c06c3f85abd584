using System.Text;
using Disa.Emulator.StepFunctions;
using Disa.Emulator.Time;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.StepFunctions;

public sealed class CrashTests : IDisposable
{
    /// <summary>A retry, a wait, two branches at once, an iteration, a choice.</summary>
    private const string Machine = """
        {"StartAt":"Try","States":{
          "Try":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"flaky","Payload":{"retries.$":"$$.State.RetryCount"}},
            "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2,"MaxAttempts":5}],"ResultPath":null,"Next":"Pause"},
          "Pause":{"Type":"Wait","Seconds":30,"Next":"Both"},
          "Both":{"Type":"Parallel","Branches":[
            {"StartAt":"Left","States":{"Left":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"left"},"OutputPath":"$.Payload","End":true}}},
            {"StartAt":"Right","States":{"Right":{"Type":"Wait","Seconds":5,"Next":"Each"},
              "Each":{"Type":"Map","ItemsPath":"$.list","MaxConcurrency":1,"ItemProcessor":{"StartAt":"One","States":{"One":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"one"},"OutputPath":"$.Payload","End":true}}},"End":true}}}],
            "Next":"Is"},
          "Is":{"Type":"Choice","Choices":[{"Variable":"$[0]","StringEquals":"left","Next":"Done"}],"Default":"Bad"},
          "Bad":{"Type":"Fail","Error":"Lost"},
          "Done":{"Type":"Succeed"}}}
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_power_cut_before_any_write_loses_nothing()
    {
        var (whole, writes) = await Run("whole", cut: long.MaxValue);
        Assert.InRange(writes, 8, 40);

        for (var cut = 2L; cut <= writes; cut++)
        {
            var (history, _) = await Run($"cut{cut}", cut);

            // Whatever ran twice, the record has it once.
            Assert.Equal(whole, history);
        }
    }

    [Fact]
    public async Task Waiting_for_another_execution_and_for_a_timeout_goes_on_after_a_restart()
    {
        var path = Path.Combine(directory, "restart.db");
        var clock = new Clock(TimeProvider.System);
        string parent,
            callback;
        await using (var before = Bench.Open(path: path, clock: clock))
        {
            var child = await before.Create("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":30,"End":true}}}""", name: "child");
            parent = await before.Start(
                await before.Create(Definition("states:startExecution.sync:2", $$"""{"StateMachineArn":"{{child}}"}""", ""), name: "parent")
            );
            callback = await before.Start(
                await before.Create(
                    Definition("states:startExecution.waitForTaskToken", $$"""{"StateMachineArn":"{{child}}"}""", "\"TimeoutSeconds\":40,"),
                    name: "callback"
                )
            );
            await before.Settle();
        }

        await using var after = Bench.Open(path: path, clock: clock);
        await after.Advance(60);

        Assert.Equal("SUCCEEDED", (await after.Describe(parent)).GetProperty("status").GetString());
        Assert.Equal("States.Timeout", (await after.Describe(callback)).GetProperty("error").GetString());
    }

    /// <summary>
    /// A function that was at work when the emulator was killed runs again; what it then waits for ends when it is due, by the clock on the wall.
    /// AWS may lose an EXPRESS run, but shows none that neither goes on nor ends: https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html.
    /// </summary>
    [Theory]
    [InlineData("STANDARD")]
    [InlineData("EXPRESS")]
    public async Task A_run_that_was_killed_in_a_task_or_in_a_wait_goes_on_at_its_due_time_in_real_time(string type)
    {
        const string Leased = """
            {"StartAt":"Send","States":{
              "Send":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"send"},"TimeoutSeconds":90,"ResultPath":null,
                "Catch":[{"ErrorEquals":["ItemsInFlightException"],"ResultPath":"$.inFlight","Next":"Lease"}],"End":true},
              "Lease":{"Type":"Wait","Seconds":120,"Next":"Send"}}}
            """;
        var path = Path.Combine(directory, $"killed-{type}.db");
        var wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero).AddTicks(5_678));
        var clock = new Clock(wall);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (
            var before = Bench.Open(
                new Neighbours
                {
                    Invoke = async (_, _, _, _, _, cancellation) =>
                    {
                        begun.TrySetResult();
                        return await new TaskCompletionSource<Disa.Emulator.Lambda.Invocation>().Task.WaitAsync(cancellation);
                    },
                },
                path,
                clock: clock
            )
        )
        {
            await before.Start(await before.Create(Leased, type));
            await begun.Task;
        }

        wall.Advance(TimeSpan.FromSeconds(10));
        var calls = 0;
        var neighbours = Bench.Function(
            (_, _) =>
                Interlocked.Increment(ref calls) == 1
                    ? Bench.Answer("""{"errorType":"ItemsInFlightException"}""", "Unhandled")
                    : Bench.Answer("1")
        );
        await using (var claimed = Bench.Open(neighbours, path, clock: new Clock(wall)))
        {
            await claimed.Settle();
            Assert.Equal(1, calls);
            wall.Advance(TimeSpan.FromSeconds(30));
        }

        var after = new Clock(wall);
        await using var waiting = Bench.Open(neighbours, path, clock: after);
        await waiting.Settle();
        wall.Advance(TimeSpan.FromSeconds(89));
        await waiting.Settle();
        Assert.Equal(1, calls);
        wall.Advance(TimeSpan.FromSeconds(1));
        await waiting.Settle();
        Assert.Equal(2, calls);
    }

    private static string Definition(string resource, string parameters, string more) =>
        "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::"
        + resource
        + "\",\"Parameters\":"
        + parameters
        + ","
        + more
        + "\"End\":true}}}";

    private async Task<(List<string> History, long Writes)> Run(string name, long cut)
    {
        var path = Path.Combine(directory, $"{name}.db");
        var wall = new Clock(TimeProvider.System);
        var power = new PowerCut(cut);
        var writes = 0L;
        var neighbours = new Neighbours
        {
            Invoke = (function, _, payload, _, _, _) =>
                Task.FromResult(
                    Encoding.UTF8.GetString(payload.Span) is """{"retries":0}""" or """{"retries":1}"""
                        ? Bench.Answer("""{"errorType":"Busy"}""", "Unhandled")
                        : Bench.Answer($"\"{function}\"")
                ),
        };

        var machine = "";
        var execution = "";
        await using (
            var bench = Bench.Open(
                neighbours,
                path,
                number =>
                {
                    writes = number;
                    power.BeforeWrite(number);
                },
                wall
            )
        )
        {
            try
            {
                machine = await bench.Create(Machine);
                execution = await bench.Start(machine, """{"list":[1,2]}""");
                await bench.Advance(60);
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException)
            {
                // The power is gone: what was not acknowledged is asked for again below.
            }
        }

        await using var after = Bench.Open(neighbours, path, clock: wall);
        if (execution.Length == 0)
        {
            machine = await after.Create(Machine);
            execution = await after.Start(machine, """{"list":[1,2]}""");
        }

        await after.Advance(120);
        Assert.Equal("SUCCEEDED", (await after.Describe(execution)).GetProperty("status").GetString());
        return (Chain(await after.Events(execution)), writes);
    }

    /// <summary>Each event with the one that it follows: branches may overtake each other, but each goes its own way.</summary>
    private static List<string> Chain(List<string> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => int.Parse(e.Split(' ', '<')[1])));
        return
        [
            .. events
                .Select(e => e.Split(' ', '<'))
                .Select(e => $"{(e[2] == "0" ? "" : events[int.Parse(e[2]) - 1].Split(' ')[0])} > {e[0]}")
                .Order(StringComparer.Ordinal),
        ];
    }
}
