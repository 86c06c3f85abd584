using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>Which messages a list shows; null leaves a member open.</summary>
/// <param name="Status">Successful, Failure, or none for those without a status.</param>
/// <param name="Reason">The reason of a Failure, exactly.</param>
/// <param name="Text">What message, subject or key contain; upper and lower case differ, as DynamoDB compares.</param>
/// <param name="From">Only those that are in their state since this time or later; of those undecided, seen first since then.</param>
/// <param name="To">Only those that are in their state since before this time; of those undecided, seen first before then.</param>
internal sealed record MessageFilter(
    string? Status = null,
    string? Reason = null,
    string? Text = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null
)
{
    /// <summary>One of <see cref="MessageState.All"/>.</summary>
    public string? State { get; init; }

    /// <summary>The code of the last error, exactly.</summary>
    public string? ErrorCode { get; init; }

    public bool TakesAll => this is { Status: null, State: null, Reason: null, ErrorCode: null, Text: null, From: null, To: null };

    /// <summary>The states in which the messages are that it takes.</summary>
    public IReadOnlyList<string> States =>
        State is not null
            ? [State]
            : Status switch
            {
                // What is sent has neither.
                null when Reason is null && ErrorCode is null => MessageState.All,
                SendAttributes.Successful => [MessageState.Sent],
                _ => [.. MessageState.All.Where(state => state != MessageState.Sent)],
            };

    /// <summary>Whether it takes a message that the index listed.</summary>
    public bool Takes(Message message) =>
        (State is null || message.State == State)
        && (Status is null || message.Status == (Status == "none" ? null : Status))
        && (Reason is null || message.Reason == Reason)
        && (ErrorCode is null || message.ErrorCode == ErrorCode)
        && (Text is null || Contains(message.Text) || Contains(message.Subject) || Contains(message.Id));

    /// <summary>Puts it into a scan; the state is left to <see cref="Takes"/>.</summary>
    public void ApplyTo(ScanRequest request, TableShape shape)
    {
        List<string> conditions = shape.IsShared ? [$"attribute_exists({SendAttributes.Message})"] : [];
        if (TakesAll)
        {
            request.FilterExpression = conditions.FirstOrDefault();
            return;
        }

        request.ExpressionAttributeNames = [];
        request.ExpressionAttributeValues = [];
        string Name(string name)
        {
            var known = request.ExpressionAttributeNames.FirstOrDefault(pair => pair.Value == name).Key;
            known ??= string.Create(CultureInfo.InvariantCulture, $"#n{request.ExpressionAttributeNames.Count}");
            request.ExpressionAttributeNames[known] = name;
            return known;
        }

        string Value(string text)
        {
            var alias = string.Create(CultureInfo.InvariantCulture, $":v{request.ExpressionAttributeValues.Count}");
            request.ExpressionAttributeValues[alias] = new() { S = text };
            return alias;
        }

        string Since(string comparison, DateTimeOffset time)
        {
            var (listed, seen, value) = (Name(SendAttributes.ListedAt), Name(SendAttributes.SeenAt), Value(Instant.Text(time)));
            return $"({listed} {comparison} {value} OR (attribute_not_exists({listed}) AND {seen} {comparison} {value}))";
        }

        if (Status is not null)
        {
            conditions.Add(
                Status == "none"
                    ? $"attribute_not_exists({Name(SendAttributes.Status)})"
                    : $"{Name(SendAttributes.Status)} = {Value(Status)}"
            );
        }

        if (Reason is not null)
        {
            conditions.Add($"{Name(SendAttributes.Reason)} = {Value(Reason)}");
        }

        if (ErrorCode is not null)
        {
            conditions.Add($"{Name(SendAttributes.Error)}.{Name("code")} = {Value(ErrorCode)}");
        }

        if (Text is not null)
        {
            var text = Value(Text);
            string[] searched = [SendAttributes.Message, SendAttributes.Subject, .. shape.KeyNames];
            conditions.Add($"({string.Join(" OR ", searched.Select(name => $"contains({Name(name)}, {text})"))})");
        }

        if (From is { } from)
        {
            conditions.Add(Since(">=", from));
        }

        if (To is { } to)
        {
            conditions.Add(Since("<", to));
        }

        request.FilterExpression = conditions.Count > 0 ? string.Join(" AND ", conditions) : null;
        request.ExpressionAttributeNames = request.ExpressionAttributeNames.Count > 0 ? request.ExpressionAttributeNames : null;
        request.ExpressionAttributeValues = request.ExpressionAttributeValues.Count > 0 ? request.ExpressionAttributeValues : null;
    }

    private bool Contains(string? text) => text?.Contains(Text!, StringComparison.Ordinal) == true;
}

