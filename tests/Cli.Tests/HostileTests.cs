using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;

namespace Disa.Cli.Tests;

/// <summary>Items whose key, text, subject and error would take over a terminal that obeyed them.</summary>
public sealed class HostileDisa : IAsyncLifetime
{
    /// <summary>Clears the screen, sets a title, colours by C1, turns the reading direction, breaks lines, and looks like markup and a link.</summary>
    public const string Text =
        "a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\u2066\u2028\u0085\u200b\u0008\rover[red]x[/][link=http://evil.example]y[/][";

    public RunningDisa Disa { get; private set; } = null!;

    /// <summary>The first directory holds artefacts with a hostile name and content.</summary>
    public string Files { get; } = Directory.CreateTempSubdirectory("disa-cli-").FullName;

    public async ValueTask InitializeAsync()
    {
        Disa = await RunningDisa.Up();
        await Disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = Text },
                ["message"] = new() { S = Text + "\nsecond line" },
                ["own"] = new() { S = Text },
            }
        );
        await Disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = Text + "parked" },
                ["message"] = new() { S = Text },
                ["attributes"] = new() { M = new() { [Text] = new() { S = "" } } },
            }
        );
        await Disa.Decided(Text);
        await Disa.Decided(Text + "parked");
        await Disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = Text + "odd" },
                ["message"] = new() { S = Text },
                ["sendStatus"] = new() { S = "Failure" },
                ["sendReason"] = new() { S = Text },
                ["sendNextAttempt"] = new() { S = Text },
            }
        );
        await File.WriteAllTextAsync(
            Path.Combine(Files, Text.Replace("/", "", StringComparison.Ordinal) + ".yaml"),
            $"Resources:\n  A:\n    Type: \"AWS::{JsonEncodedText.Encode(Text)}\"\n"
        );
        await File.WriteAllTextAsync(
            Path.Combine(Files, "lines.jsonl"),
            $"{{\"message\": 5, \"{JsonEncodedText.Encode(Text)}\": 1}}\n{{\"message\": \"x\", \"{Text}\n"
        );
        await File.WriteAllTextAsync(
            Path.Combine(Files, Text.Replace("/", "", StringComparison.Ordinal) + ".jsonl"),
            $"{{\"sequenceNo\": \"{JsonEncodedText.Encode(Text)}\", \"message\": \"\"}}\n"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Disa.DisposeAsync();
        Directory.Delete(Files, recursive: true);
    }
}

/// <summary>What comes from outside is shown, and never obeyed: by every command, on a terminal, in a pipe, and as JSON.</summary>
public sealed partial class HostileTests(HostileDisa hostile, ITestOutputHelper output) : IClassFixture<HostileDisa>
{
    private const string Text = HostileDisa.Text;

    /// <summary>As it is shown on one line.</summary>
    private const string Visible =
        @"a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\u2066\u2028\u0085\u200b\u0008\rover[red]x[/][link=http://evil.example]y[/][";

    /// <summary>Of each command at least one call in which something from outside is shown.</summary>
    private IReadOnlyList<(string[] Arguments, bool ShowsIt)> Calls =>
        [
            (["messages"], true),
            (["messages", "--status", "Parked"], true),
            (["messages", "--after", Text], true),
            (["failures"], false),
            (["edit", Text, "--message", Text], true),
            (["down", "--data", Path.Combine(hostile.Files, Text.Replace("/", "", StringComparison.Ordinal))], true),
            (["logs", "--data", Path.Combine(hostile.Files, Text.Replace("/", "", StringComparison.Ordinal))], true),
            (["show", Text], true),
            (["show", Text + "parked"], true),
            (["show", "no" + Text], true),
            (["explain", Text + "odd"], true),
            (["explain", Text + "parked"], true),
            (["cancel", Text], true),
            (["cancel", Text + "parked"], true),
            (["audit"], true),
            (["redrive", "--dry-run", "--waiting"], true),
            (["redrive", "--before", Text], true),
            (["inbox"], false),
            (["send", "--file", Path.Combine(hostile.Files, "lines.jsonl")], false),
            (["send", "--file", Path.Combine(hostile.Files, Text.Replace("/", "", StringComparison.Ordinal) + ".jsonl")], false),
            (["send", "--" + Text], true),
            (["send", Text, "--wait"], false),
            (["retry", "--stack", Text], true),
            (["break", "--stack", Text], true),
            (["mend", "--stack", Text], true),
            (["status", "--stack", Text], true),
            (["diff", "--stack", Text], false),
            (["deploy", "--stack", Text, "--yes"], false),
            (["destroy", "--stack", Text, "--yes"], true),
            (["console", "--stack", Text], true),
            (["time", Text], true),
            (["cost", "--workload", "burst", "--size", Text], true),
            (["package", "--source", hostile.Files + Text], false),
            (["check", hostile.Files], false),
            (["up", "--port", "0", "--in-memory", "--smtp", Text], true),
            (["up", "--port", "0", "--param", Text], true),
            (["demo", Text], true),
            (["completion", Text], true),
            ([Text], true),
        ];

