using System.Text.Json;

namespace Disa.Asl.Tests;

/// <summary>
/// A distributed Map as its definition is read, and the order for its Map run:
/// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html.
/// </summary>
public sealed class DistributedMapTests
{
    private const string Read = "\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",";
    private const string Write = "\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:putObject\",";
    private const string Schema = "SCHEMA_VALIDATION_FAILED: ";
    private const string InM = "An error occurred while executing the state 'M' (entered at the event id #2). ";

    [Theory]
    [InlineData("\"ItemReader\":{}", Schema + "These fields are required: [Resource] at /States/M/ItemReader")]
    [InlineData("\"ItemReader\":1", Schema + "Expected value of type Object at /States/M/ItemReader")]
    [InlineData(
        "\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:headObject\"}",
        "UNSUPPORTED: the ItemReader arn:aws:states:::s3:headObject at /States/M/ItemReader/Resource"
    )]
    [InlineData(Read + "\"Other\":1}", Schema + "Field 'Other' is not supported at /States/M/ItemReader")]
    [InlineData(
        Read + "\"Arguments\":{}}",
        Schema
            + "The QueryLanguage is set to 'JSONPath', but field 'Arguments' is only supported for the 'JSONata' QueryLanguage at /States/M/ItemReader"
    )]
    [InlineData(Read + "\"ReaderConfig\":{\"Other\":1}}", Schema + "Field 'Other' is not supported at /States/M/ItemReader/ReaderConfig")]
    [InlineData(
        Read + "\"ReaderConfig\":{\"InputType\":\"XML\"}}",
        Schema + "Value must be one of: [CSV, JSON, JSONL, MANIFEST, PARQUET] at /States/M/ItemReader/ReaderConfig/InputType"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"InputType\":\"PARQUET\"}}",
        "UNSUPPORTED: the InputType PARQUET of an ItemReader at /States/M/ItemReader/ReaderConfig/InputType"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"ManifestType\":\"ATHENA_DATA\"}}",
        "UNSUPPORTED: the ManifestType ATHENA_DATA of an ItemReader at /States/M/ItemReader/ReaderConfig/ManifestType"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"CSVHeaderLocation\":\"LAST_ROW\"}}",
        Schema + "Value must be one of: [FIRST_ROW, GIVEN] at /States/M/ItemReader/ReaderConfig/CSVHeaderLocation"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"CSVHeaderLocation\":\"GIVEN\"}}",
        Schema + "These fields are required: [CSVHeaders] at /States/M/ItemReader/ReaderConfig"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"CSVHeaders\":[]}}",
        Schema + "Expected a non-empty list of Strings at /States/M/ItemReader/ReaderConfig/CSVHeaders"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"CSVDelimiter\":\";\"}}",
        Schema + "Value must be one of: [COMMA, PIPE, SEMICOLON, SPACE, TAB] at /States/M/ItemReader/ReaderConfig/CSVDelimiter"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"Transformation\":\"FLATTEN\"}}",
        Schema + "Value must be one of: [NONE, LOAD_AND_FLATTEN] at /States/M/ItemReader/ReaderConfig/Transformation"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"MaxItems\":100000001}}",
        Schema + "The value must be between 0 and 100000000 at /States/M/ItemReader/ReaderConfig/MaxItems"
    )]
    [InlineData(
        Read + "\"ReaderConfig\":{\"MaxItems\":1,\"MaxItemsPath\":\"$.n\"}}",
        Schema + "Only one of these fields is allowed: [MaxItems, MaxItemsPath] at /States/M/ItemReader/ReaderConfig"
    )]
    [InlineData(
        "\"ItemBatcher\":{}",
        Schema
            + "One of these fields is required: [MaxItemsPerBatch, MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath] at /States/M/ItemBatcher"
    )]
    [InlineData(
        "\"ItemBatcher\":{\"MaxItemsPerBatch\":0}",
        Schema + "The value must be between 1 and 100000000 at /States/M/ItemBatcher/MaxItemsPerBatch"
    )]
    [InlineData(
        "\"ItemBatcher\":{\"MaxInputBytesPerBatch\":262145}",
        Schema + "The value must be between 1 and 262144 at /States/M/ItemBatcher/MaxInputBytesPerBatch"
    )]
    [InlineData(
        "\"ItemBatcher\":{\"MaxItemsPerBatch\":1,\"MaxItemsPerBatchPath\":\"$.n\"}",
        Schema + "Only one of these fields is allowed: [MaxItemsPerBatch, MaxItemsPerBatchPath] at /States/M/ItemBatcher"
    )]
    [InlineData("\"ItemBatcher\":{\"MaxItemsPerBatch\":1,\"Other\":1}", Schema + "Field 'Other' is not supported at /States/M/ItemBatcher")]
    [InlineData("\"ResultWriter\":{}", Schema + "These fields are required: [WriterConfig] at /States/M/ResultWriter")]
    [InlineData("\"ResultWriter\":{\"Parameters\":{}}", Schema + "These fields are required: [Resource] at /States/M/ResultWriter")]
    [InlineData(
        "\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:putObject\"}",
        Schema + "These fields are required: [Parameters] at /States/M/ResultWriter"
    )]
    [InlineData(
        "\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:copyObject\",\"Parameters\":{}}",
        "UNSUPPORTED: the ResultWriter arn:aws:states:::s3:copyObject at /States/M/ResultWriter/Resource"
    )]
    [InlineData(Write + "\"Parameters\":{},\"Other\":1}", Schema + "Field 'Other' is not supported at /States/M/ResultWriter")]
    [InlineData(
        Write + "\"Parameters\":{},\"WriterConfig\":{\"Transformation\":\"ZIP\"}}",
        Schema + "Value must be one of: [NONE, COMPACT, FLATTEN] at /States/M/ResultWriter/WriterConfig/Transformation"
    )]
    [InlineData(
        Write + "\"Parameters\":{},\"WriterConfig\":{\"OutputType\":\"CSV\"}}",
        Schema + "Value must be one of: [JSON, JSONL] at /States/M/ResultWriter/WriterConfig/OutputType"
    )]
    [InlineData(
        Write + "\"Parameters\":{},\"WriterConfig\":{\"Other\":1}}",
        Schema + "Field 'Other' is not supported at /States/M/ResultWriter/WriterConfig"
    )]
    [InlineData(
        "\"ToleratedFailurePercentage\":100.5",
        Schema + "The value must be between 0.0 and 100.0 at /States/M/ToleratedFailurePercentage"
    )]
    [InlineData("\"ToleratedFailurePercentage\":-1", Schema + "The value must be at least 0.0 at /States/M/ToleratedFailurePercentage")]
    [InlineData(
        "\"ToleratedFailureCount\":1,\"ToleratedFailureCountPath\":\"$.n\"",
        Schema + "Only one of these fields is allowed: [ToleratedFailureCount, ToleratedFailureCountPath] at /States/M"
    )]
    [InlineData(
        "\"ToleratedFailurePercentage\":1,\"ToleratedFailurePercentagePath\":\"$.n\"",
        Schema + "Only one of these fields is allowed: [ToleratedFailurePercentage, ToleratedFailurePercentagePath] at /States/M"
    )]
    public void Says_what_is_wrong_and_where(string fields, string expected)
    {
        Assert.Null(StateMachine.TryParse(Machine(fields), out var diagnostics));
        Assert.Equal([expected], diagnostics.Select(d => d.ToString()));
    }

