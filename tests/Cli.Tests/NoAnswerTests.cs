using System.Net.Sockets;

namespace Disa.Cli.Tests;

/// <summary>Where there is no answer, a sentence says so: no stack trace, exit code 2.</summary>
public sealed class NoAnswerTests(ITestOutputHelper output)
{
    private static readonly string[][] Commands =
    [
        ["messages"],
        ["show", "x"],
        ["explain", "x"],
        ["cancel", "x"],
        ["send", "x"],
        ["inbox"],
        ["time", "+1s"],
        ["cost"],
        ["audit"],
        ["redrive", "--dry-run"],
        ["retry"],
        ["break"],
        ["mend"],
        ["status"],
        ["diff"],
        ["deploy", "--yes"],
        ["destroy", "--yes"],
        ["console"],
    ];

    private static readonly Dictionary<string, string> NoCredentials = new()
    {
        ["DISA_TARGET"] = "aws",
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["HOME"] = "/nonexistent",
    };

    [Fact]
    public async Task Without_credentials()
    {
        await Each(Commands, async command => Check(command, await Cli.Pipe(command, NoCredentials), ""));

        Check(["messages"], await Cli.Pipe(["messages"], NoCredentials), "there are no credentials for AWS");
    }

    [Fact]
    public async Task With_a_target_that_there_is_not()
    {
        var bogus = new Dictionary<string, string> { ["DISA_TARGET"] = "bogus" };
        await Each(
            [.. Commands, ["up", "--in-memory", "--port", "0"], ["demo"], ["check"], ["package"]],
            async command => Check(command, await Cli.Pipe(command, bogus), "DISA_TARGET is 'bogus'")
        );
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://no-such-host.invalid:4566")]
    [InlineData("https://127.0.0.1:1")]
    [InlineData("http://")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://[::1]:1/")]
    public async Task At_an_address_where_nobody_is(string url)
    {
        var said = url.Length > 8 && !url.StartsWith("ftp", StringComparison.Ordinal) ? "does not answer" : "is not an endpoint URL";
        await Each(
            url.EndsWith(":1", StringComparison.Ordinal)
                ? Commands
                :
                [
                    ["messages"],
                    ["inbox"],
                    ["send", "x"],
                ],
            async command => Check(command, await Cli.Pipe([.. command, "--endpoint-url", url]), said)
        );
    }

    [Fact]
    public async Task When_the_connection_is_reset()
    {
        await using var endpoint = new Endpoint(
            (socket, _) =>
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                return Task.CompletedTask;
            }
        );
        await All(endpoint, "does not answer");
    }

    [Fact]
    public async Task When_the_connection_is_closed_without_a_word()
    {
        await using var endpoint = new Endpoint((_, _) => Task.CompletedTask);
        await All(endpoint, "does not answer");
    }

    [Fact]
    public async Task When_the_connection_is_closed_in_the_middle_of_an_answer()
    {
        await using var endpoint = Endpoint.Answering("200 OK", "text/xml", "<DescribeStacksResponse><Describe", promised: 5000);
        await All(endpoint, "");
    }

    [Theory]
    [InlineData("200 OK", "text/html", "<html><body>It works!</body></html>")]
    [InlineData("200 OK", "text/plain", "")]
    [InlineData("200 OK", "application/json", "{\"mails\": 5}")]
    [InlineData("200 OK", "application/json", "nonsense")]
    [InlineData("200 OK", "text/xml", "<a><b></a>")]
    [InlineData("404 Not Found", "text/html", "<html><body>404</body></html>")]
    [InlineData("403 Forbidden", "text/html", "<html><body>Access denied by proxy</body></html>")]
    [InlineData("502 Bad Gateway", "text/html", "<html><body>502 Bad Gateway</body></html>")]
    [InlineData("503 Service Unavailable", "text/plain", "")]
    public async Task When_another_program_answers(string status, string type, string body)
    {
        await using var endpoint = Endpoint.Answering(status, type, body);
        await Each(
            [
                ["messages"],
                ["inbox"],
                ["time", "+1s"],
                ["status"],
                ["diff"],
                ["send", "x"],
            ],
            async command => Check(command, await Cli.Pipe([.. command, "--endpoint-url", endpoint.Url.ToString()]), "")
        );
    }

    [Fact]
    public async Task When_it_takes_the_request_and_never_answers()
    {
        var asked = 0;
        await using var endpoint = new Endpoint(
            (_, cancellation) =>
            {
                Interlocked.Increment(ref asked);
                return Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }
        );
        var waiting = Cli.Pipe(["messages", "--endpoint-url", endpoint.Url.ToString()]);
        Check(["messages"], await waiting, "no answer in time", lines: null);
        Assert.Contains("...", (await waiting).Error, StringComparison.Ordinal);
        Assert.InRange(asked, 1, 2); // each of them waits for 20 s
    }

    [Fact]
    public async Task Who_wants_to_see_where_an_error_came_from_does()
    {
        var ended = await Cli.Pipe(
            ["messages", "--endpoint-url", "http://127.0.0.1:1"],
            new Dictionary<string, string> { ["DISA_DEBUG"] = "1" }
        );
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("   at ", ended.Error, StringComparison.Ordinal);
    }

    private Task All(Endpoint endpoint, string said) =>
        Each(Commands, async command => Check(command, await Cli.Pipe([.. command, "--endpoint-url", endpoint.Url.ToString()]), said));

    /// <summary>Several at a time: most of what a command does without an answer is to wait before it asks again.</summary>
    private Task Each(string[][] commands, Func<string[], Task> check) =>
        Parallel.ForEachAsync(
            Sample.Of(commands, 3, output.WriteLine),
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (command, _) => await check(command)
        );

    private static void Check(string[] command, Ended ended, string said, int? lines = 1)
    {
        var shown = $"{string.Join(' ', command)}: {ended.ExitCode}: {ended.Output}{ended.Error}";
        Assert.True(ended.ExitCode == 2, shown);
        Assert.True(ended.Output.Length == 0, shown);
        Assert.True(lines is null || Cli.Said(ended).Count == lines, shown);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
    }
}
