
namespace Disa.WebConsole.Pages;

/// <summary>The messages: filtered, searched, a page at a time.</summary>
internal static class MessagesPage
{
    private const int Size = 50;
    private static readonly string[] Reasons =
    [
        "SendFailed", "Held", "Scheduled", "Paced", "Blocked", "FunctionChanged", "AttemptsExhausted", "InvalidMessage", "Expired", "ProcessFailed", "Adopted",
        "Redriven", "Cancelled",
    ];

    public static async Task<Page> Get(Visit visit)
    {
        var filter = Filter(visit);
        var items = await visit.Site.ItemCount(visit).ConfigureAwait(false);
        var exact = visit.QueryValue("text") is { } id && visit.QueryValue("after") is null ? await Exactly(visit, id).ConfigureAwait(false) : null;
        var page = await new MessageList(visit.Session, visit.Deployment).Read(filter, visit.QueryValue("after"), Size, items, visit.Cancellation).ConfigureAwait(false);
        List<Message> shown = exact is null ? [.. page.Messages] : [exact, .. page.Messages.Where(message => message.Id != exact.Id)];
        var isEmpty = shown.Count == 0 && page is { LookedThrough: 0, Next: null } && items == 0 && !visit.Query.Keys.Any(name => name != "note" && visit.QueryValue(name) is not null);
        return new Page("Messages", "messages", Html.Of(
            $"""
            <div class="title"><h1>Messages</h1><a class="button" href="{Links.To("")}#send">Send a message</a></div>
            {Tabs(visit)}
            {Search(visit)}
            {(isEmpty ? FirstStep.Ask(visit, here: false) : shown.Count == 0 ? Html.Of($"""<p class="empty">No match among the items searched.</p>""") : Table(visit, shown))}
            <p class="hint" id="looked">{Looked(page, items)}</p>
            {Onwards(visit, page)}
            """));
    }

    private static string Looked(MessageSlice page, long items) => page.NewestFirst
        ? $"{Show.Count(page.LookedThrough, "item", "items")} searched for this page; newest first."
        : $"{Show.Count(page.LookedThrough, "item", "items")} searched for this page, of about {Show.Number(items)}. Undecided messages are in no index: they are listed in the table's own order.";

    private static Html Onwards(Visit visit, MessageSlice page) => Html.When(page.Next is not null || visit.QueryValue("after") is not null,
        $"""
        <nav class="pages" aria-label="Pages of the list">
        {Html.When(visit.QueryValue("after") is not null, $"""<a href="{With(visit, "after", null)}">To the start</a>""")}
        {Html.When(page.Next is not null, $"""<a rel="next" href="{With(visit, "after", page.Next)}">{(page.Messages.Count == 0 ? "Look further" : "Next page")}</a>""")}
        </nav>
        """);

    private static Html Tabs(Visit visit) => Html.Of(
        $"""<ul class="tabs" aria-label="State">{Tab(visit, null, "All")}{MessageState.All.Select(state => Tab(visit, state, state))}{Tab(visit, "none", "Undecided")}</ul>""");

    private static Html Tab(Visit visit, string? status, string words) => Html.Of(
        $"""<li><a href="{Links.To("messages", ("status", status), ("text", visit.QueryValue("text")))}"{(visit.QueryValue("status") == status ? Html.Of($" aria-current=\"true\"") : Html.None)}>{words}</a></li>""");

    private static Html Search(Visit visit) => Html.Of(
        $"""
        <form class="search" method="get" action="{Links.To("messages")}" role="search">
        {Html.When(visit.QueryValue("status") is not null, $"""<input type="hidden" name="status" value="{visit.QueryValue("status")}">""")}
        <label>Text or id <input type="search" id="find" name="text" value="{visit.QueryValue("text")}"></label>
        <label>Reason <select name="reason"><option value="">any</option>{Reasons.Select(reason => Html.Of($"""<option{(reason == visit.QueryValue("reason") ? Html.Of($" selected") : Html.None)}>{reason}</option>"""))}</select></label>
        <label>Error code <input type="text" name="error" value="{visit.QueryValue("error")}"></label>
        <label>Since (UTC) <input type="datetime-local" step="1" name="from" value="{visit.QueryValue("from")}"></label>
        <label>to <input type="datetime-local" step="1" name="to" value="{visit.QueryValue("to")}"></label>
        <button>Find</button>
        </form>
        """);

    private static Html Table(Visit visit, List<Message> messages) => visit.Act("redrive-count", Html.Of(
        $"""
        <table class="stack">
        <caption class="hidden">Messages</caption>
        <thead><tr><th scope="col"><span class="hidden">Select</span></th><th scope="col">Message</th><th scope="col">Status</th><th scope="col">Attempts</th><th scope="col">Since</th><th scope="col">Next attempt</th></tr></thead>
        <tbody>{messages.Select(message => Html.Of(
            $"""
            <tr id="m-{message.Id}">
            <td class="check">{Html.When(message.Status != SendAttributes.Successful, $"""<input type="checkbox" name="id" value="{message.Id}" aria-label="Select {message.Id}">""")}</td>
            <th scope="row"><a href="{Links.To("message", ("id", message.Id))}"><span class="text">{Title(message)}</span> <code>{message.Id}</code></a></th>
            <td data-name="Status">{Show.Badge(message)}</td>
            <td data-name="Attempts" class="number">{message.Attempts}</td>
            <td data-name="Since">{Show.Time(message.Since ?? message.SeenAt)}</td>
            <td data-name="Next attempt">{Show.Time(message.NextAttempt)}</td>
            </tr>
            """))}</tbody>
        </table>
        <p class="actions"><button>Redrive those selected …</button> <a href="{Links.To("failures")}">Failures by error</a> <a href="{Links.To("redrive", ("reason", visit.QueryValue("reason")))}">Redrive by reason …</a></p>
        """));

    private static string Title(Message message) => message.Subject is { } subject ? Show.Excerpt($"{subject}: {message.Text}", 90) : message.Text is { Length: > 0 } text ? Show.Excerpt(text, 90) : "(no message)";

    private static MessageFilter Filter(Visit visit)
    {
        var status = visit.QueryValue("status");
        var state = MessageState.All.FirstOrDefault(one => one == status);
        return status is null or SendAttributes.Successful or SendAttributes.Failure or "none" || state is not null
            ? new(state is null ? status : MessageState.StatusOf(state), visit.QueryValue("reason"), visit.QueryValue("text"), Time(visit, "from"), Time(visit, "to"))
            {
                State = state,
                ErrorCode = visit.QueryValue("error"),
            }
            : throw new UsageException($"'{status}' is not a state of a message ({string.Join(", ", MessageState.All)}), nor Successful, Failure or none.");
    }

    private static DateTimeOffset? Time(Visit visit, string name) =>
        visit.QueryValue(name) is not { } text ? null : Instant.TryParse(text, out var time) ? time : throw new UsageException($"'{text}' is not a valid time.");

    /// <summary>The message of that very id, however large the table is.</summary>
    private static async Task<Message?> Exactly(Visit visit, string id)
    {
        try
        {
            return await new Outbox(visit.Session, visit.Deployment).Get(id, visit.Cancellation).ConfigureAwait(false) is { } item ? Message.From(item, visit.Deployment.Shape) : null;
        }
        catch (UsageException)
        {
            return null; // No key of this table's type.
        }
    }

    private static string With(Visit visit, string name, string? value) => Links.To(
        "messages", visit.Query.Where(pair => pair.Key != name && pair.Key != "note").Select(pair => (pair.Key, (string?)pair.Value.ToString())).Append((name, value)));
}
