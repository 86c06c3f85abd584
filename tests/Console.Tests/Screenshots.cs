using System.Runtime.CompilerServices;
using Disa.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Disa.WebConsole.Tests;

/// <summary>The pictures of docs/console.md, made again by <c>DISA_SCREENSHOTS=1 dotnet run --project tests/Console.Tests -- --filter-class '*Screenshots'</c>.</summary>
public sealed class Screenshots(SharedDisa shared, Browser browser) : IClassFixture<SharedDisa>, IClassFixture<Browser>
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "docs", "console");

    private RunningDisa Disa => shared.Disa;

    [Fact]
    public async Task Each_page_is_pictured_light_and_dark()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("DISA_SCREENSHOTS") is not { Length: > 0 },
            "DISA_SCREENSHOTS is not set: the pictures stay as they are."
        );
        Directory.CreateDirectory(Folder);
        foreach (
            var (id, text) in ((string, string)[])
                [
                    ("order-1001", "Order 1001 has left the warehouse."),
                    ("order-1002", "Order 1002 has left the warehouse."),
                    ("invoice-77", "Invoice 77 is due on Friday."),
                    ("welcome-5", "Welcome aboard, Ada."),
                ]
        )
        {
            await Disa.Put(id, text);
            await Disa.Decided(id);
        }

        await Disa.Advance(TimeSpan.FromMinutes(1)); // Successes of the same minute would keep the breaker closed.
        await Disa.Disa("break");
        await Disa.Put("order-1003", "Order 1003 has left the warehouse.");
        await Disa.Decided("order-1003");
        await Disa.Advance(TimeSpan.FromMinutes(2));
        foreach (
            var (id, text) in ((string, string)[])
                [("order-1004", "Order 1004 has left the warehouse."), ("invoice-78", "Invoice 78 is due on Monday.")]
        )
        {
            await Disa.Put(id, text);
            await Disa.Decided(id, item => item["sendReason"].S == "Held");
        }

        await Picture("flow-open", "./");
        await Picture("alarm", "alarm");
        await Picture("message-failed", "message?id=order-1003");
        await Disa.Disa("mend");
        await Disa.Advance(TimeSpan.FromMinutes(10));
        foreach (var id in (string[])["order-1003", "order-1004", "invoice-78"])
        {
            await Disa.Decided(id, item => item["sendStatus"].S == "Successful");
        }

        await Disa.Put("newsletter-1", "");
        await Disa.Decided("newsletter-1");
        await Picture("flow", "./");
        await Picture("messages", "messages");
        await Picture("message", "message?id=order-1003");
        await Picture("workflow", "message?id=order-1003#workflow");
        var mails = await Disa.Inbox();
        await Picture("inbox", $"inbox?mail={mails[^1].GetProperty("id").GetString()}");
        await Picture("time", "time");
        await Picture("cost", "cost");
        await Picture("stacks", "stacks");
        await Picture("failures", "failures");
        await Picture("resources", "resources");
        await Picture("narrow", "./", 360, 740);
    }

    private async Task Picture(string name, string path, int width = 1280, int height = 800)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            var page = await browser.Open(Disa, path, width, height, scheme);
            await Expect(page.Locator("main h1")).ToBeVisibleAsync();
            // WebP is a quarter of PNG, and only the browser's own protocol makes it.
            var session = await page.Context.NewCDPSessionAsync(page);
            var picture = await session.SendAsync("Page.captureScreenshot", new() { ["format"] = "webp", ["quality"] = 60 });
            await File.WriteAllBytesAsync(
                Path.Combine(Folder, $"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}.webp"),
                picture!.Value.GetProperty("data").GetBytesFromBase64()
            );
            await page.Context.DisposeAsync();
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
