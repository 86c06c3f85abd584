using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>Reads <c>UPDATE table SET path = value … REMOVE path … WHERE …</c>, after its first word.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html</remarks>
internal sealed class StatementUpdates(StatementReader reader, StatementValues values, StatementConditions conditions)
{
    private readonly List<UpdateAction> actions = [];

    public UpdateStatement Read()
    {
        var table = StatementParser.Table(reader);
        while (reader.Current.IsWord("SET") || reader.Current.IsWord("REMOVE"))
        {
            var isSet = reader.Take().IsWord("SET");
            do
            {
                Add(isSet ? Set() : new RemoveAction(reader.Path()));
            } while (reader.TryTake(","));
        }

        return actions.Count == 0
            ? throw StatementReader.Malformed("Expected data manipulation")
            : new UpdateStatement(
                table,
                new Update(actions),
                StatementParser.Where(reader, conditions),
                StatementParser.ReadReturning(reader)
            );
    }

    private void Add(UpdateAction action)
    {
        foreach (var earlier in actions)
        {
            if (earlier.Path.Conflict(action.Path) is { } conflict)
            {
                throw Errors.Validation(conflict);
            }
        }

        actions.Add(action);
    }

    private UpdateAction Set()
    {
        var path = reader.Path();
        reader.Expect("=");
        return (reader.Current.IsWord("set_add") || reader.Current.IsWord("set_delete")) && reader.Next.Is("(")
            ? Membership(path)
            : new SetAction(path, Value());
    }

    /// <summary><c>SET a = set_add(a, &lt;&lt;…&gt;&gt;)</c> is what an update expression calls ADD and DELETE.</summary>
    private UpdateAction Membership(DocumentPath path)
    {
        var adds = reader.Take().IsWord("set_add");
        reader.Expect("(");
        var from = reader.Path();
        reader.Expect(",");
        var value = values.Read();
        reader.Expect(")");
        if (!from.SameAs(path))
        {
            throw Errors.Validation($"The first operand of {(adds ? "set_add" : "set_delete")} must be the path that is set");
        }

        if (!value.IsSet)
        {
            throw Errors.Validation(
                $"Incorrect operand type for operator or function; operator: {(adds ? "ADD" : "DELETE")}, operand type: {value.Type}, typeSet: {(adds ? "ALLOWED_FOR_ADD_OPERAND" : "ALLOWED_FOR_DELETE_OPERAND")}"
            );
        }

        return adds ? new AddAction(path, value) : new DeleteAction(path, value);
    }

    private UpdateValue Value()
    {
        var left = Operand();
        while (reader.Current.Is("+") || reader.Current.Is("-"))
        {
            var isDifference = reader.Take().Is("-");
            left = new Sum(left, Operand(), isDifference);
        }

        return left;
    }

    private UpdateValue Operand()
    {
        if (reader.TryTake("("))
        {
            reader.Deeper();
            var inner = Value();
            reader.Shallower();
            reader.Expect(")");
            return inner;
        }

        if (values.IsNext)
        {
            return new GivenValue(values.Read());
        }

        if (reader.Current.Kind != StatementTokenKind.Word || !reader.Next.Is("("))
        {
            return new PathValue(reader.Path());
        }

        if (!reader.Current.IsWord("list_append"))
        {
            throw Errors.Validation($"Invalid function name; function: {reader.Current.Text}");
        }

        reader.Take();
        reader.Take();
        reader.Deeper();
        var first = Operand();
        reader.Expect(",");
        var second = Operand();
        reader.Shallower();
        reader.Expect(")");
        return new ListAppend(first, second);
    }
}
