using System.Globalization;

namespace Disa.WebConsole.Pages;

/// <summary>Sending parked messages again: which ones, how many they are, a confirmation, and how far it is.</summary>
internal static class RedrivePage
{
    private static readonly string[] Reasons = ["AttemptsExhausted", "SendFailed", "InvalidMessage", "Expired", "Cancelled", "ProcessFailed", "Held"];

    public static Task<Page> Get(Visit visit) => Task.FromResult(
        visit.QueryValue("run") is { } name ? Of(visit, name, visit.Site.Redrives.Find(name)) : new Page("Redrive", "messages", Choose(visit)) { IsLive = false });

    /// <summary>Freezes the set and shows how many it has; nothing is changed yet.</summary>
    public static async Task<string> Count(Visit visit)
    {
        var redrive = new Redrive(visit.Session, visit.Deployment);
        var items = visit.FormValue("id") is not null
            ? await redrive.Freeze([.. visit.Form["id"].OfType<string>()], visit.Cancellation).ConfigureAwait(false)
            : await redrive.Freeze(Filter(visit), visit.Cancellation).ConfigureAwait(false);
        return Links.To("redrive", ("run", visit.Site.Redrives.Add(new RedriveRun(items))));
    }

    public static Task<string> Go(Visit visit)
    {
        var name = visit.RequiredFormValue("run");
        var rate = Number(visit, "rate", 1, 1000);
        var stopAt = Number(visit, "stopAt", 0, 100);
        visit.Site.Redrives.Start(visit.Site.Redrives.Find(name), new Redrive(visit.Session, visit.Deployment), rate, stopAt / 100.0);
        return Task.FromResult(Links.To("redrive", ("run", name)));
    }

    private static Html Choose(Visit visit) => Html.Of(
        $"""
        <h1>Redrive</h1>
        <p>Messages that were given up are sent again. They are counted first; nothing happens before you confirm.</p>
        {visit.Act("redrive-count", Html.Of(
            $"""
            <label>Status <select name="status">{Option("Failure", "Failure", visit.QueryValue("status"))}{Option("none", "without a status", visit.QueryValue("status"))}</select></label>
            <label>Reason <select name="reason"><option value="">any</option>{Reasons.Select(reason => Option(reason, reason, visit.QueryValue("reason")))}</select></label>
            <label>Last tried before (UTC) <input name="before" type="datetime-local" step="1"></label>
            <label class="inline"><input type="checkbox" name="waiting" value="yes"> also those with a scheduled attempt</label>
            <button>Count</button>
            """))}
        """);

    private static Html Option(string value, string words, string? chosen) => Html.Of($"""<option value="{value}"{(value == chosen ? Html.Of($" selected") : Html.None)}>{words}</option>""");

    private static Page Of(Visit visit, string name, RedriveRun run)
    {
        var report = run.Report;
        var facts = Show.Facts(
            ("messages", Html.Of($"{report.Matched}")),
            ("by reason", Html.Join(report.Reasons.Select(pair => Html.Of($"""<span class="chip">{pair.Key} {pair.Value}</span> """)))),
            ("made due", run.State == "counted" ? Html.None : Html.Of($"{report.Redriven}")),
            ("sent", run.State == "counted" ? Html.None : Html.Of($"{report.Sent}")),
            ("deferred", run.State == "counted" ? Html.None : Html.Of($"{report.Deferred}")),
            ("failed again", run.State == "counted" ? Html.None : Html.Of($"{report.Failed}")),
            ("changed, left alone", run.State == "counted" ? Html.None : Html.Of($"{report.Skipped}")),
            ("its record", report.Id is null ? Html.None : Html.Of($"<code>{report.Id}</code>")));
        var next = run.State switch
        {
            "counted" when report.Matched == 0 => Html.Of($"""<p>No messages match. <a href="{Links.To("redrive")}">Change the selection</a></p>"""),
            "counted" => visit.Act("redrive-go", Html.Of(
                $"""
                <input type="hidden" name="run" value="{name}">
                <label>Messages per second (maximum) <input name="rate" type="number" min="1" max="1000" value="10"></label>
                <label>Stop when more than this percentage fails again <input name="stopAt" type="number" min="0" max="100" value="50"></label>
                <button>Send {report.Matched} again</button> <a href="{Links.To("messages")}">Leave them</a>
                """)),
            "running" => Html.Of($"""<p role="status"><b>In progress.</b> {run.Said}</p>"""),
            "failed" => Html.Of($"""<p class="verdict bad"><strong>It failed:</strong> {run.Said}</p>"""),
            _ => Html.Of($"""<p class="verdict {(report.Stopped is null ? "good" : "wait")}" role="status"><strong>{(report.Stopped is null ? "Done." : "Stopped:")}</strong> {report.Stopped} <a href="{Links.To("messages")}">Messages</a></p>"""),
        };
        return new Page("Redrive", "messages", Html.Of($"<h1>Redrive</h1>{facts}{next}")) { IsLive = run.State == "running" };
    }

    private static RedriveFilter Filter(Visit visit)
    {
        DateTimeOffset? before = visit.FormValue("before") is not { } text ? null : Instant.TryParse(text, out var time) ? time : throw new UsageException($"'{text}' is not a valid time.");
        var status = visit.FormValue("status") ?? SendAttributes.Failure;
        return status is SendAttributes.Failure or "none"
            ? new(status, visit.FormValue("reason") is { } reason ? [reason] : [], before, visit.FormValue("waiting") is not null)
            {
                Group = visit.FormValue("group"),
            }
            : throw new UsageException("a redrive takes messages that are Failure or without a status.");
    }

    private static int Number(Visit visit, string name, int least, int most) =>
        int.TryParse(visit.RequiredFormValue(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw new UsageException($"{name} is a number from {least} to {most}.");
}
