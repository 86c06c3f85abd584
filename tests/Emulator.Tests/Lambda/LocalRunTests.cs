using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Functions that someone works on: from a directory instead of a package, and with a debugger.</summary>
public sealed partial class LocalRunTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("disa-local-run-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_function_runs_from_its_directory_and_each_change_is_in_the_next_invocation()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH.");
        await Write("index.py", "def handler(event, context): return 'directory'");
        await using var cloud = await TestCloud.Start(
            new() { FunctionFolders = new Dictionary<string, string> { ["worked-on"] = folder } }
        );
        await cloud.CreatePython("worked-on", "def handler(event, context): return 'package'");
        await cloud.CreatePython("other", "def handler(event, context): return 'package'");

        Assert.Equal("\"directory\"", (await cloud.Invoke("worked-on")).Payload);
        Assert.Equal("\"package\"", (await cloud.Invoke("other")).Payload);

        await Write("index.py", "def handler(event, context): return 'changed'");
        string answer;
        do
        {
            answer = (await cloud.Invoke("worked-on")).Payload; // The file system tells of the change in its own time.
        } while (answer == "\"directory\"");

        Assert.Equal("\"changed\"", answer);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_an_error_at_the_start() =>
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            TestCloud.Start(new() { FunctionFolders = new Dictionary<string, string> { ["f"] = Path.Combine(folder, "none") } })
        );

    [Fact]
    public async Task A_Node_function_waits_for_its_debugger_beyond_its_time_and_goes_on()
    {
        Assert.SkipUnless(FunctionFixture.HasNode, "node is not on PATH.");
        using var hints = new Hints();
        var wall = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var cloud = await TestCloud.Start(
            new()
            {
                DebuggedFunctions = ["debugged"],
                Loggers = hints,
                Wall = wall,
            }
        );
        await cloud.CreateFunction(
            "debugged",
            "nodejs20.x",
            "index.handler",
            FunctionFixture.Zip(("index.mjs", "export const handler = async (event) => event.n + 1;")),
            "\"Timeout\":1"
        );

        var (first, second) = (cloud.Invoke("debugged", """{"n":1}"""), cloud.Invoke("debugged", """{"n":2}"""));
        var hint = await hints.Next();
        var address = Address().Match(hint).Value;
        Assert.StartsWith("debugged: Debugger listening on ws://127.0.0.1:", hint);
        wall.Advance(TimeSpan.FromMinutes(20)); // Longer than any function may take.
        Assert.False(first.IsCompleted || second.IsCompleted);

        using var debugger = new ClientWebSocket();
        await debugger.ConnectAsync(new Uri(address), CancellationToken.None);
        foreach (var method in (string[])["Runtime.enable", "Debugger.enable", "Runtime.runIfWaitingForDebugger", "Debugger.resume"])
        {
            await debugger.SendAsync(
                Encoding.UTF8.GetBytes($$"""{"id":1,"method":"{{method}}"}"""),
                WebSocketMessageType.Text,
                true,
                CancellationToken.None
            );
        }

        // The program stands still before its first line, and again where the debugger said so, until it is resumed.
        await Resume(debugger, Task.WhenAll(first, second));
        Assert.Equal(["2", "3"], new[] { (await first).Payload, (await second).Payload }.Order());
        Assert.Empty(hints.Rest); // One process for both.
    }

    [Theory]
    [InlineData("Library::Library.Handlers::Nothing")]
    [InlineData("echo")]
    public async Task A_NET_function_waits_for_its_debugger_and_says_which_process_to_attach_to(string handler)
    {
        using var hints = new Hints();
        await using var cloud = await TestCloud.Start(new() { DebuggedFunctions = ["debugged"], Loggers = hints });
        var package = handler == "echo" ? DotnetFunctionTests.Package() : DotnetLibraryCloud.Package("dotnet10", handler);
        await cloud.CreateFunction("debugged", "dotnet10", handler, package, DotnetLibraryCloud.Settings);

        var invoked = cloud.Invoke("debugged");
        var hint = await hints.Next();
        Assert.Matches("^debugged: Waiting for a debugger: attach to process [0-9]+ \\(\\.NET\\)\\.$", hint);
        Assert.False(invoked.IsCompleted);

        using var process = System.Diagnostics.Process.GetProcessById(int.Parse(Number().Match(hint).Value, CultureInfo.InvariantCulture));
        process.Kill();
        Assert.Equal("Unhandled", (await invoked).FunctionError);
    }

    private async Task Write(string file, string text) => await File.WriteAllTextAsync(Path.Combine(folder, file), text);

    /// <summary>Resumes the program each time it stands still, until all is done.</summary>
    private static async Task Resume(ClientWebSocket debugger, Task done)
    {
        var buffer = new byte[65_536];
        while (!done.IsCompleted)
        {
            var received = debugger.ReceiveAsync(buffer, CancellationToken.None);
            if (await Task.WhenAny(received, done) == done)
            {
                return;
            }

            if (Encoding.UTF8.GetString(buffer, 0, (await received).Count).Contains("Debugger.paused", StringComparison.Ordinal))
            {
                await debugger.SendAsync(
                    Encoding.UTF8.GetBytes("""{"id":2,"method":"Debugger.resume"}"""),
                    WebSocketMessageType.Text,
                    true,
                    CancellationToken.None
                );
            }
        }
    }

    [GeneratedRegex("ws://[^ ]+")]
    private static partial Regex Address();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    /// <summary>Keeps the warnings of the Lambda room.</summary>
    private sealed class Hints : ILoggerFactory, ILogger
    {
        private readonly System.Threading.Channels.Channel<string> lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public IEnumerable<string> Rest => lines.Reader.TryRead(out var line) ? [line] : [];

        public async Task<string> Next()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            return await lines.Reader.ReadAsync(patience.Token);
        }

        public ILogger CreateLogger(string categoryName) =>
            categoryName.EndsWith("LambdaRoom", StringComparison.Ordinal)
                ? this
                : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Writer.TryWrite(formatter(state, exception));

        public void Dispose() { }
    }
}
