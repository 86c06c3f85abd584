using System.Text.Json;
using Disa.Emulator.StepFunctions;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Distributed Maps: their runs, their child executions, their limits.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html</remarks>
public sealed class MapRunTests : IDisposable
{
    private const string Prefix = "arn:aws:states:us-east-1:000000000000";

    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static string Machine(string processor, string more = "", string type = "STANDARD") =>
        """
            {"StartAt":"M","States":{"M":{"Type":"Map","Label":"Each",MORE"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"TYPE"},
            "StartAt":"P","States":{"P":STATE}},"End":true}}}
            """.Replace("MORE", more, StringComparison.Ordinal).Replace("TYPE", type, StringComparison.Ordinal).Replace(
            "STATE",
            processor,
            StringComparison.Ordinal
        );

    private const string Pass = """{"Type":"Pass","Parameters":{"got.$":"$"},"End":true}""";

    /// <summary>Fails for the item "bad", for as long as the function does.</summary>
    private const string Call =
        """{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"OutputPath":"$.Payload","End":true}""";

    private const string Wait = """{"Type":"Wait","Seconds":60,"End":true}""";

    private static Neighbours Picky(Func<bool>? isMended = null) =>
        Bench.Function(
            (payload, _) =>
                payload.Contains("bad", StringComparison.Ordinal) && isMended?.Invoke() != true
                    ? Bench.Answer("""{"errorType":"Bad","errorMessage":"m"}""", "Unhandled")
                    : Bench.Answer(payload)
        );

