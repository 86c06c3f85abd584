using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Disa.WebConsole.Tests;

/// <summary>A server that does not answer, and actions that do not succeed: the page says so, and stays.</summary>
[Collection(ManyMessagesCollection.Name)]
public sealed class OutageTests(ManyMessages many, Browser browser)
{
    private const string NoAnswer = "The server does not answer. Trying again.";

    [Theory]
    [InlineData("")]
    [InlineData("alarm")]
    [InlineData("redrive")]
    [InlineData("keys")]
    [InlineData("no-such-page")]
    public async Task Every_page_says_at_once_that_the_server_is_gone_and_stops_saying_so_when_it_is_back(string path)
    {
        using var relay = new Relay(many.Disa.Endpoint);
        var page = await Open(relay, path);
        relay.Shut();
        await Expect(page.Locator("#outage")).ToHaveTextAsync(NoAnswer);
        Assert.Equal("status", await page.Locator("#outage").GetAttributeAsync("role"));
        var heading = await page.Locator("main h1").InnerTextAsync();

        relay.Open();
        await Expect(page.Locator("#outage")).ToBeEmptyAsync();
        await Expect(page.Locator("main h1")).ToHaveTextAsync(heading);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task What_is_sent_while_the_server_is_gone_is_said_on_the_page_and_can_be_sent_when_it_is_back()
    {
        using var relay = new Relay(many.Disa.Endpoint);
        var page = await Open(relay, "redrive");
        var before = page.Url;
        await page.GetByLabel("Reason").SelectOptionAsync("Expired");
        relay.Shut();
        await Expect(page.Locator("#outage")).ToHaveTextAsync(NoAnswer);
        await page.GetByRole(AriaRole.Button, new() { Name = "Count" }).ClickAsync();
        await Expect(page.Locator("#said")).ToContainTextAsync("The server did not answer");
        Assert.Equal(before, page.Url);
        await Expect(page.GetByLabel("Reason")).ToHaveValueAsync("Expired");

        relay.Open();
        await Expect(page.Locator("#outage")).ToBeEmptyAsync();
        await Expect(page.GetByLabel("Reason")).ToHaveValueAsync("Expired");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("No messages match.");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task What_is_refused_is_said_on_the_page_with_what_was_typed_still_there()
    {
        var page = await browser.Open(many.Disa);
        var before = page.Url;
        await page.GetByLabel("Message", new() { Exact = true }).FillAsync("Hello");
        await page.GetByText("Subject, time, item").ClickAsync();
        await page.GetByLabel("Further attributes").FillAsync("<b>no JSON</b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();

        await Expect(page.Locator("#said")).ToContainTextAsync("the further attributes are not a JSON object (line 1, column 1)");
        Assert.Equal(before, page.Url);
        await Expect(page.GetByLabel("Message", new() { Exact = true })).ToHaveValueAsync("Hello");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.Locator("#said")).ToBeEmptyAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Without_script_an_action_leads_to_its_page_and_times_are_exact()
    {
        var page = await browser.Open(many.Disa, "redrive", withScript: false);
        await page.GetByLabel("Reason").SelectOptionAsync("Expired");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("No messages match.");

        await page.GotoAsync("message?id=hostile");
        Assert.Matches(@"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$", await page.Locator(".facts time").First.InnerTextAsync());
        Assert.Equal(0, await page.Locator("button[data-copy]:visible").CountAsync());
        await page.Context.DisposeAsync();
    }

    private async Task<IPage> Open(Relay relay, string path)
    {
        var page = await browser.Open(many.Disa, "keys");
        var streams = page.WaitForRequestAsync(request =>
            request.Url.EndsWith("/changes", StringComparison.Ordinal) && request.Url.Contains($":{relay.Port}/", StringComparison.Ordinal)
        );
        await page.GotoAsync($"http://127.0.0.1:{relay.Port}{ConsoleSite.Path}{path}");
        await streams;
        return page;
    }
}
