using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;
using Disa.Jsonata.Functions;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Syntax;

/// <summary>Top-down operator precedence (Pratt): what a token is at the start of an operand, and what it is after one.</summary>
internal sealed class Parser
{
    /// <summary>Operands inside one another.</summary>
    private const int MaxDepth = 400;

    private static readonly FrozenDictionary<string, int> BindingPower = new Dictionary<string, int>
    {
        ["."] = 75,
        ["["] = 80,
        ["("] = 80,
        ["@"] = 80,
        ["#"] = 80,
        ["{"] = 70,
        ["*"] = 60,
        ["/"] = 60,
        ["%"] = 60,
        ["+"] = 50,
        ["-"] = 50,
        ["&"] = 50,
        ["="] = 40,
        ["!="] = 40,
        ["<"] = 40,
        ["<="] = 40,
        [">"] = 40,
        [">="] = 40,
        ["^"] = 40,
        ["~>"] = 40,
        ["in"] = 40,
        ["?:"] = 40,
        ["??"] = 40,
        ["and"] = 30,
        ["or"] = 25,
        ["?"] = 20,
        [":="] = 10,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Tokenizer _tokenizer;
    private Token _token;
    private int _depth;

    private Parser(string source) => _tokenizer = new Tokenizer(source);

    public static Node Parse(string source)
    {
        var parser = new Parser(source);
        parser.Advance(infix: false);
        var node = parser.Expression(0);
        if (parser._token.Kind != TokenKind.End)
        {
            throw new JsonataException("S0201") { Position = parser._token.Position, Token = parser._token.Text };
        }

        return new Analyser().Analyse(node);
    }

    private void Advance(bool infix)
    {
        _token = _tokenizer.Next(infix);
        if (_token.Is("!") || _token.Is("~"))
        {
            throw new JsonataException("S0204") { Position = _token.Position, Token = _token.Text };
        }
    }

    private void Expect(string symbol, bool infix = false)
    {
        if (!_token.Is(symbol))
        {
            throw new JsonataException(_token.Kind == TokenKind.End ? "S0203" : "S0202")
            {
                Position = _token.Position,
                Token = _token.Text,
                Value = $"\"{symbol}\"",
            };
        }

        Advance(infix);
    }

    private Node Expression(int power)
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new JsonataException("U1001") { Position = _token.Position, Text = "The expression is nested too deeply" };
        }

        var token = _token;
        Advance(infix: true);
        var left = Prefix(token);
        while (_token.Kind == TokenKind.Operator && power < BindingPower.GetValueOrDefault(_token.Text))
        {
            token = _token;
            Advance(infix: false);
            left = Infix(token, left);
        }