    [Theory]
    [InlineData("COMMA", ',')]
    [InlineData("PIPE", '|')]
    [InlineData("SEMICOLON", ';')]
    [InlineData("SPACE", ' ')]
    [InlineData("TAB", '\t')]
    public void A_delimiter_is_given_by_its_name(string name, char delimiter) =>
        Assert.Equal(delimiter, Order($"{Read}\"ReaderConfig\":{{\"InputType\":\"CSV\",\"CSVDelimiter\":\"{name}\"}}}}").Reader!.Delimiter);

    [Fact]
    public void A_reader_is_told_what_to_read_and_how()
    {
        var order = Order(
            Read
                + """
                "Parameters":{"Bucket":"b","Key.$":"$.key"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN",
                "CSVHeaders":["a","b"],"ItemsPointer":"/x/y","Transformation":"LOAD_AND_FLATTEN","MaxItems":7}}
                """
        );

        var reader = order.Reader!;
        Assert.Equal("arn:aws:states:::s3:getObject", reader.Resource);
        Assert.Equal("""{"Bucket":"b","Key":"the key"}""", reader.Arguments.GetRawText());
        Assert.Equal("CSV", reader.InputType);
        Assert.Equal(["a", "b"], reader.Headers);
        Assert.Equal("/x/y", reader.ItemsPointer);
        Assert.True(reader.Flattens);
        Assert.Equal(7, reader.MaxItems);
    }

