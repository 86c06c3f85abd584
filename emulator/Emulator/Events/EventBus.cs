using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Events;

/// <summary>
/// Where events come in and are matched: an accepted event and its deliveries are one write. Built before the rooms, because
/// other services put events.
/// </summary>
public sealed class EventBus
{
    /// <summary>The bus that every account and Region has.</summary>
    internal const string Default = "default";

    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Database database;
    private readonly Clock clock;
    private readonly ConditionalWeakTable<string, EventPattern> patterns = [];

    public EventBus(Database database, Clock clock)
    {
        this.database = database;
        this.clock = clock;
        Rules = new Shelf<Rule>(database, "events.rule", EventsStore.Default.Rule);
        Buses = new Shelf<Bus>(database, "events.bus", EventsStore.Default.Bus);
        Archives = new Shelf<Archive>(database, "events.archive", EventsStore.Default.Archive);
        Replays = new Shelf<Replay>(database, "events.replay", EventsStore.Default.Replay);
        Connections = new Shelf<Connection>(database, "events.connection", EventsStore.Default.Connection);
        Destinations = new Shelf<ApiDestination>(database, "events.destination", EventsStore.Default.ApiDestination);
    }

    internal Shelf<Rule> Rules { get; }

    internal Shelf<Bus> Buses { get; }

    internal Shelf<Archive> Archives { get; }

    internal Shelf<Replay> Replays { get; }

    internal Shelf<Connection> Connections { get; }

    internal Shelf<ApiDestination> Destinations { get; }

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Called after each commit that left something to deliver.</summary>
    internal Action? Signal { get; set; }

    /// <summary>An AWS service's own event, on the default bus; durable once the task completes.</summary>
    public Task Put(Scope scope, string source, string detailType, JsonElement detail, IReadOnlyList<string> resources) =>
        Put(scope, [new IncomingEvent(Guid.NewGuid().ToString(), Default, source, detailType, detail, resources, clock.GetUtcNow())]);

    /// <summary>A schedule's event, on a bus of the account.</summary>
    internal Task PutOwn(Scope scope, string bus, string source, string detailType, JsonElement detail) =>
        Exists(scope, bus)
            ? Put(scope, [new IncomingEvent(Guid.NewGuid().ToString(), bus, source, detailType, detail, [], clock.GetUtcNow())])
            : throw EventsErrors.BusNotFound(bus);

    /// <summary>The policy of a bus; null where it has none, or the bus does not exist.</summary>
    internal string? PolicyOf(string busArn) =>
        Arn.TryParse(busArn) is { Service: "events" } arn && arn.After("event-bus/") is { } name
            ? Buses.Get(arn.Scope, name)?.Policy
            : null;

    internal bool Exists(Scope scope, string bus) => bus == Default || Buses.Get(scope, bus) is not null;

    internal Task Put(Scope scope, IReadOnlyList<IncomingEvent> events) => Put(scope, scope.Account, events);

    /// <param name="scope">Whose rules they meet.</param>
    /// <param name="account">Who put them.</param>
    /// <param name="events">What was accepted.</param>
    internal Task Put(Scope scope, string account, IReadOnlyList<IncomingEvent> events) =>
        database.Write(transaction =>
        {
            foreach (var each in events)
            {
                Meet(transaction, scope, each, Envelope(scope with { Account = account }, each), isForwarded: false);
            }
        });

    /// <summary>An event that a rule of another bus sends here stays as it is: its account and its Region are those that it comes from.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException: the bus does not exist.</exception>
    internal Task Forward(Scope scope, string bus, JsonElement json, string? traceHeader) =>
        !Exists(scope, bus)
            ? throw EventsErrors.BusNotFound(bus)
            : database.Write(transaction =>
                Meet(
                    transaction,
                    scope,
                    new IncomingEvent(
                        json.GetProperty("id").GetString()!,
                        bus,
                        json.GetProperty("source").GetString()!,
                        json.GetProperty("detail-type").GetString()!,
                        json.GetProperty("detail"),
                        [.. json.GetProperty("resources").EnumerateArray().Select(resource => resource.GetString()!)],
                        json.GetProperty("time").GetDateTimeOffset()
                    )
                    {
                        TraceHeader = traceHeader,
                    },
                    json,
                    isForwarded: true
                )
            );

    /// <summary>An event meets the rules and the archives of its bus.</summary>
    private void Meet(Transaction transaction, Scope scope, IncomingEvent each, JsonElement json, bool isForwarded)
    {
        foreach (var rule in Matching(transaction, scope, each.Bus, json))
        {
            Deliver(transaction, scope, rule, each.Id, each.TraceHeader, json, isForwarded);
        }

        foreach (var archive in Archives.List(transaction, scope).Values)
        {
            if (archive.Bus == each.Bus && (archive.EventPattern is not { } pattern || Pattern(pattern).Matches(json)))
            {
                ArchivedEvents.Add(transaction, scope, archive, each, json, clock.GetUtcNow());
            }
        }
    }

