namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Mocked results are held to what the service answers, and tests of a distributed Map say what was read and what failed.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html</remarks>
public sealed class MockModelTests
{
    [Theory]
    [InlineData("events:putEvents", """{"Entries":{}}""", "STRICT", "Field 'Entries' must be an array")]
    [InlineData("events:putEvents", """{"Entries":{}}""", "PRESENT", "Field 'Entries' must be an array")]
    [InlineData("events:putEvents", """{"Entries":{}}""", "NONE", null)]
    [InlineData("events:putEvents", """{"Entries":[{"EventId":1}]}""", null, "Field 'EventId' must be a string")]
    [InlineData("sqs:sendMessage", """{"MD5OfMessageBody":1}""", null, "Field 'MD5OfMessageBody' must be a string")]
    [InlineData("aws-sdk:sqs:sendMessage", """{"Md5OfMessageBody":1}""", null, "Field 'Md5OfMessageBody' must be a string")]
    [InlineData("aws-sdk:s3:headObject", """{"ContentLength":"1"}""", null, "Field 'ContentLength' must be a number")]
    [InlineData("aws-sdk:sfn:startExecution", "{}", null, "Required field 'ExecutionArn' is missing")]
    [InlineData("aws-sdk:sfn:startExecution", "{}", "PRESENT", null)]
    [InlineData("aws-sdk:sfn:startExecution", """{"Other":1}""", "PRESENT", null)]
    // localstack/localstack, test_state/test_field_validation_mode.snapshot.json: recorded on AWS.
    [InlineData("events:putEvents", """{"Entries":[{"EventId":"a"},{"EventId":["b"]}]}""", null, "Field 'EventId' must be a string")]
    [InlineData("states:startExecution", """{"ExecutionArn":"e","StartDate":17}""", null, "Field 'StartDate' must be a string")]
    [InlineData("dynamodb:putItem", """{"ConsumedCapacity":{"CapacityUnits":"1"}}""", null, "Field 'CapacityUnits' must be a number")]
    [InlineData("aws-sdk:s3:getObject", """{"StorageClass":"Papyrus"}""", null, "Field 'StorageClass' is not an expected value")]
    [InlineData("aws-sdk:kms:encrypt", """{"CiphertextBlob":123}""", null, "Field 'CiphertextBlob' must be a string")]
    [InlineData("aws-sdk:kms:encrypt", """{"CiphertextBlob":""}""", null, "Field 'CiphertextBlob' is smaller than the minimum length")]
    [InlineData(
        "aws-sdk:lambda:getFunction",
        """{"Configuration":{"MemorySize":127}}""",
        null,
        "Field 'MemorySize' is less than the minimum value"
    )]
    [InlineData(
        "aws-sdk:lambda:getFunction",
        """{"Configuration":{"MemorySize":10241}}""",
        null,
        "Field 'MemorySize' exceeds the maximum value"
    )]
    [InlineData("apigateway:invoke", """{"any":1}""", null, null)]
    [InlineData("lambda:invoke", """{"Payload":{"any":1},"StatusCode":200}""", null, null)]
    [InlineData("dynamodb:getItem", """{"Item":{"a":{"BOOL":true}}}""", null, null)]
    public async Task A_mock_has_the_fields_and_types_of_its_operation(string resource, string result, string? mode, string? message)
    {
        await using var cloud = await TestCloud.Start();
        var state = """{"Type":"Task","Resource":"arn:aws:states:::RESOURCE","Parameters":{},"End":true}""".Replace(
            "RESOURCE",
            resource,
            StringComparison.Ordinal
        );
        var asked = mode is null ? "" : $",\"fieldValidationMode\":\"{mode}\"";
        var request = $$"""{"definition":{{Bench.Quote(state)}},"mock":{"result":{{Bench.Quote(result)}}{{asked}} } }""";

        if (message is null)
        {
            var answer = await cloud.Json("states", "AWSStepFunctions.TestState", request);
            Assert.Equal(result, answer.GetProperty("output").GetString());
            return;
        }

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => cloud.Json("states", "AWSStepFunctions.TestState", request));
        Assert.Contains(
            $"Mock result schema validation error: {message}",
            refused.Message.Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0, "SUCCEEDED")]
    [InlineData(1, "SUCCEEDED")]
    [InlineData(2, "FAILED")]
    public async Task A_distributed_Map_is_tested_with_the_data_that_its_reader_has(int failed, string status)
    {
        await using var bench = Bench.Open();
        const string state = """
            {"Type":"Map","ToleratedFailureCount":1,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},
            "ReaderConfig":{"InputType":"JSON","ItemsPointer":"/x"}},"ItemSelector":{"i.$":"$$.Map.Item.Value","s.$":"$$.Map.Item.Source"},
            "ItemBatcher":{"MaxItemsPerBatch":2},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}
            """;
        var data = Bench.Quote("""{"x":[1,2,3]}""");
        var answer = await bench.Call(
            "TestState",
            $$"""{"definition":{{Bench.Quote(state)}},"input":"{}","inspectionLevel":"DEBUG","mock":{"result":"[1]"},"stateConfiguration":{"mapItemReaderData":{{data}},"mapIterationFailureCount":{{failed}} } }"""
        );

        Assert.Equal(status, answer.GetProperty("status").GetString());
        var inspected = answer.GetProperty("inspectionData");
        Assert.Equal("[1,2,3]", inspected.GetProperty("afterItemsPointer").GetString());
        Assert.Equal(
            """[{"i":1,"s":"S3://b/k"},{"i":2,"s":"S3://b/k"},{"i":3,"s":"S3://b/k"}]""",
            inspected.GetProperty("afterItemSelector").GetString()
        );
        Assert.StartsWith("""[{"Items":[{"i":1""", inspected.GetProperty("afterItemBatcher").GetString());
        Assert.Equal(1, inspected.GetProperty("toleratedFailureCount").GetInt32());
        if (status == "FAILED")
        {
            Assert.Equal("States.ExceedToleratedFailureThreshold", answer.GetProperty("error").GetString());
        }
    }
}
