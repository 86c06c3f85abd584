using System.Text.Json;

namespace Disa.Emulator.Tests.Sns;

/// <summary>The mailbox under <c>/_disa/inbox</c>, read from the newest mail on.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private TestCloud cloud = null!;
    private HttpClient http = null!;
    private string topic = "";

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        http = new HttpClient { BaseAddress = cloud.Endpoint };
        topic = (await cloud.Query("sns", "CreateTopic", ("Name", "t"))).Split("<TopicArn>")[1].Split('<')[0];
        foreach (var address in (string[])["a@example.com", "b@example.com", "c@example.com"])
        {
            await cloud.Query("sns", "Subscribe", ("TopicArn", topic), ("Protocol", "email"), ("Endpoint", address));
            await cloud.Clock.Settle(TimeSpan.FromSeconds(5));
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task Pages_go_from_the_newest_mail_to_the_oldest()
    {
        var first = await Mails("before=newest&limit=2");
        Assert.Equal(["c@example.com", "b@example.com"], first.Select(To));
        Assert.Equal(["a@example.com"], (await Mails($"before={first[1].GetProperty("id").GetString()}&limit=2")).Select(To));
    }

    [Theory]
    [InlineData("B@EXAMPLE", "b@example.com")]
    [InlineData("confirmation", "c@example.com,b@example.com,a@example.com")]
    [InlineData("you have chosen to subscribe", "c@example.com,b@example.com,a@example.com")]
    [InlineData("nowhere", "")]
    public async Task A_text_is_looked_for_in_address_subject_and_body_in_upper_and_lower_case(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', (await Mails($"before=newest&text={Uri.EscapeDataString(text)}")).Select(To)));

    [Theory]
    [InlineData("before=x")]
    [InlineData("before=-1")]
    [InlineData("before=newest&limit=0")]
    public async Task What_names_no_page_is_refused(string query)
    {
        using var answer = await http.GetAsync("/_disa/inbox?" + query);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_mails_of_a_message_are_found_by_its_id()
    {
        foreach (var mail in await Mails("before=newest"))
        {
            var link = mail.GetProperty("body").GetString()!.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal));
            using var confirmed = await http.GetAsync(link.Trim());
            confirmed.EnsureSuccessStatusCode();
        }

        var ids = new List<string>();
        foreach (var text in (string[])["one", "other"])
        {
            var answer = await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", text));
            ids.Add(answer.Split("<MessageId>")[1].Split('<')[0]);
        }

        await cloud.Clock.Settle(TimeSpan.FromSeconds(5));

        var found = await Mails($"message={ids[0]}");
        Assert.Equal(3, found.Count);
        Assert.All(found, mail => Assert.StartsWith("one\n", mail.GetProperty("body").GetString(), StringComparison.Ordinal));
        Assert.Equal(2, (await Mails($"message={ids[1]}&limit=2")).Count);
        Assert.Empty(await Mails($"message={Guid.NewGuid()}"));
    }

    private static string To(JsonElement mail) => mail.GetProperty("to").GetString()!;

    private async Task<List<JsonElement>> Mails(string query) =>
        [.. JsonElement.Parse(await http.GetStringAsync("/_disa/inbox?" + query)).GetProperty("mails").EnumerateArray()];
}
