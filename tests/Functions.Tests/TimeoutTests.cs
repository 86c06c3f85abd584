using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Functions.Tests;

/// <summary>The table of timeouts against the templates and the state machine that have them too.</summary>
public sealed partial class TimeoutTests
{
    private static readonly string Artefacts = Path.Combine(AppContext.BaseDirectory, "artefacts/cft");

    private static readonly JsonElement States = JsonElement
        .Parse(File.ReadAllText(Path.Combine(Artefacts, "state-machine/state-machine.json")))
        .GetProperty("States");

    [Fact]
    public void What_is_inside_ends_before_what_is_around_it()
    {
        TimeSpan[] nested =
        [
            Timeouts.TableRequest,
            Timeouts.TableCall,
            Timeouts.TenItems,
            Timeouts.Function,
            Timeouts.State,
            Timeouts.Execution,
            Timeouts.Lease,
            Timeouts.Deduplication,
        ];
        Assert.All(nested.Zip(nested.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair.First} is not below {pair.Second}."));
        Assert.True(Timeouts.Publish + (3 * Timeouts.TableCall) <= Timeouts.TenItems);
    }

    [Fact]
    public void The_template_and_the_state_machine_have_the_tables_values()
    {
        var template = File.ReadAllText(Path.Combine(Artefacts, "nested-stacks/lambda-function-stack.yaml"));
        Assert.Equal(
            Timeouts.Function.TotalSeconds,
            int.Parse(ProcessTimeout().Match(template).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.Equal(Timeouts.State.TotalSeconds, Seconds("Send"));
        Assert.Equal(Timeouts.Lease.TotalSeconds, States.GetProperty("WaitForLease").GetProperty("Seconds").GetInt32());
    }

    [Fact]
    public void An_execution_has_called_the_process_function_for_the_last_time_before_a_claim_of_it_can_end()
    {
        var read = States.GetProperty("ReadBreaker").GetProperty("Retry")[0];
        var attempts = read.GetProperty("MaxAttempts").GetInt32();
        var pauses = Enumerable
            .Range(0, attempts)
            .Sum(i =>
                Math.Min(read.GetProperty("MaxDelaySeconds").GetInt32(), read.GetProperty("IntervalSeconds").GetInt32() * Math.Pow(2, i))
            );
        var reading = ((attempts + 1) * Seconds("ReadBreaker")) + pauses;

        // A wait is at most four seconds more than twice the one before it, exclusive; throttled calls answer at once, one may hang.
        var (waits, wait) = (1, 1);
        for (var times = 1; times < 4; times++)
        {
            wait = (2 * wait) + 2;
            waits += wait;
        }

        Assert.InRange(reading + Seconds("Send") + waits + Seconds("Send"), 1, Timeouts.Execution.TotalSeconds);
    }

    private static int Seconds(string state) => States.GetProperty(state).GetProperty("TimeoutSeconds").GetInt32();

    [GeneratedRegex(@"^  ProcessFunction:.*?^      Timeout: (\d+)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ProcessTimeout();
}
