using System.Collections.Concurrent;
using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>The power goes before each write from PutItem to the e-mail: what was acknowledged arrives, and a resend says that it may be one.</summary>
public sealed class PowerCutTests(Stack stack, ITestOutputHelper output) : IClassFixture<Stack>
{
    private const string Id = "m-1";
    private const string Text = "Through the dark.";

    /// <summary>Longer than a claim's lease (2 minutes) and the schedule of the sweeps (5 minutes) together.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(8);

    /// <summary>Longer than the alarm takes to In Alarm and back, and the longest first backoff.</summary>
    private static readonly TimeSpan Mending = TimeSpan.FromMinutes(12);

    [Fact]
    public Task A_power_cut_before_any_write_loses_no_message() =>
        CutEach(
            "sending",
            stack.Working,
            async (machine, disk) =>
            {
                await machine.Put(Id, Text);
                disk.Acknowledge();
                await machine.Settle();
            },
            machine => machine.Advance(Recovery)
        );

    [Fact]
    public Task A_power_cut_before_any_write_of_failing_and_mending_loses_no_message() =>
        CutEach(
            "failing and mending",
            stack.Broken,
            async (machine, disk) =>
            {
                await machine.Put(Id, Text);
                disk.Acknowledge();
                await machine.Settle();
                Assert.Equal("Failure", (await machine.Item(Id))?["sendStatus"].S);
                await machine.PointAt(stack.TopicArn);
                await machine.Advance(Mending);
            },
            async machine =>
            {
                await machine.PointAt(stack.TopicArn);
                await machine.Advance(Recovery + Mending);
            }
        );

    /// <summary>One journey, its disk copied before each write; then a machine for each copy, as after a power cut there.</summary>
    private async Task CutEach(string journey, string snapshot, Func<Machine, Disk, Task> travel, Func<Machine, Task> recover)
    {
        var directory = stack.NewDirectory();
        Disk.Copy(snapshot, directory);
        var disk = new Disk(directory, stack.NewDirectory());
        await using (var machine = await Machine.Start(directory, stack, disk))
        {
            disk.Travel();
            await travel(machine, disk);
            await Check(machine, acknowledged: true);
        }

        output.WriteLine(
            $"{journey}: {disk.Cuts.Count} writes, {disk.Cuts.Count(cut => !cut.Acknowledged)} of them before PutItem was answered"
        );
        Assert.False(disk.Cuts[0].Acknowledged);
        Assert.InRange(disk.Cuts.Count, 10, 500);

        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            Sample.Of(disk.Cuts, 3, output.WriteLine),
            new ParallelOptions { MaxDegreeOfParallelism = 3 },
            async (cut, _) =>
            {
                try
                {
                    await using var machine = await Machine.Start(cut.Directory, stack);
                    await recover(machine);
                    await Check(machine, cut.Acknowledged);
                }
                catch (Exception failure)
                {
                    // Said at once, because the other cuts go on; the sum of them fails the test.
                    output.WriteLine($"{journey}: cut before write {cut.Number}: {failure.Message}");
                    failures.Add($"cut before write {cut.Number}: {failure.Message}\n{failure.StackTrace}");
                }

                Directory.Delete(cut.Directory, recursive: true);
            }
        );
        Assert.Empty(failures);
    }

    private static async Task Check(Machine machine, bool acknowledged)
    {
        var item = await machine.Item(Id);
        var mails = await machine.Mails(Text);
        var executions = await machine.Executions();
        if (item is null)
        {
            Assert.False(acknowledged, "The acknowledged item is lost.");
            Assert.Empty(mails);
            Assert.Empty(executions);
            return;
        }

        Assert.True(
            item.GetValueOrDefault("sendStatus")?.S == "Successful",
            $"The item is {Show(item)}; executions {string.Join(", ", executions.Select(one => $"{one.Name} {one.Status}"))}"
        );
        Assert.NotEmpty(item["sentAt"].S);
        Assert.DoesNotContain(item.Keys, name => name is "sendClaim" or "sendDue" or "sendShard" or "sendNextAttempt" or "sendError");

        Assert.NotEmpty(mails);
        Assert.True(
            mails.Count(mail => !mail.MayBeDuplicate) <= 1,
            $"{mails.Count} mails, and not each resend says that it may be one; {Show(item)}"
        );
        Assert.Contains(mails, mail => mail.MessageId == item["sendMessageId"].S);

        Assert.NotEmpty(executions);
        Assert.All(
            executions,
            execution =>
                CheckHistory(
                    execution.Name,
                    execution.Status,
                    [
                        .. execution.Events.Select(one =>
                            (
                                one.GetProperty("id").GetInt64(),
                                one.GetProperty("previousEventId").GetInt64(),
                                one.GetProperty("type").GetString()!
                            )
                        ),
                    ]
                )
        );
        Assert.NotEqual("ALARM", await machine.AlarmState());
        Assert.Equal(0, await machine.GivenUp());
    }

    private static void CheckHistory(string name, string status, List<(long Id, long Previous, string Type)> events)
    {
        var shown = $"{name} {status}: {string.Join(" ", events.Select(one => $"{one.Id}<{one.Previous} {one.Type}"))}";
        Assert.True(status == "SUCCEEDED", shown);
        Assert.True(events.Select(one => one.Id).SequenceEqual(Enumerable.Range(1, events.Count).Select(id => (long)id)), shown);
        Assert.True(events[0] is (1, 0, "ExecutionStarted"), shown);
        Assert.True(events.Skip(1).All(one => one.Previous > 0 || one.Id == 2) && events.All(one => one.Previous < one.Id), shown);
        Assert.True(
            events.Count(one => one.Type.StartsWith("Execution", StringComparison.Ordinal)) == 2 && events[^1].Type == "ExecutionSucceeded",
            shown
        );

        // What was entered was left, and what was scheduled came to one end.
        Assert.True(
            events.Count(one => one.Type.EndsWith("StateEntered", StringComparison.Ordinal))
                == events.Count(one => one.Type.EndsWith("StateExited", StringComparison.Ordinal)) + Fails(events),
            shown
        );
        Assert.True(
            events.Count(one => one.Type is "TaskScheduled" or "LambdaFunctionScheduled")
                == events.Count(one =>
                    one.Type is "TaskSucceeded" or "TaskFailed" or "TaskTimedOut" or "LambdaFunctionSucceeded" or "LambdaFunctionFailed"
                ),
            shown
        );
    }

    private static int Fails(List<(long Id, long Previous, string Type)> events) => events.Count(one => one.Type == "FailStateEntered");

    private static string Show(Dictionary<string, AttributeValue> item) =>
        string.Join(
            ", ",
            item.Select(pair =>
                $"{pair.Key}={pair.Value.S ?? pair.Value.N ?? string.Join(" ", pair.Value.M?.Select(one => $"{one.Key}={one.Value.S}") ?? [])}"
            )
        );
}
