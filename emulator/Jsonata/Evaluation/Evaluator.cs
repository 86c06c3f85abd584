using Disa.Jsonata.Functions;
using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>Evaluates nodes; what is more than a line or two has a class of its own.</summary>
internal sealed class Evaluator
{
    private readonly Paths _paths;
    private readonly Grouper _grouper;

    public Evaluator(EvaluationOptions options, EvaluationEnvironment environment)
    {
        Options = options;
        Environment = environment;
        Budget = new Budget(options);
        _grouper = new Grouper(this);
        _paths = new Paths(this, _grouper);
        Calls = new Calls(this);
    }

    public EvaluationOptions Options { get; }

    public EvaluationEnvironment Environment { get; }

    public Budget Budget { get; }

    public Calls Calls { get; }

    public Value? Evaluate(Node node, Value? input, Frame frame)
    {
        Budget.Enter();
        var result = Kind(node, input, frame);
        if (node.Predicate is not null)
        {
            foreach (var stage in node.Predicate)
            {
                result = _paths.Filter(stage.Filter!, result, frame);
            }
        }

        if (node.Group is not null && node is not PathNode)
        {
            result = _grouper.Group(node.Group, result, frame);
        }

        Budget.Exit();
        return result is ArrayValue { IsSequence: true, IsTupleStream: false } sequence ? Collapsed(sequence, node.KeepArray) : result;
    }

    private static Value? Collapsed(ArrayValue sequence, bool keepArray)
    {
        sequence.KeepSingleton |= keepArray;
        return sequence.Count switch
        {
            0 => null,
            1 when !sequence.KeepSingleton => sequence[0],
            _ => sequence,
        };
    }

    private Value? Kind(Node node, Value? input, Frame frame) =>
        node switch
        {
            PathNode path => _paths.Evaluate(path, input, frame),
            NameNode name => Lookup(input, name.Name),
            LiteralNode literal => literal.Value,
            VariableNode variable => Variable(variable, input, frame),
            BinaryNode { Symbol: "and" or "or" } binary => Logical(binary, input, frame),
            BinaryNode binary => Operators.Evaluate(
                binary,
                Evaluate(binary.Left, input, frame),
                Evaluate(binary.Right, input, frame),
                this
            ),
            CallNode { IsPartial: false } call => Calls.Evaluate(call, input, frame),
            CallNode partial => Calls.Partial(partial, input, frame),
            ApplyNode apply => Calls.Apply(apply, input, frame),
            ConditionNode condition => Condition(condition, input, frame),
            DefaultNode choice => Default(choice, input, frame),
            BlockNode block => Block(block, input, new Frame(frame)),
            BindNode bind => Bind(bind, input, frame),
            ObjectNode made => _grouper.Group(made.Grouping, input, frame),
            ArrayNode array => Array(array, input, frame),
            NegationNode negation => Negate(negation, input, frame),
            LambdaNode lambda => new LambdaFunction(lambda.Parameters, lambda.Signature, lambda.Body, input, frame)
            {
                IsThunk = lambda.IsThunk,
            },
            WildcardNode => Wildcard(input),
            DescendantNode => Descendants(input),
            ParentNode parent => frame.Find(parent.Slot.Label),
            RegexNode regex => new RegexFunction(regex),
            TransformNode transform => Transformation.Function(transform, frame),
            _ => throw new JsonataException("S0206") { Token = node.TypeName, Position = node.Position },
        };

    public Value? Lookup(Value? input, string name)
    {
        switch (input)
        {
            case ObjectValue value:
                return value[name];
            case ArrayValue array:
                Budget.Take(array.Count);
                var found = ArrayValue.Sequence();
                foreach (var item in array)
                {
                    Flatten(Lookup(item, name), found);
                }

                return found;
            default:
                return null;
        }
    }

    private static void Flatten(Value? value, ArrayValue into)
    {
        if (value is ArrayValue many)
        {
            into.AddRange(many);
        }
        else if (value is not null)
        {
            into.Add(value);
        }
    }

    private static Value? Variable(VariableNode node, Value? input, Frame frame) =>
        node.Name.Length > 0 ? frame.Find(node.Name)
        : input is ArrayValue { IsOuterWrapper: true } wrapper ? wrapper[0]
        : input;

