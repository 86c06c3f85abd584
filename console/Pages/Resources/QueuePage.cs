using System.Globalization;
using System.Text.Json;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.WebConsole.Pages.Resources;

/// <summary>A queue: how many messages it has, a look at some of them, redriving its dead letters, and purging it.</summary>
internal static class QueuePage
{
    private const int Peeked = 10;

    public static async Task<Html> List(Visit visit)
    {
        var queues = await visit.Session.Sqs.ListQueuesAsync(
            new ListQueuesRequest { MaxResults = ResourcesPage.Listed }, visit.Cancellation).ConfigureAwait(false);
        var rows = await Task.WhenAll((queues.QueueUrls ?? []).Select(async url => (Url: url, Attributes: await Attributes(visit, url).ConfigureAwait(false))))
            .ConfigureAwait(false);
        return ResourcesPage.Table("Queues", ["Messages", "In flight", "Delayed"], [.. rows.Where(row => row.Attributes is not null).Select(row => (
            Link(row.Url), (Html[])
            [
                Number(row.Attributes!, "ApproximateNumberOfMessages"),
                Number(row.Attributes!, "ApproximateNumberOfMessagesNotVisible"),
                Number(row.Attributes!, "ApproximateNumberOfMessagesDelayed"),
            ]))]);
    }

    public static async Task<Page> Get(Visit visit)
    {
        var name = visit.QueryValue("name") ?? throw new UsageException("the address names no queue (name=…).");
        if (await UrlOrNone(visit, name).ConfigureAwait(false) is not { } url
            || await Attributes(visit, url).ConfigureAwait(false) is not { } attributes)
        {
            return Page.Saying("No such queue", $"There is no queue {name}.", 404) with { Place = "resources" };
        }

        var sources = (await visit.Session.Sqs.ListDeadLetterSourceQueuesAsync(
            new ListDeadLetterSourceQueuesRequest { QueueUrl = url }, visit.Cancellation).ConfigureAwait(false)).QueueUrls ?? [];
        var deadLetters = DeadLetters(attributes);
        return new Page(name, "resources", Html.Of(
            $"""
            {ResourcesPage.Crumbs()}
            <h1>{name}</h1>
            {Show.Facts(
                ("messages", Number(attributes, "ApproximateNumberOfMessages")),
                ("in flight", Number(attributes, "ApproximateNumberOfMessagesNotVisible")),
                ("delayed", Number(attributes, "ApproximateNumberOfMessagesDelayed")),
                ("visibility timeout", Seconds(attributes, "VisibilityTimeout")),
                ("kept for", Seconds(attributes, "MessageRetentionPeriod")),
                ("dead letters go to", deadLetters is null ? Html.None : Html.Of(
                    $"{Link(deadLetters.Value.Queue)} after {deadLetters.Value.MaxReceiveCount} receives")),
                ("dead letters of", Html.Join(sources.Select(source => Html.Of($"{Link(source)} ")))),
                ("ARN", Show.Copyable(attributes.GetValueOrDefault("QueueArn"), "the ARN of the queue")))}
            <div class="actions">
            {visit.Act("queue-peek", Button(name, "Peek at messages", isQuiet: false))}
            {Html.When(sources.Count > 0, $"""{visit.Act(
                "queue-redrive", Button(name, "Redrive to the source queues", isQuiet: true),
                ask: $"Move the messages of {name} back to the queues they came from?")}""")}
            {visit.Act(
                "queue-purge", Button(name, "Purge", isQuiet: true), ask: $"Delete every message of {name}? This cannot be undone.")}
            </div>
            <p class="hint">Peeking receives up to {Peeked} messages with a visibility timeout of 0. Each counts as a receive{Html.When(
                deadLetters is not null, $", and a message received more than {deadLetters?.MaxReceiveCount} times becomes a dead letter")}.</p>
            {(visit.Site.Peeks.Find(visit.QueryValue("peek")) is { } messages ? Messages(messages) : Html.None)}
            """));
    }

