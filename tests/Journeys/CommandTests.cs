namespace Disa.Journeys;

/// <summary>The command itself: what it says, and how it ends.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task The_demo_shows_everything_happening()
    {
        var demo = await Program.Run(Program.DisaPath, ["demo"]);

        Assert.True(demo.ExitCode == 0, demo.Output + demo.Error);
        Assert.DoesNotContain("✗", demo.Output, StringComparison.Ordinal);
        Assert.Contains("All checks passed.", demo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("send", "--file", "/does/not/exist.jsonl")]
    [InlineData("send")]
    [InlineData("time", "yesterday")]
    [InlineData("messages", "--status", "Lost")]
    [InlineData("up", "--port", "99999")]
    [InlineData("up", "--port", "0", "--smtp", "nowhere", "--in-memory")]
    [InlineData("up", "--port", "0", "--data", "/dev/null/data")]
    [InlineData("messages", "--endpoint-url", "not a url")]
    [InlineData("messages", "--endpoint-url", "http://127.0.0.1:1")]
    [InlineData("show", "x", "--profile", "no-such-profile")]
    [InlineData("cost", "--workload", "burst", "--size", "huge")]
    [InlineData("cost", "--workload", "burst", "--size", "300k")]
    [InlineData("cost", "--size", "512")]
    [InlineData("deploy", "--yes", "--role-arn", "deployer")]
    [InlineData("deploy", "--yes", "--permissions-boundary", "boundary")]
    [InlineData("deploy")]
    [InlineData("deploy", "--yes", "--param", "AlarmPeriod")]
    [InlineData("deploy", "--yes", "--env", "live")]
    [InlineData("destroy")]
    [InlineData("check", "/does/not/exist.yaml")]
    [InlineData("package", "--source", "/tmp")]
    public async Task A_wrong_argument_gets_one_sentence_and_exit_code_2(params string[] arguments)
    {
        var ended = await Program.Run(Program.DisaPath, arguments);

        Assert.Equal(2, ended.ExitCode);
        Assert.Empty(ended.Output);
        var said = ended.Error.TrimEnd().Split('\n').Where(line => !line.EndsWith(" ...", StringComparison.Ordinal));
        Assert.StartsWith("disa: ", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_up_goes_on_where_the_first_stopped()
    {
        var data = Directory.CreateTempSubdirectory("disa-journey-").FullName;
        try
        {
            string table;
            await using (var disa = await RunningDisa.Up(data))
            {
                table = disa.Table;
                await disa.Put("again-1", "First run.");
                await disa.Decided("again-1");
                Assert.Equal(200, await disa.Health());
            }

            await using (var disa = await RunningDisa.Up(data))
            {
                Assert.Equal(table, disa.Table);
                Assert.Equal("Successful", (await disa.Item("again-1"))["sendStatus"].S);
                await disa.Put("again-2", "Second run.");
                Assert.Equal("Successful", (await disa.Decided("again-2"))["sendStatus"].S);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
