namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>Reads <c>SET … REMOVE … ADD … DELETE …</c>, each section at most once.</summary>
internal sealed class UpdateParser(Expression expression, Tokens tokens)
{
    private static readonly string[] Sections = ["SET", "REMOVE", "ADD", "DELETE"];

    private readonly List<UpdateAction> actions = [];
    private readonly HashSet<string> seen = [];

    public Update Parse()
    {
        do
        {
            var section = Sections.FirstOrDefault(tokens.Current.IsWord) ?? throw tokens.Syntax();
            tokens.Take();
            if (!seen.Add(section))
            {
                expression.Report(Expression.Fault.Section, $"The \"{section}\" section can only be used once in an update expression;");
            }

            do
            {
                var path = expression.Path(tokens);
                Projection.Distinct(expression, actions.Select(action => action.Path), path);
                actions.Add(Action(section, path));
            } while (tokens.TryTake(","));
        } while (tokens.Current.Kind != TokenKind.End);

        return new Update(actions);
    }

    private UpdateAction Action(string section, DocumentPath path)
    {
        switch (section)
        {
            case "SET":
                tokens.Expect("=");
                return new SetAction(path, Value());
            case "REMOVE":
                return new RemoveAction(path);
            default:
                if (tokens.Current.Kind != TokenKind.Value)
                {
                    throw tokens.Syntax();
                }

                var value = expression.Value(tokens.Take());
                if (!value.IsSet && !(section == "ADD" && value.Type == AttributeType.N))
                {
                    expression.Report(
                        Expression.Fault.Operand,
                        $"Incorrect operand type for operator or function; operator: {section}, operand type: {LongName(value.Type)}, typeSet: {(section == "ADD" ? "ALLOWED_FOR_ADD_OPERAND" : "ALLOWED_FOR_DELETE_OPERAND")}"
                    );
                }

                return section == "ADD" ? new AddAction(path, value) : new DeleteAction(path, value);
        }
    }

    private UpdateValue Value()
    {
        if (tokens.Current.Is("(") && !(tokens.AfterParentheses().Is("+") || tokens.AfterParentheses().Is("-")))
        {
            tokens.Take();
            expression.Deeper();
            var inner = Value();
            expression.Shallower();
            tokens.Expect(")");
            return inner;
        }

        var left = Operand();
        if (!tokens.Current.Is("+") && !tokens.Current.Is("-"))
        {
            return left;
        }

        var sign = tokens.Take().Text;
        var right = Operand();
        Only(sign, AttributeType.N, left, right);
        return new Sum(left, right, sign == "-");
    }

    private UpdateValue Operand()
    {
        if (tokens.TryTake("("))
        {
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
            return new GivenValue(expression.Value(token));
        }

        return token.Kind == TokenKind.Word && tokens.Next.Is("(") ? Function() : new PathValue(expression.Path(tokens));
    }

    private UpdateValue Function()
    {
        var name = tokens.Take().Text;
        tokens.Expect("(");
        var arguments = new List<UpdateValue>();
        expression.Deeper();
        do
        {
            arguments.Add(Operand());
        } while (tokens.TryTake(","));

        expression.Shallower();

        tokens.Expect(")");
        if (name is not ("if_not_exists" or "list_append"))
        {
            expression.Report(Expression.Fault.UnknownFunction, $"Invalid function name; function: {name}");
            return arguments[0];
        }

        if (arguments.Count != 2)
        {
            expression.Report(
                Expression.Fault.Function,
                $"Incorrect number of operands for operator or function; operator or function: {name}, number of operands: {arguments.Count}"
            );
            return arguments[0];
        }

        if (name == "list_append")
        {
            Only(name, AttributeType.L, arguments[0], arguments[1]);
            return new ListAppend(arguments[0], arguments[1]);
        }

        if (arguments[0] is PathValue { Path: var path })
        {
            return new IfNotExists(path, arguments[1]);
        }

        expression.Report(Expression.Fault.Function, $"Operator or function requires a document path; operator or function: {name}");
        return arguments[0];
    }

    private void Only(string name, AttributeType type, params ReadOnlySpan<UpdateValue> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument is GivenValue { Type: { } given } && given != type)
            {
                expression.Report(
                    Expression.Fault.Function,
                    $"Incorrect operand type for operator or function; operator or function: {name}, operand type: {given}"
                );
                return;
            }
        }
    }

    private static string LongName(AttributeType type) =>
        type switch
        {
            AttributeType.S => "STRING",
            AttributeType.N => "NUMBER",
            AttributeType.B => "BINARY",
            AttributeType.BOOL => "BOOLEAN",
            AttributeType.L => "LIST",
            AttributeType.M => "MAP",
            _ => type.ToString(),
        };
}
