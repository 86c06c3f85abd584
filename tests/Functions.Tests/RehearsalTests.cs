using Disa.Functions.Init;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>What a function does before its first invocation: all of its usual calls, and none that leaves the process.</summary>
public sealed class RehearsalTests
{
    private readonly StringWriter logged = new();
    private readonly FakeTimeProvider time = new();

    private Log Log => new(logged, time);

    static RehearsalTests()
    {
        // As Lambda sets them; the SDK resolves its credentials from them before a request is played.
        foreach (
            var (name, value) in ((string, string)[])
                [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_REGION", "us-east-1"), ("TABLE_NAME", "t")]
        )
        {
            Environment.SetEnvironmentVariable(name, Environment.GetEnvironmentVariable(name) ?? value);
        }
    }

    [Theory]
    [InlineData("sequenceNo")]
    [InlineData("tenant id", "sort\"key")]
    public async Task A_message_is_sent(params string[] keyNames)
    {
        var operations = new List<string>();
        await new ProcessRehearsal(keyNames).RunAsync(Log, operations.Add, CancellationToken.None);
        Assert.Equal(["GetItem", "UpdateItem", "Publish", "UpdateItem"], operations);
        Assert.Contains("\"Sent\":1", logged.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":\"warn\"", logged.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":\"error\"", logged.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_inserted_item_starts_the_workflow(bool isShared)
    {
        await new InitRehearsal(new(["tenant id", "sort\"key"], isShared)).RunAsync(Log, CancellationToken.None);
        Assert.Contains("Started the workflow.", logged.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":\"warn\"", logged.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_that_takes_too_long_is_left()
    {
        var begun = new TaskCompletionSource();
        var rehearsing = Rehearsal.RunAsync(
            cancellation =>
            {
                begun.SetResult();
                return new TaskCompletionSource().Task.WaitAsync(cancellation);
            },
            Log,
            time
        );
        await begun.Task;
        time.Advance(Rehearsal.Limit);
        await rehearsing;
        Assert.Equal("", logged.ToString());
    }

    [Fact]
    public async Task A_rehearsal_that_fails_is_a_warning()
    {
        await Rehearsal.RunAsync(_ => throw new InvalidOperationException("broken"), Log, time);
        Assert.Contains("\"error\":\"broken\"", logged.ToString(), StringComparison.Ordinal);
    }
}
