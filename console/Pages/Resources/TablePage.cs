using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;

namespace Disa.WebConsole.Pages.Resources;

/// <summary>A table: its keys and indexes, and its items a page at a time.</summary>
internal static class TablePage
{
    private const int Size = 25;

    public static async Task<Html> List(Visit visit)
    {
        var names = (await visit.Session.DynamoDb.ListTablesAsync(
            new ListTablesRequest { Limit = ResourcesPage.Listed }, visit.Cancellation).ConfigureAwait(false)).TableNames ?? [];
        var tables = await Task.WhenAll(names.Select(name => Describe(visit, name))).ConfigureAwait(false);
        return ResourcesPage.Table("Tables", ["Items", "Key", "Status"], [.. tables.OfType<TableDescription>().Select(table => (
            Html.Of($"""<a href="{Links.To("table", ("name", table.TableName))}">{table.TableName}</a>"""),
            (Html[])[Html.Of($"{table.ItemCount ?? 0}"), Html.Of($"{Keys(table.KeySchema, table)}"), Html.Of($"{table.TableStatus}")]))]);
    }

    public static async Task<Page> Get(Visit visit)
    {
        var name = visit.QueryValue("name") ?? throw new UsageException("the address names no table (name=…).");
        if (await Describe(visit, name).ConfigureAwait(false) is not { } table)
        {
            return Page.Saying("No such table", $"There is no table {name}.", 404) with { Place = "resources" };
        }

        var page = await visit.Session.DynamoDb.ScanAsync(
            new ScanRequest { TableName = name, Limit = Size, ExclusiveStartKey = Cursor(visit.QueryValue("after")) }, visit.Cancellation).ConfigureAwait(false);
        var keyNames = table.KeySchema.Select(key => key.AttributeName).ToList();
        return new Page(name, "resources", Html.Of(
            $"""
            {ResourcesPage.Crumbs()}
            <h1>{name}</h1>
            {Show.Facts(
                ("key", Html.Of($"{Keys(table.KeySchema, table)}")),
                ("items", Html.Of($"{table.ItemCount ?? 0}, as DescribeTable counts them")),
                ("status", Html.Of($"{table.TableStatus}")),
                ("indexes", Html.Join(Indexes(table).Select(index => Html.Of($"<div><b>{index.Name}</b> {index.Keys}</div>")))),
                ("stream", Html.Of($"{table.StreamSpecification?.StreamViewType?.Value}")),
                ("ARN", Show.Copyable(table.TableArn, "the ARN of the table")))}
            <section aria-labelledby="items"><h2 id="items">Items</h2>
            {(page.Items is { Count: > 0 } items ? Html.Join(items.Select(item => Item(item, keyNames))) : Html.Of($"""<p class="empty">None.</p>"""))}
            <nav class="pages" aria-label="Pages of the list">
            {Html.When(visit.QueryValue("after") is not null, $"""<a href="{Links.To("table", ("name", name))}">First page</a>""")}
            {(page.LastEvaluatedKey is { Count: > 0 } last
                ? Html.Of($"""<a rel="next" href="{Links.To("table", ("name", name), ("after", Cursor(last)))}">Next page</a>""")
                : Html.None)}</nav>
            <p class="hint">A page is a Scan of up to {Size} items, in the table's own order.</p></section>
            """));
    }

    private static Html Item(Dictionary<string, AttributeValue> item, List<string> keyNames) => Html.Of(
        $"""
        <details class="part"><summary>{string.Join(" · ", keyNames.Select(key => Text(item.GetValueOrDefault(key))))}</summary>
        <pre tabindex="0" aria-label="The item as JSON">{Document.FromAttributeMap(item).ToJsonPretty()}</pre></details>
        """);

    /// <summary>A key's value, which DynamoDB allows to be a string, a number or binary.</summary>
    private static string Text(AttributeValue? value) => value switch
    {
        { S: { } text } => text,
        { N: { } number } => number,
        { B: { } bytes } => Convert.ToBase64String(bytes.ToArray()),
        _ => "",
    };

    private static IEnumerable<(string Name, string Keys)> Indexes(TableDescription table) =>
        (table.GlobalSecondaryIndexes ?? []).Select(index => (index.IndexName, Keys(index.KeySchema, table)))
        .Concat((table.LocalSecondaryIndexes ?? []).Select(index => (index.IndexName, Keys(index.KeySchema, table))));

    private static string Keys(List<KeySchemaElement> schema, TableDescription table) => string.Join(", ", schema.Select(key => string.Create(
        CultureInfo.InvariantCulture, $"{key.AttributeName} ({TypeOf(key.AttributeName, table)}, {key.KeyType})")));

    private static string TypeOf(string attribute, TableDescription table) =>
        table.AttributeDefinitions.FirstOrDefault(one => one.AttributeName == attribute)?.AttributeType?.Value ?? "?";

    private static string Cursor(Dictionary<string, AttributeValue> key)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in key)
            {
                json.WriteStartObject(name);
                json.WriteString(value.S is not null ? "S" : value.N is not null ? "N" : "B", Text(value));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Convert.ToBase64String(buffer.ToArray());
    }

    private static Dictionary<string, AttributeValue>? Cursor(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(Convert.FromBase64String(text));
            return json.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.EnumerateObject().First() switch
            {
                { Name: "S" } value => new AttributeValue { S = value.Value.GetString() },
                { Name: "N" } value => new AttributeValue { N = value.Value.GetString() },
                var value => new AttributeValue { B = new MemoryStream(value.Value.GetBytesFromBase64()) },
            });
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException)
        {
            throw new UsageException("the address names no page of this list (after=…).");
        }
    }

    private static async Task<TableDescription?> Describe(Visit visit, string name)
    {
        try
        {
            return (await visit.Session.DynamoDb.DescribeTableAsync(name, visit.Cancellation).ConfigureAwait(false)).Table;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }
}
