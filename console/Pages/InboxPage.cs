using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.WebConsole.Pages;

/// <summary>The emulator's mailbox as a mail program shows it: a list, and the mail that was chosen.</summary>
internal static partial class InboxPage
{
    private const int Size = 50;

    public static async Task<Page> Get(Visit visit)
    {
        NeedsEmulator(visit);
        var (text, after) = (visit.QueryValue("text"), visit.QueryValue("after"));
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new UsageException("the address names no page of this list (after=…).");
        }

        var (shown, next) = await visit.Session.Emulator.NewestMails(after, text, Size, visit.Cancellation).ConfigureAwait(false);
        var chosen = visit.QueryValue("mail") is { } id ? await visit.Session.Emulator.MailOrNone(id, visit.Cancellation).ConfigureAwait(false) : null;
        return new Page("Inbox", "inbox", Html.Of(
            $"""
            <h1>Inbox</h1>
            <p class="hint">Mail that topics of this emulator delivered, newest first. Not sent anywhere else unless <code>--smtp</code> is set.</p>
            <form class="search mailsearch" method="get" action="{Links.To("inbox")}" role="search">
            <label>Find in subject, text or address <input type="search" id="find" name="text" value="{text}"></label> <button>Find</button></form>
            <div class="mailbox">
            <section aria-label="Mails">
            {(shown.Count == 0 ? Html.Of($"""<p class="empty">{(text is null && after is null ? "The mailbox is empty." : "No mail matches.")}</p>""") : Html.Of($"""<ol class="mails">{shown.Select(mail => Head(visit, mail))}</ol>"""))}
            {Html.When(after is not null || next is not null,
                $"""
                <nav class="pages" aria-label="Pages of the list">
                {Html.When(after is not null, $"""<a href="{Links.To("inbox", ("text", text))}">Newest</a>""")}
                {Html.When(next is not null, $"""<a rel="next" href="{Links.To("inbox", ("text", text), ("after", next))}">Older</a>""")}</nav>
                """)}
            </section>
            <section aria-label="The mail that was chosen">{(chosen is null ? Html.Of($"""<p class="empty">{(visit.QueryValue("mail") is null ? "Choose a mail." : "There is no such mail.")}</p>""") : Letter(visit, chosen))}</section>
            </div>
            """));
    }

    /// <summary>Opens the link of a confirmation mail, as its reader would.</summary>
    public static async Task<string> Confirm(Visit visit)
    {
        NeedsEmulator(visit);
        var id = visit.RequiredFormValue("mail");
        var mail = await visit.Session.Emulator.MailOrNone(id, visit.Cancellation).ConfigureAwait(false) ?? throw new FailureException($"there is no mail {id}.");
        var found = ConfirmLink.Find(mail.Body) ?? throw new FailureException("this mail has no link that confirms a subscription.");
        if (!Uri.TryCreate(found, UriKind.Absolute, out var link))
        {
            throw new FailureException("the link in this mail is not a valid address.");
        }

        if (link.Authority != visit.Session.Target.Endpoint!.Authority)
        {
            throw new FailureException($"the link of this mail does not lead to the emulator but to {link.Authority}.");
        }

        await visit.Session.Emulator.Open(link, visit.Cancellation).ConfigureAwait(false);
        return visit.Back("The subscription is confirmed.", "inbox", ("mail", id));
    }

    /// <summary>A mail; links in it can be followed, and everything else is text.</summary>
    public static Html Letter(Visit visit, Mail mail) => Html.Of(
        $"""
        <article class="letter">
        <h2>{mail.Subject}</h2>
        {Show.Facts(("from", Html.Of($"{mail.From}")), ("to", Html.Of($"{mail.To}")), ("received", Show.Time(mail.ReceivedAt)))}
        <pre class="text" tabindex="0" aria-label="The mail's text">{WithLinks(mail.Body)}</pre>
        {Html.When(IsConfirmation(mail), $"{visit.Act("confirm", Html.Of($"""<input type="hidden" name="mail" value="{mail.Id}"><button>Confirm the subscription</button>"""))}")}
        </article>
        """);

    private static bool IsConfirmation(Mail mail) => ConfirmLink.Find(mail.Body) is not null && mail.Kind != "Notification";

    private static Html Head(Visit visit, Mail mail)
    {
        var isChosen = visit.QueryValue("mail") == mail.Id;
        var address = Links.To("inbox", ("mail", mail.Id), ("text", visit.QueryValue("text")), ("after", visit.QueryValue("after")));
        return Html.Of(
            $"""
            <li class="{(isChosen ? "chosen" : "")}"><a href="{address}"{(isChosen ? Html.Of($" aria-current=\"true\"") : Html.None)}>
            <span class="subject">{mail.Subject}</span> {Show.Time(mail.ReceivedAt)} <span class="excerpt">{MailHead.FirstLine(mail.Body)}</span>
            <span class="to">{mail.To}</span></a></li>
            """);
    }

    private static Html WithLinks(string text)
    {
        var pieces = new List<Html>();
        var at = 0;
        foreach (Match match in AnyLink().Matches(text))
        {
            pieces.Add(Html.Of($"{text[at..match.Index]}"));
            pieces.Add(Uri.TryCreate(match.Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? Html.Of($"""<a href="{address.AbsoluteUri}" target="_blank" rel="noopener noreferrer">{match.Value}</a>""")
                : Html.Of($"{match.Value}"));
            at = match.Index + match.Length;
        }

        pieces.Add(Html.Of($"{text[at..]}"));
        return Html.Join(pieces);
    }

    private static void NeedsEmulator(Visit visit)
    {
        if (!visit.IsEmulator)
        {
            throw new UsageException($"{visit.Session.Target.Describe()} has no mailbox: only the emulator has one.");
        }
    }

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyLink();
}
