using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>What Lambda answers to requests that it does not take: recorded on AWS.</summary>
public sealed class RecordedAnswerTests
{
    private const string Root = "/2015-03-31/functions";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:";
    private const string Qualifiers = @"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";
    private static readonly byte[] Code = FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n"));

    public static TheoryData<string, string, string, int, string, string> Refusals() =>
        new()
        {
            // method, path, body, status, error, message
            { "GET", Root + "/none", "", 404, "ResourceNotFoundException", $"Function not found: {Arn}none" },
            { "GET", Root + "/none?Qualifier=$LATEST", "", 404, "ResourceNotFoundException", $"Function not found: {Arn}none:$LATEST" },
            {
                "GET",
                Root + "/none/configuration?Qualifier=$LATEST",
                "",
                404,
                "ResourceNotFoundException",
                $"Function not found: {Arn}none:$LATEST"
            },
            { "POST", Root + "/none/invocations", "{}", 404, "ResourceNotFoundException", $"Function not found: {Arn}none:$LATEST" },
            {
                "GET",
                Root + "/arn:aws:lambda:eu-central-1:000000000000:function:one",
                "",
                404,
                "ResourceNotFoundException",
                "Functions from 'eu-central-1' are not reachable in this region ('us-east-1')"
            },
            {
                "GET",
                Root + "/one?Qualifier=invalid!",
                "",
                400,
                "ValidationException",
                $"1 validation error detected: Value 'invalid!' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: {Qualifiers}"
            },
            {
                "DELETE",
                Root + "/one?Qualifier=$LATES",
                "",
                400,
                "ValidationException",
                $"1 validation error detected: Value '$LATES' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: {Qualifiers}"
            },
            {
                "DELETE",
                Root + "/none?Qualifier=$LATEST",
                "",
                400,
                "InvalidParameterValueException",
                "$LATEST version cannot be deleted without deleting the function."
            },
            {
                "GET",
                Root + "/" + new string('a', 65),
                "",
                404,
                "ResourceNotFoundException",
                $"Function not found: {Arn}{new string('a', 65)}"
            },
            {
                "GET",
                Root + "?FunctionVersion=invalid",
                "",
                400,
                "ValidationException",
                "1 validation error detected: Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]"
            },
            {
                "PUT",
                "/2017-10-31/functions/one:$LATEST/concurrency",
                "{\"ReservedConcurrentExecutions\":1}",
                400,
                "InvalidParameterValueException",
                "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN."
            },
            {
                "PUT",
                "/2017-10-31/functions/one/concurrency",
                "{\"ReservedConcurrentExecutions\":1000}",
                400,
                "InvalidParameterValueException",
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100]."
            },
            {
                "POST",
                Root + "/one:$LATEST/policy",
                "{\"StatementId\":\"s\",\"Action\":\"lambda:InvokeFunction\",\"Principal\":\"sns.amazonaws.com\"}",
                400,
                "InvalidParameterValueException",
                "We currently do not support adding policies for $LATEST."
            },
            { "PUT", Root + "/one/aliases/none", "{}", 404, "ResourceNotFoundException", $"Alias not found: {Arn}one:none" },
            { "GET", Root + "/one/aliases/none", "", 404, "ResourceNotFoundException", $"Cannot find alias arn: {Arn}one:none" },
            {
                "GET",
                "/2019-09-25/functions/none/event-invoke-config",
                "",
                404,
                "ResourceNotFoundException",
                $"The function {Arn}none:$LATEST doesn't have an EventInvokeConfig"
            },
            {
                "PUT",
                "/2019-09-25/functions/none/event-invoke-config",
                "{}",
                400,
                "InvalidParameterValueException",
                "You must specify at least one of error handling or destination setting."
            },
            {
                "PUT",
                "/2019-09-25/functions/none/event-invoke-config",
                "{\"MaximumRetryAttempts\":1}",
                404,
                "ResourceNotFoundException",
                "The function doesn't exist."
            },
            {
                "PUT",
                "/2019-09-25/functions/one/event-invoke-config",
                $"{{\"DestinationConfig\":{{\"OnFailure\":{{\"Destination\":\"{Arn}none\"}}}}}}",
                400,
                "InvalidParameterValueException",
                $"The destination ARN {Arn}none is invalid."
            },
            {
                "PUT",
                "/2019-09-25/functions/one/event-invoke-config",
                $"{{\"DestinationConfig\":{{\"OnFailure\":{{\"Destination\":\"{Arn}one\"}}}}}}",
                400,
                "InvalidParameterValueException",
                "You can't specify the function as a destination for itself."
            },
            {
                "GET",
                "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:event-source-mapping:4a0e0c5c-0000-4000-8000-000000000000",
                "",
                404,
                "ResourceNotFoundException",
                "Event source mapping not found: arn:aws:lambda:us-east-1:000000000000:event-source-mapping:4a0e0c5c-0000-4000-8000-000000000000"
            },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task It_is_refused_in_AWS_words(string method, string path, string body, int status, string code, string message)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        using var request = cloud.Signed(new HttpMethod(method), "lambda", path.Replace("$", "%24").Replace("!", "%21"), body, []);
        using var http = new HttpClient();

