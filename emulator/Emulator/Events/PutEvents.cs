using System.Globalization;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.Events;

public sealed record PutEventsRequest(List<PutEventsEntry>? Entries);

public sealed record PutEventsEntry(
    DateTimeOffset? Time,
    string? Source,
    List<string>? Resources,
    string? DetailType,
    string? Detail,
    string? EventBusName,
    string? TraceHeader
);

public sealed record PutEventsResponse(int FailedEntryCount, IReadOnlyList<PutEventsResult> Entries);

public sealed record PutEventsResult(string? EventId, string? ErrorCode, string? ErrorMessage);

/// <summary>Takes custom events in; each entry is accepted or refused by itself.</summary>
internal sealed class PutEvents(EventBus bus, Clock clock)
{
    private const int EntryLimit = 10;

    /// <summary>Of all entries together, in bytes: 1 MB since January 2026.</summary>
    public const int SizeLimit = 1_048_576;

    public async Task<PutEventsResponse> Run(PutEventsRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.Entries is not { } entries)
        {
            throw EventsErrors.Validation(
                "1 validation error detected: Value null at 'entries' failed to satisfy constraint: Member must not be null"
            );
        }

        if (entries.Count is 0 or > EntryLimit)
        {
            var rule = entries.Count == 0 ? "greater than or equal to 1" : $"less than or equal to {EntryLimit}";
            throw EventsErrors.Validation(
                $"1 validation error detected: Value '[{string.Join(", ", entries.Select(Shown))}]' at 'entries' failed to satisfy constraint: Member must have length {rule}"
            );
        }

        if (entries.Sum(Size) > SizeLimit)
        {
            throw EventsErrors.Validation("Total size of the entries in the request is over the limit.");
        }

        var accepted = new List<IncomingEvent>();
        var results = entries.Select(entry => Accept(entry, caller, accepted)).ToList();
        foreach (var ofOne in accepted.GroupBy(each => each.To ?? caller.Scope))
        {
            // The account in the envelope is the sender's.
            await bus.Put(ofOne.Key, caller.Account, [.. ofOne]).ConfigureAwait(false);
        }

        return new(results.Count(result => result.ErrorCode is not null), results);
    }

    private PutEventsResult Accept(PutEventsEntry entry, Caller caller, List<IncomingEvent> accepted)
    {
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string?)>)
                [("Source", entry.Source), ("DetailType", entry.DetailType), ("Detail", entry.Detail)]
        )
        {
            if (string.IsNullOrEmpty(value))
            {
                return new(null, "InvalidArgument", $"Parameter {name} is not valid. Reason: {name} is a required argument.");
            }
        }

        if (entry.Source!.StartsWith("aws.", StringComparison.Ordinal))
        {
            return new(null, "NotAuthorizedForSourceException", "Not authorized for the source.");
        }

        JsonElement detail;
        try
        {
            detail = JsonInput.Parse(entry.Detail!);
        }
        catch (JsonException)
        {
            return new(null, "MalformedDetail", "Detail is malformed.");
        }

        if (detail.ValueKind != JsonValueKind.Object)
        {
            return new(null, "MalformedDetail", "Detail is malformed.");
        }

        // A bus that is not there has no rules: AWS accepts the event, and nothing happens.
        var on =
            string.IsNullOrEmpty(entry.EventBusName) ? EventBus.Default
            : Arn.TryParse(entry.EventBusName) is { Service: "events" } arn ? arn.After("event-bus/") ?? entry.EventBusName
            : entry.EventBusName;
        var id = Guid.NewGuid().ToString();
        accepted.Add(
            new IncomingEvent(id, on, entry.Source, entry.DetailType!, detail, entry.Resources ?? [], entry.Time ?? clock.GetUtcNow())
            {
                To = Foreign(entry.EventBusName, caller),
                TraceHeader = string.IsNullOrEmpty(entry.TraceHeader) ? caller.TraceHeader : entry.TraceHeader,
            }
        );
        return new(id, null, null);
    }

    /// <summary>Another account's bus, given by its ARN: whether it lets the caller in has been decided.</summary>
    private static Scope? Foreign(string? bus, Caller caller) =>
        Arn.TryParse(bus) is not { Service: "events" } arn || arn.Scope == caller.Scope ? null
        : arn.Region == caller.Region ? arn.Scope
        : throw AwsException.NotImplemented("events:PutEvents to a bus of another Region");

    /// <summary>As the user guide counts an entry's size.</summary>
    private static int Size(PutEventsEntry entry) =>
        (entry.Time is null ? 0 : 14)
        + Encoding.UTF8.GetByteCount(entry.Source ?? "")
        + Encoding.UTF8.GetByteCount(entry.DetailType ?? "")
        + Encoding.UTF8.GetByteCount(entry.Detail ?? "")
        + (entry.Resources?.Sum(Encoding.UTF8.GetByteCount) ?? 0);

    /// <summary>An entry as AWS writes it into a refusal (recorded 06-12-2024).</summary>
    private static string Shown(PutEventsEntry entry) =>
        $"PutEventsRequestEntry(time={entry.Time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "null"}, "
        + $"source={entry.Source ?? "null"}, resources={(entry.Resources is { } all ? $"[{string.Join(", ", all)}]" : "null")}, "
        + $"detailType={entry.DetailType ?? "null"}, detail={entry.Detail ?? "null"}, eventBusName={entry.EventBusName ?? "null"}, "
        + $"traceHeader={entry.TraceHeader ?? "null"}, kmsKeyIdentifier=null, internalMetadata=null)";
}
