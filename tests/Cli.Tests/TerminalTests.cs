namespace Disa.Cli.Tests;

/// <summary>Commands that succeed, on a pseudo-terminal.</summary>
public sealed class TerminalTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    /// <summary>What asks an endpoint waits for its answer, and says so; also where one wait is within another.</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("diff")]
    [InlineData("time", "+1m")]
    [InlineData("inbox")]
    [InlineData("cost")]
    [InlineData("retry")]
    [InlineData("send", "One more.")]
    [InlineData("deploy", "--yes", "--param", "RetentionDays=30")]
    public async Task A_command_does_on_a_terminal_what_it_does_in_a_pipe(params string[] arguments)
    {
        var ended = await Cli.Pty([.. arguments, "--endpoint-url", shared.Disa.Endpoint.ToString()]);
        Assert.True(ended.ExitCode == 0, ended.Output);
        Assert.DoesNotContain("unexpected error", ended.Output, StringComparison.Ordinal);
    }
}