        using var answer = await http.SendAsync(request);
        var document = JsonElement.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal((status, code), ((int)answer.StatusCode, Assert.Single(answer.Headers.GetValues("x-amzn-ErrorType"))));
        Assert.Equal(message, document.GetProperty(code == "ResourceNotFoundException" ? "Message" : "message").GetString());
        Assert.Equal(
            code == "ValidationException" || message.StartsWith("Specified Reserved", StringComparison.Ordinal) ? null : "User",
            document.TryGetProperty("Type", out var type) ? type.GetString() : null
        );
    }

    [Theory]
    [InlineData(
        "\"FunctionName\":\"invalid:function:name\"",
        400,
        "ValidationException",
        "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}"
    )]
    [InlineData("\"FunctionName\":\"invalid-account:function:my-function\"", 400, "ValidationException", "'functionName'")]
    [InlineData("\"FunctionName\":\"arn:aws:lambda:invalid-region:000000000000:function:f\"", 400, "ValidationException", "'functionName'")]
    [InlineData(
        "\"FunctionName\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
        400,
        "InvalidParameterValueException",
        "Member must have length less than or equal to 64"
    )]
    [InlineData(
        "\"FunctionName\":\"f\",\"Architectures\":[]",
        400,
        "ValidationException",
        "Value '[]' at 'architectures' failed to satisfy constraint: Member must have length greater than or equal to 1"
    )]
    [InlineData(
        "\"FunctionName\":\"f\",\"Architectures\":[\"X86_64\"]",
        400,
        "ValidationException",
        "Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"
    )]
    [InlineData(
        "\"FunctionName\":\"f\",\"Runtime\":\"java8\"",
        400,
        "InvalidParameterValueException",
        "The runtime parameter of java8 is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions."
    )]
    [InlineData("\"FunctionName\":\"f\",\"Runtime\":\"nodejs14.x\"", 400, "InvalidParameterValueException", "no longer supported")]
    [InlineData(
        "\"FunctionName\":\"f\",\"Runtime\":\"none\"",
        400,
        "InvalidParameterValueException",
        "Value none at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ["
    )]
    [InlineData(
        "\"FunctionName\":\"f\",\"Runtime\":\"java21\"",
        501,
        "NotImplemented",
        "The Disa emulator does not support the runtime java21."
    )]
    [InlineData(
        "\"FunctionName\":\"f\",\"Runtime\":\"ruby3.4\"",
        501,
        "NotImplemented",
        "The Disa emulator does not support the runtime ruby3.4."
    )]
    public async Task A_function_that_cannot_be_is_refused_in_AWS_words(string settings, int status, string code, string message)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.EnsureRole();
        var runtime = settings.Contains("Runtime", StringComparison.Ordinal) ? "" : "\"Runtime\":\"provided.al2023\",";
        using var request = cloud.Signed(
            HttpMethod.Post,
            "lambda",
            Root,
            $$$"""{{{{settings}}},{{{runtime}}}"Handler":"any","Role":"{{{FunctionFixture.Role}}}","Code":{"ZipFile":"{{{Convert.ToBase64String(Code)}}}"}}""",
            []
        );
        using var http = new HttpClient();

        using var answer = await http.SendAsync(request);

        Assert.Equal((status, code), ((int)answer.StatusCode, Assert.Single(answer.Headers.GetValues("x-amzn-ErrorType"))));
        var document = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Contains(message, document.GetProperty(code == "NotImplemented" ? "Message" : "message").GetString());
    }

    [Fact]
    public async Task A_package_over_50_MB_is_too_large_for_a_request()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.EnsureRole();
        static string Body(int bytes) =>
            $$$"""{"FunctionName":"f","Runtime":"provided.al2023","Handler":"any","Role":"{{{FunctionFixture.Role}}}","Code":{"ZipFile":"{{{Convert.ToBase64String(new byte[bytes])}}}"}}""";

        var zip = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Post, "lambda", Root, Body(52_428_801)));
        var request = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Post, "lambda", Root, Body(52_700_000)));

        Assert.Equal(413, zip.Status);
        Assert.Contains("Zipped size must be smaller than 52428800 bytes", zip.Body);
        Assert.Equal(413, request.Status);
        Assert.Contains("Request must be smaller than 70167211 bytes for the CreateFunction operation", request.Body);
    }

    [Fact]
    public async Task A_function_that_becomes_active_has_another_revision_and_a_runtime_version()
    {
        await using var cloud = await TestCloud.Start();
        var created = await cloud.CreateFunction("one", "provided.al2023", "any", Code, "\"Tags\":{\"a\":\"b\"}");
        await cloud.Rest(HttpMethod.Post, "lambda", Root + "/one/versions", "{}");

        var latest = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one"));
        var version = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one?Qualifier=1"));

        Assert.NotEqual(
            created.GetProperty("RevisionId").GetString(),
            latest.GetProperty("Configuration").GetProperty("RevisionId").GetString()
        );
        Assert.True(latest.TryGetProperty("Tags", out _));
        Assert.False(version.TryGetProperty("Tags", out _));
        Assert.StartsWith(
            "arn:aws:lambda:us-east-1::runtime:",
            version.GetProperty("Configuration").GetProperty("RuntimeVersionConfig").GetProperty("RuntimeVersionArn").GetString()
        );
    }

    [Fact]
    public async Task A_python_error_is_compact_and_lies_in_var_task()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("D", "def handler(event, context):\n    raise ValueError('no')\n");

        var answer = await cloud.Invoke("D");

        Assert.StartsWith("{\"errorMessage\":\"no\",\"errorType\":\"ValueError\",\"requestId\":\"", answer.Payload);
        Assert.Contains("\",\"stackTrace\":[\"  File \\\"/var/task/index.py\\\", line 2, in handler\\n", answer.Payload);
    }

    [Fact]
    public async Task Mappings_answer_as_recorded()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        const string mappings = "/2015-03-31/event-source-mappings";
        const string queue = "arn:aws:sqs:us-east-1:000000000000:q";

        var made = JsonElement.Parse(
            await cloud.Rest(HttpMethod.Post, "lambda", mappings, $$"""{"FunctionName":"one","EventSourceArn":"{{queue}}"}""")
        );
        var filter = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(
                HttpMethod.Post,
                "lambda",
                mappings,
                $$$"""{"FunctionName":"one","EventSourceArn":"{{{queue}}}","FilterCriteria":{"Filters":[{"Pattern":"single-string"}]}}"""
            )
        );

        Assert.Equal("User action", made.GetProperty("StateTransitionReason").GetString());
        Assert.Equal("""{"Type":"User","message":"Invalid filter pattern definition."}""", filter.Body);
    }

    // localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json: test_function_lifecycle, test_publish_version_on_create and
    // test_function_revisions_version_and_alias (recorded 20-11-2023 and 27-03-2024).
    [Fact]
    public async Task A_function_that_is_created_has_no_update_and_one_that_is_updated_is_being_created()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.EnsureRole();
        var created = JsonElement.Parse(
            await cloud.Rest(
                HttpMethod.Post,
                "lambda",
                Root,
                $$$"""{"FunctionName":"one","Runtime":"provided.al2023","Handler":"any","Role":"{{{FunctionFixture.Role}}}","Publish":true,"Environment":{"Variables":{}},"Code":{"ZipFile":"{{{Convert.ToBase64String(Code)}}}"}}"""
            )
        );
        Assert.False(created.TryGetProperty("LastUpdateStatus", out _));
        Assert.Equal((Arn + "one", "1"), (created.GetProperty("FunctionArn").GetString(), created.GetProperty("Version").GetString()));
        Assert.Equal("{}", created.GetProperty("Environment").GetProperty("Variables").GetRawText());
        await cloud.Settled("one");

        var updated = JsonElement.Parse(await cloud.Rest(HttpMethod.Put, "lambda", Root + "/one/configuration", "{\"Timeout\":30}"));
        Assert.Equal(
            ("The function is being created.", "Creating"),
            (updated.GetProperty("LastUpdateStatusReason").GetString(), updated.GetProperty("LastUpdateStatusReasonCode").GetString())
        );
        await cloud.Settled("one");
        var before = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/configuration"));
        Assert.False(before.TryGetProperty("LastUpdateStatusReason", out _));
        await cloud.Rest(HttpMethod.Post, "lambda", Root + "/one/versions", "{}");
        var after = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/configuration"));
        Assert.NotEqual(before.GetProperty("RevisionId").GetString(), after.GetProperty("RevisionId").GetString());
    }

    [Fact]
    public async Task An_instant_emulator_has_functions_that_are_active_when_the_call_returns()
    {
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { Instant = true });

        var created = await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        var updated = JsonElement.Parse(await cloud.Rest(HttpMethod.Put, "lambda", Root + "/one/configuration", "{\"Timeout\":30}"));

        Assert.Equal(
            ("Active", "Successful"),
            (created.GetProperty("State").GetString(), updated.GetProperty("LastUpdateStatus").GetString())
        );
    }
}
