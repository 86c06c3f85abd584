using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>Reads the values that a statement writes out.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.data-types.html</remarks>
internal sealed class StatementValues(StatementReader reader)
{
    /// <summary>Whether what comes is a value, and not a path or a function.</summary>
    public bool IsNext =>
        reader.Current.Kind is StatementTokenKind.Text or StatementTokenKind.Number or StatementTokenKind.Parameter
        || reader.Current.Is("[")
        || reader.Current.Is("{")
        || reader.Current.Is("<<")
        || reader.Current.Is("-")
        || reader.Current.Is("+")
        || reader.Current.IsWord("TRUE")
        || reader.Current.IsWord("FALSE")
        || reader.Current.IsWord("NULL");

    /// <summary>A value, whole and within DynamoDB's limits.</summary>
    public AttributeValue Read()
    {
        var value = Value();
        return value.FindProblem() is { } problem ? throw Errors.Validation(problem) : value;
    }

    /// <summary>What stands between <c>{</c> and <c>}</c>.</summary>
    public Item Tuple()
    {
        reader.Expect("{");
        var item = new Item();
        if (reader.TryTake("}"))
        {
            return item;
        }

        reader.Deeper();
        do
        {
            var name = reader.Take();
            if (name.Kind != StatementTokenKind.Text)
            {
                throw StatementReader.Malformed("Unexpected term");
            }

            reader.Expect(":");
            item[name.Text] = Value();
        } while (reader.TryTake(","));

        reader.Shallower();
        reader.Expect("}");
        return item;
    }

    private AttributeValue Value()
    {
        var token = reader.Current;
        switch (token.Kind)
        {
            case StatementTokenKind.Parameter:
                return reader.Parameter();
            case StatementTokenKind.Text:
                reader.Take();
                return AttributeValue.Of(token.Text);
            case StatementTokenKind.Number:
                reader.Take();
                return Number(token.Text);
            case StatementTokenKind.Word:
                return Word();
        }

        if (token.Is("-") || token.Is("+"))
        {
            reader.Take();
            var digits = reader.Take();
            return digits.Kind == StatementTokenKind.Number
                ? Number(token.Text + digits.Text)
                : throw StatementReader.Malformed("Unexpected operator");
        }

        return token.Is("{") ? AttributeValue.Of(Tuple())
            : token.Is("[") ? AttributeValue.List([.. Elements("[", "]")])
            : token.Is("<<") ? Set()
            : throw reader.Unexpected();
    }

    private AttributeValue Word()
    {
        var value =
            reader.Current.IsWord("TRUE") ? AttributeValue.True
            : reader.Current.IsWord("FALSE") ? AttributeValue.False
            : reader.Current.IsWord("NULL") ? AttributeValue.Null
            : throw reader.Unexpected();
        reader.Take();
        return value;
    }

    private List<AttributeValue> Elements(string open, string close)
    {
        reader.Expect(open);
        var elements = new List<AttributeValue>();
        if (reader.TryTake(close))
        {
            return elements;
        }

        reader.Deeper();
        do
        {
            elements.Add(Value());
        } while (reader.TryTake(","));

        reader.Shallower();
        reader.Expect(close);
        return elements;
    }

    private AttributeValue Set()
    {
        var members = Elements("<<", ">>");
        if (members.Count == 0)
        {
            throw Errors.Invalid("An string set  may not be empty");
        }

        var type = members[0].Type switch
        {
            AttributeType.S => AttributeType.SS,
            AttributeType.N => AttributeType.NS,
            AttributeType.B => AttributeType.BS,
            _ => throw Errors.Validation("Sets can only have members of type string, number or binary"),
        };
        if (members.Exists(member => member.Type != members[0].Type))
        {
            throw Errors.Validation("All members of a set must be of the same type");
        }

        return members.Distinct().Count() == members.Count
            ? AttributeValue.Set(type, [.. members])
            : throw Errors.Validation("Input collection contains duplicates");
    }

    private static AttributeValue Number(string text) =>
        DynamoDb.Number.Parse(text, out var number) is { } problem ? throw Errors.Validation(problem) : AttributeValue.Of(number);
}
