using System.Buffers;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>
/// Reads a request's expressions with its names and values, and sees that each of those is used. What is wrong with an
/// expression is reported in AWS's order: by kind of fault, not by place.
/// </summary>
internal sealed class Expression
{
    /// <summary>"The maximum number of operators or functions in an expression is 300"
    /// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters). The message is not AWS's.</summary>
    private const int OperatorLimit = 300;

    /// <summary>Attributes nest 32 levels deep, and so do paths into them.</summary>
    private const int PathLimit = 32;

    private readonly Dictionary<string, string>? names;
    private readonly Item? values;
    private readonly HashSet<string> unusedNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> unusedValues = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Fault, string> faults = [];
    private string parameter = "";
    private int depth;

    /// <summary>What goes before the message: a batch says so for its parts.</summary>
    private Expression(Dictionary<string, string>? names, Item? values)
    {
        this.names = names;
        this.values = values;
    }

    /// <summary>The kinds of fault in the order in which AWS reports them.</summary>
    internal enum Fault
    {
        Parentheses,
        UnknownFunction,
        MisusedFunction,
        Reserved,
        Section,
        Undefined,
        OperandCount,
        NotDistinct,
        Overlap,
        Conflict,
        Operand,
        Function,
    }

    /// <summary>Checks names and values as such.</summary>
    /// <param name="names">ExpressionAttributeNames.</param>
    /// <param name="values">ExpressionAttributeValues.</param>
    /// <param name="expressions">The parameters that may use them: their names, and whether the request has them.</param>
    public static Expression Of(
        Dictionary<string, string>? names,
        Item? values,
        params ReadOnlySpan<(string Name, string? Text)> expressions
    )
    {
        var any = false;
        foreach (var (_, text) in expressions)
        {
            any |= text is not null;
        }

        if (!any && (names ?? (object?)values) is not null)
        {
            var nulls = string.Join(", ", expressions.ToArray().Select(expression => expression.Name));
            throw Errors.Validation(
                $"{(names is not null ? "ExpressionAttributeNames" : "ExpressionAttributeValues")} can only be specified when using expressions: {nulls} {(expressions.Length > 1 ? "are" : "is")} null"
            );
        }

        var expression = new Expression(names, values);
        if (names is not null)
        {
            if (names.Count == 0)
            {
                throw Errors.Validation("ExpressionAttributeNames must not be empty");
            }

            foreach (var (key, value) in names)
            {
                CheckKey("ExpressionAttributeNames", '#', key);
                if (value.Length == 0)
                {
                    throw Errors.Validation($"ExpressionAttributeNames contains invalid value: Empty attribute name for key {key}");
                }

                expression.unusedNames.Add(key);
            }
        }

        if (values is not null)
        {
            if (values.Count == 0)
            {
                throw Errors.Validation("ExpressionAttributeValues must not be empty");
            }

            foreach (var (key, _) in values)
            {
                CheckKey("ExpressionAttributeValues", ':', key);
            }

            foreach (var (key, value) in values)
            {
                if (value.FindProblem() is { } problem)
                {
                    throw Errors.Validation($"ExpressionAttributeValues contains invalid value: {problem} for key {key}");
                }

                expression.unusedValues.Add(key);
            }
        }

        return expression;
    }

    public Condition? ParseCondition(string name, string? text) => Parse(name, text, tokens => new ConditionParser(this, tokens).Parse());

    public KeyCondition? ParseKeyCondition(string? text) =>
        Parse("KeyConditionExpression", text, tokens => new ConditionParser(this, tokens).Parse()) is { } condition
            ? KeyCondition.From(condition)
            : null;

    public Update? ParseUpdate(string? text) => Parse("UpdateExpression", text, tokens => new UpdateParser(this, tokens).Parse());

    public Projection? ParseProjection(string? text) => Parse("ProjectionExpression", text, tokens => Projection.Parse(this, tokens));

    /// <summary>Every name and value must be used by then.</summary>
    public void AllUsed()
    {
        if (unusedNames.Count > 0)
        {
            throw Errors.Validation(
                $"Value provided in ExpressionAttributeNames unused in expressions: keys: {{{string.Join(", ", unusedNames)}}}"
            );
        }

        if (unusedValues.Count > 0)
        {
            throw Errors.Validation(
                $"Value provided in ExpressionAttributeValues unused in expressions: keys: {{{string.Join(", ", unusedValues)}}}"
            );
        }
    }

