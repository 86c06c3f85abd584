using System.Net;

namespace Disa.Emulator.Tests.Http;

/// <summary>
/// A web page cannot use the emulator through its reader's browser. What a browser sends with a page's requests:
/// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site and .../Headers/Origin.
/// </summary>
public sealed class DoorTests
{
    private const string CreateStack =
        "Action=CreateStack&Version=2010-05-15&StackName=owned&TemplateBody=%7B%22Resources%22%3A%7B%22Q%22%3A%7B%22Type%22%3A%22AWS%3A%3ASQS%3A%3AQueue%22%7D%7D%7D";

    /// <summary>What a page of another site can add to a URL: a signature, which is not checked for keys that were not issued here.</summary>
    private static string InUrl(string service) =>
        $"X-Amz-Credential=000000000000/20260101/us-east-1/{service}/aws4_request&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00&X-Amz-Expires=600000";

    private static readonly (string Name, string Value)[][] Foreign =
    [
        [("Origin", "http://page.example")],
        [("Origin", "null")],
        [("Origin", "https://HOST")],
        [("Origin", "http://page.example/http://HOST")],
        [("Origin", "http://localhost:1")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")],
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
        [("Host", "page.example")],
        [("Host", "localhost.page.example")],
        [("Host", "127.0.0.1.page.example:80")],
        [("Host", "192.0.2.1")],
    ];

    public static TheoryData<int, string, string, string> PagesAndPaths()
    {
        var data = new TheoryData<int, string, string, string>();
        for (var i = 0; i < Foreign.Length; i++)
        {
            data.Add(i, "POST", $"/?{InUrl("cloudformation")}", CreateStack);
            data.Add(i, "GET", $"/?{InUrl("cloudformation")}&{CreateStack}", "");
            data.Add(i, "POST", $"/bucket?delete&{InUrl("s3")}", "<Delete/>");
            data.Add(i, "POST", "/_disa/reset", "");
            data.Add(i, "POST", "/_disa/time", "{\"seconds\":60}");
            data.Add(i, "GET", "/_disa/inbox", "");
            data.Add(i, "GET", "/_disa/health", "");
            data.Add(i, "POST", "/2018-06-01/runtime/invocation/next", "");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PagesAndPaths))]
    public async Task A_page_of_another_site_is_answered_nothing(int page, string method, string path, string body)
    {
        await using var cloud = await TestCloud.Start();
        var headers = Foreign[page]
            .Select(header => (header.Name, Value: header.Value.Replace("HOST", cloud.Endpoint.Authority, StringComparison.Ordinal)))
            .ToArray();

        var (status, text) = await Send(cloud, method, path, body, headers);

        Assert.Equal(403, status);
        Assert.DoesNotContain("owned", text, StringComparison.Ordinal);
        Assert.DoesNotContain("owned", await cloud.Query("cloudformation", "DescribeStacks"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]")]
    [InlineData("127.0.0.1")]
    [InlineData("bucket.localhost")]
    [InlineData("bucket.s3.localhost")]
    public async Task A_name_of_this_machine_is_answered(string host)
    {
        await using var cloud = await TestCloud.Start();

        var (status, _) = await Send(cloud, "GET", "/_disa/health", "", ("Host", $"{host}:{cloud.Endpoint.Port}"));

        Assert.Equal(503, status);
    }

    [Fact]
    public async Task A_host_is_answered_once_it_is_allowed()
    {
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { AllowedHosts = ["disa", ".aws.test"] });

        Assert.Equal(503, (await Send(cloud, "GET", "/_disa/health", "", ("Host", "disa:4566"))).Status);
        Assert.Equal(503, (await Send(cloud, "GET", "/_disa/health", "", ("Host", "disa:4566"), ("Origin", "http://disa:4566"))).Status);
        Assert.Equal(503, (await Send(cloud, "GET", "/_disa/health", "", ("Host", "bucket.s3.aws.test"))).Status);
        Assert.Equal(403, (await Send(cloud, "GET", "/_disa/health", "", ("Host", "bucket.disa"))).Status);
        Assert.Equal(403, (await Send(cloud, "GET", "/_disa/health", "", ("Host", "badaws.test"))).Status);
    }

    /// <summary>In the caller's own protocol, so that a client shows it.</summary>
    [Theory]
    [InlineData("sns", "", "<ErrorResponse", "<Code>AccessDenied</Code>")]
    [InlineData("s3", "", "<Error>", "<Code>AccessDenied</Code>")]
    [InlineData("dynamodb", "DynamoDB_20120810.ListTables", "__type", "AccessDeniedException")]
    public async Task A_refusal_says_why_in_the_protocol_of_the_caller(string service, string target, string shape, string code)
    {
        await using var cloud = await TestCloud.Start();

        var (status, text) = await cloud.Send(
            HttpMethod.Post,
            service,
            "/",
            target.Length > 0 ? "{}" : "Action=ListTopics",
            "application/x-www-form-urlencoded",
            null,
            [("Origin", "http://page.example"), .. target.Length > 0 ? [("X-Amz-Target", target)] : Array.Empty<(string, string)>()]
        );

        Assert.Equal(403, status);
        Assert.Contains(shape, text, StringComparison.Ordinal);
        Assert.Contains(code, text, StringComparison.Ordinal);
        Assert.Contains("Origin", text, StringComparison.Ordinal);
    }

    /// <summary>Not every browser says where a request to another machine's address comes from; a signature in a URL needs no header.</summary>
    [Theory]
    [InlineData("cloudformation", CreateStack)]
    [InlineData("sqs", "Action=CreateQueue&QueueName=owned")]
    [InlineData("iam", "Action=CreateUser&UserName=owned")]
    public async Task A_signature_in_the_URL_that_is_not_checked_opens_nothing_but_objects(string service, string action)
    {
        await using var cloud = await TestCloud.Start();

        var (status, text) = await Send(cloud, "POST", $"/?{InUrl(service)}", action);

        Assert.Equal(403, status);
        Assert.DoesNotContain("<StackId>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_an_object_can_be_followed_from_any_page_and_its_answer_is_in_a_sandbox()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/page.html", "<script>alert(1)</script>");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(
                cloud.Endpoint,
                "/bucket/page.html?"
                    + InUrl("s3").Replace("20260101T", TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'"), StringComparison.Ordinal)
            )
        );
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Dest", "document");

        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    /// <summary>An answer that echoes what a caller wrote is not to be taken for a page either.</summary>
    [Theory]
    [InlineData("GET", "/bucket/none", "s3")]
    [InlineData("GET", "/", "s3")]
    [InlineData("POST", "/?Action=Bogus", "sns")]
    public async Task No_answer_is_a_page_of_the_console(string method, string path, string service)
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        using var request = cloud.Signed(new HttpMethod(method), service, path, "", []);

        using var answer = await http.SendAsync(request);

        Assert.Equal("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private static async Task<(int Status, string Text)> Send(
        TestCloud cloud,
        string method,
        string path,
        string body,
        params (string Name, string Value)[] headers
    )
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(cloud.Endpoint, path));
        if (method == "POST")
        {
            request.Content = new StringContent(
                body,
                new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")
            );
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
