using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;

namespace Disa.WebConsole.Pages;

/// <summary>One message, from insert to mail: what became of it and why, its timeline, its workflow, its mails, and its item.</summary>
internal static class MessagePage
{
    private const int ExecutionsShown = 5;
    private const int MailsShown = 5;

    public static async Task<Page> Get(Visit visit)
    {
        var id = visit.QueryValue("id") ?? throw new UsageException("the address names no message (id=…).");
        var item = await new Outbox(visit.Session, visit.Deployment).Get(id, visit.Cancellation).ConfigureAwait(false);
        if (item is null)
        {
            return Page.Saying("No such message", $"There is no message {id}: it was never put, or it was deleted, and a deleted item is not sent.", 404) with { Place = "messages" };
        }

        var message = Message.From(item, visit.Deployment.Shape);
        var explanation = await Explanation.Read(visit.Session, visit.Deployment, item, visit.Cancellation).ConfigureAwait(false);
        var traces = await visit.Site.ResponseCache.Get(
            $"message {id}", "", visit.IsEmulator ? TimeSpan.Zero : TimeSpan.FromSeconds(15), () => Traces.Read(visit, message)).ConfigureAwait(false);
        return new Page(Show.Excerpt(message.Text ?? id, 40), "messages", Html.Of(
            $"""
            <p class="crumbs"><a href="{Links.To("messages")}">Messages</a></p>
            <h1 class="message">{message.Subject ?? Show.Excerpt(message.Text, 120)}</h1>
            <p class="status">{Show.Badge(message)} {Show.Copyable(message.Id, "the id")}</p>
            <section aria-labelledby="why" class="explain"><h2 id="why">{Verdict(explanation)}</h2>{explanation.Sentences.Select(sentence => Html.Of($"<p>{Show.Sentence(sentence)}</p>"))}{Actions(visit, message)}</section>
            {Sections(visit, item, message, traces)}
            """));
    }

    private static Html Sections(Visit visit, Dictionary<string, AttributeValue> item, Message message, Traces traces) => Html.Of(
        $"""
        <section aria-labelledby="text"><h2 id="text">Message</h2>
        <pre class="text" tabindex="0" aria-label="The text of the message">{message.Text}</pre>
        {Show.Facts(
            ("attempts", Html.Of($"{message.Attempts}")), ("seen first", Show.Time(message.SeenAt)), ("sent", message.SentAt is null ? Html.None : Show.Time(message.SentAt)),
            ("next attempt", message.NextAttempt is null ? Html.None : Show.Time(message.NextAttempt)),
            ("last error", message.ErrorCode is null ? Html.None : Html.Of($"<b>{message.ErrorCode}</b> ({message.ErrorClass}) {message.ErrorText}")),
            ("in a terminal", visit.Command("explain", message.Id)))}
        </section>
        <section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>{Timeline(message, traces)}</section>
        <section aria-labelledby="workflow"><h2 id="workflow">Workflow</h2>{Workflow(visit, traces)}</section>
        {Html.When(visit.IsEmulator, $"""<section aria-labelledby="mail"><h2 id="mail">Mail</h2>{(traces.Mails.Count == 0 ? Html.Of($"""<p class="empty">No mail came of it.</p>""") : Html.Join(traces.Mails.Select(mail => InboxPage.Letter(visit, mail))))}</section>""")}
        <section aria-labelledby="item"><h2 id="item">Item</h2><details><summary>All attributes, as JSON</summary><pre tabindex="0" aria-label="The item as JSON">{Document.FromAttributeMap(item).ToJsonPretty()}</pre></details></section>
        """);

    private static string Verdict(Explanation explanation) => explanation.Verdict switch
    {
        "sent" => "It was sent",
        "underway" => "It is being sent",
        "waiting" => "It is waiting for its next attempt",
        "held" => "It is held",
        "scheduled" => "It is not due yet",
        "paced" => "It is waiting for its turn",
        "blocked" => "It is waiting behind another message",
        "never" => "It will not be sent",
        _ => "It is not decided yet",
    };

    private static Html Actions(Visit visit, Message message) => Html.When(message.Status != SendAttributes.Successful,
        $"""
        <div class="actions">
        {visit.Act("retry", Html.Of($"""<input type="hidden" name="id" value="{message.Id}"><button>Send it now</button>"""))}
        {visit.Act("cancel", Html.Of($"""<input type="hidden" name="id" value="{message.Id}"><button class="quiet">Cancel it</button>"""), ask: "Cancel this message? It will not be sent unless someone redrives it.")}
        </div>
        {Html.When(message.State == MessageState.Parked, $"{Edit(visit, message)}")}
        """);

    /// <summary>What a parked message can be sent again as.</summary>
    private static Html Edit(Visit visit, Message message) => Html.Of(
        $"""
        <details class="part" id="edit"><summary>Edit and send again</summary>
        {visit.Act("edit", Html.Of(
            $"""
            <input type="hidden" name="id" value="{message.Id}">
            <label>Message <textarea name="message" rows="4" required>{message.Text}</textarea></label>
            <label>Subject <input name="subject" maxlength="99" value="{message.Subject}"></label>
            <label>Attributes to set, NAME=VALUE, one a line; NAME= removes one <textarea name="attributes" rows="2" spellcheck="false"></textarea></label>
            <button>Save and send</button>
            """))}
        <p class="hint">The message as it was is kept with the records of actions.</p></details>
        """);

