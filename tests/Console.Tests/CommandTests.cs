using System.Net;
using System.Text;
using System.Text.Json;
using Disa.Journeys;

namespace Disa.WebConsole.Tests;

/// <summary><c>disa console</c>: the same pages, served for a target elsewhere.</summary>
[Collection(ManyMessagesCollection.Name)]
public sealed class CommandTests(ManyMessages many)
{
    [Fact]
    public async Task It_serves_the_pages_of_its_target_to_who_has_its_link_and_to_nobody_else()
    {
        using var process = Journeys.Program.Start(
            Journeys.Program.DisaPath,
            ["console", "--json", "--endpoint-url", many.Disa.Endpoint.ToString()],
            null,
            null
        );
        try
        {
            var link = new Uri((await Report(process.StandardOutput)).GetProperty("url").GetString()!);
            Assert.Equal(IPAddress.Loopback.ToString(), link.Host);
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            {
                BaseAddress = new Uri(link, ConsoleSite.Path),
            };

            foreach (var path in (string[])["", "messages", "message?id=hostile", "changes", "console.css", "?key=0123456789abcdef"])
            {
                using var shut = await http.GetAsync(path);
                Assert.Equal(HttpStatusCode.Forbidden, shut.StatusCode);
            }

            using var opened = await http.GetAsync(link);
            Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
            var cookies = string.Join("; ", opened.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
            using var request = new HttpRequestMessage(HttpMethod.Get, "messages?text=many-00001");
            request.Headers.Add("Cookie", cookies);
            using var list = await http.SendAsync(request);
            Assert.Contains("Message number 1 of many", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("--port", "99999")]
    [InlineData("--endpoint-url", "http://127.0.0.1:1")]
    public async Task What_can_not_be_served_is_said_in_one_sentence(params string[] arguments)
    {
        var ended = await Journeys.Program.Run(Journeys.Program.DisaPath, ["console", .. arguments]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Single(ended.Error.TrimEnd().Split('\n'), line => line.StartsWith("disa: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Report(StreamReader output)
    {
        var text = new StringBuilder();
        while (await output.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (line == "}")
            {
                return JsonElement.Parse(text.ToString());
            }
        }

        throw new InvalidOperationException($"disa console printed no report: {text}");
    }
}