/// <summary>One page of a list of messages.</summary>
/// <param name="Messages">Those that match.</param>
/// <param name="LookedThrough">Items that were read for it.</param>
/// <param name="NewestFirst">Whether the newest come first; otherwise the order is the table's own, which means nothing.</param>
/// <param name="Next">Where the next page goes on; null at the end.</param>
internal sealed record MessageSlice(IReadOnlyList<Message> Messages, int LookedThrough, bool NewestFirst, string? Next);

/// <summary>
/// Messages a page at a time, the newest first. A small table is read whole; of a larger one the index of decided messages is read, and
/// those that no attempt has decided yet are found by a scan, in the table's order, where they are asked for. No page looks through more
/// than a bounded number of items.
/// </summary>
internal sealed class MessageList(AwsSession session, Deployment deployment)
{
    /// <summary>Tables of up to so many items are read whole.</summary>
    public const int ReadWhole = 1000;

    /// <summary>Items that one page looks through at most, where a filter passes few of them.</summary>
    public const int LookThrough = 2000;

    private const int OneScan = 250;
    private const char InIndex = '@';

    /// <param name="filter">Which ones.</param>
    /// <param name="after">The <see cref="MessageSlice.Next"/> of the page before.</param>
    /// <param name="size">Messages on a page; a page may have up to 250 more, for a scan's page is never cut.</param>
    /// <param name="itemCount">About how many items the table has.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <exception cref="UsageException"><paramref name="after"/> is no place of this table.</exception>
    public async Task<MessageSlice> Read(MessageFilter filter, string? after, int size, long itemCount, CancellationToken cancellation)
    {
        if (after is null || after.StartsWith('~'))
        {
            var skip =
                after is null ? 0
                : int.TryParse(after.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw NoPlace(after);
            if (itemCount <= ReadWhole && await Whole(filter, cancellation).ConfigureAwait(false) is { } whole)
            {
                return whole with
                {
                    Messages = [.. whole.Messages.Skip(skip).Take(size)],
                    Next = skip + size < whole.Messages.Count ? string.Create(CultureInfo.InvariantCulture, $"~{skip + size}") : null,
                };
            }

            after = null;
        }

        if (filter.Status != "none" && after is null or [InIndex, ..])
        {
            return await FromIndex(filter, after, size, cancellation).ConfigureAwait(false);
        }

        var request = Scan(filter);
        request.Limit = filter.TakesAll ? size : OneScan;
        request.ExclusiveStartKey = after is null ? null : ReadPlace(after);
        var found = new List<Message>();
        var lookedThrough = 0;
        do
        {
            lookedThrough += await ScanOn(request, filter, found, cancellation).ConfigureAwait(false);
        } while (request.ExclusiveStartKey is { Count: > 0 } && found.Count < size && lookedThrough < LookThrough);

        return new(found, lookedThrough, NewestFirst: false, request.ExclusiveStartKey is { Count: > 0 } place ? WritePlace(place) : null);
    }

    private async Task<MessageSlice> FromIndex(MessageFilter filter, string? after, int size, CancellationToken cancellation)
    {
        var index = new MessageIndex(session, deployment);
        var found = new List<Message>();
        var chunk = new List<ListedMessage>();
        var lookedThrough = 0;
        ListedMessage? last = null;
        var entries = index
            .NewestFirst(filter.States, filter.From, filter.To, after is null ? null : ReadEntry(after), cancellation)
            .GetAsyncEnumerator(cancellation);
        await using (entries.ConfigureAwait(false))
        {
            var isMore = await entries.MoveNextAsync().ConfigureAwait(false);
            while (isMore && found.Count < size && lookedThrough < LookThrough)
            {
                chunk.Clear();
                var atMost = filter.TakesAll ? size - found.Count : OneScan;
                do
                {
                    chunk.Add(entries.Current);
                    isMore = await entries.MoveNextAsync().ConfigureAwait(false);
                } while (isMore && chunk.Count < atMost);

                var items = (await index.Items(chunk, null, cancellation).ConfigureAwait(false)).ToDictionary(
                    item => ItemKey.Of(item, deployment.Shape.KeyNames).Identity,
                    item => Message.From(item, deployment.Shape),
                    StringComparer.Ordinal
                );
                foreach (var entry in chunk.TakeWhile(_ => found.Count < size))
                {
                    last = entry;
                    lookedThrough++;
                    if (items.TryGetValue(entry.Key.Identity, out var message) && filter.Takes(message))
                    {
                        found.Add(message);
                    }
                }

                isMore = isMore || last != chunk[^1];
            }

            return new(found, lookedThrough, NewestFirst: true, isMore ? WriteEntry(last!) : null);
        }
    }

    private static string WriteEntry(ListedMessage entry) => $"{InIndex}{entry.At}~{WritePlace(entry.Key.ToDictionary())}";

    private static ListedMessage ReadEntry(string place) =>
        place[1..].Split('~') is [var at, var key] && Instant.TryParse(at, out var time)
            ? new(ItemKey.Of(ReadPlace(key)), "", Instant.Text(time))
            : throw NoPlace(place);

    /// <summary>Null where the table is larger than it was said to be.</summary>
    private async Task<MessageSlice?> Whole(MessageFilter filter, CancellationToken cancellation)
    {
        var request = Scan(filter);
        var found = new List<Message>();
        var lookedThrough = 0;
        do
        {
            lookedThrough += await ScanOn(request, filter, found, cancellation).ConfigureAwait(false);
            if (lookedThrough > 2 * ReadWhole)
            {
                return null;
            }
        } while (request.ExclusiveStartKey is { Count: > 0 });

        // What Disa has not seen yet is the newest there is.
        return new(
            [
                .. found
                    .OrderByDescending(message => message.Since ?? "~" + message.SeenAt, StringComparer.Ordinal)
                    .ThenBy(message => message.Id, StringComparer.Ordinal),
            ],
            lookedThrough,
            NewestFirst: true,
            null
        );
    }

    /// <summary>Takes the next page of a scan, and leaves the request where it goes on.</summary>
    /// <returns>How many items were read for it.</returns>
    private async Task<int> ScanOn(ScanRequest request, MessageFilter filter, List<Message> found, CancellationToken cancellation)
    {
        var page = await session.DynamoDb.ScanAsync(request, cancellation).ConfigureAwait(false);
        found.AddRange((page.Items ?? []).Select(item => Message.From(item, deployment.Shape)).Where(filter.Takes));
        request.ExclusiveStartKey = page.LastEvaluatedKey;
        return page.ScannedCount ?? 0;
    }

    private ScanRequest Scan(MessageFilter filter)
    {
        var request = new ScanRequest { TableName = deployment.TableName };
        filter.ApplyTo(request, deployment.Shape);
        return request;
    }

    private static string WritePlace(Dictionary<string, AttributeValue> key) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(ItemKey.Of(key).Json.GetRawText())).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private static Dictionary<string, AttributeValue> ReadPlace(string place)
    {
        try
        {
            var text = place.Replace('-', '+').Replace('_', '/');
            return ItemKey
                .Parse(System.Text.Json.JsonElement.Parse(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='))))
                .ToDictionary();
        }
        catch (Exception wrong) when (wrong is FormatException or System.Text.Json.JsonException)
        {
            throw NoPlace(place);
        }
    }

    private static UsageException NoPlace(string place) => new($"'{place}' is not a position in this list.");
}
