namespace Disa.Emulator.Tests.S3;

/// <summary>What a browser is told before a page of another origin asks.</summary>
/// <remarks>As recorded on AWS in localstack's tests/aws/services/s3/test_s3_cors.snapshot.json (2023 and 2024).</remarks>
public sealed class PreflightRequestTests : IAsyncLifetime
{
    private const string NotAllowed = "CORSResponse: This CORS request is not allowed.";
    private readonly HttpClient http = new();
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await cloud.Rest(HttpMethod.Put, "s3", "/plain");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Rest(
            HttpMethod.Put,
            "s3",
            "/bucket?cors",
            "<CORSConfiguration><CORSRule><AllowedOrigin>https://localhost:4200</AllowedOrigin><AllowedOrigin>http://*.origin.com</AllowedOrigin>"
                + "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-AMZ-*</AllowedHeader>"
                + "<MaxAgeSeconds>3000</MaxAgeSeconds></CORSRule><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod>"
                + "<ExposeHeader>x-amz-id-2</ExposeHeader><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"
        );
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await cloud.DisposeAsync();
    }

    [Theory]
    [InlineData("/bucket/k", null, "PUT", null, 400, "Insufficient information. Origin request header needed.")]
    [InlineData("/no-such/k", "whatever", null, null, 403, "CORSResponse: Bucket not found</Message><Method>OPTIONS</Method>")]
    [InlineData(
        "/plain/k",
        "whatever",
        "PUT",
        null,
        403,
        "CORSResponse: CORS is not enabled for this bucket.</Message><Method>PUT</Method>"
    )]
    [InlineData("/bucket/k", "http://localhost:4200", "PUT", null, 403, NotAllowed)]
    [InlineData("/bucket/k", "https://localhost:4200", "DELETE", null, 403, "<ResourceType>OBJECT</ResourceType>")]
    [InlineData("/bucket", "https://localhost:4200", "DELETE", null, 403, "<ResourceType>BUCKET</ResourceType>")]
    [InlineData("/bucket/k", "https://localhost:4200", "PUT", "content-type", 403, NotAllowed)]
    [InlineData("/bucket/k", "whatever", "HEAD", "x-amz-request-payer", 403, NotAllowed)]
    public async Task What_no_rule_allows_is_refused(string path, string? origin, string? method, string? headers, int status, string text)
    {
        using var answer = await Ask(path, origin, method, headers);

        Assert.Contains(text, await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_rule_says_what_a_page_may_ask()
    {
        using var answer = await Ask("/bucket/k", "https://localhost:4200", "PUT", "x-amz-request-payer, X-Amz-Date");

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("https://localhost:4200", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(answer, "Access-Control-Allow-Credentials"));
        Assert.Equal("GET, PUT", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Equal("x-amz-request-payer, x-amz-date", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("3000", Header(answer, "Access-Control-Max-Age"));
        Assert.Equal("Origin, Access-Control-Request-Headers, Access-Control-Request-Method", Header(answer, "Vary"));
    }

    [Theory]
    [InlineData("http://test.origin.com", "GET", "http://test.origin.com", true)]
    [InlineData("http://anywhere", "HEAD", "*", false)]
    public async Task A_star_stands_for_any_origin(string origin, string method, string allowed, bool withCredentials)
    {
        using var answer = await Ask("/bucket", origin, method, null);

        Assert.Equal(allowed, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(withCredentials, answer.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal(withCredentials, !answer.Headers.Contains("Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task What_follows_is_refused_all_the_same()
    {
        using var request = cloud.Signed(HttpMethod.Get, "s3", "/bucket/k", "", [("Origin", "https://localhost:4200")]);
        using var answer = await http.SendAsync(request);

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Contains("A web page of another origin", await answer.Content.ReadAsStringAsync());
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.NonValidated[name].ToString();

    private async Task<HttpResponseMessage> Ask(string path, string? origin, string? method, string? headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(cloud.Endpoint, path));
        foreach (
            var (name, value) in ((string, string?)[])
                [("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers)]
        )
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.SendAsync(request);
    }
}
