namespace Disa.Emulator.Tests.Http;

public sealed class GatewayTests
{
    [Fact]
    public async Task A_service_that_is_not_done_is_refused_by_name()
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("athena", "AmazonAthena.StartQueryExecution", "{}"));

        Assert.Equal(501, error.Status);
        Assert.Contains("athena:StartQueryExecution", error.Body);
    }

    [Fact]
    public async Task Health_answers_200_only_once_ready()
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };

        Assert.Equal(503, (int)(await http.GetAsync("/_disa/health")).StatusCode);
        cloud.Cloud.MarkReady();
        Assert.Equal(200, (int)(await http.GetAsync("/_disa/health")).StatusCode);
    }

    [Theory]
    [InlineData("{\"a\":", "SerializationException", "")]
    [InlineData("[]", "SerializationException", "Unexpected value type in payload")]
    [InlineData("{\"Limit\":\"x\"}", "SerializationException", "at Limit")]
    [InlineData("{\"Nothing\":1}", "NotImplemented", "the parameter Nothing of dynamodb:ListTables")]
    public async Task A_malformed_body_is_a_serialization_fault_and_names_no_type_of_this_program(string body, string code, string part)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("dynamodb", "DynamoDB_20120810.ListTables", body));

        Assert.Contains(code, error.Body);
        Assert.Contains(part, error.Body);
        Assert.DoesNotContain("Disa.Emulator", error.Body);
    }

    /// <summary>An SDK whose clock differs from an answer's Date takes any error for a bad signature, and repeats the call for a minute.</summary>
    [Fact]
    public async Task The_date_of_an_answer_is_the_clients_own_however_far_the_clock_was_moved()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Clock.Advance(TimeSpan.FromHours(5), TimeSpan.FromSeconds(10));
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };

        using var answer = await http.GetAsync("/_disa/health");

        Assert.InRange(answer.Headers.Date!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_list_of_a_form_whose_items_have_no_numbers_is_refused()
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query("sns", "CreateTopic", ("Name", "x"), ("Tags.member.first.Key", "a"))
        );

        Assert.Contains("<Code>MalformedInput</Code>", error.Body);
    }

    [Theory]
    [InlineData("DynamoDB_20120810.ListTables", "application/x-amz-json-1.0", 400, "MissingAuthenticationTokenException")]
    [InlineData("", "application/x-www-form-urlencoded", 403, "<Code>MissingAuthenticationToken</Code>")]
    public async Task An_unsigned_request_is_told_so_in_its_protocol(string target, string type, int status, string code)
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        using var content = new StringContent(target.Length > 0 ? "{}" : "", new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(cloud.Endpoint, target.Length > 0 ? "/" : "/?Action=ListTopics")
        )
        {
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target.Length > 0 ? target : null);

        using var answer = await http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_goes_away_in_its_body_is_no_bug()
    {
        using var lines = new LogLines();
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { Loggers = lines });
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(cloud.Endpoint.Host, cloud.Endpoint.Port);
            await client
                .GetStream()
                .WriteAsync(
                    System.Text.Encoding.ASCII.GetBytes(
                        $"PUT /b/k HTTP/1.1\r\nHost: {cloud.Endpoint.Authority}\r\nContent-Length: 1000\r\n\r\nonly this"
                    )
                );
            await client.GetStream().FlushAsync();
        }

        Assert.Contains(" 499 ", await lines.Next(" 499 "));
        Assert.DoesNotContain(lines.All, line => line.Contains("a bug in the emulator", StringComparison.Ordinal));
    }

    /// <summary>The reader's words name types and members of this program, which tell a caller nothing.</summary>
    [Theory]
    [InlineData("dynamodb", "DynamoDB_20120810.PutItem", "{", "SerializationException")]
    [InlineData("dynamodb", "DynamoDB_20120810.PutItem", "{\"TableName\":1}", "SerializationException")]
    [InlineData("dynamodb", "DynamoDB_20120810.Query", "{\"Limit\":\"x\"}", "SerializationException")]
    [InlineData(
        "dynamodb",
        "DynamoDB_20120810.CreateTable",
        "{\"GlobalSecondaryIndexes\":[{\"ContributorInsightsSpecification\":{}}]}",
        "the parameter GlobalSecondaryIndexes[0].ContributorInsightsSpecification of dynamodb:CreateTable"
    )]
    [InlineData("states", "AWSStepFunctions.StartExecution", "{\"input\":{}}", "SerializationException")]
    [InlineData(
        "states",
        "AWSStepFunctions.CreateStateMachine",
        "{\"name\":\"m\",\"roleArn\":\"arn:aws:iam::000000000000:role/r\",\"definition\":\"{\"}",
        "INVALID_JSON_DESCRIPTION"
    )]
    [InlineData("events", "AWSEvents.PutRule", "{\"Name\":\"r\",\"EventPattern\":\"{s\"}", "InvalidEventPatternException")]
    public async Task No_answer_speaks_of_this_program(string service, string target, string body, string expected)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json(service, target, body));

        Assert.Contains(expected, error.Body);
        foreach (var word in (string[])["System.", ".NET", "Disa.", "LineNumber", "BytePosition", "invalid start of"])
        {
            Assert.DoesNotContain(word, error.Body);
        }
    }
}
