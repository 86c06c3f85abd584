using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>A statement while it is read: its tokens, and the values that its parameters stand for.</summary>
internal sealed class StatementReader
{
    /// <summary>Attributes nest 32 levels deep, and so do paths into them.</summary>
    private const int PathLimit = 32;

    /// <summary>How deep parentheses and values may nest; values that go beyond 32 levels are refused as such.</summary>
    private const int DepthLimit = 100;

    private readonly string text;
    private readonly List<StatementToken> tokens;
    private readonly IReadOnlyList<AttributeValue> parameters;
    private int at;
    private int used;
    private int depth;

    public StatementReader(string text, IReadOnlyList<AttributeValue> parameters)
    {
        this.text = text;
        this.parameters = parameters;
        tokens = StatementTokens.Cut(text);
        if (tokens.Count(token => token.Kind == StatementTokenKind.Parameter) != parameters.Count)
        {
            throw Errors.Validation("Number of parameters in request and statement don't match.");
        }

        foreach (var parameter in parameters)
        {
            if (parameter.FindProblem() is { } problem)
            {
                throw Errors.Validation(problem);
            }
        }
    }

    public StatementToken Current => tokens[at];

    public StatementToken Next => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public bool IsAtEnd => Current.Kind == StatementTokenKind.End;

    /// <summary>The reason behind the colon is not verified.</summary>
    public static AwsException Malformed(string reason) => Errors.Validation($"Statement wasn't well formed, can't be processed: {reason}");

    /// <summary>What fits nowhere here.</summary>
    public AwsException Unexpected() =>
        Malformed(
            Current.IsKeyword ? "Unexpected keyword"
            : Current.Kind == StatementTokenKind.Symbol ? "Unexpected operator"
            : "Unexpected term"
        );

    public StatementToken Take() => IsAtEnd ? Current : tokens[at++];

    public bool TryTake(string symbol)
    {
        if (!Current.Is(symbol))
        {
            return false;
        }

        at++;
        return true;
    }

    public bool TryTakeWord(string word)
    {
        if (!Current.IsWord(word))
        {
            return false;
        }

        at++;
        return true;
    }

    public void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Unexpected();
        }
    }

    public void ExpectWord(string word)
    {
        if (!TryTakeWord(word))
        {
            throw Unexpected();
        }
    }

    /// <summary>The end of the statement, with or without a semicolon.</summary>
    public void ExpectEnd()
    {
        TryTake(";");
        if (IsAtEnd)
        {
            return;
        }

        if (Current.IsWord("LIMIT") || Current.IsWord("OFFSET") || Current.IsWord("GROUP") || Current.IsWord("HAVING"))
        {
            throw Errors.Validation($"Unsupported clause: {Current.Text.ToUpperInvariant()} at {Place(Current)}");
        }

        throw Malformed("Unexpected token after expression");
    }

    /// <summary>Called wherever a statement may nest; <see cref="Shallower"/> on the way back.</summary>
    public void Deeper()
    {
        if (++depth > DepthLimit)
        {
            throw Malformed("The statement is nested too deeply");
        }
    }

    public void Shallower() => depth--;

    /// <summary>The value of the next <c>?</c>.</summary>
    public AttributeValue Parameter()
    {
        at++;
        return parameters[used++];
    }

    /// <summary>The name of a table, an index or an attribute: a keyword only in quotation marks.</summary>
    public string Name()
    {
        var token = Current;
        if (token.Kind != StatementTokenKind.Quoted && (token.Kind != StatementTokenKind.Word || token.IsKeyword))
        {
            throw Unexpected();
        }

        at++;
        return token.Text;
    }

    /// <summary>Reads <c>a.b[0]</c>, <c>"a"."b"</c> and <c>a['b']</c>.</summary>
    public DocumentPath Path()
    {
        var steps = new List<PathStep> { new(Name(), 0) };
        while (true)
        {
            if (TryTake("."))
            {
                steps.Add(new(Name(), 0));
            }
            else if (TryTake("["))
            {
                steps.Add(Element());
                Expect("]");
            }
            else
            {
                return steps.Count <= PathLimit
                    ? new DocumentPath([.. steps])
                    : throw Errors.Validation($"The document path has too many nesting elements; nesting levels: {steps.Count}");
            }
        }
    }

    /// <summary>The token after the parenthesis that closes the one here.</summary>
    public StatementToken AfterParentheses()
    {
        var open = 0;
        for (var i = at; i < tokens.Count; i++)
        {
            open +=
                tokens[i].Is("(") ? 1
                : tokens[i].Is(")") ? -1
                : 0;
            if (open == 0)
            {
                return tokens[Math.Min(i + 1, tokens.Count - 1)];
            }
        }

        return tokens[^1];
    }

    private PathStep Element()
    {
        var token = Take();
        return token.Kind switch
        {
            StatementTokenKind.Text => new(token.Text, 0),
            StatementTokenKind.Number when int.TryParse(token.Text, out var index) => new(null, index),
            _ => throw Malformed("Unexpected path component"),
        };
    }

    /// <summary>Line, column and length, as PartiQL counts them.</summary>
    private string Place(StatementToken token)
    {
        var before = text.AsSpan(0, token.Start);
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{before.Count('\n') + 1}:{token.Start - before.LastIndexOf('\n')}:{token.Length}"
        );
    }
}
