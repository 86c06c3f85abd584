using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>A path, or an intrinsic function with its arguments.</summary>
internal abstract record Expression(string Text)
{
    public abstract JsonElement Evaluate(Scope scope);

    /// <summary>The variables that it reads.</summary>
    public virtual IEnumerable<string> Variables => [];

    /// <exception cref="FormatException">The text is neither.</exception>
    public static Expression Parse(string text)
    {
        if (text.StartsWith('$'))
        {
            return new PathExpression(JsonPath.Parse(text));
        }

        var parser = new CallParser(text);
        return parser.ParseWhole();
    }
}

internal sealed record PathExpression(JsonPath Path) : Expression(Path.Text)
{
    public override IEnumerable<string> Variables => Path.Variable is { } name ? [name] : [];

    public override JsonElement Evaluate(Scope scope) => Path.Read(scope);
}

/// <summary>An argument written out: a string, a number, true, false or null.</summary>
internal sealed record LiteralExpression(JsonElement Value, string Source) : Expression(Source)
{
    public override JsonElement Evaluate(Scope scope) => Value;
}

internal sealed record CallExpression(string Name, ImmutableArray<Expression> Arguments, string Source) : Expression(Source)
{
    public override IEnumerable<string> Variables => Arguments.SelectMany(argument => argument.Variables);

    public override JsonElement Evaluate(Scope scope)
    {
        var values = Arguments.Select(argument => argument.Evaluate(scope)).ToList();
        try
        {
            return Intrinsics.Call(Name, values, scope.Random);
        }
        catch (IntrinsicException wrong)
        {
            throw new WorkflowException(
                WorkflowError.IntrinsicFailure,
                $"The function '{Source}' had the following error: {wrong.Message}"
            );
        }
    }
}

/// <summary>Reads calls of intrinsic functions.</summary>
internal sealed class CallParser(string text)
{
    /// <summary>"You can nest up to 10 intrinsic functions" (https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html).</summary>
    private const int NestingLimit = 10;

    private int _at;
    private int _depth;

    public Expression ParseWhole()
    {
        var call = ParseCall();
        return _at == text.Length ? call : throw Wrong();
    }

    private CallExpression ParseCall()
    {
        var from = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '.'))
        {
            _at++;
        }

        var name = text[from.._at];
        if (!Intrinsics.Exists(name) || _at >= text.Length || text[_at] != '(')
        {
            throw Wrong();
        }

        if (++_depth > NestingLimit)
        {
            throw new FormatException($"More than {NestingLimit} intrinsic functions are nested: position {_at}.");
        }

        _at++;
        var arguments = ImmutableArray.CreateBuilder<Expression>();
        Blanks();
        while (_at < text.Length && text[_at] != ')')
        {
            arguments.Add(ParseArgument(name == "States.Format" && arguments.Count == 0));
            Blanks();
            if (_at < text.Length && text[_at] == ',')
            {
                _at++;
                Blanks();
            }
            else if (_at < text.Length && text[_at] != ')')
            {
                throw Wrong();
            }
        }

        if (_at >= text.Length)
        {
            throw Wrong();
        }

        _at++;
        _depth--;
        return new CallExpression(name, arguments.ToImmutable(), text[from.._at]);
    }

    private Expression ParseArgument(bool isFormat)
    {
        var from = _at;
        var c = text[_at];
        if (c == '$')
        {
            var parser = new PathParser(text, _at);
            var path = parser.Parse();
            _at = parser.End;
            return new PathExpression(path);
        }

        if (c == '\'')
        {
            return new LiteralExpression(Json.Of(ReadString(isFormat)), text[from.._at]);
        }

        if (text.AsSpan(_at).StartsWith("States."))
        {
            return ParseCall();
        }

        while (_at < text.Length && text[_at] is not (',' or ')' or ' '))
        {
            _at++;
        }

        var literal = text[from.._at];
        try
        {
            return
                literal is "true" or "false" or "null" || double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                ? new LiteralExpression(JsonElement.Parse(literal), literal)
                : throw Wrong();
        }
        catch (JsonException)
        {
            throw Wrong(); // such as 007
        }
    }

    /// <summary>A format keeps its backslashes: States.Format tells <c>\\{</c> from <c>{</c> itself.</summary>
    private string ReadString(bool isFormat)
    {
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != '\''; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length)
            {
                _at++;
                if (isFormat && (text[_at] is '{' or '}' or '\\'))
                {
                    value.Append('\\');
                }
            }

            value.Append(text[_at]);
        }

        if (_at >= text.Length)
        {
            throw Wrong();
        }

        _at++;
        return value.ToString();
    }

    private void Blanks()
    {
        while (_at < text.Length && text[_at] == ' ')
        {
            _at++;
        }
    }

    private FormatException Wrong() => new($"'{text}' is not a valid intrinsic function call: position {_at}.");
}
