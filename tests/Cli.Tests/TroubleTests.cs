using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Disa.Cli.Tests;

/// <summary>What the command says of a stack in trouble, among many messages: on a terminal, in a pipe, and as JSON.</summary>
public sealed class TroubleTests(TroubledTable troubled, ITestOutputHelper output) : IClassFixture<TroubledTable>
{
    [Fact]
    public async Task Status_counts_every_state_and_says_that_the_breaker_is_open()
    {
        var states = (await Json("status")).GetProperty("messages").GetProperty("states");
        Assert.Equal(
            (TroubledTable.Many - TroubledTable.Failed - TroubledTable.Parked, TroubledTable.Parked),
            (Number("Sent"), Number("Parked"))
        );
        Assert.NotEqual(0, Number("Held"));
        Assert.Equal(TroubledTable.Failed + TroubledTable.Broken + TroubledTable.Held, Number("Failed") + Number("Held"));
        await OnTerminalAndInAPipe(["status"], "open: nothing is sent", $"{TroubledTable.Parked} Parked", " Held");

        int Number(string state) => states.GetProperty(state).GetInt32();
    }

    [Fact]
    public async Task Failures_are_grouped_by_their_five_kinds_and_a_group_is_counted_before_it_is_sent_again()
    {
        var groups = (await Json("failures")).GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal(
            ["AuthorizationError", "InternalError", "KMSDisabled", "NotFound", "Throttled", "Timeout"],
            groups.Select(group => group.GetProperty("code").GetString()!).Order(StringComparer.Ordinal)
        );
        var throttled = groups.Single(group => group.GetProperty("code").GetString() == "Throttled");
        Assert.Equal(
            ((TroubledTable.Failed / 5) + TroubledTable.Parked, TroubledTable.Parked),
            (throttled.GetProperty("count").GetInt32(), throttled.GetProperty("parked").GetInt32())
        );
        await OnTerminalAndInAPipe(["failures"], "KMSDisabled", "Timeout");
        string[] counted = ["redrive", "--group", throttled.GetProperty("id").GetString()!, "--dry-run"];
        Assert.Equal(TroubledTable.Parked, (await Json(counted)).GetProperty("matched").GetInt32());
        await OnTerminalAndInAPipe(counted, $"{TroubledTable.Parked}");
    }

    [Fact]
    public async Task The_newest_messages_come_first_and_a_state_an_error_and_a_message_are_found()
    {
        var newest = (await Json("messages", "--limit", "40")).GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(40, newest.Count);
        Assert.Equal(
            TroubledTable.Held + TroubledTable.Broken,
            newest
                .Take(TroubledTable.Held + TroubledTable.Broken)
                .Count(message => !message.GetProperty("id").GetString()!.StartsWith("many-", StringComparison.Ordinal))
        );
        Assert.Equal(TroubledTable.Parked, await Found("--status", "Parked"));
        Assert.InRange(await Found("--status", "Held"), 1, TroubledTable.Held + TroubledTable.Broken);
        Assert.Equal(TroubledTable.Failed / 5, await Found("--error", "KMSDisabled"));
        await OnTerminalAndInAPipe(["messages"], Newest, "Held");
        await OnTerminalAndInAPipe(["messages", "--status", "Parked"], "many-000249", "Parked");
        await OnTerminalAndInAPipe(["show", "many-000201"], "AttemptsExhausted", "Throttled");
        await OnTerminalAndInAPipe(["explain", Newest], "the breaker was open");
        await OnTerminalAndInAPipe(["explain", "many-000201"], "will not be sent unless you redrive it");
    }

    [Fact]
    public async Task An_audit_of_all_of_them_finds_nobody_unaccounted_for()
    {
        var audit = await Json("audit");
        Assert.Equal(TroubledTable.All, audit.GetProperty("total").GetInt32());
        await OnTerminalAndInAPipe(["audit"], "Parked");
    }

    /// <summary>The message that a probe takes last.</summary>
    private static string Newest => string.Create(CultureInfo.InvariantCulture, $"held-{TroubledTable.Held - 1}");

    private async Task<int> Found(params string[] options) =>
        (await Json(["messages", "--limit", "1000", .. options])).GetProperty("messages").GetArrayLength();

    private async Task<JsonElement> Json(params string[] arguments)
    {
        var ended = await Timed([.. arguments, "--json"], Cli.Pipe);
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', arguments)}: {ended.Error}");
        return ended.Json();
    }

    /// <summary>A terminal may get colours and no other sequence; a pipe gets none, and whole lines.</summary>
    private async Task OnTerminalAndInAPipe(string[] arguments, params string[] expected)
    {
        var terminal = await Timed(arguments, Cli.Pty);
        var pipe = await Timed(arguments, Cli.Pipe);
        Assert.True((terminal.ExitCode, pipe.ExitCode) == (0, 0), $"{terminal.ExitCode}: {terminal.Output}\n{pipe.ExitCode}: {pipe.Error}");
        Assert.Empty(Cli.Obeyed(terminal.Output));
        Assert.DoesNotContain('\u001b', pipe.Output);
        var flat = Cli.WithoutOwnSequences(terminal.Output);
        Assert.All(
            expected,
            text =>
            {
                Assert.Contains(text, pipe.Output + pipe.Error, StringComparison.Ordinal);
                Assert.Contains(
                    text,
                    string.Join(' ', flat.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)),
                    StringComparison.Ordinal
                );
            }
        );
    }

    private async Task<Ended> Timed(string[] arguments, Func<string[], IReadOnlyDictionary<string, string>?, string?, Task<Ended>> run)
    {
        var began = Stopwatch.GetTimestamp();
        var ended = await run([.. arguments, "--endpoint-url", troubled.Disa.Endpoint.ToString()], null, null);
        output.WriteLine($"disa {string.Join(' ', arguments)}: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        return ended;
    }
}
