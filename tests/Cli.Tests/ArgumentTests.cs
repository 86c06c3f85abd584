namespace Disa.Cli.Tests;

/// <summary>A mistyped option is refused; it never becomes a message, a key or a file.</summary>
public sealed class ArgumentTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    [Theory]
    [InlineData("--subject", "send", "--subject", "Hi", "hello")]
    [InlineData("--subject", "send", "--subject=Hi", "hello")]
    [InlineData("--wiat", "send", "hello", "--wiat")]
    [InlineData("-w", "send", "hello", "-w")]
    [InlineData("--verbos", "show", "--verbos")]
    [InlineData("--verbos", "show", "x", "--verbos")]
    [InlineData("--jsn", "explain", "x", "--jsn")]
    [InlineData("--forse", "cancel", "--forse")]
    [InlineData("--fast", "time", "--fast")]
    [InlineData("--strict", "check", "--strict")]
    [InlineData("--dryrun", "redrive", "--reason", "Held", "--dryrun", "--yes")]
    [InlineData("--nonsense", "messages", "--nonsense")]
    [InlineData("--endpoint", "messages", "--endpoint", "http://127.0.0.1:1")]
    [InlineData("--yess", "destroy", "--yess")]
    [InlineData("--statsu", "messages", "--endpoint-url", "--statsu")]
    public async Task An_option_that_there_is_not_is_refused(string option, params string[] arguments)
    {
        var ended = await Cli.Pipe([
            .. arguments,
            .. arguments.Contains("--endpoint-url") ? (string[])[] : ["--endpoint-url", "http://127.0.0.1:1"],
        ]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Empty(ended.Output);
        Assert.Single(Cli.Said(ended));
        Assert.Contains($"unknown option '{option}'", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--wait", "send", "hello", "--wiat")]
    [InlineData("--dry-run", "redrive", "--dryrun")]
    [InlineData("--endpoint-url", "messages", "--endpoint")]
    [InlineData("messages", "mesages")]
    public async Task What_was_perhaps_meant_is_said(string meant, params string[] arguments)
    {
        var ended = await Cli.Pipe(arguments);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"did you mean '{meant}'?", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_that_only_look_like_options_are_sent_as_they_are()
    {
        string[] texts = ["--subject", "@here", "- a list", "true", "-5 degrees"];
        var sent = await Cli.Pipe([
            "send",
            "--json",
            "--endpoint-url",
            shared.Disa.Endpoint.ToString(),
            "@here",
            "- a list",
            "-5 degrees",
            "--wait",
            "true",
            "--",
            "--subject",
        ]);

        Assert.Equal(
            texts.Order(StringComparer.Ordinal),
            sent.Json().EnumerateArray().Select(message => message.GetProperty("text").GetString()!).Order(StringComparer.Ordinal)
        );
    }
}
