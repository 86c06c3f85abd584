namespace Disa.WebConsole;

/// <summary>A page's content, and the frame around it.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Place">The entry of the navigation that it belongs to.</param>
/// <param name="Main">What it shows.</param>
internal sealed record Page(string Title, string Place, Html Main)
{
    /// <summary>False where what it shows never changes by itself.</summary>
    public bool IsLive { get; init; } = true;

    public int Status { get; init; } = 200;

    /// <summary>The entries of the navigation; the first letter of each, after g, leads there.</summary>
    public static readonly (string Place, string Name, bool EmulatorOnly)[] Places =
    [
        ("", "Flow", false), ("messages", "Messages", false), ("alarm", "Alarms", false), ("inbox", "Inbox", true), ("time", "Time", true), ("cost", "Cost", true), ("stacks", "Stacks", false), ("resources", "Resources", false),
    ];

    public Html Frame(Visit visit) => Frame(
        visit.Session.Target, visit.Deployment.StackName, visit.IsEmulator, Html.Of($"""<span class="clock">{Show.Exact(visit.Now)}</span>"""), visit.Site.FlashMessages.Find(visit.QueryValue("note")));

    /// <param name="target">Whose messages.</param>
    /// <param name="stack">Of which stack.</param>
    /// <param name="isEmulator">Whether pages of the emulator's own are offered.</param>
    /// <param name="clock">The time there.</param>
    /// <param name="note">What an action said.</param>
    public Html Frame(Target target, string stack, bool isEmulator, Html clock, string? note) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Title} · Disa</title>
        <link rel="icon" href="{ConsoleSite.Path}icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="{ConsoleSite.Path}console.css">
        <script src="{ConsoleSite.Path}console.js"></script>
        <script src="{ConsoleSite.Path}reading.js"></script>
        </head>
        <body data-changes="{ConsoleSite.Path}changes" data-live="{(IsLive ? "yes" : "")}">
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
        <a class="brand" href="{ConsoleSite.Path}">Disa</a>
        <nav aria-label="Pages"><ul>{Places.Where(place => isEmulator || !place.EmulatorOnly).Select(place => Html.Of(
            $"""<li><a href="{ConsoleSite.Path}{place.Place}" data-key="{Key(place.Name)}"{(place.Place == Place ? Html.Of($" aria-current=\"page\"") : Html.None)}>{place.Name}</a></li>"""))}</ul></nav>
        <button type="button" id="theme" class="quiet" hidden>Dark</button>
        </header>
        <div class="told"><div id="outage" role="status"></div><div id="said" role="status"></div></div>
        <main id="main" tabindex="-1">
        {(note is null ? Html.None : Html.Of($"""<p class="note" role="status">{note}</p>"""))}
        {Main}
        </main>
        <footer><p>{target.Describe()} · {target.Region} · stack {stack} · <span id="clock">{clock}</span> UTC</p><p><a href="{ConsoleSite.Path}keys" data-help>Keyboard</a></p>
        <p id="copied" class="hidden" role="status"></p></footer>
        </body>
        </html>
        """);

    public static string Key(string name) => name[..1].ToLowerInvariant();

    /// <summary>A page that only says something; where that may pass by itself (no answer, a stack that is being changed), it goes on asking.</summary>
    public static Page Saying(string title, string sentence, int status) =>
        new(title, "none", Html.Of($"<h1>{title}</h1><p>{sentence}</p>")) { Status = status, IsLive = status is 409 or 503 };
}
