using System.Text.Json;

namespace Disa.Cli.Tests;

/// <summary>How the command behaves in a shell, in a script and in a pipe.</summary>
public sealed class MannersTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    [Fact]
    public async Task Called_without_a_word_it_shows_its_help_and_how_it_ends()
    {
        var bare = await Cli.Pipe([]);
        Assert.Equal(0, bare.ExitCode);
        Assert.Equal((await Cli.Pipe(["--help"])).Output, bare.Output);
        Assert.Contains("Commands:", bare.Output, StringComparison.Ordinal);
        Assert.Matches(@"Exit codes:\s+0 .*\s+1 .*\s+2 .*\s+130 ", bare.Output);
        Assert.Contains("Exit codes:", (await Cli.Pipe(["send", "--help"])).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disa me", "mend messages")]
    [InlineData("disa send --wa", "--wait")]
    [InlineData("disa messages --status Pa", "Paced Parked")]
    [InlineData("disa redrive --st", "--stack --stack-name --status --stop-at-failures")]
    public async Task The_bash_script_completes(string line, string expected)
    {
        var bash = Program.OnPath("bash");
        Assert.SkipWhen(bash is null, "There is no bash.");
        var script = """
            PATH="$(dirname "$1"):$PATH"
            eval "$(disa completion bash)"
            COMP_WORDS=($2); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _disa disa
            echo "${COMPREPLY[*]}"
            complete -p disa
            """;
        var ended = await Program.Run(bash!, ["-c", script, "bash", Program.DisaPath, line]);

        Assert.Equal(expected, ended.Output.Split('\n')[0]);
        Assert.Contains("-F _disa disa", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zsh", "compdef _disa disa")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName disa")]
    public async Task There_are_scripts_for_other_shells(string shell, string registers)
    {
        var ended = await Cli.Pipe(["completion", shell]);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains(registers, ended.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await Cli.Pipe(["completion", "fish"])).ExitCode);
    }

    [Theory]
    [InlineData("Usage", 2, "messages", "--limit", "0")]
    [InlineData("Usage", 2, "messages", "--nonsense")]
    [InlineData("Usage", 2, "nonsense")]
    [InlineData("Failed", 1, "show", "no-such-message")]
    [InlineData("Unreachable", 2, "messages", "--endpoint-url", "http://127.0.0.1:1")]
    [InlineData("Usage", 2, "deploy")]
    public async Task With_json_an_error_is_JSON(string code, int exitCode, params string[] arguments)
    {
        var ended = await (
            arguments.Contains("--endpoint-url") || exitCode == 2
                ? Cli.Pipe([.. arguments, "--json"])
                : shared.Disa.Disa([.. arguments, "--json"])
        );

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Empty(ended.Output);
        var error = JsonElement.Parse(Assert.Single(Cli.Said(ended)));
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task In_a_pipe_nothing_is_wrapped_cut_or_coloured()
    {
        var text = string.Join(' ', Enumerable.Range(1, 200).Select(i => $"word{i}"));
        await shared.Disa.Put("long", text);
        await shared.Disa.Decided("long");

        var listed = await shared.Disa.Disa("messages");
        Assert.Contains(
            listed.Output.Split('\n'),
            line => line.StartsWith("long", StringComparison.Ordinal) && line.EndsWith(text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain('\u001b', listed.Output + listed.Error);
        var shown = await shared.Disa.Disa("show", "long");
        Assert.Contains(
            shown.Output.Split('\n'),
            line => line.StartsWith("message", StringComparison.Ordinal) && line.EndsWith(text, StringComparison.Ordinal)
        );
        Assert.Contains(text, (await shared.Disa.Disa("inbox")).Output.Split('\n').Select(line => line.Trim()));
        Assert.DoesNotContain('…', listed.Output);
    }

    [Fact]
    public async Task Mail_is_listed_newest_first_a_page_at_a_time_and_searched()
    {
        foreach (var id in (string[])["mail-1", "mail-2"])
        {
            await shared.Disa.Put(id, $"Text of {id}.");
            await shared.Disa.Decided(id);
            await shared.Disa.MailsWith($"Text of {id}.");
        }

        var first = (await shared.Disa.Disa("inbox", "--text", "text of MAIL-", "--limit", "1", "--json")).Json();
        Assert.Contains("mail-2", first.GetProperty("mails")[0].GetProperty("body").GetString()!, StringComparison.Ordinal);
        var next = first.GetProperty("next").GetString()!;
        var second = (await shared.Disa.Disa("inbox", "--text", "text of MAIL-", "--limit", "1", "--after", next, "--json")).Json();
        Assert.Contains("mail-1", second.GetProperty("mails")[0].GetProperty("body").GetString()!, StringComparison.Ordinal);
        Assert.False(second.TryGetProperty("next", out var end) && end.ValueKind == JsonValueKind.String);
        Assert.Equal(2, (await shared.Disa.Disa("inbox", "--after", "nowhere")).ExitCode);
        Assert.Equal(2, (await shared.Disa.Disa("inbox", "--limit", "0")).ExitCode);
        Assert.Equal(2, (await shared.Disa.Disa("inbox", "--follow", "--text", "x")).ExitCode);
    }

    [Fact]
    public async Task NO_COLOR_means_no_escape_sequence_on_a_terminal_either()
    {
        string[] call = ["messages", "--endpoint-url", shared.Disa.Endpoint.ToString()];
        await shared.Disa.Put("seen", "Seen.");
        await shared.Disa.Decided("seen");
        var coloured = await Cli.Pty(call);
        Assert.Contains("\u001b[", coloured.Output, StringComparison.Ordinal);
        var plain = await Cli.Pty(call, new Dictionary<string, string> { ["NO_COLOR"] = "1" });

        Assert.Equal(0, plain.ExitCode);
        Assert.DoesNotContain("\u001b[", plain.Output, StringComparison.Ordinal);
        Assert.Contains("seen", plain.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hint_names_the_command_as_it_was_called()
    {
        var directory = Path.GetDirectoryName(Program.DisaPath)!;
        var bash = Program.OnPath("bash");
        Assert.SkipWhen(bash is null || !OperatingSystem.IsLinux(), "This is how Linux tells.");
        foreach (
            var (call, name) in ((string, string)[])
                [
                    ("PATH=\"$1:$PATH\" disa", "disa"),
                    ("cd \"$1\" && ./disa", "./disa"),
                    ("DISA_COMMAND=\"dotnet run --project cli --\" \"$1/disa\"", "dotnet run --project cli --"),
                ]
        )
        {
            var ended = await Program.Run(bash!, ["-c", call + " messages --endpoint-url http://127.0.0.1:1", "bash", directory]);
            Assert.Contains($"`{name} up`", ended.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Show_waits_until_a_message_is_decided()
    {
        await shared.Disa.Put("waited", "Waited for.");
        var shown = (await shared.Disa.Disa("show", "waited", "--wait", "--json")).Json();
        Assert.Equal(
            ("Sent", "Successful"),
            (shown.GetProperty("state").GetString(), shown.GetProperty("item").GetProperty("sendStatus").GetString())
        );
        Assert.Equal(1, (await shared.Disa.Disa("show", "no-such-message", "--wait")).ExitCode);
    }

    [Fact]
    public async Task Each_message_is_in_one_state_and_every_command_has_the_same_words()
    {
        await using var disa = await RunningDisa.Up();
        await disa.Put("sent", "Sent.");
        await disa.Put("parked", "");
        await disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = "waiting" },
                ["message"] = new() { S = "Later." },
                ["sendAt"] = new() { N = "4000000000" },
            }
        );
        await disa.Decided("sent");
        await disa.Decided("parked");
        await disa.Decided("waiting");
        await disa.Disa("break");
        await disa.Put("failed", "Failed.");
        await disa.Decided("failed");

        foreach (
            var (id, state, status) in ((string, string, string)[])
                [
                    ("sent", "Sent", "Successful"),
                    ("parked", "Parked", "Failure"),
                    ("waiting", "Waiting", "Failure"),
                    ("failed", "Failed", "Failure"),
                ]
        )
        {
            Assert.Equal(
                [id],
                (await disa.Disa("messages", "--status", state, "--json"))
                    .Json()
                    .GetProperty("messages")
                    .EnumerateArray()
                    .Select(message => message.GetProperty("id").GetString())
            );
            var shown = (await disa.Disa("show", id, "--json")).Json();
            Assert.Equal((state, status), (shown.GetProperty("state").GetString(), shown.GetProperty("status").GetString()));
            Assert.Equal(status, shown.GetProperty("item").GetProperty("sendStatus").GetString());
            Assert.Equal(state, (await disa.Disa("explain", id, "--json")).Json().GetProperty("state").GetString());
            Assert.StartsWith($"{id}: {state}", (await disa.Disa("explain", id)).Output, StringComparison.Ordinal);
        }

        Assert.Contains("Failed, will be tried again at ", (await disa.Disa("explain", "failed")).Output, StringComparison.Ordinal);
        var states = (await disa.Disa("audit", "--json")).Json().GetProperty("states");
        Assert.Equal(
            "{\"Waiting\":1,\"Sent\":1,\"Failed\":1,\"Parked\":1}",
            states.GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
        );
    }
}
