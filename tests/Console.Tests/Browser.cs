using Disa.Journeys;
using Microsoft.Playwright;

namespace Disa.WebConsole.Tests;

/// <summary>Debian's Chromium, without a window; tests that need it are skipped where it is not on PATH.</summary>
public sealed class Browser : IAsyncLifetime
{
    public const float Patience = 30_000;

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly string? Executable = Names.Select(Journeys.Program.OnPath).FirstOrDefault(path => path is not null);

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Executable is null)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable,
                // Its sandbox does not work for root, as which containers run; it sees pages of the emulator only.
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
        Assertions.SetDefaultExpectTimeout(Patience);
    }

    /// <summary>A page of a window of its own, so wide, at the console of this emulator.</summary>
    public async Task<IPage> Open(
        RunningDisa disa,
        string path = "",
        int width = 1280,
        int height = 800,
        ColorScheme scheme = ColorScheme.Light,
        bool withScript = true,
        string? zone = null
    )
    {
        Assert.SkipWhen(browser is null, "Chromium is not on PATH.");
        var context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = new Uri(disa.Endpoint, ConsoleSite.Path).ToString(),
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = scheme,
                Locale = "en-US",
                JavaScriptEnabled = withScript,
                TimezoneId = zone,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(path.Length == 0 ? "./" : path);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
