using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.Cli.Tests;

/// <summary><c>disa up</c> owns its data folder, and ends when it is told to.</summary>
public sealed class UpTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string data = Directory.CreateTempSubdirectory("disa-up-").FullName;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_up_on_the_folder_is_refused_before_it_touches_anything(bool onTheSamePort)
    {
        await using var first = await RunningDisa.Up(data);
        await first.Put("one", "One.");
        await first.Decided("one");
        var before = Contents();

        var port = onTheSamePort ? first.Endpoint.Port.ToString(CultureInfo.InvariantCulture) : "0";
        var second = await Cli.Pipe(["up", "--data", data, "--port", port]);

        Assert.Equal(2, second.ExitCode);
        Assert.Single(Cli.Said(second));
        Assert.Matches(
            $@"is in use by process {first.ProcessId} at {Regex.Escape(first.Endpoint.ToString().TrimEnd('/'))} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC",
            second.Error
        );
        Assert.Equal(before, Contents());
        await first.Put("two", "Two.");
        Assert.Equal("Successful", (await first.Decided("two"))["sendStatus"].S);
        Assert.Equal(1, await first.MailsWith("Two."));
    }

    [Fact]
    public async Task In_the_background_it_outlives_its_command_and_ends_when_it_is_told_to()
    {
        var up = await Cli.Pipe(["up", "--detach", "--data", data, "--port", "0", "--bare", "--json"]);
        Assert.True(up.ExitCode == 0, up.Error);
        var endpoint = up.Json().GetProperty("endpoint").GetString()!;
        using var http = new HttpClient();
        Assert.Equal(200, (int)(await http.GetAsync(new Uri(endpoint + "_disa/health"))).StatusCode);

        Assert.Equal(2, (await Cli.Pipe(["up", "--detach", "--data", data, "--port", "0", "--bare"])).ExitCode);
        Assert.Contains(endpoint.TrimEnd('/'), (await Cli.Pipe(["logs", "--data", data])).Output, StringComparison.Ordinal);
        var down = await Cli.Pipe(["down", "--data", data, "--json"]);
        Assert.Equal((0, up.Json().GetProperty("pid").GetInt32()), (down.ExitCode, down.Json().GetProperty("pid").GetInt32()));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(endpoint + "_disa/health")));
        var again = await Cli.Pipe(["down", "--data", data]);
        Assert.Equal((0, true), (again.ExitCode, again.Output.Contains("Nothing is up", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_that_cannot_come_up_in_the_background_says_why()
    {
        var up = await Cli.Pipe(["up", "--detach", "--data", data, "--address", "192.0.2.1", "--bare"]);

        Assert.Equal(1, up.ExitCode);
        Assert.Contains("192.0.2.1 is not an address of this machine", up.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_key_in_the_folder_is_taken_where_that_is_asked_for()
    {
        await using var disa = await RunningDisa.Up(data, "--keys", "issued", "--allow-host", "disa.test");
        var url = disa.Endpoint.ToString();
        var key = new Dictionary<string, string>
        {
            ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(data, "credentials"),
            ["AWS_PROFILE"] = "default",
        };

        foreach (var command in (string[])["messages", "inbox"])
        {
            Assert.NotEqual(0, (await Cli.Pipe([command, "--endpoint-url", url])).ExitCode);
            var ended = await Cli.Pipe([command, "--endpoint-url", url], key);
            Assert.True(ended.ExitCode == 0, ended.Error);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "credentials")));
        }

        using var http = new HttpClient();
        using var allowed = new HttpRequestMessage(HttpMethod.Get, new Uri(disa.Endpoint, "/_disa/health"));
        allowed.Headers.Host = "disa.test";
        using var answer = await http.SendAsync(allowed);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_folder_of_a_process_that_was_killed_is_free()
    {
        await using (var first = await RunningDisa.Up(data))
        {
            await first.Put("one", "One.");
            await first.Decided("one");
            await first.Kill();
        }

        await using var second = await RunningDisa.Up(data);
        Assert.Equal("Successful", (await second.Item("one"))["sendStatus"].S);
    }

    [Theory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 0)]
    [InlineData("HUP", 0)]
    public async Task A_signal_ends_it_and_what_it_has_started(string signal, int exitCode)
    {
        await using var disa = await RunningDisa.Up(data);
        await disa.Put("one", "One.");
        await disa.Decided("one");
        var children = await Children(disa.ProcessId);
        Assert.NotEmpty(children);
        await Kill(signal, disa.ProcessId);

        Assert.Equal(exitCode, await disa.ExitCode(Patience));
        Assert.DoesNotContain(children, child => Directory.Exists($"/proc/{child}"));
    }

    /// <summary>At moments that its data folder shows: the lock is taken, the database is there, it listens, functions are unpacked.</summary>
    [Theory]
    [InlineData("INT", "disa.lock")]
    [InlineData("TERM", "disa.lock")]
    [InlineData("TERM", "disa.db")]
    [InlineData("HUP", "disa.db")]
    [InlineData("INT", "root.key")]
    [InlineData("TERM", "functions")]
    [InlineData("HUP", "functions")]
    public async Task A_signal_ends_it_while_it_starts_and_deploys(string signal, string appears)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(data) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName };
        FileSystemEventHandler hear = (_, change) =>
        {
            if (change.Name == appears)
            {
                there.TrySetResult();
            }
        };
        watcher.Created += hear;
        watcher.Renamed += (sender, change) => hear(sender, change);
        watcher.EnableRaisingEvents = true;
        using var process = Program.Start(Program.DisaPath, ["up", "--data", data, "--port", "0"], null, null);
        var error = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        await there.Task.WaitAsync(Patience, TimeProvider.System);
        await Kill(signal, process.Id);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        // 130 while it starts, 0 where it was up before the signal came.
        Assert.Contains(process.ExitCode, (int[])[0, 130]);
        Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        await using var disa = await RunningDisa.Up(data);
        await disa.Put("one", "One.");
        await Kill("TERM", disa.ProcessId);
        await Kill("TERM", disa.ProcessId);

        await disa.ExitCode(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_bare_emulator_has_nothing_deployed_to_it()
    {
        await using var disa = await RunningDisa.Up(data, "--bare");
        Assert.Empty(disa.Outputs);
        Assert.Empty((await disa.DynamoDb.ListTablesAsync()).TableNames);
        Assert.Equal(200, await disa.Health());
        Assert.Contains("there is no stack 'disa'", (await disa.Disa("messages")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_emulators_are_up_by_name_and_each_is_found_by_its_name()
    {
        string[] names = ["one", "two"];
        try
        {
            foreach (var name in names)
            {
                var up = await Cli.Pipe(["up", "--detach", "--bare", "--name", name], directory: data);
                Assert.True(up.ExitCode == 0, up.Error);
                Assert.True(File.Exists(Path.Combine(data, ".disa-" + name, "disa.db")));
            }

            // Only one clock is moved.
            Assert.Equal(0, (await Cli.Pipe(["time", "+1h", "--name", "two"], directory: data)).ExitCode);
            var clocks = await Task.WhenAll(
                names.Select(async name =>
                    (await Cli.Pipe(["time", "+1s", "--name", name, "--json"], directory: data))
                        .Json()
                        .GetProperty("offsetSeconds")
                        .GetInt64()
                )
            );
            Assert.InRange(clocks[1] - clocks[0], 3599, 3601);
            Assert.Equal(0, (await Cli.Pipe(["logs", "--name", "one"], directory: data)).ExitCode);
            foreach (
                var wrong in (string[][])
                    [
                        ["time", "+1s", "--name", "one", "--endpoint-url", "http://127.0.0.1:1"],
                        ["down", "--name", "one", "--data", data],
                        ["up", "--name", "../one"],
                    ]
            )
            {
                Assert.Equal(2, (await Cli.Pipe(wrong, directory: data)).ExitCode);
            }
        }
        finally
        {
            foreach (var name in names)
            {
                Assert.Equal(0, (await Cli.Pipe(["down", "--name", name], directory: data)).ExitCode);
            }
        }

        var gone = await Cli.Pipe(["time", "+1s", "--name", "two"], directory: data);
        Assert.Equal(2, gone.ExitCode);
        Assert.Contains("no emulator 'two' is up", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_in_the_sources_is_deployed_and_what_cannot_be_is_said()
    {
        var clone = CloneOfTheDispatcher();
        var lines = System.Threading.Channels.Channel.CreateUnbounded<string>();
        using var process = Program.Start(
            Program.DisaPath,
            ["up", "--data", Path.Combine(data, "d"), "--port", "0", "--watch", "--source", clone],
            null,
            null
        );
        process.ErrorDataReceived += (_, line) => lines.Writer.TryWrite(line.Data ?? "");
        process.BeginErrorReadLine();
        _ = process.StandardOutput.ReadToEndAsync();
        await Line("Watching");

        var machine = Path.Combine(clone, "dispatcher", "state-machine", "state-machine.json");
        var definition = await File.ReadAllTextAsync(machine);
        await File.WriteAllTextAsync(machine, definition.Replace("\"Comment\": \"", "\"Comment\": \"Changed. ", StringComparison.Ordinal));
        Assert.Contains("state-machine.json", await Line("Changed:"), StringComparison.Ordinal);
        Assert.Equal("Deployed: cft/state-machine/state-machine.json", await Line("Deployed:", "Not deployed"));

        await File.WriteAllTextAsync(machine, "{");
        Assert.StartsWith("Not deployed", await Line("Deployed:", "Not deployed"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(machine, definition);
        Assert.Equal("Deployed: cft/state-machine/state-machine.json", await Line("Deployed:", "Not deployed"));
        await Kill("TERM", process.Id);
        await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);

        async Task<string> Line(params string[] starts)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (true)
            {
                var line = await lines.Reader.ReadAsync(patience.Token);
                if (starts.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
                {
                    return line;
                }
            }
        }
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private static async Task Kill(string signal, int pid) =>
        Assert.Equal(0, (await Program.Run("/bin/kill", ["-" + signal, pid.ToString(CultureInfo.InvariantCulture)])).ExitCode);

    private static async Task<IReadOnlyList<string>> Children(int pid) =>
        [
            .. (await File.ReadAllTextAsync($"/proc/{pid}/task/{pid}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            .. await ByParent(pid),
        ];

    private static async Task<IReadOnlyList<string>> ByParent(int pid) =>
        (await Program.Run("/bin/ps", ["-o", "pid=", "--ppid", pid.ToString(CultureInfo.InvariantCulture)])).Output.Split(
            (char[]?)null,
            StringSplitOptions.RemoveEmptyEntries
        );

    /// <summary>Every file, with its size; the database's are compared by the owner alone.</summary>
    private List<string> Contents() =>
        [
            .. Directory
                .EnumerateFiles(data, "*", SearchOption.AllDirectories)
                .Where(path => !Path.GetFileName(path).StartsWith("disa.db", StringComparison.Ordinal))
                .Select(path => $"{path} {new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What `up --watch` reads of a clone: the templates, the workflow and the packages.</summary>
    private string CloneOfTheDispatcher()
    {
        var root = Path.GetDirectoryName(Program.DisaPath)!;
        while (!File.Exists(Path.Combine(root, "disa.slnx")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var clone = Path.Combine(data, "clone");
        foreach (
            var path in Directory
                .EnumerateFiles(Path.Combine(root, "dispatcher", "stacks"), "*", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Path.Combine(root, "dispatcher", "state-machine")))
                .Concat(Directory.EnumerateFiles(Path.Combine(root, "artifacts", "packages")))
                .Append(Path.Combine(root, "disa.slnx"))
        )
        {
            var copy = Path.Combine(clone, Path.GetRelativePath(root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        Directory.CreateDirectory(Path.Combine(clone, "dispatcher", "Functions"));
        return clone;
    }
}