    /// <summary>Receives some messages for the page after it, and leaves them in the queue.</summary>
    public static async Task<string> Peek(Visit visit)
    {
        var name = visit.RequiredFormValue("name");
        var answer = await visit.Session.Sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = await Url(visit, name).ConfigureAwait(false),
                MaxNumberOfMessages = Peeked,
                VisibilityTimeout = 0,
                WaitTimeSeconds = 0,
                MessageSystemAttributeNames = ["All"],
                MessageAttributeNames = ["All"],
            },
            visit.Cancellation).ConfigureAwait(false);
        return Links.To("queue", ("name", name), ("peek", visit.Site.Peeks.Keep(answer.Messages ?? [])));
    }

    /// <summary>Moves the dead letters back to where they came from.</summary>
    public static async Task<string> Redrive(Visit visit)
    {
        var name = visit.RequiredFormValue("name");
        var url = await Url(visit, name).ConfigureAwait(false);
        var arn = (await Attributes(visit, url).ConfigureAwait(false))?.GetValueOrDefault("QueueArn")
            ?? throw new FailureException($"there is no queue {name}.");
        await visit.Session.Sqs.StartMessageMoveTaskAsync(new StartMessageMoveTaskRequest { SourceArn = arn }, visit.Cancellation)
            .ConfigureAwait(false);
        return visit.Back("SQS is moving the messages back to their source queues.", "queue", ("name", name));
    }

    public static async Task<string> Purge(Visit visit)
    {
        var name = visit.RequiredFormValue("name");
        await visit.Session.Sqs.PurgeQueueAsync(
            new PurgeQueueRequest { QueueUrl = await Url(visit, name).ConfigureAwait(false) }, visit.Cancellation).ConfigureAwait(false);
        return visit.Back("The queue is being purged, which takes up to a minute.", "queue", ("name", name));
    }

    private static Html Messages(List<Amazon.SQS.Model.Message> messages) => Html.Of(
        $"""
        <section aria-labelledby="messages"><h2 id="messages">Messages</h2>
        {(messages.Count == 0
            ? Html.Of($"""<p class="empty">No message was visible.</p>""")
            : Html.Join(messages.Select(message => Html.Of(
                $"""
                <article class="letter"><p class="status">{Show.Copyable(message.MessageId, "the id of the message")}</p>
                {Show.Facts(
                    ("sent", Show.Time(Time(message.Attributes?.GetValueOrDefault("SentTimestamp")))),
                    ("receives", Html.Of($"{message.Attributes?.GetValueOrDefault("ApproximateReceiveCount")}")),
                    ("group", Html.Of($"{message.Attributes?.GetValueOrDefault("MessageGroupId")}")),
                    ("attributes", Html.Join((message.MessageAttributes ?? []).Select(pair => Html.Of(
                        $"<span class=\"chip\">{pair.Key} {pair.Value.StringValue ?? "(binary)"}</span> ")))))}
                <pre class="text" tabindex="0" aria-label="The message's body">{message.Body}</pre></article>
                """))))}</section>
        """);

    private static Html Button(string name, string words, bool isQuiet) => Html.Of(
        $"""<input type="hidden" name="name" value="{name}"><button class="{(isQuiet ? "quiet" : "")}">{words}</button>""");

    private static Html Link(string urlOrArn)
    {
        var name = urlOrArn[(urlOrArn.LastIndexOfAny([':', '/']) + 1)..];
        return Html.Of($"""<a href="{Links.To("queue", ("name", name))}">{name}</a>""");
    }

    private static Html Number(Dictionary<string, string> attributes, string name) => Html.Of($"{attributes.GetValueOrDefault(name, "0")}");

    private static Html Seconds(Dictionary<string, string> attributes, string name) =>
        int.TryParse(attributes.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? Html.Of($"{Show.Span(TimeSpan.FromSeconds(seconds))}")
            : Html.None;

    private static DateTimeOffset? Time(string? milliseconds) =>
        long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    /// <summary>Where the queue's redrive policy sends dead letters; SQS keeps it as JSON.</summary>
    private static (string Queue, string MaxReceiveCount)? DeadLetters(Dictionary<string, string> attributes)
    {
        if (attributes.GetValueOrDefault("RedrivePolicy") is not { Length: > 0 } policy)
        {
            return null;
        }

        using var json = JsonDocument.Parse(policy);
        return (json.RootElement.GetProperty("deadLetterTargetArn").GetString()!, json.RootElement.GetProperty("maxReceiveCount").ToString());
    }

    private static async Task<string> Url(Visit visit, string name) =>
        await UrlOrNone(visit, name).ConfigureAwait(false) ?? throw new FailureException($"there is no queue {name}.");

    private static async Task<string?> UrlOrNone(Visit visit, string name)
    {
        try
        {
            return (await visit.Session.Sqs.GetQueueUrlAsync(name, visit.Cancellation).ConfigureAwait(false)).QueueUrl;
        }
        catch (QueueDoesNotExistException)
        {
            return null;
        }
    }

    /// <summary>Null where the queue was deleted meanwhile.</summary>
    private static async Task<Dictionary<string, string>?> Attributes(Visit visit, string url)
    {
        try
        {
            return (await visit.Session.Sqs.GetQueueAttributesAsync(url, ["All"], visit.Cancellation).ConfigureAwait(false)).Attributes;
        }
        catch (QueueDoesNotExistException)
        {
            return null;
        }
    }
}
