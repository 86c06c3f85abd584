namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>Reads conditions: OR binds least, then AND, NOT, comparisons.</summary>
internal sealed class ConditionParser(Expression expression, Tokens tokens)
{
    private static readonly string[] Comparators = ["=", "<>", "<", "<=", ">", ">="];
    private static readonly string[] TypeNames = ["S", "N", "B", "NULL", "SS", "BOOL", "L", "BS", "NS", "M"];

    public Condition Parse() => Or();

    private Condition Or()
    {
        var left = And();
        while (tokens.TryTakeWord("OR"))
        {
            left = new Or(left, And());
        }

        return left;
    }

    private Condition And()
    {
        var left = Not();
        while (tokens.TryTakeWord("AND"))
        {
            left = new And(left, Not());
        }

        return left;
    }

    private Condition Not()
    {
        if (!tokens.TryTakeWord("NOT"))
        {
            return Primary();
        }

        expression.Deeper();
        var inner = Not();
        expression.Shallower();
        return new Not(inner);
    }

    private Condition Primary()
    {
        if (tokens.Current.Is("(") && !IsComparing(tokens.AfterParentheses()))
        {
            tokens.Take();
            if (tokens.Current.Is("(") && tokens.AfterParentheses().Is(")"))
            {
                expression.Report(Expression.Fault.Parentheses, "The expression has redundant parentheses;");
            }

            expression.Deeper();
            var inner = Or();
            expression.Shallower();
            tokens.Expect(")");
            return inner;
        }

        var operand = Operand();
        if (tokens.Current.Kind == TokenKind.Symbol && Comparators.Contains(tokens.Current.Text))
        {
            var comparator = tokens.Take().Text;
            var right = Operand();
            CheckUse(operand, right);
            CheckDistinct(comparator, operand, right);
            if (comparator is not ("=" or "<>"))
            {
                CheckOrdered(comparator, operand, right);
            }

            return new Comparison(comparator, operand, right);
        }

        if (tokens.TryTakeWord("BETWEEN"))
        {
            var low = Operand();
            if (!tokens.TryTakeWord("AND"))
            {
                throw tokens.Syntax();
            }

            var high = Operand();
            CheckUse(operand, low, high);
            CheckOrdered("BETWEEN", operand, low, high);
            CheckBounds(low, high);
            return new Between(operand, low, high);
        }

        if (tokens.TryTakeWord("IN"))
        {
            tokens.Expect("(");
            var list = Arguments();
            CheckUse([operand, .. list]);
            if (list.Count > 100)
            {
                expression.Report(
                    Expression.Fault.OperandCount,
                    $"Incorrect number of operands for operator or function; operator or function: IN, number of operands: {list.Count + 1}"
                );
            }

            return new In(operand, list);
        }

        if (operand is not FunctionOperand { Function: var function })
        {
            throw tokens.Syntax();
        }

        if (function.Name == "size")
        {
            expression.Report(
                Expression.Fault.MisusedFunction,
                "The function is not allowed to be used this way in an expression; function: size"
            );
        }

        return function;
    }

    private Operand Operand()
    {
        if (tokens.TryTake("("))
        {
            if (tokens.Current.Is("(") && tokens.AfterParentheses().Is(")"))
            {
                expression.Report(Expression.Fault.Parentheses, "The expression has redundant parentheses;");
            }

            expression.Deeper();
            var inner = Operand();
            expression.Shallower();
            tokens.Expect(")");
            return inner;
        }

        var token = tokens.Current;
        if (token.Kind == TokenKind.Value)
        {
            tokens.Take();
            return new ValueOperand(token.Text, expression.Value(token));
        }

        if (token.IsWord("AND") || token.IsWord("OR") || token.IsWord("NOT") || token.IsWord("BETWEEN") || token.IsWord("IN"))
        {
            throw tokens.Syntax();
        }

        if (token.Kind == TokenKind.Word && tokens.Next.Is("("))
        {
            tokens.Take();
            tokens.Take();
            expression.Deeper();
            var function = new ConditionFunction(token.Text, Arguments());
            expression.Shallower();
            CheckFunction(function);
            return new FunctionOperand(function);
        }

        return new PathOperand(expression.Path(tokens));
    }

    private List<Operand> Arguments()
    {
        var list = new List<Operand>();
        do
        {
            list.Add(Operand());
        } while (tokens.TryTake(","));

        tokens.Expect(")");
        return list;
    }