    [Fact]
    public void A_reader_of_which_nothing_else_is_said_reads_rows_with_a_header_and_all_of_them()
    {
        var reader = Order(Read + "\"ReaderConfig\":{\"CSVHeaderLocation\":\"FIRST_ROW\",\"CSVHeaders\":[\"a\"]}}").Reader!;

        Assert.Null(reader.InputType);
        Assert.Null(reader.Headers);
        Assert.Equal(',', reader.Delimiter);
        Assert.Null(reader.ItemsPointer);
        Assert.False(reader.Flattens);
        Assert.Equal(0, reader.MaxItems);
        Assert.Equal("{}", reader.Arguments.GetRawText());
    }

    [Theory]
    [InlineData("$.three", 3, null)]
    [InlineData("$.text", 12, null)]
    [InlineData("$.zero", 0, null)]
    [InlineData("$.minus", -1, null)]
    [InlineData("$.key", 0, "The MaxItemsPath field refers to value \"the key\" which is not a valid integer: $.key")]
    public void How_many_items_are_read_may_be_part_of_the_input(string path, int most, string? cause)
    {
        var begun = Begin(Read + $"\"ReaderConfig\":{{\"MaxItemsPath\":\"{path}\"}}}}");

        Assert.Equal(cause is null ? null : InM + cause, begun.Outcome?.Error?.Cause);
        if (cause is null)
        {
            Assert.Equal(most, Assert.Single(begun.Maps).Order.Reader!.MaxItems);
        }
        else
        {
            Assert.Equal("States.ItemReaderFailed", begun.Outcome!.Error!.Error);
        }
    }

    [Theory]
    [InlineData("\"MaxItemsPerBatch\":2", """{"Items":[1,2]}|{"Items":[3,4]}|{"Items":[5]}""")]
    [InlineData("\"MaxItemsPerBatchPath\":\"$.three\"", """{"Items":[1,2,3]}|{"Items":[4,5]}""")]
    [InlineData("\"MaxItemsPerBatch\":5", """{"Items":[1,2,3,4,5]}""")]
    [InlineData("\"MaxInputBytesPerBatch\":15", """{"Items":[1,2]}|{"Items":[3,4]}|{"Items":[5]}""")]
    [InlineData("\"MaxInputBytesPerBatch\":1", """{"Items":[1]}|{"Items":[2]}|{"Items":[3]}|{"Items":[4]}|{"Items":[5]}""")]
    [InlineData(
        "\"MaxItemsPerBatch\":3,\"BatchInput\":{\"of.$\":\"$.key\"}",
        """{"BatchInput":{"of":"the key"},"Items":[1,2,3]}|{"BatchInput":{"of":"the key"},"Items":[4,5]}"""
    )]
    public void Items_go_together_to_a_child_execution_as_long_as_they_fit(string batcher, string inputs)
    {
        var children = Assert.Single(Begin($"\"ItemsPath\":\"$.items\",\"ItemBatcher\":{{{batcher}}}").Maps).Children!;

        Assert.Equal(inputs.Split('|'), children.Select(child => child.Input.GetRawText()));
        Assert.Equal(5, children.Sum(child => child.Items));
    }

