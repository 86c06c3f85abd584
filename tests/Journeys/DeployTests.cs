using System.Runtime.InteropServices;
using System.Text.Json;

namespace Disa.Journeys;

/// <summary>The operator's commands: deploy, diff, status, destroy, as they would be used against an account.</summary>
public sealed class DeployTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    private RunningDisa Disa => shared.Disa;

    [Fact]
    public async Task Deploy_change_diff_deploy_and_destroy_leave_nothing()
    {
        const string stack = "trip";
        Assert.Equal(1, (await Disa.Disa("diff", "--stack", stack)).ExitCode);
        var first = (await Disa.Disa("deploy", "--stack-name", stack, "--email", "trip@example.com", "--yes", "--json")).Json();
        Assert.True(first.GetProperty("changed").GetBoolean());
        var table = first.GetProperty("outputs").GetProperty("TableName").GetString()!;
        Assert.Equal(0, (await Disa.Disa("diff", "--stack", stack)).ExitCode);
        Assert.False((await Disa.Disa("deploy", "--stack", stack, "--yes", "--json")).Json().GetProperty("changed").GetBoolean());

        var differs = await Disa.Disa("diff", "--stack", stack, "--param", "AlarmPeriod=300", "--json");
        Assert.Equal(1, differs.ExitCode);
        Assert.Equal(
            ["FailedAlarm"],
            Leaves(JsonElement.Parse(differs.Output))
                .Where(change => change.GetProperty("properties").EnumerateArray().Any(name => name.GetString() == "Metrics"))
                .Select(change => change.GetProperty("logicalId").GetString())
        );

        var deployed = await Disa.Disa("deploy", "--stack", stack, "--param", "AlarmPeriod=300", "--yes");
        Assert.Equal(0, deployed.ExitCode);
        Assert.Contains("0 uploaded, 0 copied inside the bucket", deployed.Error, StringComparison.Ordinal);
        Assert.Contains("UPDATE_COMPLETE FailedAlarm", deployed.Error, StringComparison.Ordinal);
        Assert.Contains("not AWS", deployed.Error, StringComparison.Ordinal);

        // What nobody named stays as it was.
        var status = (await Disa.Disa("status", "--stack", stack, "--json")).Json();
        Assert.Equal(
            ["AlarmPeriod=300", "NotificationEmail=trip@example.com"],
            status.GetProperty("parameters").EnumerateArray().Select(one => $"{one.GetProperty("name")}={one.GetProperty("deployed")}")
        );
        Assert.True(status.GetProperty("artefacts").GetProperty("same").GetBoolean());
        Assert.False(status.GetProperty("subscribers")[0].GetProperty("confirmed").GetBoolean());
        Assert.Equal(0, status.GetProperty("deadLetters").GetProperty("messages").GetInt32());
        await OnlyWhatHasChangedIsTouched(stack);

        // Another type is another workflow, which cannot have the name of the one that goes.
        var express = await Disa.Disa("deploy", "--stack", stack, "--param", "StateMachineType=EXPRESS", "--yes", "--json");
        Assert.EndsWith(
            ":stateMachine:trip-express",
            express.Json().GetProperty("outputs").GetProperty("StateMachineArn").GetString(),
            StringComparison.Ordinal
        );

        Assert.Equal(
            "Successful",
            (await Disa.Disa("send", "Hello.", "--wait", "--stack", stack, "--json")).Json()[0].GetProperty("status").GetString()
        );
        var destroyed = (await Disa.Disa("destroy", "--stack", stack, "--delete-data", "--bootstrap", "--yes", "--json")).Json();
        Assert.Empty(destroyed.GetProperty("kept").EnumerateArray());
        Assert.DoesNotContain(table, (await Disa.DynamoDb.ListTablesAsync()).TableNames);
        Assert.Equal(1, (await Disa.Disa("status", "--stack", stack)).ExitCode);
        Assert.Equal(1, (await Disa.Disa("destroy", "--stack", stack, "--delete-data", "--bootstrap", "--yes")).ExitCode);
    }

    /// <summary>A later command, of which one package and one template are others.</summary>
    private async Task OnlyWhatHasChangedIsTouched(string stack)
    {
        var later = Directory.CreateTempSubdirectory("disa-later-").FullName;
        try
        {
            var command = Path.GetDirectoryName(Program.DisaPath)!;
            foreach (var file in Directory.EnumerateFiles(command, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(later, Path.GetRelativePath(command, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            using (
                var zip = System.IO.Compression.ZipFile.Open(
                    Path.Combine(later, "artefacts/code/dotnet/disa_retry.zip"),
                    System.IO.Compression.ZipArchiveMode.Update
                )
            )
            {
                zip.CreateEntry("later.txt");
            }

            var template = Path.Combine(later, "artefacts/cft/nested-stacks/dead-letter-queue-stack.yaml");
            await File.WriteAllTextAsync(
                template,
                (await File.ReadAllTextAsync(template)).Replace("Default: 1209600", "Default: 1209500", StringComparison.Ordinal)
            );
            using var s3 = new Amazon.S3.AmazonS3Client(
                RunningDisa.Credentials,
                new Amazon.S3.AmazonS3Config
                {
                    ServiceURL = Disa.Endpoint.ToString(),
                    AuthenticationRegion = "us-east-1",
                    ForcePathStyle = true,
                }
            );
            var bucket = (await s3.ListBucketsAsync())
                .Buckets.Single(one => one.BucketName.StartsWith(stack + "-bootstrap-", StringComparison.Ordinal))
                .BucketName;
            async Task<List<string>> Lies() =>
                [
                    .. (await s3.ListVersionsAsync(new Amazon.S3.Model.ListVersionsRequest { BucketName = bucket }))
                        .Versions.Select(one => $"{one.Key} {one.VersionId} {one.IsDeleteMarker}")
                        .Order(StringComparer.Ordinal),
                ];

            var before = await Lies();
            var differs = await Program.Run(
                Path.Combine(later, Path.GetFileName(Program.DisaPath)),
                ["diff", "--stack", stack, "--json", "--endpoint-url", Disa.Endpoint.ToString()]
            );
            // What refers to something that changes may change too: CloudFormation knows it only then.
            var changes = Leaves(JsonElement.Parse(differs.Output))
                .Where(change => change.GetProperty("action").GetString() == "change")
                .Select(change => change.GetProperty("logicalId").GetString())
                .ToList();
            Assert.Contains("RetryFunction", changes);
            Assert.Contains("DeadLetterQueue", changes);
            Assert.DoesNotContain("InitFunction", changes);
            Assert.DoesNotContain("ProcessFunction", changes);
            Assert.Equal(before, await Lies());

            var deployed = await Program.Run(
                Path.Combine(later, Path.GetFileName(Program.DisaPath)),
                ["deploy", "--stack", stack, "--yes", "--endpoint-url", Disa.Endpoint.ToString()]
            );
            Assert.True(deployed.ExitCode == 0, deployed.Error);
            Assert.Contains("Artefacts: 2 uploaded", deployed.Error, StringComparison.Ordinal);
            Assert.Contains("UPDATE_COMPLETE RetryFunction", deployed.Error, StringComparison.Ordinal);
            foreach (var untouched in (string[])["InitFunction", "ProcessFunction", "StateMachine AWS::StepFunctions"])
            {
                Assert.DoesNotContain("UPDATE_COMPLETE " + untouched, deployed.Error, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(later, recursive: true);
        }
    }

    [Fact]
    public async Task Kept_data_outlives_its_stack_whoever_deletes_it()
    {
        const string stack = "kept";
        var deployed = (await Disa.Disa("deploy", "--stack", stack, "--env", "prod", "--yes", "--json")).Json();
        var table = deployed.GetProperty("outputs").GetProperty("TableName").GetString()!;
        await Disa.DynamoDb.PutItemAsync(
            table,
            new()
            {
                ["sequenceNo"] = new() { S = "1" },
                ["message"] = new() { S = "Kept." },
            }
        );
        await Assert.ThrowsAnyAsync<Amazon.DynamoDBv2.AmazonDynamoDBException>(() => Disa.DynamoDb.DeleteTableAsync(table));
        Assert.True((await Disa.Disa("status", "--stack", stack, "--json")).Json().GetProperty("terminationProtection").GetBoolean());

        var destroyed = (await Disa.Disa("destroy", "--stack", stack, "--yes", "--json")).Json();
        Assert.Contains($"table {table}", destroyed.GetProperty("kept").EnumerateArray().Select(kept => kept.GetString()));
        Assert.Equal(1, (await Disa.Disa("status", "--stack", stack)).ExitCode);
        Assert.Equal("Kept.", (await Disa.DynamoDb.GetItemAsync(table, new() { ["sequenceNo"] = new() { S = "1" } })).Item["message"].S);

        // A second deploy has tables of its own, and leaves the first ones alone.
        var again = (await Disa.Disa("deploy", "--stack", stack, "--yes", "--json")).Json();
        Assert.NotEqual(table, again.GetProperty("outputs").GetProperty("TableName").GetString());
        var all = (await Disa.Disa("destroy", "--stack", stack, "--delete-data", "--bootstrap", "--yes", "--json")).Json();
        Assert.Empty(all.GetProperty("kept").EnumerateArray());
        Assert.DoesNotContain(
            (await Disa.DynamoDb.ListTablesAsync()).TableNames,
            name => name.StartsWith(stack + "-", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("devl", "ROLLBACK_COMPLETE")]
    [InlineData("prod", "ROLLBACK_FAILED")]
    public async Task A_failed_creation_says_its_first_real_reason_and_the_next_deploy_starts_afresh(string environment, string status)
    {
        var stack = $"taken-{environment}";
        var made = await Disa.Aws("logs", "create-log-group", "--log-group-name", $"/aws/lambda/{stack}-process");
        Assert.Equal(0, made.ExitCode);
        var failed = await Disa.Disa("deploy", "--stack", stack, "--env", environment, "--yes");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(
            $"the stack '{stack}' is {status}: ProcessLogGroup (AWS::Logs::LogGroup): ",
            failed.Error,
            StringComparison.Ordinal
        );

        await Disa.Aws("logs", "delete-log-group", "--log-group-name", $"/aws/lambda/{stack}-process");
        var again = await Disa.Disa("deploy", "--stack", stack, "--yes");
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("Deleting the remains", again.Error, StringComparison.Ordinal);
        await Disa.Disa("destroy", "--stack", stack, "--delete-data", "--bootstrap", "--yes");
    }

    [Theory]
    [InlineData("Uploading artefacts: 1")]
    [InlineData("Asking CloudFormation")]
    [InlineData("Creating 'cut'")]
    [InlineData("StateMachine")]
    public async Task A_deploy_that_was_killed_is_gone_on_with_by_the_next(string line)
    {
        using (
            var process = Program.Start(
                Program.DisaPath,
                ["deploy", "--stack", "cut", "--yes", "--endpoint-url", Disa.Endpoint.ToString()],
                null,
                null
            )
        )
        {
            while (await process.StandardError.ReadLineAsync() is { } said && !said.Contains(line, StringComparison.Ordinal)) { }

            process.Kill();
            await process.WaitForExitAsync();
        }

        var again = await Disa.Disa("deploy", "--stack", "cut", "--yes");
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal(0, (await Disa.Disa("diff", "--stack", "cut")).ExitCode);
        Assert.Equal(0, (await Disa.Disa("destroy", "--stack", "cut", "--delete-data", "--bootstrap", "--yes")).ExitCode);
    }

    [Fact]
    public async Task A_deploy_that_is_interrupted_again_and_again_says_so_and_is_gone_on_with()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGINT.");

        // The last one has a change to make, also where CloudFormation meanwhile went on and made the whole stack.
        foreach (
            var (line, memory) in ((string, int)[])
                [("Creating key and bucket", 512), ("Artefacts: ", 512), ("Asking CloudFormation", 512), ("LambdaFunction", 1024)]
        )
        {
            using var process = Program.Start(
                Program.DisaPath,
                ["deploy", "--stack", "halted", "--yes", "--param", $"FunctionMemory={memory}", "--endpoint-url", Disa.Endpoint.ToString()],
                null,
                null
            );
            var heard = "";
            while (await process.StandardError.ReadLineAsync() is { } said)
            {
                heard += said + "\n";
                if (said.Contains(line, StringComparison.Ordinal))
                {
                    Assert.Equal(0, Native.Kill(process.Id, Native.Interrupt)); // at once: a command of its own may start too late
                    break;
                }
            }

            heard += await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(
                process.ExitCode == 130 && heard.TrimEnd().EndsWith("run the same command again to follow it.", StringComparison.Ordinal),
                $"{line}: exit code {process.ExitCode}: {heard}"
            );
        }

        var end = await Disa.Disa("deploy", "--stack", "halted", "--yes");
        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Equal(0, (await Disa.Disa("diff", "--stack", "halted")).ExitCode);
        Assert.Equal(0, (await Disa.Disa("destroy", "--stack", "halted", "--delete-data", "--bootstrap", "--yes")).ExitCode);
    }

    [Fact]
    public async Task At_a_terminal_it_asks_shows_how_far_it_is_and_does_nothing_without_a_yes()
    {
        Assert.SkipWhen(Program.OnPath("script") is null || !OperatingSystem.IsLinux(), "script is not on PATH: no terminal.");
        const string stack = "asked";
        var no = await AtTerminal("n\r", "deploy", "--stack", stack);
        Assert.Equal(1, no.ExitCode);
        Assert.Contains("Create all this?", no.Output, StringComparison.Ordinal);
        Assert.Contains("Not confirmed: nothing was changed.", no.Output, StringComparison.Ordinal);
        Assert.Equal(130, (await AtTerminal("\u0003", "deploy", "--stack", stack)).ExitCode); // Ctrl-C instead of an answer
        Assert.Equal(1, (await Disa.Disa("status", "--stack", stack + "-bootstrap")).ExitCode);
        Assert.Equal(2, (await Disa.Disa("deploy", "--stack", stack)).ExitCode); // nobody to ask

        var yes = await AtTerminal("y\r", "deploy", "--stack", stack);
        Assert.True(yes.ExitCode == 0, yes.Output);
        Assert.Contains("Artefacts", yes.Output, StringComparison.Ordinal);
        Assert.Contains("100%", yes.Output, StringComparison.Ordinal);
        Assert.Contains("asked: deployed", yes.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await AtTerminal("n\r", "deploy", "--stack", stack, "--param", "AlarmPeriod=300")).ExitCode);
        Assert.Equal(1, (await Disa.Disa("diff", "--stack", stack, "--param", "AlarmPeriod=300")).ExitCode);

        Assert.Contains(
            "The name does not match",
            (await AtTerminal("askew\r", "destroy", "--stack", stack, "--delete-data", "--bootstrap")).Output,
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await Disa.Disa("status", "--stack", stack)).ExitCode);
        Assert.Equal(0, (await AtTerminal("asked\r", "destroy", "--stack", stack, "--delete-data", "--bootstrap")).ExitCode);
        Assert.Equal(1, (await Disa.Disa("status", "--stack", stack)).ExitCode);
    }

    /// <summary>Runs the command at a pseudo-terminal, where someone types.</summary>
    private async Task<Ended> AtTerminal(string typed, params string[] arguments)
    {
        // No shell between: one that waits for the command would end by Ctrl-C itself.
        var command =
            "exec "
            + string.Join(
                ' ',
                arguments.Prepend(Program.DisaPath).Append("--endpoint-url").Append(Disa.Endpoint.ToString()).Select(word => $"'{word}'")
            );
        using var process = Program.Start(
            Program.OnPath("script")!,
            ["--quiet", "--return", "--command", command, "/dev/null"],
            new Dictionary<string, string> { ["TERM"] = "xterm" },
            null,
            typing: true
        );
        var shown = new System.Text.StringBuilder();
        var part = new char[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            for (int read; (read = await process.StandardOutput.ReadAsync(part, patience.Token)) > 0; )
            {
                shown.Append(part, 0, read);

                // The question is there, and someone listens.
                if (
                    typed.Length > 0
                    && (
                        shown.ToString().Contains("[y/n]", StringComparison.Ordinal)
                        || shown.ToString().Contains("to continue:", StringComparison.Ordinal)
                    )
                )
                {
                    await process.StandardInput.WriteAsync(typed);
                    await process.StandardInput.FlushAsync(patience.Token);
                    typed = "";
                }
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"It still waits: {shown}");
        }

        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, shown.ToString(), "");
    }

    [Fact]
    public async Task Of_two_deploys_at_once_one_does_it_and_the_other_does_no_harm()
    {
        const string stack = "both";
        var ended = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Disa.Disa("deploy", "--stack", stack, "--yes")));
        Assert.Contains(ended, one => one.ExitCode == 0);
        Assert.All(
            ended.Where(one => one.ExitCode != 0),
            one =>
            {
                Assert.Equal(1, one.ExitCode);
                Assert.Contains("another", one.Error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
            }
        );
        Assert.Equal(0, (await Disa.Disa("diff", "--stack", stack)).ExitCode);
        await Disa.Disa("destroy", "--stack", stack, "--delete-data", "--bootstrap", "--yes");
    }

    [Fact]
    public async Task What_the_check_finds_is_not_deployed()
    {
        var refused = await Disa.Disa("deploy", "--stack", "wrong", "--param", "AlarmPeriod=61", "--yes");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("one of 60, 120, 300", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await Disa.Disa("status", "--stack", "wrong-bootstrap")).ExitCode);
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement plan) =>
        (plan.TryGetProperty("changes", out var changes) ? changes : plan.GetProperty("inside"))
            .EnumerateArray()
            .SelectMany(change => change.GetProperty("inside").GetArrayLength() > 0 ? Leaves(change) : [change]);

    private static class Native
    {
        public const int Interrupt = 2; // SIGINT, signal(7)

        [DllImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int process, int signal);
    }
}
