using System.Globalization;

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

    private static readonly (string Place, string Name, bool EmulatorOnly)[] Places =
    [
        ("", "Flow", false), ("messages", "Messages", false), ("alarm", "Alarm", false), ("inbox", "Inbox", true), ("time", "Time", true), ("cost", "Cost", true), ("stacks", "Stacks", false),
    ];

    public Html Frame(Visit visit) => Frame(
        visit.Session.Target, visit.Deployment.StackName, visit.IsEmulator, Html.Of($"""<span class="clock">{Show.Time(visit.Now)}</span>"""), visit.Site.Notes.Find(visit.Asked("note")));

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
        </head>
        <body data-live="{(IsLive ? ConsoleSite.Path + "changes" : "")}">
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
        <a class="brand" href="{ConsoleSite.Path}">Disa</a>
        <nav aria-label="Pages"><ul>{Places.Where(place => isEmulator || !place.EmulatorOnly).Select(place => Html.Of(
            $"""<li><a href="{ConsoleSite.Path}{place.Place}"{(place.Place == Place ? Html.Of($" aria-current=\"page\"") : Html.None)}>{place.Name}</a></li>"""))}</ul></nav>
        <button type="button" id="theme" class="quiet" hidden>Dark</button>
        </header>
        <main id="main" tabindex="-1">
        {(note is null ? Html.None : Html.Of($"""<p class="note" role="status">{note}</p>"""))}
        {Main}
        </main>
        <footer><p>{target.Describe()} · {target.Region} · stack {stack} · <span id="clock">{clock}</span> UTC</p><p id="live" aria-live="polite"></p></footer>
        </body>
        </html>
        """);

    /// <summary>A page that only says something.</summary>
    public static Page Saying(string title, string sentence, int status) => new(title, "none", Html.Of($"<h1>{title}</h1><p>{sentence}</p>")) { Status = status, IsLive = false };
}

/// <summary>How values are shown.</summary>
internal static class Show
{
    public static Html Time(DateTimeOffset? time) => time is not { } known ? Html.Of($"–") : Html.Of(
        $"""<time datetime="{known.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}">{known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time>""");

    /// <summary>A time as Disa writes it on items; what is none is shown as it is.</summary>
    public static Html Time(string? text) => text is null ? Html.Of($"–")
        : Disa.Functions.Instant.TryParse(text, out var time) ? Time(time) : Html.Of($"{text}");

    public static Html Time(DateTime? time) => time is null ? Html.Of($"–") : Time(WorkflowRun.Utc(time));

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Number(double number) => number.ToString(number < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
    };

    public static string Excerpt(string? text, int length) => text is null ? "" : text.Length <= length ? text : text[..(length - 1)] + "…";

    public static string Count(int count, string one, string many) => $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}";

    /// <summary>A status, in words and color.</summary>
    public static Html Badge(string? status, string? reason = null) => status switch
    {
        "Successful" => Html.Of($"""<span class="badge good">Successful</span>"""),
        "Failure" when reason is "Held" or "Scheduled" or "Redriven" or "Adopted" => Html.Of($"""<span class="badge wait">Failure</span> <span class="reason">{reason}</span>"""),
        "Failure" => Html.Of($"""<span class="badge bad">Failure</span> <span class="reason">{reason}</span>"""),
        null => Html.Of($"""<span class="badge open">undecided</span>"""),
        _ => Html.Of($"""<span class="badge">{status}</span>"""),
    };

    public static Html AlarmBadge(string? state) => state switch
    {
        "OK" => Html.Of($"""<span class="badge good">OK</span>"""),
        "ALARM" => Html.Of($"""<span class="badge bad">In Alarm</span>"""),
        "INSUFFICIENT_DATA" => Html.Of($"""<span class="badge open">Insufficient data</span>"""),
        _ => Html.Of($"""<span class="badge open">{state ?? "none"}</span>"""),
    };

    /// <summary>Two columns: what, and its value.</summary>
    public static Html Facts(params IEnumerable<(string Name, Html Value)> facts) =>
        Html.Of($"""<dl class="facts">{facts.Where(fact => !fact.Value.IsEmpty).Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>""");
}