    private BooleanValue Logical(BinaryNode node, Value? input, Frame frame)
    {
        var left = Booleans.IsTrue(Evaluate(node.Left, input, frame));
        return BooleanValue.Of(left == (node.Symbol == "or") ? left : Booleans.IsTrue(Evaluate(node.Right, input, frame)));
    }

    private Value? Condition(ConditionNode node, Value? input, Frame frame) =>
        Booleans.IsTrue(Evaluate(node.Condition, input, frame)) ? Evaluate(node.Then, input, frame)
        : node.Otherwise is null ? null
        : Evaluate(node.Otherwise, input, frame);

    private Value? Default(DefaultNode node, Value? input, Frame frame)
    {
        var left = Evaluate(node.Left, input, frame);
        var isEnough = node.IsCoalescing ? left is not null : Booleans.IsTrue(left);
        return isEnough ? left : Evaluate(node.Right, input, frame);
    }

    private Value? Block(BlockNode node, Value? input, Frame frame)
    {
        Value? result = null;
        foreach (var expression in node.Expressions)
        {
            result = Evaluate(expression, input, frame);
        }

        return result;
    }

    private Value? Bind(BindNode node, Value? input, Frame frame)
    {
        var value = Evaluate(node.Value, input, frame);
        frame.Bind(node.Name, value);
        return value;
    }

    private ArrayValue Array(ArrayNode node, Value? input, Frame frame)
    {
        var values = node
            .Items.Select(item => (Item: item, Value: Evaluate(item, input, frame)))
            .Where(pair => pair.Value is not null)
            .ToList();
        if (values is [{ Item: not ArrayNode, Value: ArrayValue only }])
        {
            return new ArrayValue(only.Items) { IsConstructed = node.IsConsArray };
        }

        var result = ArrayValue.Plain();
        foreach (var (item, value) in values)
        {
            if (item is not ArrayNode && value is ArrayValue many)
            {
                Budget.CheckArray((long)result.Count + many.Count);
                result.AddRange(many);
            }
            else
            {
                result.Add(value);
            }
        }

        result.IsConstructed = node.IsConsArray;
        return result;
    }

    private NumberValue? Negate(NegationNode node, Value? input, Frame frame) =>
        Evaluate(node.Operand, input, frame) switch
        {
            null => null,
            NumberValue number => new NumberValue(-Operators.Finite(number)),
            var other => throw new JsonataException("D1002")
            {
                Position = node.Position,
                Token = "-",
                Value = Texts.Json(other),
            },
        };

    private ArrayValue Wildcard(Value? input)
    {
        var isSequence = true;
        if (input is ArrayValue { IsOuterWrapper: true, Count: > 0 } wrapper)
        {
            input = wrapper[0];
        }

        var found = ArrayValue.Sequence();
        IEnumerable<Value?> members = input switch
        {
            ObjectValue value => value.Members.Values,
            ArrayValue array => array,
            _ => [],
        };
        foreach (var member in members)
        {
            Budget.Take(1);
            if (member is ArrayValue array)
            {
                isSequence = false; // appending leaves an array
                Leaves(array, found, 0);
            }
            else
            {
                found.Add(member);
            }
        }

        found.IsSequence = isSequence;
        return found;
    }

    private void Leaves(ArrayValue array, ArrayValue into, int depth)
    {
        Budget.CheckNesting(depth);
        foreach (var item in array)
        {
            Budget.Take(1);
            if (item is ArrayValue inner)
            {
                Leaves(inner, into, depth + 1);
            }
            else
            {
                into.Add(item);
            }
        }
    }

    private Value? Descendants(Value? input)
    {
        if (input is null)
        {
            return null;
        }

        var found = ArrayValue.Sequence();
        Descend(input, found, 0);
        return found.Count == 1 ? found[0] : found;
    }

    private void Descend(Value? value, ArrayValue into, int depth)
    {
        Budget.Take(1);
        Budget.CheckNesting(depth);
        if (value is not ArrayValue)
        {
            into.Add(value);
        }

        IEnumerable<Value?> members = value switch
        {
            ObjectValue made => made.Members.Values,
            ArrayValue array => array,
            _ => [],
        };
        foreach (var member in members)
        {
            Descend(member, into, depth + 1);
        }
    }
}
