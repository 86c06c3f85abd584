using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Disa.Journeys;
using Disa.WebConsole.Pages.Resources;

namespace Disa.WebConsole.Tests;

/// <summary>The resources part: what other stacks and clients made is shown too, read through AWS's API.</summary>
public sealed class ResourcesTests(ResourcesTests.Machine machine) : IClassFixture<ResourcesTests.Machine>
{
    /// <summary>An emulator with a queue, its dead letters and a bucket that no stack made.</summary>
    public sealed class Machine : IAsyncLifetime
    {
        public RunningDisa Disa { get; private set; } = null!;

        public HttpClient Http { get; private set; } = null!;

        public AmazonSQSClient Sqs { get; private set; } = null!;

        public AmazonS3Client S3 { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Disa = await RunningDisa.Up();
            Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
            {
                BaseAddress = new Uri(Disa.Endpoint, ConsoleSite.Path),
            };
            Http.DefaultRequestHeaders.Add("Origin", Disa.Endpoint.GetLeftPart(UriPartial.Authority));
            var (credentials, url) = (new BasicAWSCredentials("000000000000", "secret"), Disa.Endpoint.ToString());
            Sqs = new AmazonSQSClient(credentials, new AmazonSQSConfig { ServiceURL = url, AuthenticationRegion = "us-east-1" });
            S3 = new AmazonS3Client(
                credentials,
                new AmazonS3Config
                {
                    ServiceURL = url,
                    AuthenticationRegion = "us-east-1",
                    ForcePathStyle = true,
                }
            );
            await Disa.Put("one", "One.");
            await Disa.Decided("one");
        }

