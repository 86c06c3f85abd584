using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Lambda;
using Disa.Emulator.Rooms;
using Disa.Emulator.StepFunctions;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>The room alone, with a function that a test writes.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::000000000000:role/workflow";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Caller Caller = new(
        "000000000000",
        "us-east-1",
        Principal.Root("aws", "000000000000"),
        "000000000000",
        "test",
        "request"
    );

    private readonly Database database;
    private readonly ServiceDirectory services = new();

    private Bench(Database database, Clock clock, Neighbours neighbours)
    {
        this.database = database;
        Clock = clock;
        Room = new StepFunctionsRoom(
            database,
            clock,
            new Tokens(new byte[32]),
            services,
            neighbours,
            new UsageMeter(clock),
            NullLogger.Instance
        );
        services.Add(Room.Services.Single());
    }

    public Clock Clock { get; }

    public StepFunctionsRoom Room { get; }

    public static Bench Open(Neighbours? neighbours = null, string? path = null, Action<long>? beforeWrite = null, Clock? clock = null)
    {
        var bench = new Bench(
            Database.Open(new DatabaseOptions { Path = path, BeforeWrite = beforeWrite }, StepFunctionsRoom.Migrations),
            clock ?? new Clock(TimeProvider.System),
            neighbours ?? new Neighbours()
        );
        bench.Room.Start();
        return bench;
    }

    /// <summary>A function by its payload and the count of calls so far, from 1.</summary>
    public static Neighbours Function(Func<string, int, Invocation> run)
    {
        var calls = 0;
        return new Neighbours
        {
            Invoke = (_, _, payload, _, _, _) =>
                Task.FromResult(run(System.Text.Encoding.UTF8.GetString(payload.Span), Interlocked.Increment(ref calls))),
        };
    }

    public static Invocation Answer(string payload, string? error = null) =>
        new(200, error, System.Text.Encoding.UTF8.GetBytes(payload), "$LATEST", "", "request-1");

    public Task<JsonElement> Call(string operation, string request) =>
        services.Call("sfn", operation, JsonElement.Parse(request), Caller, default);

    public async Task<string> Create(string definition, string type = "STANDARD", string name = "machine") =>
        (
            await Call(
                "CreateStateMachine",
                $$"""{"name":"{{name}}","roleArn":"{{Role}}","type":"{{type}}","definition":{{Quote(definition)}}}"""
            )
        )
            .GetProperty("stateMachineArn")
            .GetString()!;

    public async Task<string> Start(string machine, string input = "{}", string name = "run") =>
        (await Call("StartExecution", $$"""{"stateMachineArn":"{{machine}}","name":"{{name}}","input":{{Quote(input)}}}"""))
            .GetProperty("executionArn")
            .GetString()!;

    /// <summary>Waits until nothing is in progress; waits and retries of the execution stay as they are.</summary>
    public Task Settle() => Clock.Settle(Patience);

    public Task Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds), Patience);

    public async Task<JsonElement> Describe(string execution)
    {
        await Settle();
        return await Call("DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");
    }

    /// <summary>Type, id and previous id of each event.</summary>
    public async Task<List<string>> Events(string execution)
    {
        await Settle();
        var history = await Call("GetExecutionHistory", $$"""{"executionArn":"{{execution}}","maxResults":1000}""");
        return
        [
            .. history
                .GetProperty("events")
                .EnumerateArray()
                .Select(e =>
                    $"{e.GetProperty("type").GetString()} {e.GetProperty("id").GetInt64()}<{e.GetProperty("previousEventId").GetInt64()}"
                ),
        ];
    }

    public static string Quote(string text) => JsonSerializer.Serialize(text);

    public async ValueTask DisposeAsync()
    {
        await Room.DisposeAsync();
        database.Dispose();
    }
}