    [Theory]
    [InlineData("$.zero", "0")]
    [InlineData("$.key", "\"the key\"")]
    public void A_batch_of_no_size_ends_the_execution(string path, string value) =>
        Assert.Equal(
            InM + $"The MaxItemsPerBatchPath field refers to value {value} which is not a valid integer: {path}",
            Begin($"\"ItemsPath\":\"$.items\",\"ItemBatcher\":{{\"MaxItemsPerBatchPath\":\"{path}\"}}").Outcome?.Error?.Cause
        );

    [Theory]
    [InlineData(Write + "\"Parameters\":{\"Bucket\":\"b\",\"Prefix.$\":\"$.key\"}}", "b", "the key", "NONE", false)]
    [InlineData(Write + "\"Parameters\":{\"Prefix\":1}}", "", null, "NONE", false)]
    [InlineData("\"ResultWriter\":{\"WriterConfig\":{}}", null, null, "COMPACT", false)]
    [InlineData("\"ResultWriter\":{\"WriterConfig\":{\"OutputType\":\"JSON\"}}", null, null, "COMPACT", false)]
    [InlineData(
        "\"ResultWriter\":{\"WriterConfig\":{\"OutputType\":\"JSONL\",\"Transformation\":\"FLATTEN\"}}",
        null,
        null,
        "FLATTEN",
        true
    )]
    public void A_writer_is_told_where_and_in_which_form(string fields, string? bucket, string? prefix, string transformation, bool isLines)
    {
        var writer = Order(fields).Writer!;

        Assert.Equal((bucket, prefix, transformation, isLines), (writer.Bucket, writer.Prefix, writer.Transformation, writer.IsLines));
    }

    [Theory]
    [InlineData("\"MaxConcurrency\":4,\"ToleratedFailureCount\":2,\"ToleratedFailurePercentage\":1.5", 4, 2, 1.5)]
    [InlineData(
        "\"MaxConcurrencyPath\":\"$.three\",\"ToleratedFailureCountPath\":\"$.text\",\"ToleratedFailurePercentagePath\":\"$.three\"",
        3,
        12,
        3
    )]
    [InlineData("\"Comment\":\"nothing\"", 0, 0, 0)]
    public void How_many_run_and_how_many_may_fail(string fields, int concurrency, int count, double percentage)
    {
        var order = Order(fields);

        Assert.Equal(
            (concurrency, count, percentage),
            (order.MaxConcurrency, order.ToleratedFailureCount, order.ToleratedFailurePercentage)
        );
    }

    [Theory]
    [InlineData("\"ToleratedFailureCountPath\":\"$.minus\"", "ToleratedFailureCount cannot be negative.")]
    [InlineData("\"ToleratedFailurePercentagePath\":\"$.minus\"", "ToleratedFailurePercentage must be between 0 and 100.")]
    [InlineData("\"ToleratedFailurePercentagePath\":\"$.much\"", "ToleratedFailurePercentage must be between 0 and 100.")]
    [InlineData(
        "\"ToleratedFailurePercentagePath\":\"$.text\"",
        "The ToleratedFailurePercentagePath field refers to value \"12\" which is not a valid float: $.text"
    )]
    public void A_tolerance_that_is_none_ends_the_execution(string fields, string cause) =>
        Assert.Equal(InM + cause, Begin("\"ItemsPath\":\"$.items\"," + fields).Outcome?.Error?.Cause);

    [Theory]
    [InlineData(0, 0, 0, 10, false)]
    [InlineData(0, 0, 1, 10, true)]
    [InlineData(2, 0, 2, 10, false)]
    [InlineData(2, 0, 3, 10, true)]
    [InlineData(0, 20, 2, 10, false)]
    [InlineData(0, 20, 3, 10, true)]
    [InlineData(5, 20, 3, 10, true)]
    [InlineData(2, 90, 3, 10, true)]
    [InlineData(0, 100, 5, 0, false)]
    public void Only_the_limits_that_are_given_count(int count, double percentage, long failed, long items, bool exceeds) =>
        Assert.Equal(exceeds, MapOrder.Exceeds(count, percentage, failed, items));