    [Fact]
    public async Task The_calls_of_these_tests_are_of_all_commands()
    {
        var help = await Cli.Pipe(["--help"]);
        var commands = CommandLines()
            .Matches(help.Output[help.Output.IndexOf("Commands:", StringComparison.Ordinal)..])
            .Select(match => match.Groups[1].Value);

        Assert.Equal(
            commands.Order(StringComparer.Ordinal),
            Calls.Select(call => call.Arguments[0]).Where(name => name != Text).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_from_outside_is_obeyed(bool onTerminal)
    {
        foreach (var (arguments, shows) in Sample.Of(Calls, 3, output.WriteLine))
        {
            string[] call = [.. arguments, "--endpoint-url", hostile.Disa.Endpoint.ToString()];
            var ended = await (onTerminal ? Cli.Pty(call) : Cli.Pipe(call));
            var said = ended.Output + ended.Error;

            Assert.DoesNotContain("unexpected error", said, StringComparison.Ordinal);
            Assert.True(
                Cli.Obeyed(said).Count == 0,
                $"{string.Join(' ', arguments)} wrote {string.Join(' ', Cli.Obeyed(said))}: {JsonEncodedText.Encode(said)}"
            );
            if (shows)
            {
                var flat = Spaces().Replace(Cli.WithoutOwnSequences(said), "");
                Assert.True(
                    flat.Contains(onTerminal ? @"a\u001b[2J" : @"a\u001b[2J\u001b]0;owned\u0007", StringComparison.Ordinal)
                        || flat.Contains("matches", StringComparison.Ordinal)
                        || flat.Contains("messagesmatch", StringComparison.Ordinal),
                    said
                );
            }
        }
    }

    [Fact]
    public async Task JSON_says_the_same_with_its_own_escapes()
    {
        foreach (var (arguments, _) in Sample.Of(Calls, 3, output.WriteLine))
        {
            var ended = await Cli.Pipe([.. arguments, "--json", "--endpoint-url", hostile.Disa.Endpoint.ToString()]);
            Assert.True(Cli.Obeyed(ended.Output + ended.Error).Count == 0, $"{string.Join(' ', arguments)}: {ended.Output} {ended.Error}");
            if (ended.Output.Length > 0)
            {
                JsonElement.Parse(ended.Output);
            }

            foreach (var line in ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.Equal(JsonValueKind.Object, JsonElement.Parse(line).ValueKind);
            }
        }

        var shown = (await Cli.Pipe(["show", Text, "--json", "--endpoint-url", hostile.Disa.Endpoint.ToString()])).Json();
        Assert.Equal(Text, shown.GetProperty("id").GetString());
        Assert.Equal(Text, shown.GetProperty("item").GetProperty("own").GetString());
        Assert.Equal(Text + "\nsecond line", shown.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_pipe_gets_all_of_a_text_on_one_line_and_a_terminal_sees_it_as_it_is()
    {
        var listed = await Cli.Pipe(["messages", "--endpoint-url", hostile.Disa.Endpoint.ToString()]);
        Assert.Contains(listed.Output.Split('\n'), line => line.Contains(Visible + @"\nsecond line", StringComparison.Ordinal));

        var mails = await Cli.Pipe(["inbox", "--endpoint-url", hostile.Disa.Endpoint.ToString()]);
        Assert.Contains("  second line", mails.Output.Split('\n'));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_of_AWS_is_shown_and_not_obeyed(bool onTerminal)
    {
        await using var endpoint = Endpoint.Answering(
            "400 Bad Request",
            "text/xml",
            "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error><Type>Sender</Type><Code>Hostile</Code>"
                + "<Message>no \u009b2J\u202e [red]x[/] [/]</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        );
        foreach (
            var command in (string[][])
                [
                    ["messages"],
                    ["show", "x"],
                    ["explain", "x"],
                    ["status"],
                    ["send", "x"],
                    ["audit"],
                    ["diff"],
                    ["break"],
                    ["console"],
                ]
        )
        {
            string[] call = [.. command, "--endpoint-url", endpoint.Url.ToString()];
            var ended = await (onTerminal ? Cli.Pty(call) : Cli.Pipe(call));

            Assert.Equal(1, ended.ExitCode);
            Assert.Empty(Cli.Obeyed(ended.Output + ended.Error));
            Assert.Contains(@"Hostile: no \u009b2J\u202e [red]x[/] [/]", ended.Output + ended.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_log_of_up_is_shown_and_not_obeyed()
    {
        await using var disa = await RunningDisa.Up(null, "--verbose");
        await disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = Text },
                ["message"] = new() { S = Text },
            }
        );
        await disa.Decided(Text);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(disa.Endpoint, "/%1b%5b2J%c2%9b31m"));
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=x%1b[2J/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        );
        await http.SendAsync(request);
        await disa.Kill();

        Assert.Contains("info:", await disa.Errors, StringComparison.Ordinal);
        Assert.Empty(Cli.Obeyed(await disa.Errors));
    }

    [GeneratedRegex(@"^  ([a-z]+)\b", RegexOptions.Multiline)]
    private static partial Regex CommandLines();

    [GeneratedRegex(@"[\s│]+")]
    private static partial Regex Spaces();
}