        public async ValueTask DisposeAsync()
        {
            Sqs?.Dispose();
            S3?.Dispose();
            Http?.Dispose();
            if (Disa is not null)
            {
                await Disa.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Every_kind_is_listed_with_a_link_to_each()
    {
        await machine.Sqs.CreateQueueAsync("listed");
        await machine.S3.PutBucketAsync("listed");
        var text = await Get("resources");
        foreach (
            var link in (string[])
                [
                    "queue?name=listed",
                    $"table?name={machine.Disa.Table}",
                    "bucket?name=listed",
                    $"function?name={Function}",
                    "workflow?arn=",
                ]
        )
        {
            Assert.Contains($"href=\"{ConsoleSite.Path}{link}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_queue_is_peeked_into_its_dead_letters_are_redriven_and_it_is_purged()
    {
        var (source, dead) = ((await machine.Sqs.CreateQueueAsync("work")).QueueUrl, (await machine.Sqs.CreateQueueAsync("dead")).QueueUrl);
        var arn = (await machine.Sqs.GetQueueAttributesAsync(dead, ["QueueArn"])).QueueARN;
        var policy = $$"""{"deadLetterTargetArn":"{{arn}}","maxReceiveCount":"1"}""";
        await machine.Sqs.SetQueueAttributesAsync(source, new() { ["RedrivePolicy"] = policy, ["VisibilityTimeout"] = "0" });
        await machine.Sqs.SendMessageAsync(source, "<b>hostile & poisoned</b>");
        await machine.Sqs.ReceiveMessageAsync(source);
        await machine.Sqs.ReceiveMessageAsync(source); // The second receive makes it a dead letter.

        var page = await Get("queue?name=work");
        Assert.Contains("queue?name=dead", page, StringComparison.Ordinal);
        Assert.Contains("after 1 receives", page, StringComparison.Ordinal);

        var peeked = await Get(await Act("queue-peek", ("name", "dead")));
        Assert.Contains("&lt;b&gt;hostile &amp; poisoned&lt;/b&gt;", peeked, StringComparison.Ordinal);
        Assert.Equal("1", await Messages(dead));

        await Get(await Act("queue-redrive", ("name", "dead")));
        var back = await machine.Sqs.ReceiveMessageAsync(
            new Amazon.SQS.Model.ReceiveMessageRequest { QueueUrl = source, WaitTimeSeconds = 20 }
        );
        Assert.Single(back.Messages);

        await machine.Sqs.SendMessageAsync(dead, "To be purged.");
        await Get(await Act("queue-purge", ("name", "dead")));
        Assert.Equal("0", await Messages(dead));
    }

    [Fact]
    public async Task A_bucket_is_walked_by_its_folders_and_an_object_that_is_text_is_shown()
    {
        await machine.S3.PutBucketAsync("files");
        await machine.S3.PutObjectAsync(
            new()
            {
                BucketName = "files",
                Key = "a/b/note.txt",
                ContentBody = "Grüße & <b>more</b>",
            }
        );
        await machine.S3.PutObjectAsync(
            new()
            {
                BucketName = "files",
                Key = "a/blob",
                InputStream = new MemoryStream([0, 1, 2, 255]),
            }
        );

        Assert.Contains("prefix=a%2F\">a/</a>", await Get("bucket?name=files"), StringComparison.Ordinal);
        var folder = await Get("bucket?name=files&prefix=a%2F");
        Assert.Contains(">b/</a>", folder, StringComparison.Ordinal);
        Assert.Contains(">blob</a>", folder, StringComparison.Ordinal);
        Assert.Contains(
            "Grüße &amp; &lt;b&gt;more&lt;/b&gt;",
            await Get("object?bucket=files&key=a%2Fb%2Fnote.txt"),
            StringComparison.Ordinal
        );
        Assert.Contains("The object is not text.", await Get("object?bucket=files&key=a%2Fblob"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_a_function_and_a_workflow_show_their_items_log_and_executions()
    {
        Assert.Contains("<summary>one</summary>", await Get($"table?name={machine.Disa.Table}"), StringComparison.Ordinal);
        Assert.Contains("START RequestId", await Get($"function?name={Function}"), StringComparison.Ordinal);
        var resources = await Get("resources");
        var start = resources.IndexOf("workflow?arn=", StringComparison.Ordinal);
        var workflow = await Get(WebUtility.HtmlDecode(resources[start..resources.IndexOf('"', start)]));
        Assert.Contains("Amazon States Language", workflow, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_read_page_after_page()
    {
        var name = machine.Disa.Outputs["ControlTableName"];
        await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => machine.Disa.DynamoDb.PutItemAsync(name, new() { ["id"] = new($"page-{i}") }))
        );
        var seen = new HashSet<string>();
        for (string? path = $"table?name={name}"; path is not null; )
        {
            var text = await Get(path);
            seen.UnionWith(text.Split("<summary>").Skip(1).Select(row => row[..row.IndexOf('<', StringComparison.Ordinal)]));
            var next = text.Split("rel=\"next\" href=\"");
            path = next.Length == 1 ? null : WebUtility.HtmlDecode(next[1][..next[1].IndexOf('"', StringComparison.Ordinal)]);
        }

        Assert.Equal(60, seen.Count(id => id.StartsWith("page-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("queue?name=nothing")]
    [InlineData("table?name=nothing")]
    [InlineData("bucket?name=nothing")]
    [InlineData("object?bucket=nothing&key=nothing")]
    [InlineData("function?name=nothing")]
    [InlineData("workflow?arn=arn:aws:states:us-east-1:000000000000:stateMachine:nothing")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        using var answer = await machine.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("table?name=TABLE&after=nonsense", "names no page")]
    [InlineData("function?name=FUNCTION&range=9y", "is not a range")]
    [InlineData("queue", "names no queue")]
    public async Task An_address_that_says_nothing_is_refused(string path, string expected)
    {
        using var answer = await machine.Http.GetAsync(
            path.Replace("TABLE", machine.Disa.Table, StringComparison.Ordinal).Replace("FUNCTION", Function, StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>The first 64 KB may end inside a character.</summary>
    [Theory]
    [InlineData(new byte[] { 0x61, 0xC3 }, true, "a")]
    [InlineData(new byte[] { 0x61, 0xF0, 0x9F, 0x98 }, true, "a")]
    [InlineData(new byte[] { 0x61, 0xC3 }, false, null)]
    [InlineData(new byte[] { 0x61, 0x00 }, false, null)]
    [InlineData(new byte[] { 0x61, 0x0A }, false, "a\n")]
    public void Bytes_are_text_where_they_are_whole_characters(byte[] bytes, bool isCut, string? expected) =>
        Assert.Equal(expected, BucketPage.TextOf(bytes, isCut));

    private string Function => machine.Disa.Outputs["ProcessFunctionName"];

    private async Task<string> Messages(string url) =>
        (await machine.Sqs.GetQueueAttributesAsync(url, ["ApproximateNumberOfMessages"])).Attributes["ApproximateNumberOfMessages"];

    private async Task<string> Get(string path)
    {
        using var answer = await machine.Http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return text;
    }

    /// <summary>Sends a form, with the token of a page, and answers the address of the page after it.</summary>
    private async Task<string> Act(string action, params (string Name, string Value)[] fields)
    {
        const string Field = "name=\"token\" value=\"";
        var form = await Get("queue?name=dead");
        var at = form.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        using var body = new FormUrlEncodedContent([
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
            KeyValuePair.Create("token", form[at..form.IndexOf('"', at)]),
        ]);
        using var answer = await machine.Http.PostAsync(action, body);
        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }
}
