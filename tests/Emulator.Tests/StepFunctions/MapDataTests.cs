using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Where distributed Maps have their items from, and where their results go: S3.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html and
/// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
/// </remarks>
public sealed class MapDataTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/box");
        foreach (
            var (key, content) in ((string, string)[])
                [
                    ("list.json", """["a",{"b":1}]"""),
                    ("deep.json", """{"x":{"items":[1,2,3]}}"""),
                    ("object.json", """{"k":1,"l":[2]}"""),
                    ("number.json", "7"),
                    ("bad.json", "{"),
                    ("lines.jsonl", "{\"n\":1}\n\n[2]\n"),
                    ("rows.csv", "id,name\n1,\"a, \"\"b\"\"\"\n2\n3,c,too much\n"),
                    ("rows.psv", "1|x\n2|y"),
                    ("first.csv", "0,True,{}\na,b,c\n"),
                    ("short.csv", "H1,\na,b,c\n"),
                    ("p/1", "one"),
                    ("p/2", "second"),
                ]
        )
        {
            await cloud.Rest(HttpMethod.Put, "s3", "/box/" + key, content);
        }
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData("list.json", """{"InputType":"JSON"}""", """["a",{"b":1}]""")]
    [InlineData("deep.json", """{"InputType":"JSON","ItemsPointer":"/x/items"}""", "[1,2,3]")]
    [InlineData("deep.json", """{"InputType":"JSON","ItemsPointer":"/x/items","MaxItems":2}""", "[1,2]")]
    [InlineData("deep.json", """{"InputType":"JSON","ItemsPointer":"/x/items","MaxItemsPath":"$.most"}""", "[1]")]
    [InlineData("object.json", """{"InputType":"JSON"}""", """[{"Key":"k","Value":1},{"Key":"l","Value":[2]}]""")]
    [InlineData("lines.jsonl", """{"InputType":"JSONL"}""", """[{"n":1},[2]]""")]
    [InlineData(
        "rows.csv",
        """{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}""",
        """[{"name":"a, \"b\"","id":"1"},{"name":"","id":"2"},{"name":"c","id":"3"}]"""
    )]
    // As recorded: localstack, test_base_scenarios.snapshot.json, test_map_item_reader_csv_headers_first_row_typed_headers.
    [InlineData("first.csv", """{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}""", """[{"0":"a","{}":"c","True":"b"}]""")]
    [InlineData("short.csv", """{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}""", """[{"":"b","H1":"a"}]""")]
    [InlineData(
        "rows.psv",
        """{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["n","v"],"CSVDelimiter":"PIPE"}""",
        """[{"v":"x","n":"1"},{"v":"y","n":"2"}]"""
    )]
    public async Task Items_are_read_from_an_object(string key, string config, string output)
    {
        var description = await Run(Reader($$"""{"Bucket":"box","Key":"{{key}}"}""", config));

        Assert.Equal(output, description.GetProperty("output").GetString());
    }

    [Theory]
    [InlineData("none.json", """{"InputType":"JSON"}""", "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ")]
    [InlineData("number.json", """{"InputType":"JSON"}""", "Attempting to map over non-iterable node.")]
    [InlineData("bad.json", """{"InputType":"JSON"}""", "Attempting to parse an invalid file.")]
    // localstack, test_base_scenarios.snapshot.json, test_map_item_reader_csv_headers_decl_duplicate_headers.
    [InlineData(
        "rows.csv",
        """{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["H1","H1"]}""",
        "CSV headers cannot contain duplicates."
    )]
    // localstack, test_base_scenarios.snapshot.json, test_map_item_reader_csv_max_items_paths[-1].
    [InlineData("list.json", """{"InputType":"JSON","MaxItemsPath":"$.less"}""", "field MaxItems must be positive")]
    public async Task What_cannot_be_read_fails_the_run(string key, string config, string cause)
    {
        var description = await Run(Reader($$"""{"Bucket":"box","Key":"{{key}}"}""", config));

        Assert.Equal("States.ItemReaderFailed", description.GetProperty("error").GetString());
        Assert.StartsWith(cause, description.GetProperty("cause").GetString());
    }

    [Fact]
    public async Task A_JSONata_Map_reads_and_exports_too()
    {
        var description = await Run(
            """
            "QueryLanguage":"JSONata","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Arguments":{"Bucket":"box","Key":"{% 'deep' & '.json' %}"},
            "ReaderConfig":{"InputType":"JSON","ItemsPointer":"/x/items","MaxItems":"{% $states.input.most + 1 %}"}},
            "ItemSelector":{"v":"{% $states.context.Map.Item.Value * 10 %}"},"MaxConcurrency":"{% 1 %}",
            "ItemBatcher":{"MaxItemsPerBatch":"{% 5 %}","BatchInput":"{% $states.input.prefix %}"},
            "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"box","Prefix":"{% $states.input.prefix & 'out' %}"},
            "WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}},
            "Output":"{% $states.result.ResultWriterDetails.Key %}",
            """
        );

        var manifest = JsonElement.Parse(description.GetProperty("output").GetString()!).GetString()!;
        Assert.StartsWith("p/out/", manifest);
        Assert.Equal(
            """[{"BatchInput":"p/","Items":[{"v":10},{"v":20}]}]""",
            await cloud.Rest(HttpMethod.Get, "s3", "/box/" + manifest.Replace("manifest", "SUCCEEDED_0", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task The_objects_of_a_bucket_are_items_with_their_source()
    {
        var description = await Run(
            """
            "ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"box","Prefix.$":"$.prefix"}},
            "ItemSelector":{"v.$":"$$.Map.Item.Value","s.$":"$$.Map.Item.Source"},
            """
        );

        var items = JsonElement.Parse(description.GetProperty("output").GetString()!);
        Assert.Equal(2, items.GetArrayLength());
        Assert.Equal("S3://box", items[1].GetProperty("s").GetString());
        var item = items[1].GetProperty("v");
        Assert.Equal(["Etag", "Key", "LastModified", "Size", "StorageClass"], item.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("p/2", 6), (item.GetProperty("Key").GetString(), item.GetProperty("Size").GetInt32()));
        Assert.Equal(JsonValueKind.Number, item.GetProperty("LastModified").ValueKind);
    }

    [Fact]
    public async Task The_rows_of_an_inventory_are_items()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("\"box\",\"p/1\",\"3\"\n"));
        }

        using var request = cloud.Signed(HttpMethod.Put, "s3", "/box/data/1.csv.gz", "", [("x-amz-content-sha256", "UNSIGNED-PAYLOAD")]);
        request.Content = new ByteArrayContent(packed.ToArray());
        using var client = new HttpClient();
        using var stored = await client.SendAsync(request);
        Assert.True(stored.IsSuccessStatusCode);
        await cloud.Rest(
            HttpMethod.Put,
            "s3",
            "/box/manifest.json",
            """{"destinationBucket":"arn:aws:s3:::box","fileFormat":"CSV","fileSchema":"Bucket, Key, Size","files":[{"key":"data/1.csv.gz"}]}"""
        );

        var description = await Run(Reader("""{"Bucket":"box","Key":"manifest.json"}""", """{"InputType":"MANIFEST"}"""));

        Assert.Equal("""[{"Bucket":"box","Size":"3","Key":"p/1"}]""", description.GetProperty("output").GetString());
    }

    [Theory]
    [InlineData("\"WriterConfig\":{\"Transformation\":\"FLATTEN\",\"OutputType\":\"JSON\"}", """[1,2,3,4,"x"]""")]
    [InlineData("\"WriterConfig\":{\"Transformation\":\"COMPACT\",\"OutputType\":\"JSON\"}", """[[1,2],[3,4],"x"]""")]
    [InlineData("\"WriterConfig\":{\"Transformation\":\"COMPACT\",\"OutputType\":\"JSONL\"}", "\"[1,2]\\n[3,4]\\n\\\"x\\\"\"")]
    public async Task Results_that_are_not_exported_are_formatted(string writer, string output)
    {
        var description = await Run("\"ItemsPath\":\"$.lists\",\"ResultWriter\":{" + writer + "},");

        Assert.Equal(output, description.GetProperty("output").GetString());
    }

    [Theory]
    [InlineData("", "json", null)]
    [InlineData(",\"WriterConfig\":{\"Transformation\":\"FLATTEN\",\"OutputType\":\"JSONL\"}", "jsonl", "1\n2\n3\n4\n\"x\"")]
    public async Task Results_are_exported_with_a_manifest(string config, string extension, string? content)
    {
        var description = await Run(
            """
            "ItemsPath":"$.lists","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"box","Prefix":"out"}CONFIG},
            """.Replace("CONFIG", config, StringComparison.Ordinal)
        );

        var output = JsonElement.Parse(description.GetProperty("output").GetString()!);
        Assert.Equal(["MapRunArn", "ResultWriterDetails"], output.EnumerateObject().Select(member => member.Name));
        var arn = output.GetProperty("MapRunArn").GetString()!;
        var folder = $"out/{arn.Split(':')[^1]}";
        Assert.Equal($$"""{"Bucket":"box","Key":"{{folder}}/manifest.json"}""", output.GetProperty("ResultWriterDetails").GetRawText());
        var file = await cloud.Rest(HttpMethod.Get, "s3", $"/box/{folder}/SUCCEEDED_0.{extension}");
        Assert.Equal(
            """{"DestinationBucket":"box","MapRunArn":"ARN","ResultFiles":{"FAILED":[],"PENDING":[],"SUCCEEDED":[{"Key":"FILE","Size":SIZE}]}}"""
                .Replace("ARN", arn, StringComparison.Ordinal)
                .Replace("FILE", $"{folder}/SUCCEEDED_0.{extension}", StringComparison.Ordinal)
                .Replace("SIZE", $"{file.Length}", StringComparison.Ordinal),
            await cloud.Rest(HttpMethod.Get, "s3", $"/box/{folder}/manifest.json")
        );
        if (content is not null)
        {
            Assert.Equal(content, file);
            return;
        }

        var result = JsonElement.Parse(file)[0];
        Assert.Equal(
            [
                "ExecutionArn",
                "Input",
                "InputDetails",
                "Name",
                "Output",
                "OutputDetails",
                "RedriveCount",
                "RedriveStatus",
                "RedriveStatusReason",
                "StartDate",
                "StateMachineArn",
                "Status",
                "StopDate",
            ],
            result.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("[1,2]", result.GetProperty("Output").GetString());
        Assert.Equal("Execution is SUCCEEDED and cannot be redriven", result.GetProperty("RedriveStatusReason").GetString());
    }

    [Fact]
    public async Task Results_may_be_larger_than_a_payload_only_where_they_are_exported()
    {
        var large = new string('x', 30_000);
        var items = string.Join(',', Enumerable.Repeat($"\"{large}\"", 40));
        await cloud.Rest(HttpMethod.Put, "s3", "/box/large.json", $"[{items}]");
        var reader = Reader("""{"Bucket":"box","Key":"large.json"}""", """{"InputType":"JSON"}""");

        var exported = await Run(
            reader + """ "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"box","Prefix":"large"}}, """
        );
        var held = await Run(reader);

        Assert.Equal("SUCCEEDED", exported.GetProperty("status").GetString());
        Assert.Equal("States.DataLimitExceeded", held.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_fails_the_export()
    {
        var description = await Run(
            """
            "ItemsPath":"$.lists","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"no-such-box"}},
            """
        );

        Assert.Equal("States.ResultWriterFailed", description.GetProperty("error").GetString());
        Assert.StartsWith(
            "The specified bucket does not exist (Service: S3, Status Code: 404",
            description.GetProperty("cause").GetString()
        );
    }

    private static string Reader(string parameters, string config) =>
        "\"ItemReader\":{\"Resource\":\"arn:aws:states:::s3:getObject\",\"Parameters\":"
        + parameters
        + ",\"ReaderConfig\":"
        + config
        + "},";

    private async Task<JsonElement> Run(string fields)
    {
        var definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map",FIELDS"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
            "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}
            """.Replace("FIELDS", fields, StringComparison.Ordinal).Replace(
            "EXPRESS",
            fields.Contains("putObject", StringComparison.Ordinal) ? "STANDARD" : "EXPRESS",
            StringComparison.Ordinal
        );
        var machine = await cloud.Json(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            $$"""{"name":"m{{Guid.NewGuid():N}}","roleArn":"{{Bench.Role}}","definition":{{Bench.Quote(definition)}}}"""
        );
        const string input = """{"most":1,"less":-1,"prefix":"p/","lists":[[1,2],[3,4],"x"]}""";
        var started = await cloud.Json(
            "states",
            "AWSStepFunctions.StartExecution",
            $$"""{"stateMachineArn":"{{machine.GetProperty("stateMachineArn").GetString()}}","input":{{Bench.Quote(input)}}}"""
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        return await cloud.Json(
            "states",
            "AWSStepFunctions.DescribeExecution",
            $$"""{"executionArn":"{{started.GetProperty("executionArn").GetString()}}"}"""
        );
    }
}
