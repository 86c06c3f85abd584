using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Disa.Functions;

namespace Disa.Operations;

/// <summary>Which messages a list shows; null leaves a member open.</summary>
/// <param name="Status">Successful, Failure, or none for those without a status.</param>
/// <param name="Reason">The reason of a Failure, exactly.</param>
/// <param name="Text">What message, subject or key contain; upper and lower case differ, as DynamoDB compares.</param>
/// <param name="From">Only those that Disa saw first at this time or later.</param>
/// <param name="To">Only those that Disa saw first before this time.</param>
internal sealed record MessageFilter(string? Status = null, string? Reason = null, string? Text = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public bool TakesAll => this is { Status: null, Reason: null, Text: null, From: null, To: null };

    /// <summary>Puts it into a scan.</summary>
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

        if (Status is not null)
        {
            conditions.Add(Status == "none" ? $"attribute_not_exists({Name(SendAttributes.Status)})" : $"{Name(SendAttributes.Status)} = {Value(Status)}");
        }

        if (Reason is not null)
        {
            conditions.Add($"{Name(SendAttributes.Reason)} = {Value(Reason)}");
        }

        if (Text is not null)
        {
            var text = Value(Text);
            string[] searched = [SendAttributes.Message, SendAttributes.Subject, .. shape.KeyNames];
            conditions.Add($"({string.Join(" OR ", searched.Select(name => $"contains({Name(name)}, {text})"))})");
        }

        if (From is { } from)
        {
            conditions.Add($"{Name(SendAttributes.SeenAt)} >= {Value(Instant.Text(from))}");
        }

        if (To is { } to)
        {
            conditions.Add($"{Name(SendAttributes.SeenAt)} < {Value(Instant.Text(to))}");
        }

        request.FilterExpression = string.Join(" AND ", conditions);
        request.ExpressionAttributeValues = request.ExpressionAttributeValues.Count > 0 ? request.ExpressionAttributeValues : null;
    }
}

/// <summary>One page of a list of messages.</summary>
/// <param name="Messages">Those that match.</param>
/// <param name="LookedThrough">Items that were read for it.</param>
/// <param name="NewestFirst">Whether the whole table was read and sorted; otherwise the order is the table's own, which means nothing.</param>
/// <param name="Next">Where the next page goes on; null at the end.</param>
internal sealed record MessageSlice(IReadOnlyList<Message> Messages, int LookedThrough, bool NewestFirst, string? Next);

/// <summary>
/// Messages a page at a time. DynamoDB keeps no order among partition keys: a small table is read whole and shown newest first, a
/// larger one in the table's order, and each page reads no more than a bounded number of items.
/// </summary>
internal sealed class MessageList(AwsSession session, Deployment deployment)
{
    /// <summary>Tables of up to so many items are read whole.</summary>
    public const int ReadWhole = 1000;

    /// <summary>Items that one page looks through at most, where a filter passes few of them.</summary>
    public const int LookThrough = 2000;

    private const int OneScan = 250;

    /// <param name="filter">Which ones.</param>
    /// <param name="after">The <see cref="MessageSlice.Next"/> of the page before.</param>
    /// <param name="size">Messages on a page; a page may have up to 250 more, for a scan's page is never cut.</param>
    /// <param name="itemCount">About how many items the table has.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <exception cref="MisuseException"><paramref name="after"/> is no place of this table.</exception>
    public async Task<MessageSlice> Read(MessageFilter filter, string? after, int size, long itemCount, CancellationToken cancellation)
    {
        if (after is null || after.StartsWith('~'))
        {
            var skip = after is null ? 0 : int.TryParse(after.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw NoPlace(after);
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

        var request = Scan(filter);
        request.Limit = filter.TakesAll ? size : OneScan;
        request.ExclusiveStartKey = after is null ? null : ReadPlace(after);
        var found = new List<Message>();
        var lookedThrough = 0;
        do
        {
            lookedThrough += await ScanOn(request, found, cancellation).ConfigureAwait(false);
        }
        while (request.ExclusiveStartKey is { Count: > 0 } && found.Count < size && lookedThrough < LookThrough);

        return new(found, lookedThrough, NewestFirst: false, request.ExclusiveStartKey is { Count: > 0 } place ? WritePlace(place) : null);
    }

    /// <summary>Null where the table is larger than it was said to be.</summary>
    private async Task<MessageSlice?> Whole(MessageFilter filter, CancellationToken cancellation)
    {
        var request = Scan(filter);
        var found = new List<Message>();
        var lookedThrough = 0;
        do
        {
            lookedThrough += await ScanOn(request, found, cancellation).ConfigureAwait(false);
            if (lookedThrough > 2 * ReadWhole)
            {
                return null;
            }
        }
        while (request.ExclusiveStartKey is { Count: > 0 });

        // What Disa has not seen yet is the newest there is.
        return new([.. found.OrderByDescending(message => message.SeenAt ?? "~", StringComparer.Ordinal).ThenBy(message => message.Id, StringComparer.Ordinal)], lookedThrough, NewestFirst: true, null);
    }

    /// <summary>Takes the next page of a scan, and leaves the request where it goes on.</summary>
    /// <returns>How many items were read for it.</returns>
    private async Task<int> ScanOn(ScanRequest request, List<Message> found, CancellationToken cancellation)
    {
        var page = await session.DynamoDb.ScanAsync(request, cancellation).ConfigureAwait(false);
        found.AddRange((page.Items ?? []).Select(item => Message.From(item, deployment.Shape)));
        request.ExclusiveStartKey = page.LastEvaluatedKey;
        return page.ScannedCount ?? 0;
    }

    private ScanRequest Scan(MessageFilter filter)
    {
        var request = new ScanRequest { TableName = deployment.TableName };
        filter.ApplyTo(request, deployment.Shape);
        return request;
    }

    private static string WritePlace(Dictionary<string, AttributeValue> key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(ItemKey.Of(key).Json.GetRawText())).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private static Dictionary<string, AttributeValue> ReadPlace(string place)
    {
        try
        {
            var text = place.Replace('-', '+').Replace('_', '/');
            return ItemKey.Parse(System.Text.Json.JsonElement.Parse(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')))).ToDictionary();
        }
        catch (Exception wrong) when (wrong is FormatException or System.Text.Json.JsonException)
        {
            throw NoPlace(place);
        }
    }

    private static MisuseException NoPlace(string place) => new($"'{place}' is no place in this list.");
}