    /// <summary>An event from an archive meets the rules of its bus again, or those that the replay names; no archive gets it again.</summary>
    internal void Replay(Transaction transaction, Scope scope, Replay replay, JsonElement archived)
    {
        var json = Named(archived, replay.Name);
        foreach (var rule in Matching(transaction, scope, replay.Bus, json))
        {
            if (replay.Destination.FilterArns is not { } only || only.Contains(rule.Arn))
            {
                // The key contains the replay's name, so that a target which received the event before receives it again.
                Deliver(transaction, scope, rule, $"{archived.GetProperty("id").GetString()}_{replay.Name}", null, json);
            }
        }
    }

    /// <summary>The enabled rules of a bus that an event matches.</summary>
    private IEnumerable<Rule> Matching(Transaction transaction, Scope scope, string on, JsonElement json) =>
        Rules
            .List(transaction, scope)
            .Values.Where(rule =>
                rule.Bus == on
                && rule.EventPattern is { } pattern
                && rule.State.StartsWith(Rule.Enabled, StringComparison.Ordinal)
                && Pattern(pattern).Matches(json)
            );

    /// <summary>An event of a scheduled rule goes to that rule alone.</summary>
    internal void Fire(Transaction transaction, Scope scope, Rule rule, DateTimeOffset time)
    {
        var id = Guid.NewGuid().ToString();
        var fired = new IncomingEvent(id, Default, "aws.events", "Scheduled Event", JsonElement.Parse("{}"), [rule.Arn], time);
        Deliver(transaction, scope, rule, id, null, Envelope(scope, fired));
    }

    /// <param name="isForwarded">From another bus: EventBridge sends no event on to a third one (user guide, event buses as targets).</param>
    private void Deliver(
        Transaction transaction,
        Scope scope,
        Rule rule,
        string id,
        string? traceHeader,
        JsonElement json,
        bool isForwarded = false
    )
    {
        var now = clock.GetUtcNow();
        foreach (var target in rule.Targets)
        {
            if (isForwarded && Arn.TryParse(target.Arn)?.Service == "events")
            {
                continue;
            }

            // A template that this event makes no JSON of delivers nothing, as on AWS.
            if (TargetInput.Of(target, rule, json) is not { } payload)
            {
                continue;
            }

            DeliveryQueue.Add(
                transaction,
                new Delivery
                {
                    Key = $"{id}_{target.Id}",
                    Account = scope.Account,
                    Region = scope.Region,
                    SourceArn = rule.Arn,
                    TargetArn = target.Arn!,
                    RoleArn = target.RoleArn,
                    Payload = payload,
                    TraceHeader = traceHeader,
                    DeadLetterBody = json.GetRawText(),
                    DeadLetterArn = target.DeadLetterConfig?.Arn,
                    MessageGroupId = target.SqsParameters?.MessageGroupId,
                    Retries = target.RetryPolicy?.MaximumRetryAttempts ?? Delivery.DefaultRetries,
                    Expires = now.AddSeconds(target.RetryPolicy?.MaximumEventAgeInSeconds ?? Delivery.DefaultAge),
                },
                now
            );
        }

        transaction.AfterCommit(() => Signal?.Invoke());
    }

    /// <summary>A pattern is parsed once for each rule or archive: its text is that document's own.</summary>
    private EventPattern Pattern(string text) => patterns.GetValue(text, static each => EventPattern.Parse(each));

    /// <summary>The event with the name of the replay that it is in, where AWS has it (recorded 22-05-2024).</summary>
    private static JsonElement Named(JsonElement archived, string replay)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            foreach (var member in archived.EnumerateObject())
            {
                member.WriteTo(json);
                if (member.Name == "region")
                {
                    json.WriteString("replay-name", replay);
                }
            }

            json.WriteEndObject();
        }

        return OwnJson.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static JsonElement Envelope(Scope scope, IncomingEvent each)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("version", "0");
            json.WriteString("id", each.Id);
            json.WriteString("detail-type", each.DetailType);
            json.WriteString("source", each.Source);
            json.WriteString("account", scope.Account);
            json.WriteString("time", each.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("region", scope.Region);
            json.WriteStartArray("resources");
            foreach (var resource in each.Resources)
            {
                json.WriteStringValue(resource);
            }

            json.WriteEndArray();
            json.WritePropertyName("detail");
            each.Detail.WriteTo(json);
            json.WriteEndObject();
        }

        return OwnJson.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}

/// <summary>An event that is accepted.</summary>
internal sealed record IncomingEvent(
    string Id,
    string Bus,
    string Source,
    string DetailType,
    JsonElement Detail,
    IReadOnlyList<string> Resources,
    DateTimeOffset Time
)
{
    /// <summary>Whose bus it is for; null for the caller's own.</summary>
    public Scope? To { get; init; }

    public string? TraceHeader { get; init; }
}
