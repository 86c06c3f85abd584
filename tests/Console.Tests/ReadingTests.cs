using System.Text.RegularExpressions;
using Amazon.CloudFormation.Model;
using Disa.WebConsole.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Disa.WebConsole.Tests;

/// <summary>What makes pages easier to read and to use: times, copying, keys, and what failed first.</summary>
[Collection(ManyMessagesCollection.Name)]
public sealed partial class ReadingTests(ManyMessages many, Browser browser)
{
    [Fact]
    public async Task A_time_is_told_by_the_clock_of_the_server_whatever_the_browser_s_says_and_the_exact_one_is_there_too()
    {
        var page = await browser.Open(many.Disa, "keys", zone: "Europe/Berlin");
        await page.AddInitScriptAsync("const right = Date.now; Date.now = () => right() - 5 * 24 * 3600 * 1000;");
        await page.GotoAsync("message?id=hostile");
        var time = page.Locator(".facts time").First;
        await Expect(time).ToContainTextAsync(Ago());
        Assert.Matches(
            @"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} GMT\+[12], \d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$",
            await time.GetAttributeAsync("title")
        );
        Assert.Equal(await time.GetAttributeAsync("title"), (await time.Locator(".hidden").TextContentAsync())![2..]);

        await page.GotoAsync("messages?text=many-00028");
        await Expect(page.Locator("td[data-name=Since] time")).ToContainTextAsync("2026-01-01 04:00:00 UTC");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_button_copies_the_id_and_the_command()
    {
        var page = await browser.Open(many.Disa, "message?id=hostile");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        foreach (
            var (name, text) in ((string, string)[])
                [("Copy the id", "hostile"), ("Copy the command", $" explain hostile --endpoint-url {many.Disa.Endpoint}")]
        )
        {
            await page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
            await Expect(page.Locator("#copied")).ToHaveTextAsync("Copied.");
            Assert.EndsWith(text, await page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
        }

        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Keys_lead_about_but_not_while_somebody_types_and_not_when_they_are_off()
    {
        var page = await browser.Open(many.Disa);
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("m");
        await Expect(page.Locator("main h1")).ToHaveTextAsync("Messages");

        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#find")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("gf?/");
        await Expect(page.Locator("#find")).ToHaveValueAsync("gf?/");
        await Expect(page.Locator("main h1")).ToHaveTextAsync("Messages");

        await page.Locator("main").FocusAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("main h1")).ToHaveTextAsync("Keyboard");
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#find")).ToBeFocusedAsync();

        await page.GotoAsync("keys");
        await page.GetByLabel("use these shortcuts").UncheckAsync();
        await page.Locator("main").FocusAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("m");
        await page.GetByLabel("use these shortcuts").CheckAsync();
        await Expect(page.Locator("main h1")).ToHaveTextAsync("Keyboard");
        await page.Locator("main").FocusAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator("main h1")).ToHaveTextAsync("Flow");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Stacks_below_the_root_are_folded_up()
    {
        var page = await browser.Open(many.Disa, "stacks");
        Assert.True(await page.Locator(".tree details").CountAsync() > 3);
        Assert.Equal(1, await page.Locator(".tree details[open]").CountAsync());
        await page.Locator(".tree details details summary").First.ClickAsync();
        await Expect(page.Locator(".tree details details[open] li b").First).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public void What_failed_comes_first_and_the_stacks_down_to_it_are_open()
    {
        StackResource Resource(string name, string status, string type = "AWS::SQS::Queue", string? id = null, string? reason = null) =>
            new()
            {
                LogicalResourceId = name,
                ResourceType = type,
                ResourceStatus = status,
                PhysicalResourceId = id,
                ResourceStatusReason = reason,
            };
        var good = new StackBranch("good", [Resource("Fine", "CREATE_COMPLETE")], []);
        var bad = new StackBranch("bad", [Resource("A", "CREATE_COMPLETE"), Resource("Z", "CREATE_FAILED", reason: "<b>taken</b>")], []);
        var root = new StackBranch(
            "root",
            [
                Resource("Aa", "CREATE_COMPLETE"),
                Resource("Good", "CREATE_COMPLETE", "AWS::CloudFormation::Stack", "arn:x/good/1"),
                Resource("Bad", "CREATE_COMPLETE", "AWS::CloudFormation::Stack", "arn:x/bad/1"),
            ],
            [good, bad]
        );

        var text = StacksPage.Tree(root, "UPDATE_COMPLETE", null).ToString();

        Assert.Contains("1 resource has failed", text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;taken", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("<details open").Length - 1);
        int At(string piece) => text.IndexOf(piece, text.IndexOf("class=\"tree\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(At(">bad</a>") < At("<b>Aa</b>") && At("<b>Aa</b>") < At(">good</a>"), text);
        Assert.True(At("<b>Z</b>") < At("<b>A</b>"), text);
    }

    [Theory]
    [InlineData("disa explain order-1", "order-1")]
    [InlineData("disa explain 'a b; rm'", "a b; rm")]
    [InlineData("disa explain 'it'\\''s'", "it's")]
    [InlineData("disa explain ''", "")]
    public void A_command_is_written_so_that_a_shell_takes_it_as_it_is_meant(string expected, string id) =>
        Assert.Equal(expected, "disa " + Show.ForShell("explain", id));

    [GeneratedRegex(@"^(now|\d+ (s|min) ago)")]
    private static partial Regex Ago();
}