    /// <summary>Remembers a fault, the first of its kind.</summary>
    public void Report(Fault fault, string message) => faults.TryAdd(fault, message);

    /// <summary>Called wherever an expression may nest; <see cref="Shallower"/> on the way back.</summary>
    public void Deeper()
    {
        // Parentheses that are not redundant stand around an operator each, and of these there are no more.
        if (++depth > OperatorLimit)
        {
            throw Invalid("The expression has redundant parentheses;");
        }
    }

    public void Shallower() => depth--;

    public AwsException Invalid(string message) => Errors.Validation($"Invalid {parameter}: {message}");

    public AttributeValue Value(Token token)
    {
        if (values is not null && values.TryGetValue(token.Text, out var value))
        {
            unusedValues.Remove(token.Text);
            return value;
        }

        Report(Fault.Undefined, $"An expression attribute value used in expression is not defined; attribute value: {token.Text}");
        return AttributeValue.Null;
    }

    /// <summary>Reads <c>a.b[0]</c>.</summary>
    public DocumentPath Path(Tokens tokens)
    {
        var steps = new List<PathStep> { new(Name(tokens), 0) };
        while (true)
        {
            if (tokens.TryTake("."))
            {
                steps.Add(new(Name(tokens), 0));
            }
            else if (tokens.TryTake("["))
            {
                if (tokens.Current.Kind != TokenKind.Number || !int.TryParse(tokens.Current.Text, out var index))
                {
                    throw tokens.Syntax();
                }

                tokens.Take();
                tokens.Expect("]");
                steps.Add(new(null, index));
            }
            else
            {
                return steps.Count <= PathLimit
                    ? new DocumentPath([.. steps])
                    : throw Invalid($"The document path has too many nesting elements; nesting levels: {steps.Count}");
            }
        }
    }

    private string Name(Tokens tokens)
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Word:
                tokens.Take();
                if (ReservedWords.Contains(token.Text))
                {
                    Report(Fault.Reserved, $"Attribute name is a reserved keyword; reserved keyword: {token.Text}");
                }

                return token.Text;
            case TokenKind.Name:
                tokens.Take();
                if (names is not null && names.TryGetValue(token.Text, out var name))
                {
                    unusedNames.Remove(token.Text);
                    return name;
                }

                Report(
                    Fault.Undefined,
                    $"An expression attribute name used in the document path is not defined; attribute name: {token.Text}"
                );
                return token.Text;
            default:
                throw tokens.Syntax();
        }
    }

    private T? Parse<T>(string name, string? text, Func<Tokens, T> parse)
        where T : class
    {
        if (text is null)
        {
            return null;
        }

        parameter = name;
        if (text.Length == 0)
        {
            throw Invalid("The expression can not be empty;");
        }

        if (text.Length > 4096)
        {
            throw Invalid("Expression size has exceeded the maximum allowed size;");
        }

        var tokens = new Tokens(text, name);
        if (tokens.Operators > OperatorLimit)
        {
            throw Invalid($"The expression has too many operators and functions; limit: {OperatorLimit}, found: {tokens.Operators}");
        }

        depth = 0;
        var parsed = parse(tokens);
        if (tokens.Current.Kind != TokenKind.End)
        {
            throw tokens.Syntax();
        }

        foreach (var (_, message) in faults)
        {
            throw Invalid(message);
        }

        return parsed;
    }

    private static readonly SearchValues<char> KeyLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    private static void CheckKey(string what, char sign, string key)
    {
        if (key.Length > 255)
        {
            throw Errors.Validation(
                $"{what} contains invalid key: The expression attribute map contains a key that is too long; size of key: {key.Length}"
            );
        }

        if (key.Length < 2 || key[0] != sign || key.AsSpan(1).ContainsAnyExcept(KeyLetters))
        {
            throw Errors.Validation($"{what} contains invalid key: Syntax error; key: \"{key}\"");
        }
    }
}
