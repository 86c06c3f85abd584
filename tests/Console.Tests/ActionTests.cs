using Disa.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Disa.WebConsole.Tests;

/// <summary>What can be done on the pages of messages, failures, mail, time and executions, in a browser.</summary>
public sealed class ActionTests(ActionTests.Parked machine, Browser browser) : IClassFixture<ActionTests.Parked>, IClassFixture<Browser>
{
    /// <summary>An emulator with a parked message and two mails.</summary>
    public sealed class Parked : IAsyncLifetime
    {
        public RunningDisa Disa { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Disa = await RunningDisa.Up();
            await Disa.Put("apples", "Apples are ripe.");
            await Disa.Put("pears", "Pears are ripe.");
            await Disa.Put("parked", "");
            foreach (var id in (string[])["apples", "pears", "parked"])
            {
                await Disa.Decided(id);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (Disa is not null)
            {
                await Disa.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_parked_message_is_edited_and_sent()
    {
        var page = await browser.Open(machine.Disa, "message?id=parked");
        await page.GetByText("Edit and send again").ClickAsync();
        await page.Locator("#edit textarea[name=message]").FillAsync("Plums are ripe.");
        await page.Locator("#edit input[name=subject]").FillAsync("Plums");
        await page.Locator("#edit textarea[name=attributes]").FillAsync("kind=fruit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and send" }).ClickAsync();

        await Expect(page.Locator("p.status")).ToContainTextAsync("Sent");
        var item = await machine.Disa.Item("parked");
        Assert.Equal(("Plums are ripe.", "Plums", "fruit"), (item["message"].S, item["subject"].S, item["attributes"].M["kind"].S));
    }

    [Fact]
    public async Task The_inbox_is_searched_and_the_newest_mail_comes_first()
    {
        var page = await browser.Open(machine.Disa, "inbox");
        var times = await page.Locator(".mails time").EvaluateAllAsync<string[]>("times => times.map(time => time.dateTime)");
        Assert.Equal(times.OrderDescending(StringComparer.Ordinal), times);
        await page.GetByLabel("Find in subject, text or address").FillAsync("apples ARE");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Expect(page.Locator(".mails li")).ToHaveCountAsync(1);
        await page.GotoAsync("inbox?text=nowhere");
        await Expect(page.Locator("main")).ToContainTextAsync("No mail matches.");
    }

    [Fact]
    public async Task The_time_page_lists_what_happens_next_and_a_long_move_is_seen_and_stopped()
    {
        var page = await browser.Open(machine.Disa, "time");
        foreach (var kind in (string[])["schedule", "alarm evaluation"])
        {
            await Expect(page.Locator("#upcoming td", new() { HasText = kind }).First).ToBeVisibleAsync();
        }

        await page.GetByLabel("Custom duration").FillAsync("300d");
        await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Move" }).ClickAsync(),
            answer => answer.Url.EndsWith("/advance", StringComparison.Ordinal)
        );
        await Expect(page.Locator("main")).ToContainTextAsync("The clock is moving to");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop it here" }).ClickAsync();
        await Expect(page.Locator(".note")).ToContainTextAsync("was stopped at");
        await Expect(page.GetByLabel("Custom duration")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_graph_of_an_execution_is_whole_and_is_zoomed()
    {
        var page = await browser.Open(machine.Disa, "message?id=apples");
        await page.GetByText("This execution alone").First.ClickAsync();
        var graph = page.Locator(".graph");
        await Expect(graph).ToBeVisibleAsync();
        Task<double> Width() => graph.EvaluateAsync<double>("graph => graph.getBoundingClientRect().width");
        var frame = await page.Locator(".scroll").EvaluateAsync<double>("frame => frame.clientWidth");
        var whole = await Width();
        Assert.True(whole <= frame, $"the graph is {whole} wide, its frame {frame}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        Assert.True(await Width() > frame);
        await page.GetByRole(AriaRole.Button, new() { Name = "Whole" }).ClickAsync();
        Assert.Equal(whole, await Width(), 1.0);
    }
}

/// <summary>What can be done with messages that fail; in an emulator of its own, for its breaker opens.</summary>
public sealed class FailingTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_group_of_failures_is_cancelled()
    {
        await using var disa = await RunningDisa.Up();
        await disa.Disa("break");
        string[] ids = ["failing-1", "failing-2"];
        foreach (var id in ids)
        {
            await disa.Put(id, $"Fails: {id}.");
        }

        foreach (var id in ids)
        {
            await disa.Decided(id);
        }

        var page = await browser.Open(disa, "failures");
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).First.ClickAsync();

        await Expect(page.Locator(".note")).ToContainTextAsync("2 messages were cancelled");
        foreach (var id in ids)
        {
            Assert.Equal("Cancelled", (await disa.Item(id))["sendReason"].S);
        }
    }
}
