namespace Disa.Cli.Tests;

/// <summary>What a profile of the AWS configuration leads to.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task A_role_that_is_refused_is_told_in_the_words_of_AWS()
    {
        var folder = Directory.CreateTempSubdirectory("disa-profile-").FullName;
        await using var emulator = await RunningDisa.Up(null, "--bare");
        var (config, credentials) = (Path.Combine(folder, "config"), Path.Combine(folder, "credentials"));
        await File.WriteAllTextAsync(config, "[profile role]\nrole_arn=arn:aws:iam::000000000000:role/nobodys\nsource_profile=base\n");
        await File.WriteAllTextAsync(credentials, "[base]\naws_access_key_id=000000000000\naws_secret_access_key=any\n");
        var environment = new Dictionary<string, string>(emulator.AwsEnvironment)
        {
            ["AWS_CONFIG_FILE"] = config,
            ["AWS_SHARED_CREDENTIALS_FILE"] = credentials,
        };
        environment.Remove("AWS_ACCESS_KEY_ID");
        environment.Remove("AWS_SECRET_ACCESS_KEY");

        foreach (
            var command in (string[][])
                [
                    ["status"],
                    ["messages"],
                    ["show", "one"],
                    ["send", "Hello"],
                ]
        )
        {
            var ended = await Journeys.Program.Run(Journeys.Program.DisaPath, [.. command, "--profile", "role"], environment);
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains("AccessDenied: Roles may not be assumed by root accounts.", ended.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", ended.Error, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