    private void CheckFunction(ConditionFunction function)
    {
        int? count = function.Name switch
        {
            "attribute_exists" or "attribute_not_exists" or "size" => 1,
            "attribute_type" or "begins_with" or "contains" => 2,
            _ => null,
        };
        if (count is null)
        {
            expression.Report(Expression.Fault.UnknownFunction, $"Invalid function name; function: {function.Name}");
            return;
        }

        CheckUse([.. function.Arguments]);
        if (function.Arguments.Count != count)
        {
            expression.Report(
                Expression.Fault.OperandCount,
                $"Incorrect number of operands for operator or function; operator or function: {function.Name}, number of operands: {function.Arguments.Count}"
            );
            return;
        }

        if (count == 2)
        {
            CheckDistinct(function.Name, function.Arguments[0], function.Arguments[1]);
        }

        if (TypeFault(function) is { } fault)
        {
            expression.Report(Expression.Fault.Function, fault);
        }
    }

    private static string? TypeFault(ConditionFunction function)
    {
        switch (function.Name)
        {
            case "attribute_exists" or "attribute_not_exists" when function.Arguments[0] is not PathOperand:
                return $"Operator or function requires a document path; operator or function: {function.Name}";
            case "begins_with":
                foreach (var argument in function.Arguments)
                {
                    if (TypeOf(argument) is { } type and not (AttributeType.S or AttributeType.B))
                    {
                        return WrongType(function.Name, type.ToString());
                    }
                }

                return null;
            case "attribute_type":
                if (TypeOf(function.Arguments[1]) is not AttributeType.S || function.Arguments[1] is not ValueOperand { Value: var name })
                {
                    return WrongType(function.Name, TypeOf(function.Arguments[1])?.ToString() ?? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
                }

                return TypeNames.Contains(name.S)
                    ? null
                    : $"Invalid attribute type name found; type: {name.S}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}";
            case "size" when TypeOf(function.Arguments[0]) is { } sized and (AttributeType.N or AttributeType.BOOL or AttributeType.NULL):
                return WrongType(function.Name, sized.ToString());
            default:
                return null;
        }
    }

    /// <summary>Only size answers something that can be compared.</summary>
    private void CheckUse(params ReadOnlySpan<Operand> operands)
    {
        foreach (var operand in operands)
        {
            if (operand is FunctionOperand { Function.Name: not "size" } misused)
            {
                expression.Report(
                    Expression.Fault.MisusedFunction,
                    $"The function is not allowed to be used this way in an expression; function: {misused.Function.Name}"
                );
            }
        }
    }

    private void CheckDistinct(string name, Operand left, Operand right)
    {
        if (left is PathOperand { Path: var first } && right is PathOperand { Path: var second } && first.SameAs(second))
        {
            expression.Report(
                Expression.Fault.NotDistinct,
                $"The first operand must be distinct from the remaining operands for this operator or function; operator: {name}, first operand: {first}"
            );
        }
    }

    private void CheckOrdered(string name, params ReadOnlySpan<Operand> operands)
    {
        foreach (var operand in operands)
        {
            if (operand is ValueOperand { Value: { Type: not (AttributeType.S or AttributeType.N or AttributeType.B) } value })
            {
                expression.Report(Expression.Fault.Function, WrongType(name, value.Type.ToString()));
            }
        }
    }

    private void CheckBounds(Operand low, Operand high)
    {
        if (low is not ValueOperand { Value: var from } || high is not ValueOperand { Value: var to })
        {
            return;
        }

        if (from.Type != to.Type)
        {
            expression.Report(
                Expression.Fault.Function,
                $"The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {from}, upper bound operand: AttributeValue: {to}"
            );
        }
        else if (from.CompareTo(to) > 0)
        {
            expression.Report(
                Expression.Fault.Function,
                $"The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {from}, upper bound operand: AttributeValue: {to}"
            );
        }
    }

    private static AttributeType? TypeOf(Operand operand) =>
        operand switch
        {
            ValueOperand { Value: var value } => value.Type,
            FunctionOperand { Function.Name: "size" } => AttributeType.N,
            FunctionOperand => AttributeType.BOOL,
            _ => null,
        };

    private static string WrongType(string name, string type) =>
        $"Incorrect operand type for operator or function; operator or function: {name}, operand type: {type}";

    private static bool IsComparing(Token token) =>
        (token.Kind == TokenKind.Symbol && Comparators.Contains(token.Text)) || token.IsWord("BETWEEN") || token.IsWord("IN");
}
