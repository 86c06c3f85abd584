using Disa.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Disa.WebConsole.Tests;

/// <summary>The main job, done in the browser alone.</summary>
public sealed class StoryTests(SharedDisa shared, Browser browser) : IClassFixture<SharedDisa>, IClassFixture<Browser>
{
    [Fact]
    public async Task Somebody_sends_breaks_mends_and_moves_the_clock_and_sees_every_message_delivered()
    {
        var page = await browser.Open(shared.Disa);
        var errors = new List<string>();
        page.Console += (_, said) => errors.AddRange(said.Type == "error" ? [said.Text] : []);
        page.PageError += (_, error) => errors.Add(error);
        await Expect(page.Locator("#verdict")).ToContainTextAsync("Sending is allowed");

        await Expect(page.Locator("#first")).ToContainTextAsync("There is no message yet");
        await page.GotoAsync("messages");
        await Expect(page.Locator("#first")).ToContainTextAsync("disa send Hello --wait");

        var first = await Send(page, "Hello <b onclick=\"alert(1)\">markup</b>");
        await Expect(page.Locator("p.status")).ToContainTextAsync("Sent");
        await Expect(page.Locator(".letter pre")).ToContainTextAsync("Hello <b onclick=\"alert(1)\">markup</b>");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("Attempt 1: Sent");
        await Expect(page.Locator(".graph .taken").First).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("main b[onclick]").CountAsync());

        foreach (var path in (string[])["./", "messages"])
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("main h1")).ToBeVisibleAsync();
            await Expect(page.Locator("#first")).ToHaveCountAsync(0);
        }

        await page.GotoAsync("inbox");
        await page.Locator(".mails a").Filter(new() { HasText = "Hello <b" }).ClickAsync();
        await Expect(page.Locator(".letter")).ToContainTextAsync("disa@example.com");

        await page.GotoAsync("alarm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Break" }).ClickAsync();
        await Expect(page.Locator(".note")).ToContainTextAsync("Sending fails from now on");
        var second = await Send(page, "This one fails at first.");
        await Expect(page.Locator("p.status")).ToContainTextAsync("SendFailed");
        await Expect(page.Locator(".explain")).ToContainTextAsync("It will be retried at");

        await Move(page, "1 minute");
        await Move(page, "1 minute");
        await page.GotoAsync("alarm");
        await Expect(page.Locator("#verdict")).ToContainTextAsync("In Alarm");
        await Expect(page.Locator(".chart rect.failed").First).ToBeAttachedAsync();
        var firstAlarm = page.Locator(".alarms tbody tr").First;
        await Expect(firstAlarm).ToContainTextAsync("FailedAlarm");
        await Expect(firstAlarm).ToContainTextAsync("In Alarm");
        await Expect(firstAlarm.Locator("[data-name=Why]")).ToContainTextAsync("Threshold Crossed");
        await page.GotoAsync("./");
        await Expect(page.Locator("#verdict")).ToContainTextAsync("the breaker is open");
        var third = await Send(page, "This one is held.");
        await Expect(page.Locator("p.status")).ToContainTextAsync("Held");

        await page.GotoAsync("alarm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mend" }).ClickAsync();
        await Expect(page.Locator(".note")).ToContainTextAsync("Sending works again");
        for (var i = 0; i < 3; i++)
        {
            await Move(page, "5 minutes");
        }

        foreach (var id in (string[])[first, second, third])
        {
            await page.GotoAsync($"message?id={id}");
            await Expect(page.Locator("p.status")).ToContainTextAsync("Sent");
        }

        await page.GotoAsync("messages?status=Sent");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(3);
        await page.GotoAsync("inbox");
        await Expect(page.Locator(".mails .excerpt").Filter(new() { HasText = "This one is held." })).ToHaveCountAsync(1);
        await Expect(page.Locator(".mails .excerpt").Filter(new() { HasText = "This one fails at first." })).ToHaveCountAsync(1);
        Assert.Empty(errors);
    }

    /// <summary>Sends from the flow page; what follows is the message's own page, which nobody loads again.</summary>
    private static async Task<string> Send(IPage page, string text)
    {
        await page.GotoAsync("./");
        await page.GetByLabel("Message", new() { Exact = true }).FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.Locator(".note")).ToContainTextAsync("Item added to the table");
        return await page.Locator("p.status code").InnerTextAsync();
    }

    private static async Task Move(IPage page, string span)
    {
        await page.GotoAsync("time");
        await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = $"+ {span}" }).ClickAsync(),
            answer => answer.Url.EndsWith("/advance", StringComparison.Ordinal)
        );
        await Expect(page.Locator("button[name=span]").First).ToBeVisibleAsync(); // The move is over.
    }
}
