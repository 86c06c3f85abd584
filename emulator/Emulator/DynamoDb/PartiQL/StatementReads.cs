using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>Runs SELECT: by the partitions that the clause names, else over the whole table or index.</summary>
internal sealed class StatementReads(Database database, Tables tables, Listings lists, UsageMeter meter)
{
    private const long Hashes = 1L << 32;

    /// <summary>Of several partitions, "results are returned in pages of up to 10 items"
    /// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html).</summary>
    private const int PageOfSeveral = 10;

    public ExecuteStatementResponse Run(SelectStatement select, ExecuteStatementRequest request, Scope scope)
    {
        var table = tables.Open(scope, select.TableName);
        var isConsistent = request.ConsistentRead == true;
        var index = PageRequest.Index(table.Schema, select.IndexName, isConsistent, select: null);
        var keys = index?.Keys ?? table.Schema.Keys;
        table.Schema.CheckPaths((select.Paths ?? []).Concat(select.Where?.Paths ?? []));
        var places = Places(select, keys, out var isForward);
        var projection = select.Paths is null ? null : new Projection(select.Paths);
        var fetches = PageRequest.Fetches(index, null, projection);
        var list = lists.Of("ExecuteStatement", scope, Digest(request));

        // A token says the key where the page before ended.
        (RowKey Start, byte[] Row)? start = list.After(request.NextToken) is { } key
            ? PageRequest.Start(table.Schema, index, ItemCodec.Decode(Convert.FromBase64String(key)))
            : null;
        var page = database.Read(transaction =>
        {
            var page = new PageReader(transaction, table, index)
            {
                Filter = select.Where,
                Projection = null,
                Limit = places?.Count > 1 ? Math.Min(request.Limit ?? PageOfSeveral, PageOfSeveral) : request.Limit,
                IsConsistent = isConsistent,
                CountsOnly = false,
                Fetches = fetches,
            };
            Read(page, places, start, isForward);
            return page;
        });
        var capacity = page.Capacity();
        capacity.CountReads(meter, table.Name);
        // Behind one item that is named by its whole key there is none.
        var last = index is null && KeyPlan.TryKey(keys, select.Where) is not null ? null : page.LastEvaluatedKey;
        return new ExecuteStatementResponse(
            page.Items!.ConvertAll(select.Show),
            last is null ? null : list.Token(Convert.ToBase64String(ItemCodec.Encode(last))),
            capacity.Show(request.ReturnConsumedCapacity, table.Name),
            last
        );
    }

    private static void Read(
        PageReader page,
        List<(RowKey Partition, KeyRange Range)>? places,
        (RowKey Start, byte[] Row)? start,
        bool isForward
    )
    {
        if (places is null)
        {
            page.Scan(0, Hashes, start?.Start, start?.Row ?? []);
            return;
        }

        var first = start is { } from
            ? Math.Max(0, places.FindIndex(place => place.Partition.HashKey.AsSpan().SequenceEqual(from.Start.HashKey)))
            : 0;
        for (var i = first; i < places.Count && page.LastEvaluatedKey is null; i++)
        {
            page.Query(places[i].Partition, places[i].Range, i == first ? start?.Start : null, start?.Row ?? [], isForward);
        }
    }

    /// <summary>Where the rows are, in the order that is asked for; null where all are read.</summary>
    private static List<(RowKey Partition, KeyRange Range)>? Places(SelectStatement select, KeyAttributes keys, out bool isForward)
    {
        var partitions = KeyPlan.Partitions(keys, select.Where);
        isForward = true;
        if (select.OrderBy.Count > 0)
        {
            if (select.Where is null)
            {
                throw Errors.Validation("Must have WHERE clause in the statement when using ORDER BY clause.");
            }

            if (partitions is null)
            {
                throw Errors.Validation(
                    "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."
                );
            }

            isForward = Order(select.OrderBy, keys, partitions);
        }

        return partitions?.ConvertAll(partition => Query.Place(keys, partition));
    }

    /// <summary>Puts the partitions into order; whether the rows of each are read forward.</summary>
    private static bool Order(IReadOnlyList<Ordering> orderings, KeyAttributes keys, List<KeyCondition> partitions)
    {
        if (orderings.FirstOrDefault(ordering => !keys.Contains(ordering.Attribute)) is { } foreign)
        {
            throw StatementParser.NotAKey(foreign.Attribute);
        }

        var range = orderings.FirstOrDefault(ordering => keys.Ranges.Any(key => key.Name == ordering.Attribute));
        if (partitions.Count > 1)
        {
            if (orderings[0].Attribute != keys.Hash)
            {
                throw AwsException.NotImplemented("ORDER BY the sort key across several partitions in dynamodb:ExecuteStatement");
            }

            var sign = orderings[0].IsDescending ? -1 : 1;
            partitions.Sort((one, other) => sign * (one.Parts[keys.Hash].Value.CompareTo(other.Parts[keys.Hash].Value) ?? 0));
        }

        return range?.IsDescending != true;
    }

    private static string Digest(ExecuteStatementRequest request) =>
        Convert.ToBase64String(SHA256.HashData(Content(request.Statement!, request.Parameters)));

    /// <summary>A statement with its parameters, as bytes that are the same for the same content.</summary>
    public static byte[] Content(string statement, List<AttributeValue>? parameters) =>
        ItemCodec.Encode(
            new Item { ["Statement"] = AttributeValue.Of(statement), ["Parameters"] = AttributeValue.List([.. parameters ?? []]) }
        );
}
