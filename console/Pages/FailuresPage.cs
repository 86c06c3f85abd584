namespace Disa.WebConsole.Pages;

/// <summary>The messages that failed, by error: how many, since when, and what to do with them.</summary>
internal static class FailuresPage
{
    public static async Task<Page> Get(Visit visit)
    {
        var failures = await FailureGroups.Read(visit.Session, visit.Deployment, visit.Cancellation).ConfigureAwait(false);
        return new Page("Failures", "messages", Html.Of(
            $"""
            <div class="title"><h1>Failures</h1><a class="button" href="{Links.To("messages", ("status", MessageState.Parked))}">Parked messages</a></div>
            {(failures.Groups.Count == 0 ? Html.Of($"""<p class="empty">No message has failed.</p>""") : Table(visit, failures))}
            <p class="hint">{(failures.IsMore ? $"The newest {Show.Number(failures.LookedThrough)} failures; there are more." : $"{Show.Count(failures.LookedThrough, "failure", "failures")} searched.")}
            A failed message is retried automatically; a parked one is not.</p>
            """));
    }

    /// <summary>Parks what would still be tried again of a group.</summary>
    public static async Task<string> CancelGroup(Visit visit)
    {
        var waiting = await Cancellation.Waiting(visit.Session, visit.Deployment, visit.RequiredFormValue("group"), visit.Cancellation).ConfigureAwait(false);
        var done = await Cancellation.All(visit.Session, visit.Deployment, waiting, _ => { }, visit.Cancellation).ConfigureAwait(false);
        var left = waiting.Count - done;
        return visit.Back(
            $"{Show.Count(done, "message was", "messages were")} cancelled{(left > 0 ? $"; {left} were sent in the meantime or are being sent" : "")}.", "failures");
    }

    private static Html Table(Visit visit, FailureGroups failures) => Html.Of(
        $"""
        <table class="stack">
        <caption class="hidden">Failures by error</caption>
        <thead><tr><th scope="col">Error</th><th scope="col">Messages</th><th scope="col">Parked</th><th scope="col">First</th><th scope="col">Last</th><th scope="col"><span class="hidden">What to do</span></th></tr></thead>
        <tbody>{failures.Groups.Select(group => Html.Of(
            $"""
            <tr id="g-{group.Id}">
            <th scope="row"><a href="{Links.To("messages", ("status", "Failure"), ("error", group.Code))}"><b>{group.Code}</b> {group.Words}</a></th>
            <td data-name="Messages" class="number">{Show.Number(group.Count)}</td>
            <td data-name="Parked" class="number">{Show.Number(group.Parked)}</td>
            <td data-name="First">{Show.Time(group.First)}</td>
            <td data-name="Last">{Show.Time(group.Last)}</td>
            <td>{Html.When(group.Parked > 0, $"""{visit.Act("redrive-count", Html.Of(
                $"""
                <input type="hidden" name="status" value="Failure"><input type="hidden" name="group" value="{group.Id}"><button>Redrive …</button>
                """))}""")}
            {Html.When(group.Count > group.Parked, $"""{visit.Act(
                "cancel-group", Html.Of($"""<input type="hidden" name="group" value="{group.Id}"><button class="quiet">Cancel</button>"""),
                ask: $"Cancel the messages of this group that would be retried? They stay parked until they are redriven.")}""")}</td>
            </tr>
            """))}</tbody>
        </table>
        """);
}
