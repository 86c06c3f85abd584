using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Disa.Operations;

/// <summary>What only the emulator offers, under <c>/_disa/</c>: its health, its clock, its mailbox and what it counted.</summary>
internal sealed class EmulatorApi : IDisposable
{
    private readonly Target target;
    private readonly HttpClient http;

    public EmulatorApi(Target target)
    {
        this.target = target;
        http = new HttpClient(new SigningHandler(target.Credentials, target.Region))
        {
            BaseAddress = target.Endpoint ?? throw NotTheEmulator(target),
            Timeout = TimeSpan.FromMinutes(10),
        };
    }

    /// <summary>Null where the endpoint is AWS or another program.</summary>
    public static async Task<Health?> HealthOrNone(AwsSession session, CancellationToken cancellation)
    {
        if (session.Target.Endpoint is null)
        {
            return null;
        }

        using var response = await session
            .Emulator.http.GetAsync(new Uri("/_disa/health", UriKind.Relative), cancellation)
            .ConfigureAwait(false);
        try
        {
            var health = await response.Content.ReadFromJsonAsync(OperationsJson.Default.Health, cancellation).ConfigureAwait(false);
            return health is { Status.Length: > 0 } ? health : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The time where the messages are: the emulator's clock may have been moved.</summary>
    public static async Task<DateTimeOffset> Now(AwsSession session, CancellationToken cancellation) =>
        (await HealthOrNone(session, cancellation).ConfigureAwait(false))?.Now ?? TimeProvider.System.GetUtcNow();

    /// <summary>What the emulator says does not work as it should; empty on AWS, which has no such page.</summary>
    public static async Task<IReadOnlyList<string>> Problems(AwsSession session, CancellationToken cancellation) =>
        (await HealthOrNone(session, cancellation).ConfigureAwait(false))?.Problems ?? [];

    public async Task<Health> Advance(TimeSpan span, CancellationToken cancellation)
    {
        var body = JsonContent.Create(new AdvanceTime(span.TotalSeconds), OperationsJson.Default.AdvanceTime);
        var health = await Send(HttpMethod.Post, "/_disa/time", body, OperationsJson.Default.Health, cancellation).ConfigureAwait(false);
        return health is { Status.Length: > 0 } ? health : throw UnreachableException.Stranger(target.Describe());
    }

    /// <summary>Stops a move of the clock where it is; nothing happens where nobody moves it.</summary>
    public Task<Health> StopTime(CancellationToken cancellation) =>
        Send(HttpMethod.Delete, "/_disa/time", null, OperationsJson.Default.Health, cancellation);

    /// <summary>What happens by itself next in the emulator, the earliest first: schedules, alarm evaluations, retries, executions that wait.</summary>
    public async Task<IReadOnlyList<Upcoming>> Upcoming(CancellationToken cancellation) =>
        (
            await Send(HttpMethod.Get, "/_disa/time/due", null, OperationsJson.Default.UpcomingList, cancellation).ConfigureAwait(false)
        ).Upcoming;

    /// <summary>The mails, oldest first.</summary>
    /// <param name="after">Only those after this mail's id.</param>
    /// <param name="waitSeconds">How long the emulator may wait for one to come.</param>
    public async Task<IReadOnlyList<Mail>> Inbox(string? after, int waitSeconds, CancellationToken cancellation)
    {
        var query = $"/_disa/inbox?wait={waitSeconds}" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
        return (await Send(HttpMethod.Get, query, null, OperationsJson.Default.Inbox, cancellation).ConfigureAwait(false)).Mails
            ?? throw UnreachableException.Stranger(target.Describe());
    }

    /// <summary>A page of mails, newest first.</summary>
    /// <param name="before">Only those older than this mail's id; null for the newest.</param>
    /// <param name="text">Only those whose subject, body or address contain it, in upper or lower case.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>The mails, and where the next page goes on; null at the end.</returns>
    public async Task<(IReadOnlyList<Mail> Mails, string? Next)> NewestMails(
        string? before,
        string? text,
        int limit,
        CancellationToken cancellation
    )
    {
        var query =
            string.Create(CultureInfo.InvariantCulture, $"/_disa/inbox?before={Uri.EscapeDataString(before ?? "newest")}&limit={limit + 1}")
            + (text is null ? "" : $"&text={Uri.EscapeDataString(text)}");
        var mails =
            (await Send(HttpMethod.Get, query, null, OperationsJson.Default.Inbox, cancellation).ConfigureAwait(false)).Mails
            ?? throw UnreachableException.Stranger(target.Describe());
        return mails.Count > limit ? ([.. mails.Take(limit)], mails[limit - 1].Id) : (mails, null);
    }

    /// <summary>The mails of a message by the id that SNS gave it, newest first.</summary>
    /// <param name="messageId">SNS's id.</param>
    /// <param name="limit">How many at most.</param>
    public async Task<IReadOnlyList<Mail>> MailsOf(string messageId, int limit, CancellationToken cancellation) =>
        (
            await Send(
                    HttpMethod.Get,
                    string.Create(CultureInfo.InvariantCulture, $"/_disa/inbox?message={Uri.EscapeDataString(messageId)}&limit={limit}"),
                    null,
                    OperationsJson.Default.Inbox,
                    cancellation
                )
                .ConfigureAwait(false)
        ).Mails
        ?? throw UnreachableException.Stranger(target.Describe());

    /// <summary>A mail by its id; null where there is none.</summary>
    public async Task<Mail?> MailOrNone(string id, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(new Uri($"/_disa/inbox/{Uri.EscapeDataString(id)}", UriKind.Relative), cancellation)
            .ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadFromJsonAsync(OperationsJson.Default.Mail, cancellation).ConfigureAwait(false)
            : null;
    }

    /// <summary>What was used since counting began.</summary>
    public Task<Cost.Usage> Usage(CancellationToken cancellation) =>
        Send(HttpMethod.Get, "/_disa/usage", null, OperationsJson.Default.Usage, cancellation);

    public Task<Cost.Usage> ResetUsage(CancellationToken cancellation) =>
        Send(HttpMethod.Post, "/_disa/usage/reset", null, OperationsJson.Default.Usage, cancellation);

    /// <summary>Opens a link of a mail, as its reader would.</summary>
    public async Task Open(Uri link, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(link, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new FailureException($"the link {link} answered {(int)response.StatusCode}.");
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<T> Send<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Conflict)
        {
            throw new FailureException("the clock is already being moved; wait until it has arrived, or stop the move.");
        }

        if (response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw UnreachableException.Stranger(target.Describe());
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new FailureException(
                $"{target.Describe()} answered {(int)response.StatusCode} to {path}: {await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false)}"
            );
        }

        return (await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false))!;
    }

    private static UsageException NotTheEmulator(Target target) =>
        new($"{target.Describe()} has no clock to move, no mailbox and no usage count: only the emulator has these.");
}

/// <summary>What the emulator says of itself.</summary>
internal sealed record Health(string Status, DateTimeOffset Now, long OffsetSeconds, string Account)
{
    /// <summary>What does not work as it should, a sentence each: a full disk, a function that is not Active.</summary>
    public IReadOnlyList<string>? Problems { get; init; }

    /// <summary>Where the clock is being moved to; null while it stands.</summary>
    public DateTimeOffset? MovingTo { get; init; }
}

/// <summary>Something that happens by itself once the emulator's clock gets there.</summary>
internal sealed record Upcoming(string Service, string Kind, string Name, DateTimeOffset At);

internal sealed record UpcomingList(IReadOnlyList<Upcoming> Upcoming);

internal sealed record AdvanceTime(double Seconds);

/// <summary>One mail in the emulator's mailbox.</summary>
internal sealed record Mail(
    string Id,
    string To,
    string From,
    string Subject,
    string Body,
    DateTimeOffset ReceivedAt,
    string? MessageId,
    string? TopicArn,
    string Kind
);

internal sealed record Inbox(IReadOnlyList<Mail> Mails);
