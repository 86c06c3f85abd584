using System.Globalization;

namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>
/// Reads a metric math expression: arithmetic, comparisons, AND and OR, ids in small letters, functions in capitals, and arrays in
/// brackets (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
/// </summary>
internal sealed class MathParser
{
    /// <summary>Longest expression, in characters (API reference, MetricDataQuery).</summary>
    public const int LongestExpression = 2048;

    private const int DeepestNesting = 64;

    /// <summary>From the loosest binding to the tightest; a power binds tighter than all of them.</summary>
    private static readonly string[][] Levels =
    [
        ["OR", "||"],
        ["AND", "&&"],
        ["==", "!=", "<=", ">=", "<", ">"],
        ["+", "-"],
        ["*", "/"],
    ];

    private static readonly string[] Signs =
    [
        "==",
        "!=",
        "<=",
        ">=",
        "&&",
        "||",
        "<",
        ">",
        "+",
        "-",
        "*",
        "/",
        "^",
        "(",
        ")",
        "[",
        "]",
        ",",
    ];

    private readonly List<(string Text, Kind Kind)> tokens = [];
    private int next;
    private int depth;

    private MathParser(string expression) => Split(expression);

    private enum Kind
    {
        Sign,
        Number,
        Text,
        Name,
        End,
    }

    /// <exception cref="MathException">It is no expression.</exception>
    public static MathNode Parse(string expression)
    {
        var parser = new MathParser(expression);
        var node = parser.Level(0);
        return parser.Peek.Kind == Kind.End ? node : throw parser.Unexpected();
    }

    private (string Text, Kind Kind) Peek => tokens[next];

    private void Split(string text)
    {
        for (var at = 0; at < text.Length; )
        {
            var rest = text.AsSpan(at);
            if (char.IsWhiteSpace(rest[0]))
            {
                at++;
                continue;
            }

            var token = Token(rest);
            tokens.Add((token.Kind == Kind.Text ? rest[1..(token.Length - 1)].ToString() : rest[..token.Length].ToString(), token.Kind));
            at += token.Length;
        }

        tokens.Add(("", Kind.End));
    }

    private static (int Length, Kind Kind) Token(ReadOnlySpan<char> rest)
    {
        if (char.IsAsciiDigit(rest[0]) || (rest[0] == '.' && rest.Length > 1 && char.IsAsciiDigit(rest[1])))
        {
            return (NumberLength(rest), Kind.Number);
        }

        if (char.IsAsciiLetter(rest[0]))
        {
            var length = 1;
            while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] == '_'))
            {
                length++;
            }

            return (length, Kind.Name);
        }

        if (rest[0] is '\'' or '"')
        {
            var end = rest[1..].IndexOf(rest[0]);
            return end >= 0 ? (end + 2, Kind.Text) : throw new MathException("A text is not closed.");
        }

        foreach (var sign in Signs)
        {
            if (rest.StartsWith(sign, StringComparison.Ordinal))
            {
                return (sign.Length, Kind.Sign);
            }
        }

        throw new MathException($"Unexpected character '{rest[0]}'.");
    }

    private static int NumberLength(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && (char.IsAsciiDigit(rest[length]) || rest[length] == '.'))
        {
            length++;
        }

        if (length + 1 < rest.Length && rest[length] is 'e' or 'E')
        {
            var exponent = length + 1 + (rest[length + 1] is '+' or '-' ? 1 : 0);
            var end = exponent;
            while (end < rest.Length && char.IsAsciiDigit(rest[end]))
            {
                end++;
            }

            length = end > exponent ? end : length;
        }

        return length;
    }

    private MathNode Level(int level)
    {
        if (level == Levels.Length)
        {
            return Unary();
        }

        var left = Level(level + 1);
        while (Peek.Kind is Kind.Sign or Kind.Name && Levels[level].Contains(Peek.Text))
        {
            left = new Binary(tokens[next++].Text, left, Level(level + 1));
        }

        return left;
    }

    private MathNode Unary()
    {
        if (!Takes("-"))
        {
            return Power();
        }

        using (Deeper())
        {
            return new Negation(Unary());
        }
    }

    private MathNode Power()
    {
        var left = Primary();
        if (!Takes("^"))
        {
            return left;
        }

        using (Deeper())
        {
            return new Binary("^", left, Unary());
        }
    }

    private MathNode Primary()
    {
        var (text, kind) = Peek;
        if (kind == Kind.Number)
        {
            next++;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? new Number(number)
                : throw new MathException($"'{text}' is not a number.");
        }

        using (Deeper())
        {
            if (kind == Kind.Text)
            {
                next++;
                return new Text(text);
            }

            if (Takes("("))
            {
                var inner = Level(0);
                Expect(")");
                return inner;
            }

            if (Takes("["))
            {
                return new ArrayOf(List("]"));
            }

            return kind == Kind.Name ? Named() : throw Unexpected();
        }
    }

    private MathNode Named()
    {
        var name = tokens[next++].Text;
        return char.IsAsciiLetterLower(name[0]) ? new Reference(name)
            : Takes("(") ? new Call(name, List(")"))
            : new Call(name, [], IsWord: true);
    }

    private List<MathNode> List(string end)
    {
        var members = new List<MathNode>();
        if (Takes(end))
        {
            return members;
        }

        do
        {
            members.Add(Level(0));
        } while (Takes(","));
        Expect(end);
        return members;
    }

    private bool Takes(string sign)
    {
        if (Peek.Kind != Kind.Sign || Peek.Text != sign)
        {
            return false;
        }

        next++;
        return true;
    }

    private void Expect(string sign)
    {
        if (!Takes(sign))
        {
            throw Unexpected();
        }
    }

    private MathException Unexpected() => new(Peek.Kind == Kind.End ? "It ends too early." : $"Unexpected '{Peek.Text}'.");

    private Nesting Deeper() => ++depth <= DeepestNesting ? new Nesting(this) : throw new MathException("It is nested too deeply.");

    private readonly struct Nesting(MathParser parser) : IDisposable
    {
        public void Dispose() => parser.depth--;
    }
}