    [Theory]
    [InlineData("STANDARD")]
    [InlineData("EXPRESS")]
    public async Task Each_item_is_a_child_execution(string type)
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(Machine(Pass, type: type)), """["a","b"]""");

        Assert.Equal(
            [
                "ExecutionStarted 1<0",
                "MapStateEntered 2<0",
                "MapStateStarted 3<2",
                "MapRunStarted 4<3",
                "MapRunSucceeded 5<4",
                "MapStateSucceeded 6<5",
                "MapStateExited 7<5",
                "ExecutionSucceeded 8<7",
            ],
            await bench.Events(execution)
        );
        Assert.Equal("""[{"got":"a"},{"got":"b"}]""", (await bench.Describe(execution)).GetProperty("output").GetString());
        var listed = await bench.Call("ListMapRuns", $$"""{"executionArn":"{{execution}}"}""");
        var run = listed.GetProperty("mapRuns")[0];
        var arn = run.GetProperty("mapRunArn").GetString()!;
        Assert.StartsWith($"{Prefix}:mapRun:machine/Each:", arn);
        Assert.Equal($"{Prefix}:stateMachine:machine/Each", run.GetProperty("stateMachineArn").GetString());
        Assert.Equal(execution, run.GetProperty("executionArn").GetString());
        var described = await bench.Call("DescribeMapRun", $$"""{"mapRunArn":"{{arn}}"}""");
        Assert.Equal("SUCCEEDED", described.GetProperty("status").GetString());
        Assert.Equal((2, 2, 0), Counts(described, "itemCounts"));
        Assert.Equal((2, 2, 0), Counts(described, "executionCounts"));
        var children = (await bench.Call("ListExecutions", $$"""{"mapRunArn":"{{arn}}"}""")).GetProperty("executions").EnumerateArray();
        if (type == "EXPRESS")
        {
            Assert.Empty(children);
            return;
        }

        Assert.All(
            children,
            child =>
            {
                Assert.StartsWith($"{Prefix}:execution:machine/Each:", child.GetProperty("executionArn").GetString());
                Assert.Equal($"{Prefix}:stateMachine:machine/Each", child.GetProperty("stateMachineArn").GetString());
                Assert.Equal(arn, child.GetProperty("mapRunArn").GetString());
                Assert.Equal(1, child.GetProperty("itemCount").GetInt32());
            }
        );
        var first = children.Last().GetProperty("executionArn").GetString()!;
        Assert.Equal(
            ["ExecutionStarted 1<0", "PassStateEntered 2<0", "PassStateExited 3<2", "ExecutionSucceeded 4<3"],
            await bench.Events(first)
        );
        var child = await bench.Call("DescribeExecution", $$"""{"executionArn":"{{first}}"}""");
        Assert.Equal(("\"a\"", arn), (child.GetProperty("input").GetString(), child.GetProperty("mapRunArn").GetString()));
        var machine = await bench.Call("DescribeStateMachineForExecution", $$"""{"executionArn":"{{first}}"}""");
        Assert.Equal(("Each", arn), (machine.GetProperty("label").GetString(), machine.GetProperty("mapRunArn").GetString()));
    }

    [Theory]
    [InlineData("", "\"input\"", "FAILED")]
    [InlineData("\"ToleratedFailureCount\":1,", "", "SUCCEEDED")]
    [InlineData("\"ToleratedFailureCountPath\":\"$.most\",", "", "SUCCEEDED")]
    [InlineData("\"ToleratedFailurePercentage\":34,", "", "SUCCEEDED")]
    [InlineData("\"ToleratedFailurePercentage\":33,", "", "FAILED")]
    [InlineData("\"ToleratedFailurePercentagePath\":\"$.share\",", "", "FAILED")]
    public async Task More_failures_than_are_tolerated_fail_the_run(string tolerance, string _, string status)
    {
        await using var bench = Bench.Open(Picky());
        var execution = await bench.Start(
            await bench.Create(Machine(Call, "\"ItemsPath\":\"$.items\"," + tolerance)),
            """{"items":["a","bad","c"],"most":1,"share":10.5}"""
        );

        var description = await bench.Describe(execution);

        Assert.Equal(status, description.GetProperty("status").GetString());
        if (status == "FAILED")
        {
            Assert.Equal("States.ExceedToleratedFailureThreshold", description.GetProperty("error").GetString());
            Assert.Equal("The specified tolerated failure threshold was exceeded", description.GetProperty("cause").GetString());
            Assert.Equal(["MapRunFailed 5<4", "MapStateFailed 6<5", "ExecutionFailed 7<6"], (await bench.Events(execution)).TakeLast(3));
            return;
        }

        var output = JsonElement.Parse(description.GetProperty("output").GetString()!);
        Assert.Equal(("a", "c"), (output[0].GetString(), output[2].GetString()));
        Assert.Equal(("FAILED", "Bad"), (output[1].GetProperty("Status").GetString(), output[1].GetProperty("Error").GetString()));
        Assert.Equal("\"bad\"", output[1].GetProperty("Input").GetString());
    }

    [Theory]
    [InlineData("\"ItemBatcher\":{\"MaxItemsPerBatch\":2},", """[{"Items":[1,2]},{"Items":[3]}]""")]
    [InlineData(
        "\"ItemBatcher\":{\"MaxItemsPerBatchPath\":\"$.n\",\"BatchInput\":{\"x.$\":\"$.n\"}},",
        """[{"BatchInput":{"x":2},"Items":[1,2]},{"BatchInput":{"x":2},"Items":[3]}]"""
    )]
    [InlineData("\"ItemBatcher\":{\"MaxInputBytesPerBatch\":15},", """[{"Items":[1,2]},{"Items":[3]}]""")]
    [InlineData(
        "\"ItemSelector\":{\"i.$\":\"$$.Map.Item.Index\",\"v.$\":\"$$.Map.Item.Value\",\"s.$\":\"$$.Map.Item.Source\"},\"ItemBatcher\":{\"MaxItemsPerBatch\":9},",
        """[{"Items":[{"i":0,"v":1,"s":"STATE_DATA"},{"i":1,"v":2,"s":"STATE_DATA"},{"i":2,"v":3,"s":"STATE_DATA"}]}]"""
    )]
    public async Task Items_are_selected_and_put_together_to_batches(string fields, string output)
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Machine("""{"Type":"Pass","End":true}""", "\"ItemsPath\":\"$.items\"," + fields));

        var description = await bench.Describe(await bench.Start(machine, """{"items":[1,2,3],"n":2}"""));

        Assert.Equal(output, description.GetProperty("output").GetString());
    }

    [Theory]
    [InlineData("""{"a":1,"b":[2]}""", """[{"k":"a","v":1},{"k":"b","v":[2]}]""")]
    [InlineData("""["x"]""", """[{"v":"x"}]""")]
    public async Task Items_of_a_distributed_JSONata_Map_may_be_an_object(string items, string output)
    {
        const string states = """
            "ItemSelector":{"k":"{% $states.context.Map.Item.Key ? $states.context.Map.Item.Key : 0 %}","v":"{% $states.context.Map.Item.Value %}"},
            """;
        const string distributed = "\"ProcessorConfig\":{\"Mode\":\"DISTRIBUTED\",\"ExecutionType\":\"STANDARD\"},";
        string[] modes = items.StartsWith('{') ? [distributed] : ["", distributed];
        foreach (var mode in modes)
        {
            await using var bench = Bench.Open();
            var machine = await bench.Create(
                """
                {"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","Items":"{% $states.input %}","ToleratedFailureCount":"{% 0 %}",
                "ToleratedFailurePercentage":"{% 1.5 %}",SELECTOR"ItemProcessor":{MODE"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}
                """.Replace("SELECTOR", states, StringComparison.Ordinal).Replace("MODE", mode, StringComparison.Ordinal)
            );

            var description = await bench.Describe(await bench.Start(machine, items));

            Assert.Equal(output, description.GetProperty("output").GetString()!.Replace("\"k\":0,", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Only_so_many_run_at_a_time_and_that_can_be_changed()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(Machine(Wait, "\"MaxConcurrency\":1,")), "[1,2,3]");
        var arn = await RunOf(bench, execution);

        Assert.Equal((1, 2), await Busy(bench, arn));
        await bench.Call("UpdateMapRun", $$"""{"mapRunArn":"{{arn}}","maxConcurrency":2,"toleratedFailureCount":7}""");
        Assert.Equal((2, 1), await Busy(bench, arn));
        var described = await bench.Call("DescribeMapRun", $$"""{"mapRunArn":"{{arn}}"}""");
        Assert.Equal(2, described.GetProperty("maxConcurrency").GetInt32());
        Assert.Equal(7, described.GetProperty("toleratedFailureCount").GetInt32());
        await bench.Advance(61);
        await bench.Advance(61);

        Assert.Equal("[1,2,3]", (await bench.Describe(execution)).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_stopped_execution_takes_its_Map_run_with_it()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(Machine(Wait, "\"MaxConcurrency\":1,")), "[1,2]");
        var arn = await RunOf(bench, execution);

        await bench.Call("StopExecution", $$"""{"executionArn":"{{execution}}"}""");
        await bench.Settle();

        var described = await bench.Call("DescribeMapRun", $$"""{"mapRunArn":"{{arn}}"}""");
        Assert.Equal("ABORTED", described.GetProperty("status").GetString());
        Assert.Equal(1, described.GetProperty("executionCounts").GetProperty("aborted").GetInt32());
        Assert.Equal(1, described.GetProperty("executionCounts").GetProperty("pending").GetInt32());
    }

    [Fact]
    public async Task A_run_goes_on_after_a_restart()
    {
        var path = Path.Combine(directory, "restart.db");
        var clock = new Disa.Emulator.Time.Clock(TimeProvider.System);
        string execution;
        await using (var before = Bench.Open(path: path, clock: clock))
        {
            execution = await before.Start(await before.Create(Machine(Wait, "\"MaxConcurrency\":1,")), "[1,2]");
            await before.Settle();
        }

        await using var after = Bench.Open(path: path, clock: clock);
        await after.Advance(61);
        await after.Advance(61);

        Assert.Equal("[1,2]", (await after.Describe(execution)).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_power_cut_before_any_write_loses_nothing()
    {
        async Task<(string? Output, long Writes)> Run(string name, long cut)
        {
            var path = Path.Combine(directory, name + ".db");
            var power = new PowerCut(cut);
            var writes = 0L;
            string? execution = null;
            await using (
                var before = Bench.Open(
                    Picky(),
                    path,
                    number =>
                    {
                        writes = number;
                        power.BeforeWrite(number);
                    }
                )
            )
            {
                try
                {
                    execution = await before.Start(await before.Create(Machine(Call)), """["a","b"]""");
                    await before.Settle();
                }
                catch (Exception failure) when (failure is IOException or ObjectDisposedException)
                {
                    // That was the cut.
                }
            }

            await using var after = Bench.Open(Picky(), path);
            execution ??= await after.Start(await after.Create(Machine(Call)), """["a","b"]""");
            return ((await after.Describe(execution)).GetProperty("output").GetString(), writes);
        }

        var (whole, writes) = await Run("whole", long.MaxValue);
        Assert.Equal("""["a","b"]""", whole);
        for (var cut = 3L; cut <= writes; cut++)
        {
            Assert.Equal(whole, (await Run($"cut{cut}", cut)).Output);
        }
    }

    [Theory]
    [InlineData("STANDARD", "EXPRESS", "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "/States/P/Resource")]
    [InlineData("EXPRESS", "STANDARD", "arn:aws:states:::sqs:sendMessage", "/States/M")]
    public async Task What_an_EXPRESS_execution_cannot_do_is_refused(string machine, string processor, string resource, string place)
    {
        await using var bench = Bench.Open();
        var task = $$"""{"Type":"Task","Resource":"{{resource}}","Parameters":{},"End":true}""";

        var refused = await Assert.ThrowsAsync<Disa.Emulator.Aws.AwsException>(() => bench.Create(Machine(task, type: processor), machine));

        Assert.Contains("Express state machine does not support", refused.Message, StringComparison.Ordinal);
        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Label\":\"a b\",", "/States/M/Label")]
    [InlineData("\"ItemBatcher\":{},", "/States/M/ItemBatcher")]
    [InlineData("\"ResultWriter\":{},", "/States/M/ResultWriter")]
    [InlineData(
        "\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",\"ReaderConfig\":{\"InputType\":\"X\"}},",
        "/States/M/ItemReader/ReaderConfig/InputType"
    )]
    [InlineData("\"ToleratedFailurePercentage\":101,", "/States/M/ToleratedFailurePercentage")]
    [InlineData("\"ToleratedFailureCount\":1,\"ToleratedFailureCountPath\":\"$.x\",", "/States/M")]
    public async Task Wrong_fields_are_refused_with_their_place(string fields, string place)
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<Disa.Emulator.Aws.AwsException>(() =>
            bench.Create(Machine(Pass, fields).Replace("\"Label\":\"Each\",\"Label\"", "\"Label\"", StringComparison.Ordinal))
        );

        Assert.Equal("InvalidDefinition", refused.Code);
        Assert.EndsWith($" at {place}'", refused.Message);
    }

    [Theory]
    [InlineData(
        "STANDARD",
        "ExecutionRedriven 8<7,MapRunRedriven 9<8,MapRunSucceeded 10<9,MapStateSucceeded 11<10,MapStateExited 12<10,ExecutionSucceeded 13<12"
    )]
    [InlineData(
        "EXPRESS",
        "ExecutionRedriven 8<7,MapRunRedriven 9<8,MapRunSucceeded 10<9,MapStateSucceeded 11<10,MapStateExited 12<10,ExecutionSucceeded 13<12"
    )]
    public async Task A_redriven_run_repeats_what_failed(string type, string events)
    {
        // https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
        var isMended = false;
        await using var bench = Bench.Open(Picky(() => isMended));
        var execution = await bench.Start(await bench.Create(Machine(Call, "\"MaxConcurrency\":1,", type)), """["a","bad","c"]""");
        var arn = await RunOf(bench, execution);
        Assert.Equal("FAILED", (await bench.Describe(execution)).GetProperty("status").GetString());

        isMended = true;
        await bench.Call("RedriveExecution", $$"""{"executionArn":"{{execution}}"}""");

        Assert.Equal(events.Split(','), (await bench.Events(execution)).Skip(7));
        Assert.Equal("""["a","bad","c"]""", (await bench.Describe(execution)).GetProperty("output").GetString());
        var described = await bench.Call("DescribeMapRun", $$"""{"mapRunArn":"{{arn}}"}""");
        Assert.Equal(1, described.GetProperty("redriveCount").GetInt32());
        Assert.Equal((3, 3, 0), Counts(described, "itemCounts"));
    }

    private static (int Total, int Succeeded, int Failed) Counts(JsonElement run, string counts) =>
        (
            run.GetProperty(counts).GetProperty("total").GetInt32(),
            run.GetProperty(counts).GetProperty("succeeded").GetInt32(),
            run.GetProperty(counts).GetProperty("failed").GetInt32()
        );

    private static async Task<string> RunOf(Bench bench, string execution)
    {
        await bench.Settle();
        var listed = await bench.Call("ListMapRuns", $$"""{"executionArn":"{{execution}}"}""");
        return listed.GetProperty("mapRuns")[0].GetProperty("mapRunArn").GetString()!;
    }

    private static async Task<(int Running, int Pending)> Busy(Bench bench, string arn)
    {
        await bench.Settle();
        var counts = (await bench.Call("DescribeMapRun", $$"""{"mapRunArn":"{{arn}}"}""")).GetProperty("executionCounts");
        return (counts.GetProperty("running").GetInt32(), counts.GetProperty("pending").GetInt32());
    }
}
