using System.Text.Json;

namespace Disa.Cli.Tests;

/// <summary><c>disa send</c> refuses what could never be sent before it puts anything, and puts nothing twice.</summary>
public sealed class SendTests(SharedDisa shared) : IClassFixture<SharedDisa>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("disa-send-").FullName;

    [Theory]
    [InlineData("""{"message": ""}""", "'message' is empty")]
    [InlineData("""{"message": 5}""", "'message' is not a string")]
    [InlineData("""{"message": null}""", "'message' is not a string")]
    [InlineData("""{"subject": "No message"}""", "has no attribute 'message'")]
    [InlineData("""{"message": "x", "subject": "a\nb"}""", "'subject' is not a string of 1 to 99 characters")]
    [InlineData("""{"message": "x", "subject": "a\u001bb"}""", "'subject' is not a string of 1 to 99 characters")]
    [InlineData("""{"message": "x", "subject": ""}""", "'subject' is not a string of 1 to 99 characters")]
    [InlineData("""{"message": "x", "subject": 7}""", "'subject' is not a string of 1 to 99 characters")]
    [InlineData("""{"message": "x", "sendAt": "tomorrow"}""", "'sendAt' is neither an ISO 8601 time")]
    [InlineData("""{"message": "x", "sendAt": true}""", "'sendAt' is neither an ISO 8601 time")]
    [InlineData("""{"message": "x", "expiresAt": "2001-01-01T00:00:00Z"}""", "is in the past")]
    [InlineData(
        """{"message": "x", "sendAt": "2099-01-02T00:00:00Z", "expiresAt": "2099-01-01T00:00:00Z"}""",
        "expires before it may be sent"
    )]
    [InlineData("""{"message": "x", "attributes": "red"}""", "'attributes' is not a map")]
    [InlineData("""{"message": "x", "attributes": {"color": ""}}""", "'color' is not a string, number or binary")]
    [InlineData("""{"message": "x", "attributes": {"disa-id": "1"}}""", "'disa-id' has a name")]
    [InlineData("""{"message": "x", "attributes": {"a": {"b": "c"}}}""", "'a' is not a string, number or binary")]
    [InlineData("""{"message": "x", "messageGroupId": "two words"}""", "'messageGroupId'")]
    [InlineData("""{"message": "x", "sendStatus": "Successful"}""", "'sendStatus' is reserved for Disa")]
    [InlineData("""{"message": "x", "sequenceNo": 5}""", "The key 'sequenceNo' is not a string")]
    [InlineData("""{"message": "x", "sequenceNo": ""}""", "The key 'sequenceNo' is empty")]
    [InlineData("""{"message": "x", "message": "y"}""", "message")]
    [InlineData("""{"message": "x" """, "not valid JSON")]
    [InlineData("""["x"]""", "Expected a JSON object (an item) or a JSON string (a message)")]
    [InlineData("17", "Expected a JSON object (an item) or a JSON string (a message)")]
    public async Task A_line_that_can_never_be_sent_is_named_and_nothing_is_put(string line, string why)
    {
        var before = await Count();
        var file = await Write("mail.jsonl", "{\"message\": \"A good one.\"}", "", line, "\"Another good one.\"");

        var ended = await shared.Disa.Disa("send", "--file", file);

        Assert.Equal(2, ended.ExitCode);
        Assert.StartsWith("disa: mail.jsonl:3: ", Assert.Single(Cli.Said(ended)), StringComparison.Ordinal);
        Assert.Contains(why, ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, await Count());
    }

    [Fact]
    public async Task A_text_that_can_never_be_sent_is_refused()
    {
        var before = await Count();
        Assert.Contains(
            "disa: message 1: The attribute 'message' is empty. Nothing was put.",
            (await shared.Disa.Disa("send", "")).Error,
            StringComparison.Ordinal
        );
        Assert.Equal(2, (await shared.Disa.Disa("send", "fine", "")).ExitCode);

        var large = await Write("large.jsonl", $"{{\"message\": \"{new string('x', 262_144)}\"}}");
        var refused = await shared.Disa.Disa("send", "--file", large);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("the topic takes 262144 at most", refused.Error, StringComparison.Ordinal);
        var huge = await Write("huge.jsonl", $"{{\"message\": \"x\", \"own\": \"{new string('x', 410_000)}\"}}");
        Assert.Contains("DynamoDB takes 409600 at most", (await shared.Disa.Disa("send", "--file", huge)).Error, StringComparison.Ordinal);
        Assert.Equal(before, await Count());
    }

    [Fact]
    public async Task Every_wrong_line_is_named_and_JSON_names_them_too()
    {
        var file = await Write("mail.jsonl", "\"One.\"", "{\"message\": 1}", "\"Three.\"", "{\"message\": \"\"}");

        var ended = await shared.Disa.Disa("send", "--file", file);
        Assert.Equal(2, ended.ExitCode);
        var lines = Cli.Said(ended);
        Assert.StartsWith("mail.jsonl:2: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("mail.jsonl:4: ", lines[1], StringComparison.Ordinal);
        Assert.Equal("disa: 2 of 4 messages cannot be sent; nothing was put.", lines[2]);

        var json = await shared.Disa.Disa("send", "--file", file, "--json");
        var last = JsonElement.Parse(json.Error.TrimEnd().Split('\n')[^1]);
        Assert.Equal("Usage", last.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Two_lines_of_one_key_are_both_named()
    {
        var file = await Write(
            "keys.jsonl",
            "{\"sequenceNo\": \"twice\", \"message\": \"a\"}",
            "\"b\"",
            "{\"sequenceNo\": \"twice\", \"message\": \"c\"}"
        );

        var ended = await shared.Disa.Disa("send", "--file", file);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("keys.jsonl:3: It has the same key, twice, as keys.jsonl:1.", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_not_UTF8_is_refused()
    {
        var file = Path.Combine(folder, "latin1.jsonl");
        await File.WriteAllBytesAsync(file, [.. "\"ok\"\n\"caf"u8, 0xE9, .. "\"\n"u8]);

        Assert.Contains(
            "latin1.jsonl:2: It is not UTF-8.",
            (await shared.Disa.Disa("send", "--file", file)).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_same_file_again_puts_no_line_twice_and_goes_on_with_those_that_are_missing()
    {
        string[] lines =
        [
            "{\"message\": \"Stable 1.\"}",
            "\"Stable 2.\"",
            "{\"sequenceNo\": \"given\", \"message\": \"Stable 3.\"}",
            "\"Stable 2.\"",
        ];
        var file = await Write("stable.jsonl", lines[..2]);
        var first = (await shared.Disa.Disa("send", "--file", file, "--json", "--wait")).Json();
        await Write("stable.jsonl", lines);
        var second = await shared.Disa.Disa("send", "--file", file, "--json", "--wait");

        Assert.Equal(4, second.Json().EnumerateArray().Select(Id).Distinct().Count());
        Assert.Equal(first.EnumerateArray().Select(Id), second.Json().EnumerateArray().Take(2).Select(Id));
        Assert.Contains("2 put, 2 there already", second.Error, StringComparison.Ordinal);
        Assert.Equal(1, await shared.Disa.MailsWith("Stable 1."));
        Assert.Equal(2, await shared.Disa.MailsWith("Stable 2."));

        await Write("stable.jsonl", lines[0], "{\"sequenceNo\": \"given\", \"message\": \"Changed.\"}");
        var other = await shared.Disa.Disa("send", "--file", file);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("stable.jsonl:2: there is another item with the key given already", other.Error, StringComparison.Ordinal);

        await Write("stable.jsonl", lines[0]);
        Assert.NotEqual(Id(first[0]), Id((await shared.Disa.Disa("send", "--file", file, "--again", "--json", "--wait")).Json()[0]));
        Assert.Equal(2, await shared.Disa.MailsWith("Stable 1."));
    }

    [Fact]
    public async Task An_interrupted_send_says_how_many_were_put_and_goes_on_where_it_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        const int lines = 1500;
        await using var disa = await RunningDisa.Up();
        var file = await Write("many.jsonl", [.. Enumerable.Range(1, lines).Select(i => $"\"Message {i} of many.\"")]);
        using var process = Program.Start(
            Program.DisaPath,
            ["send", "--file", file, "--endpoint-url", disa.Endpoint.ToString()],
            null,
            null
        );
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (await Items(disa) < 20)
        {
            Assert.False(process.HasExited);
        }

        await Program.Run("/bin/kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(await output);
        var there = await Items(disa);
        Assert.InRange(there, 20, lines - 1);
        Assert.Contains(
            $"stopped. {there} of {lines} were put. The same command goes on where it stopped.",
            await error,
            StringComparison.Ordinal
        );

        var again = await disa.Disa("send", "--file", file);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains($"{lines - there} put, {there} there already", again.Error, StringComparison.Ordinal);
        Assert.Equal(lines, await Items(disa));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Id(JsonElement message) => message.GetProperty("id").GetString()!;

    private static async Task<int> Items(RunningDisa disa)
    {
        var count = 0;
        Amazon.DynamoDBv2.Model.ScanRequest request = new(disa.Table) { Select = Amazon.DynamoDBv2.Select.COUNT, ConsistentRead = true };
        do
        {
            var page = await disa.DynamoDb.ScanAsync(request);
            count += page.Count ?? 0;
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });

        return count;
    }

    private Task<int> Count() => Items(shared.Disa);

    private async Task<string> Write(string name, params string[] lines)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllLinesAsync(path, lines);
        return path;
    }
}
