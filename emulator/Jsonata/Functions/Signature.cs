using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>A function's signature, such as <c>&lt;s-nn?:s&gt;</c>: checks arguments, and puts the context where one is left out.</summary>
internal sealed class Signature
{
    private const string Any = "[asnblfom]";
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    private static readonly Dictionary<char, string> Plurals = new()
    {
        ['a'] = "arrays",
        ['b'] = "booleans",
        ['f'] = "functions",
        ['n'] = "numbers",
        ['o'] = "objects",
        ['s'] = "strings",
    };

    private readonly List<Parameter> _parameters;
    private readonly Regex _pattern;

    private Signature(List<Parameter> parameters)
    {
        _parameters = parameters;
        _pattern = Pattern($"^{string.Concat(parameters.Select(parameter => $"({parameter.Pattern})"))}$");
    }

    /// <exception cref="JsonataException">S0401, S0402; the position is the one inside the signature.</exception>
    public static Signature Parse(string text)
    {
        var parameters = new List<Parameter>();
        for (var at = 1; at < text.Length && text[at] != ':'; at++)
        {
            switch (text[at])
            {
                case 's' or 'n' or 'b' or 'l' or 'o':
                    parameters.Add(new Parameter(text[at], $"[{text[at]}m]"));
                    break;
                case 'a' or 'x':
                    parameters.Add(new Parameter(text[at], Any));
                    break;
                case 'f':
                    parameters.Add(new Parameter('f', "f"));
                    break;
                case 'j':
                    parameters.Add(new Parameter('j', "[asnblom]"));
                    break;
                case '-' when parameters.Count > 0:
                    parameters[^1].ContextPattern = parameters[^1].Pattern;
                    parameters[^1].Pattern += "?";
                    break;
                case '?' or '+' when parameters.Count > 0:
                    parameters[^1].Pattern += text[at];
                    break;
                case '(':
                    parameters.Add(Choice(text, ref at));
                    break;
                case '<':
                    at = Subtype(text, at, parameters);
                    break;
            }
        }

        return new Signature(parameters);
    }

    public Value?[] Validate(Value?[] arguments, Value? context)
    {
        var supplied = string.Create(
            arguments.Length,
            arguments,
            (symbols, given) =>
            {
                for (var i = 0; i < given.Length; i++)
                {
                    symbols[i] = Symbol(given[i]);
                }
            }
        );
        var match = _pattern.Match(supplied);
        if (!match.Success)
        {
            throw Mismatch(supplied, arguments);
        }

        var validated = new List<Value?>(arguments.Length);
        var next = 0;
        for (var i = 0; i < _parameters.Count; i++)
        {
            var parameter = _parameters[i];
            var matched = match.Groups[i + 1].ValueSpan;
            if (matched.Length > 0)
            {
                foreach (var symbol in matched)
                {
                    var argument = arguments.At(next);
                    validated.Add(parameter.Type == 'a' ? AsArray(parameter, symbol, matched.Length, argument, next) : argument);
                    next++;
                }
            }
            else if (parameter.ContextPattern is not null)
            {
                validated.Add(Context(parameter, context, next));
            }
            else
            {
                validated.Add(arguments.At(next));
                next++;
            }
        }

        return [.. validated];
    }

    private static Parameter Choice(string text, ref int at)
    {
        var end = Closing(text, at, '(', ')');
        var choice = text[(at + 1)..Math.Min(end, text.Length)];
        if (choice.Contains('<', StringComparison.Ordinal))
        {
            throw new JsonataException("S0402") { Position = at, Value = $"\"{choice}\"" };
        }

        at = end;
        return new Parameter('(', $"[{Regex.Escape(choice)}m]");
    }

    private static int Subtype(string text, int at, List<Parameter> parameters)
    {
        if (parameters is not [.., { Type: 'a' or 'f' } last])
        {
            throw new JsonataException("S0401") { Position = at };
        }

        var end = Closing(text, at, '<', '>');
        last.Subtype = text[(at + 1)..Math.Min(end, text.Length)];
        return end;
    }

    private static int Closing(string text, int start, char open, char close)
    {
        var at = start;
        for (var depth = 1; depth > 0 && ++at < text.Length; )
        {
            depth +=
                text[at] == open ? 1
                : text[at] == close ? -1
                : 0;
        }

        return at;
    }

    /// <summary>What is undefined matches any type.</summary>
    private static char Symbol(Value? value) =>
        value switch
        {
            null => 'm',
            StringValue => 's',
            NumberValue => 'n',
            BooleanValue => 'b',
            NullValue => 'l',
            ArrayValue => 'a',
            FunctionValue => 'f',
            _ => 'o',
        };

    private static Value? Context(Parameter parameter, Value? context, int index) =>
        Pattern(parameter.ContextPattern!).IsMatch(Symbol(context).ToString())
            ? context
            : throw new JsonataException("T0411") { Value = Texts.Json(context), Index = index + 1 };

    /// <summary>A value that is not an array stands for an array of one.</summary>
    private static Value? AsArray(Parameter parameter, char symbol, int matched, Value? argument, int index)
    {
        if (symbol == 'm')
        {
            return null;
        }

        if (parameter.Subtype is { Length: > 0 } subtype)
        {
            var fits = argument is ArrayValue array
                ? array.Count == 0 || (Symbol(array[0]) == subtype[0] && AreAlike(array))
                : matched == subtype.Length && symbol == subtype[0];
            if (!fits)
            {
                throw new JsonataException("T0412")
                {
                    Value = Texts.Json(argument),
                    Index = index + 1,
                    Type = Plurals.GetValueOrDefault(subtype[0]),
                };
            }
        }

        return argument is ArrayValue ? argument : new ArrayValue([argument]);
    }

    private static bool AreAlike(ArrayValue array)
    {
        if (array.Items is IntegerRange)
        {
            return true;
        }

        var symbol = Symbol(array[0]);
        return array.All(item => Symbol(item) == symbol);
    }

    private JsonataException Mismatch(string supplied, Value?[] arguments)
    {
        var goodTo = 0;
        var pattern = new StringBuilder("^");
        foreach (var parameter in _parameters)
        {
            pattern.Append(parameter.Pattern);
            var match = Pattern(pattern.ToString()).Match(supplied);
            if (!match.Success)
            {
                break;
            }

            goodTo = match.Length;
        }

        return new JsonataException("T0410") { Value = Texts.Json(arguments.At(goodTo)), Index = goodTo + 1 };
    }

    /// <summary>Signatures are few and short; those of expressions have no room here once there are many.</summary>
    private static Regex Pattern(string pattern)
    {
        if (Patterns.TryGetValue(pattern, out var known))
        {
            return known;
        }

        var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return Patterns.Count < 1_000 ? Patterns.GetOrAdd(pattern, regex) : regex;
    }

    private sealed class Parameter(char type, string pattern)
    {
        public char Type => type;

        public string Pattern { get; set; } = pattern;

        /// <summary>Set where the context stands in for a missing argument.</summary>
        public string? ContextPattern { get; set; }

        public string? Subtype { get; set; }
    }
}
