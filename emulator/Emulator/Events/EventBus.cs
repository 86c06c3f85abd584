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

    private readonly Database database;
    private readonly Clock clock;
    private readonly ConditionalWeakTable<Rule, EventPattern> patterns = [];

    public EventBus(Database database, Clock clock)
    {
        this.database = database;
        this.clock = clock;
        Rules = new Shelf<Rule>(database, "events.rule", EventsStore.Default.Rule);
        Buses = new Shelf<Bus>(database, "events.bus", EventsStore.Default.Bus);
    }

    internal Shelf<Rule> Rules { get; }

    internal Shelf<Bus> Buses { get; }

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

    /// <summary>The policy of a bus; null where it has none, or there is no such bus.</summary>
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
                var json = Envelope(scope with { Account = account }, each);
                foreach (var rule in Rules.List(transaction, scope).Values)
                {
                    if (
                        rule.Bus == each.Bus
                        && rule.EventPattern is not null
                        && rule.State.StartsWith(Rule.Enabled, StringComparison.Ordinal)
                        && Pattern(rule).Matches(json)
                    )
                    {
                        Deliver(transaction, scope, rule, each, json);
                    }
                }
            }
        });

    /// <summary>An event of a scheduled rule goes to that rule alone.</summary>
    internal void Fire(Transaction transaction, Scope scope, Rule rule, DateTimeOffset time)
    {
        var id = Guid.NewGuid().ToString();
        var fired = new IncomingEvent(id, Default, "aws.events", "Scheduled Event", JsonElement.Parse("{}"), [rule.Arn], time);
        Deliver(transaction, scope, rule, fired, Envelope(scope, fired));
    }

    private void Deliver(Transaction transaction, Scope scope, Rule rule, IncomingEvent each, JsonElement json)
    {
        var now = clock.GetUtcNow();
        foreach (var target in rule.Targets)
        {
            // A template that this event makes no JSON of delivers nothing, as on AWS.
            if (TargetInput.Of(target, rule, json) is not { } payload)
            {
                continue;
            }

            DeliveryQueue.Add(
                transaction,
                new Delivery
                {
                    Key = $"{each.Id}_{target.Id}",
                    Account = scope.Account,
                    Region = scope.Region,
                    SourceArn = rule.Arn,
                    TargetArn = target.Arn!,
                    RoleArn = target.RoleArn,
                    Payload = payload,
                    TraceHeader = each.TraceHeader,
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

    private EventPattern Pattern(Rule rule) => patterns.GetValue(rule, static each => EventPattern.Parse(each.EventPattern!));

    private static JsonElement Envelope(Scope scope, IncomingEvent each)
    {
        var buffer = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
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