        _depth--;
        return left;
    }

    private Node Prefix(Token token) =>
        token.Kind switch
        {
            TokenKind.Name => new NameNode(token.Text, token.Position),
            TokenKind.Variable => new VariableNode(token.Text, token.Position),
            TokenKind.String => new LiteralNode(new StringValue(token.Text), token.Position),
            TokenKind.Number => new LiteralNode(new NumberValue(token.Number), token.Position),
            TokenKind.Literal => new LiteralNode(Constant(token.Text), token.Position),
            TokenKind.Regex => new RegexNode(RegexFunction.Compile(token), token.Text, token.Position),
            TokenKind.End => new EndNode(token.Position),
            _ => token.Text switch
            {
                "and" or "or" or "in" => new OperatorNode(token.Text, token.Position),
                "-" => new NegationNode(Expression(70), token.Position),
                "*" => new WildcardNode(token.Position),
                "**" => new DescendantNode(token.Position),
                "%" => new ParentNode(new AncestorSlot(""), token.Position),
                "(" => Block(token),
                "[" => Array(token),
                "{" => new ObjectNode(Pairs(token), token.Position),
                "|" => Transform(token),
                _ => throw Unary(token),
            },
        };

    private static JsonataException Unary(Token token) => new("S0211") { Position = token.Position, Token = token.Text };

    private static Value Constant(string text) =>
        text switch
        {
            "true" => BooleanValue.True,
            "false" => BooleanValue.False,
            _ => NullValue.Instance,
        };

    private Node Infix(Token token, Node left) =>
        token.Text switch
        {
            "(" => Call(token, left),
            "[" => Filter(token, left),
            "{" => new GroupNode(left, Pairs(token), token.Position),
            "^" => Sort(token, left),
            ":=" => Bind(token, left),
            "@" or "#" => VariableBinding(token, left),
            "?" => Condition(token, left),
            "?:" or "??" => new DefaultNode(left, Expression(0), token.Text == "??", token.Position),
            var symbol => new BinaryNode(symbol, left, Expression(BindingPower[symbol]), token.Position),
        };

    private BlockNode Block(Token token)
    {
        var expressions = new List<Node>();
        while (!_token.Is(")"))
        {
            expressions.Add(Expression(0));
            if (!_token.Is(";"))
            {
                break;
            }

            Expect(";");
        }

        Expect(")", infix: true);
        return new BlockNode(expressions, token.Position);
    }

    private ArrayNode Array(Token token)
    {
        var items = new List<Node>();
        if (!_token.Is("]"))
        {
            do
            {
                if (items.Count > 0)
                {
                    Expect(",");
                }

                var item = Expression(0);
                if (_token.Is(".."))
                {
                    var position = _token.Position;
                    Expect("..");
                    item = new BinaryNode("..", item, Expression(0), position);
                }

                items.Add(item);
            } while (_token.Is(","));
        }

        Expect("]", infix: true);
        return new ArrayNode(items, token.Position);
    }

    private Grouping Pairs(Token token)
    {
        var pairs = new List<(Node, Node)>();
        if (!_token.Is("}"))
        {
            do
            {
                if (pairs.Count > 0)
                {
                    Expect(",");
                }

                var key = Expression(0);
                Expect(":");
                pairs.Add((key, Expression(0)));
            } while (_token.Is(","));
        }

        Expect("}", infix: true);
        return new Grouping(pairs, token.Position);
    }

    private TransformNode Transform(Token token)
    {
        var pattern = Expression(0);
        Expect("|");
        var update = Expression(0);
        Node? delete = null;
        if (_token.Is(","))
        {
            Expect(",");
            delete = Expression(0);
        }

        Expect("|");
        return new TransformNode(pattern, update, delete, token.Position);
    }

    private Node Call(Token token, Node left)
    {
        var arguments = new List<Node>();
        var isPartial = false;
        if (!_token.Is(")"))
        {
            do
            {
                if (arguments.Count > 0)
                {
                    Expect(",");
                }

                if (_token.Is("?"))
                {
                    isPartial = true;
                    arguments.Add(new OperatorNode("?", _token.Position));
                    Expect("?");
                }
                else
                {
                    arguments.Add(Expression(0));
                }
            } while (_token.Is(","));
        }

        Expect(")", infix: true);
        return left is NameNode { Name: "function" or "λ" }
            ? Lambda(token, arguments)
            : new CallNode(left, arguments, isPartial, token.Position);
    }

    private LambdaNode Lambda(Token token, List<Node> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is not VariableNode)
            {
                throw new JsonataException("S0208")
                {
                    Position = arguments[i].Position,
                    Value = (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                };
            }
        }

        var signature = _token.Is("<") ? LambdaSignature() : null;
        Expect("{");
        var body = Expression(0);
        Expect("}", infix: true);
        return new LambdaNode([.. arguments.Cast<VariableNode>().Select(parameter => parameter.Name)], signature, body, token.Position);
    }

    private Signature LambdaSignature()
    {
        var position = _token.Position;
        var text = new StringBuilder("<");
        for (var depth = 1; depth > 0 && !_token.Is("{") && _token.Kind != TokenKind.End; )
        {
            Advance(infix: false);
            depth +=
                _token.Is("<") ? 1
                : _token.Is(">") ? -1
                : 0;
            text.Append(_token.Text);
        }

        Expect(">");
        try
        {
            return Signature.Parse(text.ToString());
        }
        catch (JsonataException wrong)
        {
            wrong.Position = position + wrong.Position;
            throw;
        }
    }

    private Node Filter(Token token, Node left)
    {
        if (_token.Is("]"))
        {
            var step = left;
            while (step is BinaryNode { Symbol: "[" } predicated)
            {
                step = predicated.Left;
            }

            step.KeepArray = true;
            Expect("]", infix: true);
            return left;
        }

        var filter = Expression(0);
        Expect("]", infix: true);
        return new BinaryNode("[", left, filter, token.Position);
    }

    private SortNode Sort(Token token, Node left)
    {
        Expect("(");
        var terms = new List<SortTerm>();
        do
        {
            if (terms.Count > 0)
            {
                Expect(",");
            }

            var isDescending = _token.Is(">");
            if (isDescending || _token.Is("<"))
            {
                Advance(infix: false);
            }

            terms.Add(new SortTerm(Expression(0), isDescending));
        } while (_token.Is(","));

        Expect(")", infix: true);
        return new SortNode(left, terms, token.Position);
    }

    private BindNode Bind(Token token, Node left) =>
        left is VariableNode { Name: var name }
            ? new BindNode(name, Expression(BindingPower[":="] - 1), token.Position)
            : throw new JsonataException("S0212") { Position = left.Position, Token = (left as NameNode)?.Name };

    private BinaryNode VariableBinding(Token token, Node left) =>
        Expression(BindingPower[token.Text]) is VariableNode variable
            ? new BinaryNode(token.Text, left, variable, token.Position)
            : throw new JsonataException("S0214") { Position = token.Position, Token = token.Text };

    private ConditionNode Condition(Token token, Node left)
    {
        var then = Expression(0);
        Node? otherwise = null;
        if (_token.Is(":"))
        {
            Expect(":");
            otherwise = Expression(0);
        }

        return new ConditionNode(left, then, otherwise, token.Position);
    }
}
