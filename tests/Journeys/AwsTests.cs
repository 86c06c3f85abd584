namespace Disa.Journeys;

/// <summary>The journey on AWS itself, by the command alone: only where account, Region and mailbox are named, and only in that account.</summary>
public sealed class AwsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Deploy_send_break_mend_and_destroy_on_AWS()
    {
        Assert.SkipWhen(Variable("DISA_TARGET") != "aws", "DISA_TARGET is not aws.");
        Assert.SkipWhen(
            Variable("DISA_TEST_ACCOUNT") is null || Variable("AWS_REGION") is null || Variable("DISA_TEST_EMAIL") is null,
            "DISA_TEST_ACCOUNT, AWS_REGION and DISA_TEST_EMAIL do not say where and to whom."
        );
        const string stack = "disa-journey";
        var where = await Disa("diff", "--stack", stack);
        Assert.True(
            where.Error.Contains($"account {Variable("DISA_TEST_ACCOUNT")}", StringComparison.Ordinal),
            $"These credentials are not those of DISA_TEST_ACCOUNT: {where.Error}"
        );
        try
        {
            var deployed = await Disa("deploy", "--stack", stack, "--email", Variable("DISA_TEST_EMAIL")!, "--yes");
            Assert.True(deployed.ExitCode == 0, deployed.Error);
            Assert.Equal(0, (await Disa("diff", "--stack", stack)).ExitCode);

            var sent = await Disa("send", "From the journey tests.", "--wait", "--stack", stack);
            Assert.True(sent.ExitCode == 0, sent.Error);

            Assert.Equal(0, (await Disa("break", "--stack", stack)).ExitCode);
            Assert.Equal(1, (await Disa("send", "This one fails at first.", "--wait", "--stack", stack)).ExitCode);
            Assert.Equal(0, (await Disa("mend", "--stack", stack)).ExitCode);
            var deadline = TimeProvider.System.GetUtcNow() + Patience;
            while ((await Disa("messages", "--status", "Failure", "--json", "--stack", stack)).Json().GetArrayLength() > 0)
            {
                Assert.True(TimeProvider.System.GetUtcNow() < deadline, "the failed message was not sent again");
                await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System);
            }

            Assert.Equal(0, (await Disa("audit", "--stack", stack)).ExitCode);
        }
        finally
        {
            var destroyed = await Disa("destroy", "--stack", stack, "--delete-data", "--bootstrap", "--yes");
            Assert.True(destroyed.ExitCode == 0, destroyed.Error);
        }
    }

    /// <summary>With the caller's own AWS configuration, which other tests never see.</summary>
    private static Task<Ended> Disa(params string[] arguments) =>
        Program.Run(
            Program.DisaPath,
            arguments,
            Environment
                .GetEnvironmentVariables()
                .Cast<System.Collections.DictionaryEntry>()
                .Where(pair => (string)pair.Key is "DISA_TARGET" || ((string)pair.Key).StartsWith("AWS_", StringComparison.Ordinal))
                .ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!)
        );

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
