using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>A statement of PartiQL, with its parameters' values in their places.</summary>
internal abstract record Statement(string TableName)
{
    /// <summary>The right that it needs, without <c>dynamodb:</c>.</summary>
    public abstract string Action { get; }

    /// <summary>Reads and writes do not go into one batch or transaction; EXISTS goes with writes.</summary>
    public bool IsRead => this is SelectStatement;
}

/// <param name="IndexName">The index that it reads; null for the table.</param>
/// <param name="Paths">What it shows; null is everything.</param>
internal sealed record SelectStatement(string TableName, string? IndexName, IReadOnlyList<DocumentPath>? Paths, Condition? Where)
    : Statement(TableName)
{
    public override string Action => "PartiQLSelect";

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    /// <summary>An item as the statement shows it: each path under its last name.</summary>
    public Item Show(Item item)
    {
        if (Paths is null)
        {
            return item;
        }

        var shown = new Item(Paths.Count);
        foreach (var path in Paths)
        {
            if (path.Find(item) is { } value)
            {
                shown[NameOf(path)] = value;
            }
        }

        return shown;
    }

    private static string NameOf(DocumentPath path)
    {
        var last = path.Steps.Count - 1;
        while (path.Steps[last].Name is null)
        {
            last--;
        }

        return string.Concat(path.Steps.Skip(last));
    }
}

/// <summary>A key attribute to order by.</summary>
internal sealed record Ordering(string Attribute, bool IsDescending);

internal sealed record InsertStatement(string TableName, Item Item) : Statement(TableName)
{
    public override string Action => "PartiQLInsert";
}

internal sealed record UpdateStatement(string TableName, Update Update, Condition Where, Returning? Returning) : Statement(TableName)
{
    public override string Action => "PartiQLUpdate";
}

internal sealed record DeleteStatement(string TableName, Condition Where, Returning? Returning) : Statement(TableName)
{
    public override string Action => "PartiQLDelete";
}

/// <summary>EXISTS(SELECT …): what a transaction asks of an item that it does not write.</summary>
internal sealed record ExistsStatement(SelectStatement Select) : Statement(Select.TableName)
{
    public override string Action => "PartiQLSelect";
}

/// <summary>RETURNING: all of the item or what was modified, as it was or as it is.</summary>
internal sealed record Returning(bool All, bool Old);
