using System.Net;

namespace Disa.WebConsole.Tests;

/// <summary>What pages of other origins cannot do.</summary>
[Collection(ManyMessagesCollection.Name)]
public sealed class SecurityTests(ManyMessages many)
{
    private string Here => many.Disa.Endpoint.GetLeftPart(UriPartial.Authority);

    [Theory]
    [InlineData("console.example")]
    [InlineData("localhost.example")]
    [InlineData("127.0.0.1.example:80")]
    [InlineData("192.0.2.1")]
    public async Task A_name_that_somebody_else_points_here_is_answered_nothing(string host)
    {
        foreach (var path in (string[])["", "messages", "message?id=hostile", "changes", "console.js"])
        {
            using var answer = await Send(HttpMethod.Get, path, host: host);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain("owned", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("127.0.0.1")]
    public async Task A_name_of_this_machine_is_answered(string host)
    {
        using var answer = await Send(HttpMethod.Get, "time", host: $"{host}:{many.Disa.Endpoint.Port}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, "Origin")]
    [InlineData("http://console.example", "another origin")]
    [InlineData("null", "another origin")]
    [InlineData("http://127.0.0.1:1", "another origin")]
    public async Task A_form_of_another_origin_changes_nothing(string? origin, string why)
    {
        var (cookie, token) = await Form();
        foreach (
            var action in (string[])
                ["send", "break", "mend", "cancel", "retry", "retry-due", "redrive-count", "redrive-go", "advance", "confirm", "cost-reset"]
        )
        {
            using var answer = await Send(
                HttpMethod.Post,
                action,
                origin,
                cookie: cookie,
                form: new()
                {
                    ["token"] = token,
                    ["message"] = "forged",
                    ["span"] = "1h",
                    ["id"] = "many-00000",
                }
            );
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains(why, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_form_without_the_token_of_this_browser_changes_nothing()
    {
        var (cookie, token) = await Form();
        var (other, _) = await Form();
        foreach (var (sentCookie, sentToken) in ((string?, string?)[])[(cookie, null), (cookie, "00"), (null, token), (other, token)])
        {
            var form = new Dictionary<string, string> { ["message"] = "forged" };
            if (sentToken is not null)
            {
                form["token"] = sentToken;
            }

            using var answer = await Send(HttpMethod.Post, "send", Here, cookie: sentCookie, form: form);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var right = await Send(HttpMethod.Post, "cost-reset", Here, cookie: cookie, form: new() { ["token"] = token });
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_site_can_link_here_but_neither_fetch_nor_frame()
    {
        using var fetched = await Send(HttpMethod.Get, "messages", fetch: ("cross-site", "no-cors"));
        Assert.Equal(HttpStatusCode.Forbidden, fetched.StatusCode);
        using var asked = await Send(HttpMethod.Get, "messages", "http://console.example");
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);

        using var linked = await Send(HttpMethod.Get, "messages", fetch: ("cross-site", "navigate"));
        Assert.Equal(HttpStatusCode.OK, linked.StatusCode);
        var policy = linked.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(linked.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_cookie_is_for_this_site_and_not_for_scripts()
    {
        using var answer = await Send(HttpMethod.Get, "time");
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("SameSite=Strict", cookie, StringComparison.Ordinal);
        Assert.Contains("HttpOnly", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_at_the_root_is_led_here_and_an_AWS_client_is_not()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = many.Disa.Endpoint };
        using var visit = new HttpRequestMessage(HttpMethod.Get, "/");
        visit.Headers.Add("Accept", "text/html,application/xhtml+xml");
        using var led = await http.SendAsync(visit);
        Assert.Equal(ConsoleSite.Path, led.Headers.Location?.ToString());

        using var listed = await http.GetAsync("/");
        Assert.Equal(HttpStatusCode.Forbidden, listed.StatusCode);
        Assert.Contains("AccessDenied", await listed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_in_an_address_do_not_become_words_of_the_page()
    {
        using var answer = await Send(HttpMethod.Get, "time?note=Your+password+please");
        Assert.DoesNotContain("password", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(string Cookie, string Token)> Form()
    {
        using var page = await Send(HttpMethod.Get, "time");
        var text = await page.Content.ReadAsStringAsync();
        var token = text[(text.IndexOf("name=\"token\" value=\"", StringComparison.Ordinal) + "name=\"token\" value=\"".Length)..];
        return (page.Headers.GetValues("Set-Cookie").Single().Split(';')[0], token[..token.IndexOf('"', StringComparison.Ordinal)]);
    }

    private async Task<HttpResponseMessage> Send(
        HttpMethod method,
        string path,
        string? origin = null,
        string? host = null,
        string? cookie = null,
        Dictionary<string, string>? form = null,
        (string Site, string Mode)? fetch = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = form is null ? null : new FormUrlEncodedContent(form) };
        if (host is not null)
        {
            request.Headers.Host = host;
        }

        if (fetch is var (site, mode))
        {
            request.Headers.Add("Sec-Fetch-Site", site);
            request.Headers.Add("Sec-Fetch-Mode", mode);
        }

        foreach (var (name, value) in ((string, string?)[])[("Origin", origin), ("Cookie", cookie)])
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await many.Http.SendAsync(request);
    }
}