    private static Html Timeline(Message message, Traces traces)
    {
        var entries = new List<(DateTimeOffset At, string Kind, string Where, Html What)>();
        void Add(string? at, string kind, string where, Html what)
        {
            if (Instant.TryParse(at, out var time))
            {
                entries.Add((time, kind, where, what));
            }
        }

        Add(message.SeenAt, "mark", "table", Html.Of($"The item was inserted."));
        foreach (var attempt in message.History ?? [])
        {
            Add(attempt.At, attempt.Outcome == "Sent" ? "good" : "bad", "attempt", Html.Of($"Attempt {attempt.Number}: <b>{attempt.Outcome}</b> {attempt.Code}{Html.When(attempt.MessageId is not null, $" as <code>{attempt.MessageId}</code>")}"));
        }

        foreach (var run in traces.Runs)
        {
            entries.Add((run.Run.Started, "mark", "workflow", Html.Of($"""Execution <a href="#x-{run.Run.Name}">{run.Run.Name}</a> begins.""")));
            if (run.Run.Stopped is { } stopped)
            {
                entries.Add((stopped, run.Run.Status == "SUCCEEDED" ? "good" : "bad", "workflow", Html.Of($"It ends: {run.Run.Status}.")));
            }
        }

        entries.AddRange(traces.Lines.Select(line => (line.At, "log", line.Where, Html.Of($"{line.What}"))));
        entries.AddRange(traces.Mails.Select(mail => (mail.ReceivedAt, "good", "mail", Html.Of($"Delivered to {mail.To}."))));
        Add(message.Status == "Failure" ? message.NextAttempt : null, "wait", "next", Html.Of($"Due again."));
        return entries.Count == 0 ? Html.Of($"""<p class="empty">Nothing has happened yet.</p>""") : Html.Of(
            $"""
            <ol class="timeline">{entries.OrderBy(entry => entry.At).Select(entry => Html.Of(
                $"""<li class="{entry.Kind}">{Show.ClockTime(entry.At)} <span class="where">{entry.Where}</span> <span class="what">{entry.What}</span></li>"""))}</ol>
            """);
    }

    private static Html Workflow(Visit visit, Traces traces) => Html.Of(
        $"""
        {(traces.Found.IsExpress
            ? Html.Of($"""<p class="hint">The workflow is EXPRESS: it keeps no histories. What its log says of this message is below; at level ERROR that is what failed.</p>""")
            : Html.When(traces.Found.IsMore, $"""<p class="hint">Only the newest {traces.Found.Searched} executions were searched; an older one may have handled it too.</p>"""))}
        {(traces.Runs.Count == 0 ? Html.Of($"""<p class="empty">No execution is known.</p>""") : Html.Join(traces.Runs.Select((entry, i) => Html.Of(
            $"""
            <details class="execution" id="x-{entry.Run.Name}"{Html.When(i == 0, $" open")}><summary>{Show.Time(entry.Run.Started)} {ExecutionPage.Badge(entry.Run)} <code>{entry.Run.Name}</code></summary>
            <p><a href="{Links.To("execution", ("arn", entry.Arn))}">This execution alone</a></p>{ExecutionPage.Body(entry.Run, traces.Graph)}</details>
            """))))}
        """);

    /// <summary>What is left of a message's way outside its item.</summary>
    private sealed record Traces(ExecutionsFound Found, IReadOnlyList<(string Arn, WorkflowRun Run)> Runs, WorkflowGraph Graph, IReadOnlyList<JourneyStep> Lines, IReadOnlyList<Mail> Mails)
    {
        public static async Task<Traces> Read(Visit visit, Message message)
        {
            var executions = new Executions(visit.Session, visit.Deployment);
            var lines = new Journey(visit.Session, visit.Deployment).LogLines(message.Id, visit.Cancellation);
            var mails = MailsOf(visit, message);
            var found = await executions.Of(message, visit.Cancellation).ConfigureAwait(false);
            var runs = await Task.WhenAll(found.Arns.Take(ExecutionsShown).Select(async arn => (Arn: arn, Run: await executions.Run(arn, visit.Cancellation).ConfigureAwait(false)))).ConfigureAwait(false);
            return new(
                found, [.. runs.Where(run => run.Run is not null).Select(run => (run.Arn, run.Run!))], await executions.Graph(visit.Cancellation).ConfigureAwait(false),
                await lines.ConfigureAwait(false), await mails.ConfigureAwait(false));
        }

        private static async Task<IReadOnlyList<Mail>> MailsOf(Visit visit, Message message)
        {
            if (!visit.IsEmulator || message.SnsMessageId is null)
            {
                return [];
            }

            return await visit.Session.Emulator.MailsOf(message.SnsMessageId, MailsShown, visit.Cancellation).ConfigureAwait(false);
        }
    }
}
