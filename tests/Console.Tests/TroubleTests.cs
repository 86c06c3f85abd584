using System.Diagnostics;
using System.Globalization;
using Deque.AxeCore.Commons;
using Disa.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Disa.WebConsole.Tests;

/// <summary>What the pages say of a stack in trouble, among many messages.</summary>
public sealed class TroubleTests(TroubledTable troubled, Browser browser, ITestOutputHelper output)
    : IClassFixture<TroubledTable>,
        IClassFixture<Browser>
{
    private static readonly string[] Paths =
    [
        "./",
        "messages",
        "messages?status=Parked",
        "message?id=held-0",
        "message?id=broken-0",
        "message?id=many-000201",
        "failures",
        "alarm",
        "inbox",
        "time",
        "cost",
        "stacks",
        "resources",
    ];

    [Fact]
    public async Task Flow_says_at_a_glance_that_nothing_is_sent_and_how_many_are_in_each_state()
    {
        var page = await browser.Open(troubled.Disa);
        var main = page.Locator("main");
        await Expect(main).ToContainTextAsync($"{TroubledTable.All} items");
        await Expect(main).ToContainTextAsync("breaker is open");
        await Expect(main).ToContainTextAsync(TroubledTable.Parked.ToString(CultureInfo.InvariantCulture));
        await Expect(main).ToContainTextAsync("Held");
    }

    [Fact]
    public async Task Failures_are_grouped_and_lead_to_their_messages()
    {
        var page = await browser.Open(troubled.Disa, "failures");
        foreach (var code in (string[])["AuthorizationError", "InternalError", "KMSDisabled", "NotFound", "Throttled", "Timeout"])
        {
            await Expect(page.Locator("main table")).ToContainTextAsync(code);
        }

        await page.Locator("main tr", new() { HasText = "KMSDisabled" }).Locator("a").First.ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("KMSDisabled");
        await Expect(page.Locator("main")).ToContainTextAsync("many-000");
    }

    [Fact]
    public async Task Every_page_answers_and_axe_finds_nothing_serious_on_it()
    {
        var page = await browser.Open(troubled.Disa);
        await page.Context.AddInitScriptAsync(new BundledAxeScriptProvider().GetScript());
        var found = new List<string>();
        foreach (var path in Paths)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await page.GotoAsync(path);
            output.WriteLine($"{path}: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
            Assert.True(answer!.Ok, $"{path}: {answer.Status}");
            await Expect(page.Locator("main h1")).ToBeVisibleAsync();
            found.AddRange(
                (
                    await page.EvaluateAsync<string[]>(
                        """
                        async () => (await axe.run({ resultTypes: ["violations"] })).violations.filter(found => found.impact === "serious" || found.impact === "critical")
                            .map(found => `${found.id}: ${found.nodes.slice(0, 3).map(node => node.html).join(" | ")}`)
                        """
                    )
                ).Select(text => $"{path}: {text}")
            );
        }

        Assert.Empty(found);
    }
}