    [Fact]
    public void Items_that_were_read_become_inputs_and_the_result_is_the_output()
    {
        var machine = StateMachine.Parse(
            Machine(
                Read + "\"Parameters\":{\"Bucket\":\"b\"}},\"ItemSelector\":{\"at.$\":\"$$.Map.Item.Index\",\"is.$\":\"$$.Map.Item.Value\"}"
            )
        );
        var begun = Start(machine);
        var start = Assert.Single(begun.Maps);
        Assert.Null(start.Children);

        var read = Take(machine, begun, new ItemsRead(start.Position, start.Order.Id, [Item("1"), Item("\"two\"")]));
        var ended = Take(machine, read, new MapRunEnded(start.Position, start.Order.Id, JsonElement.Parse("[5]"), null));

        Assert.Equal(
            ["""{"at":0,"is":1}""", """{"at":1,"is":"two"}"""],
            Assert.Single(read.Maps).Children!.Select(child => child.Input.GetRawText())
        );
        Assert.Equal("SUCCEEDED", ended.Outcome!.Status);
        Assert.Equal("[5]", ended.Outcome.Output.GetRawText());
        Assert.Equal(
            ["MapRunSucceeded", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"],
            ended.Events.Select(one => one.Type)
        );
    }

    [Fact]
    public void What_is_of_an_earlier_attempt_changes_nothing()
    {
        var machine = StateMachine.Parse(Machine(Read + "\"Parameters\":{\"Bucket\":\"b\"}}"));
        var begun = Start(machine);
        var start = Assert.Single(begun.Maps);

        Assert.True(Take(machine, begun, new ItemsRead(start.Position, start.Order.Id + 1, [])).IsNothing);
        Assert.True(Take(machine, begun, new MapRunEnded(start.Position, start.Order.Id + 1, default, WorkflowError.Exceeded)).IsNothing);
    }

    [Fact]
    public void A_Map_run_that_fails_is_a_failure_of_its_state_and_goes_on_when_redriven()
    {
        var machine = StateMachine.Parse(Machine("\"ItemsPath\":\"$.items\""));
        var begun = Start(machine);
        var start = Assert.Single(begun.Maps);

        var failed = Take(machine, begun, new MapRunEnded(start.Position, start.Order.Id, default, WorkflowError.Exceeded));

        Assert.Equal("FAILED", failed.Outcome!.Status);
        Assert.Equal("States.ExceedToleratedFailureThreshold", failed.Outcome.Error!.Error);
        Assert.Equal(["MapRunFailed", "MapStateFailed", "ExecutionFailed"], failed.Events.Select(one => one.Type));
        Assert.Contains(failed.Left, position => position.Map is not null);
    }

    private static MapItem Item(string json) => new(JsonElement.Parse(json), null, "s3");

    private static MapOrder Order(string fields) => Assert.Single(Begin("\"ItemsPath\":\"$.items\"," + fields).Maps).Order;

    private static Decision Begin(string fields) => Start(StateMachine.Parse(Machine(fields)));

    private static Decision Start(StateMachine machine)
    {
        var input = JsonElement.Parse("""{"items":[1,2,3,4,5],"key":"the key","three":3,"text":"12","zero":0,"minus":-1,"much":101}""");
        var started = Interpreter.Start(
            machine,
            new ExecutionFacts(
                "arn:aws:states:eu-west-1:000000000000:execution:machine:run",
                "run",
                "arn:aws:iam::000000000000:role/machine",
                Simulation.Began,
                "arn:aws:states:eu-west-1:000000000000:stateMachine:machine",
                "machine",
                "eu-west-1",
                input
            ),
            Now
        );
        return Take(machine, started, new Entering(0));
    }

    private static Moment Now => new(Simulation.Began, new Random(7));

    private static Decision Take(StateMachine machine, Decision before, Happening happening) =>
        Interpreter.Decide(machine, before.Run, happening, Now);

    private static string Machine(string fields) =>
        $$"""
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,{{fields}},"ItemProcessor":{"ProcessorConfig":
            {"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true} } } } } }
            """;
}
