using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>Reads a WHERE clause into the conditions that expressions are made of: OR binds least, then AND, NOT, comparisons.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html</remarks>
internal sealed class StatementConditions(StatementReader reader, StatementValues values)
{
    /// <summary>Of the values behind IN, "up to 50 hash attribute values or up to 100 non-key attribute values".</summary>
    private const int MostListed = 100;

    private static readonly string[] Comparators = ["=", "<>", "!=", "<", "<=", ">", ">="];
    private static readonly string[] TypeNames = ["S", "N", "B", "NULL", "SS", "BOOL", "L", "BS", "NS", "M"];

    public Condition Read()
    {
        var left = And();
        while (reader.TryTakeWord("OR"))
        {
            left = new Or(left, And());
        }

        return left;
    }

    private Condition And()
    {
        var left = Not();
        while (reader.TryTakeWord("AND"))
        {
            left = new And(left, Not());
        }

        return left;
    }

    private Condition Not()
    {
        if (!reader.TryTakeWord("NOT"))
        {
            return Primary();
        }

        reader.Deeper();
        var inner = Not();
        reader.Shallower();
        return new Not(inner);
    }

    private Condition Primary()
    {
        if (reader.Current.Is("(") && !IsOperator(reader.AfterParentheses()))
        {
            reader.Take();
            reader.Deeper();
            var inner = Read();
            reader.Shallower();
            reader.Expect(")");
            return inner;
        }

        return Test() ?? Compared(Operand());
    }

    private Condition Compared(Operand operand)
    {
        if (reader.Current.Kind == StatementTokenKind.Symbol && Comparators.Contains(reader.Current.Text))
        {
            var comparator = reader.Take().Text;
            return new Comparison(comparator == "!=" ? "<>" : comparator, operand, Operand());
        }

        if (reader.TryTakeWord("IS"))
        {
            return Is(operand);
        }

        var isNot = reader.TryTakeWord("NOT");
        Condition found;
        if (reader.TryTakeWord("BETWEEN"))
        {
            var low = Operand();
            reader.ExpectWord("AND");
            found = new Between(operand, low, Operand());
        }
        else if (reader.TryTakeWord("IN"))
        {
            found = new In(operand, Listed());
        }
        else
        {
            throw reader.Unexpected();
        }

        return isNot ? new Not(found) : found;
    }

    private Condition Is(Operand operand)
    {
        var isNot = reader.TryTakeWord("NOT");
        Condition found =
            reader.TryTakeWord("MISSING") ? new ConditionFunction("attribute_not_exists", [operand])
            : reader.TryTakeWord("NULL")
                ? new ConditionFunction("attribute_type", [operand, new ValueOperand("", AttributeValue.Of("NULL"))])
            : throw reader.Unexpected();
        return isNot ? new Not(found) : found;
    }

    private List<Operand> Listed()
    {
        var close = reader.TryTake("[") ? "]" : ")";
        if (close == ")")
        {
            reader.Expect("(");
        }

        var list = new List<Operand>();
        do
        {
            list.Add(new ValueOperand("", values.Read()));
        } while (reader.TryTake(","));

        reader.Expect(close);
        return list.Count <= MostListed
            ? list
            : throw Errors.Validation(
                $"Incorrect number of operands for operator or function; operator or function: IN, number of operands: {list.Count + 1}"
            );
    }

    /// <summary>A function that is a condition by itself; null where none comes.</summary>
    private ConditionFunction? Test()
    {
        var name = reader.Current.Kind == StatementTokenKind.Word && reader.Next.Is("(") ? reader.Current.Text.ToLowerInvariant() : "";
        if (name is not ("begins_with" or "contains" or "attribute_type" or "attribute_exists" or "attribute_not_exists" or "missing"))
        {
            return null;
        }

        reader.Take();
        var arguments = Arguments();
        var count = name is "begins_with" or "contains" or "attribute_type" ? 2 : 1;
        if (arguments.Count != count)
        {
            throw Errors.Validation(
                $"Incorrect number of operands for operator or function; operator or function: {name}, number of operands: {arguments.Count}"
            );
        }

        CheckTypes(name, arguments);
        return new ConditionFunction(name == "missing" ? "attribute_not_exists" : name, arguments);
    }

    private static void CheckTypes(string name, List<Operand> arguments)
    {
        if (name == "attribute_type")
        {
            if (arguments[1] is not ValueOperand { Value: { Type: AttributeType.S } type })
            {
                throw WrongType(name, arguments[1]);
            }

            if (!TypeNames.Contains(type.S))
            {
                throw Errors.Validation(
                    $"Invalid attribute type name found; type: {type.S}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
                );
            }
        }

        if (name == "begins_with" && arguments[1] is ValueOperand { Value.Type: not (AttributeType.S or AttributeType.B) })
        {
            throw WrongType(name, arguments[1]);
        }
    }

    private static Aws.AwsException WrongType(string name, Operand operand) =>
        Errors.Validation(
            $"Incorrect operand type for operator or function; operator or function: {name}, operand type: {(operand as ValueOperand)?.Value.Type.ToString() ?? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"}"
        );

    private List<Operand> Arguments()
    {
        reader.Expect("(");
        reader.Deeper();
        var list = new List<Operand>();
        do
        {
            list.Add(Operand());
        } while (reader.TryTake(","));

        reader.Shallower();
        reader.Expect(")");
        return list;
    }

    private Operand Operand()
    {
        if (reader.TryTake("("))
        {
            reader.Deeper();
            var inner = Operand();
            reader.Shallower();
            reader.Expect(")");
            return inner;
        }

        if (values.IsNext)
        {
            return new ValueOperand("", values.Read());
        }

        if (reader.Current.IsWord("size") && reader.Next.Is("("))
        {
            reader.Take();
            return Arguments() is [PathOperand path]
                ? new FunctionOperand(new ConditionFunction("size", [path]))
                : throw Errors.Validation("Operator or function requires a document path; operator or function: size");
        }

        if (reader.Current.Kind == StatementTokenKind.Word && reader.Next.Is("("))
        {
            throw reader.Current.IsWord("EXISTS")
                ? Errors.Validation("EXISTS can only be used in transactions, as a statement of its own")
                : Errors.Validation($"Invalid function name; function: {reader.Current.Text}");
        }

        return new PathOperand(reader.Path());
    }

    private static bool IsOperator(StatementToken token) =>
        (token.Kind == StatementTokenKind.Symbol && Comparators.Contains(token.Text))
        || token.IsWord("BETWEEN")
        || token.IsWord("IN")
        || token.IsWord("IS");
}
