using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>Reads a statement.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html</remarks>
internal sealed class StatementParser
{
    private readonly StatementReader reader;
    private readonly StatementValues values;
    private readonly StatementConditions conditions;

    private StatementParser(StatementReader reader)
    {
        this.reader = reader;
        values = new StatementValues(reader);
        conditions = new StatementConditions(reader, values);
    }

    /// <exception cref="Aws.AwsException">ValidationException.</exception>
    public static Statement Parse(string text, IReadOnlyList<AttributeValue>? parameters)
    {
        var parser = new StatementParser(new StatementReader(text, parameters ?? []));
        var statement = parser.Read();
        parser.reader.ExpectEnd();
        return statement;
    }

    private Statement Read()
    {
        if (reader.TryTakeWord("SELECT"))
        {
            return Select();
        }

        if (reader.TryTakeWord("INSERT"))
        {
            return Insert();
        }

        if (reader.TryTakeWord("UPDATE"))
        {
            return new StatementUpdates(reader, values, conditions).Read();
        }

        if (reader.TryTakeWord("DELETE"))
        {
            return Delete();
        }

        return reader.TryTakeWord("EXISTS") ? Exists() : throw StatementReader.Malformed("Expected data manipulation");
    }

    private SelectStatement Select()
    {
        if (reader.Current.IsWord("DISTINCT") || reader.Current.IsWord("VALUE"))
        {
            throw Errors.Validation($"Unsupported clause: {reader.Current.Text.ToUpperInvariant()}");
        }

        var paths = Projection();
        reader.ExpectWord("FROM");
        var (table, index) = Source();
        var where = reader.TryTakeWord("WHERE") ? conditions.Read() : null;
        return new SelectStatement(table, index, paths, where) { OrderBy = OrderBy() };
    }

    private List<DocumentPath>? Projection()
    {
        if (reader.TryTake("*"))
        {
            return reader.Current.Is(",") ? throw Mixed() : null;
        }

        var paths = new List<DocumentPath>();
        do
        {
            if (reader.Current.Is("*"))
            {
                throw Mixed();
            }

            if (reader.Current.Kind == StatementTokenKind.Word && reader.Next.Is("("))
            {
                throw Errors.Validation($"Unsupported function: {reader.Current.Text}");
            }

            paths.Add(reader.Path());
            NoAlias();
        } while (reader.TryTake(","));

        return paths;
    }

    private (string Table, string? Index) Source()
    {
        var table = reader.Name();
        var index = reader.TryTake(".") ? reader.Name() : null;
        NoAlias();
        return (table, index);
    }

    /// <summary>What is written is a table.</summary>
    public static string Table(StatementReader reader)
    {
        var table = reader.Name();
        return reader.Current.Is(".") ? throw Errors.Validation("This operation is not supported on an index") : table;
    }

    private void NoAlias()
    {
        if (
            reader.Current.IsWord("AS")
            || reader.Current.Kind == StatementTokenKind.Quoted
            || reader.Current is { Kind: StatementTokenKind.Word, IsKeyword: false }
        )
        {
            throw Errors.Validation("Aliasing is not supported");
        }
    }

    private List<Ordering> OrderBy()
    {
        var orderings = new List<Ordering>();
        if (!reader.TryTakeWord("ORDER"))
        {
            return orderings;
        }

        reader.ExpectWord("BY");
        do
        {
            var path = reader.Path();
            if (path.IsNested)
            {
                throw NotAKey(path.Head);
            }

            var isDescending = reader.TryTakeWord("DESC");
            if (!isDescending)
            {
                reader.TryTakeWord("ASC");
            }

            orderings.Add(new Ordering(path.Head, isDescending));
        } while (reader.TryTake(","));

        return orderings;
    }

    public static Aws.AwsException NotAKey(string attribute) =>
        Errors.Validation($"Variable reference {attribute} in ORDER BY clause must be part of the primary key");

    private InsertStatement Insert()
    {
        reader.ExpectWord("INTO");
        var table = Table(reader);
        reader.ExpectWord("VALUE");
        var item = reader.Current.Kind == StatementTokenKind.Parameter ? Whole(reader.Parameter()) : values.Tuple();
        return new InsertStatement(table, item);
    }

    private static Item Whole(AttributeValue parameter) =>
        parameter.Type == AttributeType.M ? parameter.M : throw StatementReader.Malformed("Expected a tuple");

    private DeleteStatement Delete()
    {
        reader.ExpectWord("FROM");
        var table = Table(reader);
        var where = Where(reader, conditions);
        var returning = ReadReturning(reader);
        return returning is null or { All: true, Old: true }
            ? new DeleteStatement(table, where, returning)
            : throw Errors.Validation("A DELETE statement can only return ALL OLD *");
    }

    /// <summary>The clause that names the item to change.</summary>
    public static Condition Where(StatementReader reader, StatementConditions conditions) =>
        reader.TryTakeWord("WHERE") ? conditions.Read() : throw KeyPlan.Incomplete();

    public static Returning? ReadReturning(StatementReader reader)
    {
        if (!reader.TryTakeWord("RETURNING"))
        {
            return null;
        }

        var all = reader.TryTakeWord("ALL");
        if (!all)
        {
            reader.ExpectWord("MODIFIED");
        }

        var old = reader.TryTakeWord("OLD");
        if (!old)
        {
            reader.ExpectWord("NEW");
        }

        reader.Expect("*");
        return new Returning(all, old);
    }

    private ExistsStatement Exists()
    {
        reader.Expect("(");
        reader.ExpectWord("SELECT");
        var select = Select();
        reader.Expect(")");
        return select.IndexName is null
            ? new ExistsStatement(select)
            : throw Errors.Validation("This operation is not supported on an index");
    }

    private static Aws.AwsException Mixed() =>
        Errors.Validation("Other attributes should not be present in the projection when '*' is used.");
}
