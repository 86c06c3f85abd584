using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>URLs of functions: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html and the pages beside it.</summary>
public sealed class FunctionUrlTests : IAsyncLifetime
{
    private const string Echo = "import json\ndef handler(event, context):\n    return event\n";

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = static async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }
    );
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.StartEnforcing();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task A_URL_is_made_shown_changed_listed_and_removed()
    {
        await Provided("f");
        var made = await Url(HttpMethod.Post, "f", """{"AuthType":"AWS_IAM","Cors":{"AllowOrigins":["*"],"MaxAge":5}}""");
        Assert.Matches($@"^http://[a-z0-9]{{32}}\.lambda-url\.us-east-1\.localhost:{cloud.Endpoint.Port}/$", Text(made, "FunctionUrl"));
        Assert.Equal(("arn:aws:lambda:us-east-1:000000000000:function:f", "AWS_IAM"), (Text(made, "FunctionArn"), Text(made, "AuthType")));
        // localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json, test_url_config_lifecycle (recorded 20-11-2023).
        Assert.False(made.TryGetProperty("InvokeMode", out _));
        Assert.False(made.TryGetProperty("LastModifiedTime", out _));
        Assert.Equal(5, made.GetProperty("Cors").GetProperty("MaxAge").GetInt32());

        await Fails(
            409,
            "Failed to create function url config for [functionArn = arn:aws:lambda:us-east-1:000000000000:function:f]. Error message:  FunctionUrlConfig exists for this Lambda function",
            () => Url(HttpMethod.Post, "f", """{"AuthType":"NONE"}""")
        );
        var changed = await Url(HttpMethod.Put, "f", """{"AuthType":"NONE","Cors":{}}""");
        Assert.Equal((Text(made, "FunctionUrl"), "NONE"), (Text(changed, "FunctionUrl"), Text(changed, "AuthType")));
        var shown = await Url(HttpMethod.Get, "f");
        Assert.False(shown.TryGetProperty("Cors", out _));
        Assert.Equal("BUFFERED", Text(shown, "InvokeMode"));
        Assert.Equal(Text(made, "CreationTime"), Text(shown, "CreationTime"));

        await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/f/versions", "{}");
        await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/f/aliases", """{"Name":"live","FunctionVersion":"1"}""");
        var alias = await Url(HttpMethod.Post, "f", """{"AuthType":"NONE"}""", "?Qualifier=live");
        Assert.EndsWith(":function:f:live", Text(alias, "FunctionArn"));
        var all = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", "/2021-10-31/functions/f/urls"));
        Assert.Equal(2, all.GetProperty("FunctionUrlConfigs").GetArrayLength());

        await cloud.Rest(HttpMethod.Delete, "lambda", "/2021-10-31/functions/f/url");
        await Fails(404, "The resource you requested does not exist.", () => Url(HttpMethod.Get, "f"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Text(made, "FunctionUrl"))).StatusCode);
    }

    [Theory]
    [InlineData("f", """{"AuthType":"SOME"}""", "", 400)]
    [InlineData("f", "{}", "", 400)]
    [InlineData("f", """{"AuthType":"NONE","InvokeMode":"RESPONSE_STREAM"}""", "", 501)]
    [InlineData("f", """{"AuthType":"NONE","InvokeMode":"SLOW"}""", "", 400)]
    [InlineData("f", """{"AuthType":"NONE","Cors":{"MaxAge":86401}}""", "", 400)]
    [InlineData("f", """{"AuthType":"NONE","Cors":{"AllowMethods":["OPTIONS"]}}""", "", 400)]
    [InlineData("f", """{"AuthType":"NONE"}""", "?Qualifier=$LATEST", 400)]
    [InlineData("f", """{"AuthType":"NONE"}""", "?Qualifier=1", 400)]
    [InlineData("f", """{"AuthType":"NONE"}""", "?Qualifier=none", 404)]
    [InlineData("other", """{"AuthType":"NONE"}""", "", 404)]
    public async Task A_URL_that_AWS_does_not_make_is_refused(string function, string body, string query, int status)
    {
        await Provided("f");
        Assert.Equal(status, (await Assert.ThrowsAsync<TestAwsException>(() => Url(HttpMethod.Post, function, body, query))).Status);
    }

    /// <summary>"Starting in October 2025, new function URLs will require both lambda:InvokeFunctionUrl and lambda:InvokeFunction permissions."</summary>
    [Fact]
    public async Task A_public_URL_needs_both_permissions()
    {
        Python();
        await cloud.CreatePython("f", "def handler(event, context):\n    return 'hello'\n");
        var url = Text(await Url(HttpMethod.Post, "f", """{"AuthType":"NONE"}"""), "FunctionUrl");
        await Forbidden();
        await Permit("""{"StatementId":"url","Action":"lambda:InvokeFunctionUrl","Principal":"*","FunctionUrlAuthType":"NONE"}""");
        await Forbidden();
        var statement = await Permit(
            """{"StatementId":"invoke","Action":"lambda:InvokeFunction","Principal":"*","InvokedViaFunctionUrl":true}"""
        );
        Assert.EndsWith(
            "\"Condition\":{\"Bool\":{\"lambda:InvokedViaFunctionUrl\":\"true\"}}}",
            Text(JsonElement.Parse(statement), "Statement")
        );
        using var answer = await http.GetAsync(url);
        Assert.Equal((HttpStatusCode.OK, "hello"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);

        // The permission is for the URL, and for nothing else.
        await cloud.Query("iam", "CreateUser", ("UserName", "ann"));
        var key = System.Xml.Linq.XDocument.Parse(await cloud.Query("iam", "CreateAccessKey", ("UserName", "ann")));
        string Of(string name) => key.Descendants().First(element => element.Name.LocalName == name).Value;
        cloud.Secrets[Of("AccessKeyId")] = Of("SecretAccessKey");
        const string invoke = "/2015-03-31/functions/f/invocations";
        Assert.Equal(403, (await cloud.Send(HttpMethod.Post, "lambda", invoke, "{}", "application/json", Of("AccessKeyId"))).Status);
        await Fails(
            400,
            "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
            () => Permit("""{"StatementId":"x","Action":"lambda:InvokeFunction","Principal":"*","FunctionUrlAuthType":"NONE"}""")
        );

        async Task Forbidden()
        {
            using var refused = await http.GetAsync(url);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Equal("AccessDeniedException", refused.Headers.GetValues("x-amzn-ErrorType").Single());
            Assert.Equal(
                """{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}""",
                await refused.Content.ReadAsStringAsync()
            );
        }
    }

    [Fact]
    public async Task A_URL_for_IAM_takes_who_signs_and_may()
    {
        Python();
        await cloud.CreatePython("f", Echo);
        var url = Text(await Url(HttpMethod.Post, "f", """{"AuthType":"AWS_IAM"}"""), "FunctionUrl");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(url)).StatusCode);

        using var signed = cloud.Signed(HttpMethod.Get, "lambda", url + "a", "", [], "text/plain");
        using var answer = await http.SendAsync(signed);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var context = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("requestContext");
        Assert.Equal("000000000000", Text(context, "accountId"));
        Assert.Equal("arn:aws:iam::000000000000:root", Text(context.GetProperty("authorizer").GetProperty("iam"), "userArn"));

        // A user needs both rights.
        await cloud.Query("iam", "CreateUser", ("UserName", "ann"));
        var xml = System.Xml.Linq.XDocument.Parse(await cloud.Query("iam", "CreateAccessKey", ("UserName", "ann")));
        string Of(string name) => xml.Descendants().First(element => element.Name.LocalName == name).Value;
        cloud.Secrets[Of("AccessKeyId")] = Of("SecretAccessKey");
        foreach (var (actions, status) in (IEnumerable<(string, int)>)[("lambda:InvokeFunctionUrl", 403), ("lambda:InvokeFunction*", 200)])
        {
            await cloud.Query(
                "iam",
                "PutUserPolicy",
                ("UserName", "ann"),
                ("PolicyName", "p"),
                (
                    "PolicyDocument",
                    """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ACTION","Resource":"*"}]}""".Replace(
                        "ACTION",
                        actions
                    )
                )
            );
            using var hers = cloud.Signed(HttpMethod.Get, "lambda", url, "", [], "text/plain", Of("AccessKeyId"));
            using var got = await http.SendAsync(hers);
            Assert.Equal(status, (int)got.StatusCode);
        }
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads.</summary>
    [Fact]
    public async Task A_function_gets_the_request_in_format_2()
    {
        Python();
        var url = await Public("f", Echo);
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "my/path%20x?a=1&a=2&b=x%20y")
        {
            Content = new StringContent("héllo"),
        };
        request.Headers.Add("Cookie", "one=1; two=2");
        request.Headers.Add("X-Many", ["u", "v"]);
        request.Headers.Add("User-Agent", "agent");
        using var answer = await http.SendAsync(request);
        var got = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            ("2.0", "$default", "/my/path x", "a=1&a=2&b=x%20y"),
            (Text(got, "version"), Text(got, "routeKey"), Text(got, "rawPath"), Text(got, "rawQueryString"))
        );
        Assert.Equal(["one=1", "two=2"], got.GetProperty("cookies").EnumerateArray().Select(cookie => cookie.GetString()));
        Assert.Equal(
            ("1,2", "x y"),
            (Text(got.GetProperty("queryStringParameters"), "a"), Text(got.GetProperty("queryStringParameters"), "b"))
        );
        var headers = got.GetProperty("headers");
        Assert.False(headers.TryGetProperty("cookie", out _));
        Assert.Equal(("127.0.0.1", "http"), (Text(headers, "x-forwarded-for"), Text(headers, "x-forwarded-proto")));
        Assert.Matches("^u, ?v$", Text(headers, "x-many"));
        Assert.Equal(("héllo", false), (Text(got, "body"), got.GetProperty("isBase64Encoded").GetBoolean()));
        var context = got.GetProperty("requestContext");
        Assert.Equal(("anonymous", new Uri(url).Host), (Text(context, "accountId"), Text(context, "domainName")));
        Assert.Equal(new Uri(url).Host.Split('.')[0], Text(context, "apiId"));
        var told = context.GetProperty("http");
        Assert.Equal(
            ("POST", "/my/path x", "HTTP/1.1", "127.0.0.1", "agent"),
            (Text(told, "method"), Text(told, "path"), Text(told, "protocol"), Text(told, "sourceIp"), Text(told, "userAgent"))
        );
        Assert.Matches(@"^\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d \+0000$", Text(context, "time"));

        using var binary = await http.PostAsync(url, new ByteArrayContent([0xff, 0x00]));
        var second = JsonElement.Parse(await binary.Content.ReadAsStringAsync());
        Assert.Equal(("/wA=", true), (Text(second, "body"), second.GetProperty("isBase64Encoded").GetBoolean()));
        Assert.False(second.TryGetProperty("cookies", out _) || second.TryGetProperty("queryStringParameters", out _));
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload.</summary>
    [Fact]
    public async Task An_answer_is_what_the_function_says_or_what_is_inferred()
    {
        Python();
        var url = await Public("f", "import json\ndef handler(event, context):\n    return json.loads(event['body'])\n");
        using var whole = await Answer(
            """{"statusCode":201,"headers":{"Content-Type":"text/html","X-Own":"a"},"cookies":["a=1","b=2; Secure"],"body":"<p>hi</p>"}"""
        );
        Assert.Equal((HttpStatusCode.Created, "<p>hi</p>"), (whole.StatusCode, await whole.Content.ReadAsStringAsync()));
        Assert.Equal(("text/html", "a"), (whole.Content.Headers.ContentType!.MediaType, whole.Headers.GetValues("X-Own").Single()));
        Assert.Equal(["a=1", "b=2; Secure"], whole.Headers.GetValues("Set-Cookie"));
        Assert.False(whole.Headers.Contains("Content-Security-Policy"));

        using var bytes = await Answer("""{"statusCode":200,"isBase64Encoded":true,"body":"/wA="}""");
        Assert.Equal([0xff, 0x00], await bytes.Content.ReadAsByteArrayAsync());
        foreach (
            var (payload, text) in (IEnumerable<(string, string)>)
                [("""{"hello":"world"}""", """{"hello":"world"}"""), ("[1,true]", "[1,true]"), ("\"x\"", "x"), ("3", "3")]
        )
        {
            using var inferred = await Answer(payload);
            Assert.Equal(
                (HttpStatusCode.OK, "application/json", text),
                (
                    inferred.StatusCode,
                    inferred.Content.Headers.ContentType!.MediaType,
                    (await inferred.Content.ReadAsStringAsync()).Replace(" ", "")
                )
            );
        }

        foreach (var wrong in (string[])["""{"statusCode":"many"}""", """{"statusCode":99}""", "no JSON"])
        {
            using var failed = await Answer(wrong);
            Assert.Equal(
                (HttpStatusCode.BadGateway, "Internal Server Error"),
                (failed.StatusCode, await failed.Content.ReadAsStringAsync())
            );
        }

        // HTTP has no body there, whatever a function says: https://www.rfc-editor.org/rfc/rfc9110.html#name-reset-content.
        foreach (var status in (int[])[204, 205, 304])
        {
            using var empty = await Answer($$"""{"statusCode":{{status}},"headers":{"X-Own":"a\r\nb"},"body":"more"}""");
            Assert.Equal((status, ""), ((int)empty.StatusCode, await empty.Content.ReadAsStringAsync()));
            Assert.Equal("a  b", empty.Headers.GetValues("X-Own").Single());
        }

        Task<HttpResponseMessage> Answer(string body) => http.PostAsync(url, new StringContent(body));
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors.</summary>
    [Fact]
    public async Task A_page_of_another_origin_may_what_CORS_says()
    {
        Python();
        var url = await Public(
            "f",
            "def handler(event, context):\n    return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': 'function'}, 'body': event['requestContext']['http']['method']}\n",
            ""","Cors":{"AllowOrigins":["https://app.example.com"],"AllowMethods":["POST"],"AllowHeaders":["x-a"],"ExposeHeaders":["x-b"],"AllowCredentials":true,"MaxAge":60}"""
        );
        using var preflight = await Ask(HttpMethod.Options, "https://app.example.com", ("Access-Control-Request-Method", "POST"));
        Assert.Equal((HttpStatusCode.OK, ""), (preflight.StatusCode, await preflight.Content.ReadAsStringAsync()));
        Assert.Equal(
            ("https://app.example.com", "POST", "x-a", "60", "true"),
            (
                Header(preflight, "Allow-Origin"),
                Header(preflight, "Allow-Methods"),
                Header(preflight, "Allow-Headers"),
                Header(preflight, "Max-Age"),
                Header(preflight, "Allow-Credentials")
            )
        );
        using var asked = await Ask(HttpMethod.Post, "https://app.example.com", ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal("POST", await asked.Content.ReadAsStringAsync());
        Assert.Equal(("https://app.example.com", "x-b"), (Header(asked, "Allow-Origin"), Header(asked, "Expose-Headers")));
        using var other = await Ask(HttpMethod.Post, "https://evil.example.com");
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));

        static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues("Access-Control-" + name).Single();

        async Task<HttpResponseMessage> Ask(HttpMethod method, string origin, params (string, string)[] more)
        {
            using var request = new HttpRequestMessage(method, url);
            foreach (var (name, value) in more.Prepend(("Origin", origin)))
            {
                request.Headers.Add(name, value);
            }

            return await http.SendAsync(request);
        }
    }

    /// <summary>What is no function's URL is still refused, and at a URL there is nothing of the emulator's own.</summary>
    [Fact]
    public async Task The_gateway_stays_closed_to_other_hosts()
    {
        using var foreign = new HttpRequestMessage(HttpMethod.Get, cloud.Endpoint);
        foreign.Headers.Host = new string('a', 32) + ".lambda-url.us-east-1.on.aws";
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(foreign)).StatusCode);
        var unknown = $"http://{new string('a', 32)}.lambda-url.us-east-1.localhost:{cloud.Endpoint.Port}/_disa/time";
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(unknown)).StatusCode);
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(cloud.Endpoint, "/_disa/time"));
        page.Headers.Add("Origin", "https://evil.example.com");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(page)).StatusCode);
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html.</summary>
    private static void Python()
    {
        if (!FunctionFixture.HasPython)
        {
            Assert.Skip("python3 is not on PATH");
        }
    }

    private Task<JsonElement> Provided(string name) =>
        cloud.CreateFunction(name, "provided.al2023", "any", FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n")));

    private async Task<string> Public(string name, string code, string more = "")
    {
        await cloud.CreatePython(name, code);
        await Permit("""{"StatementId":"url","Action":"lambda:InvokeFunctionUrl","Principal":"*","FunctionUrlAuthType":"NONE"}""");
        await Permit("""{"StatementId":"invoke","Action":"lambda:InvokeFunction","Principal":"*","InvokedViaFunctionUrl":true}""");
        return Text(await Url(HttpMethod.Post, name, """{"AuthType":"NONE" """ + more + "}"), "FunctionUrl");
    }

    private Task<string> Permit(string statement) => cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/f/policy", statement);

    private async Task<JsonElement> Url(HttpMethod method, string function, string body = "", string query = "") =>
        JsonElement.Parse(await cloud.Rest(method, "lambda", $"/2021-10-31/functions/{function}/url{query}", body));

    private static async Task Fails(int status, string words, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(call);
        Assert.Equal(status, error.Status);
        Assert.Contains(words, error.Body);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
