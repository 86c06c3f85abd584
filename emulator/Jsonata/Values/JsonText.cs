using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Disa.Jsonata.Values;

/// <summary>Values as JSON text. Functions are empty texts in it.</summary>
/// <param name="number">How numbers are written.</param>
internal sealed class JsonText(Budget budget, Func<NumberValue, string> number, bool isPretty = false)
{
    private readonly StringBuilder _text = new();

    public string Of(Value? value)
    {
        Write(value, 0);
        return _text.ToString();
    }

    private void Write(Value? value, int depth)
    {
        budget.Take(1);
        budget.CheckNesting(depth);
        switch (value)
        {
            case null or NullValue:
                _text.Append("null");
                break;
            case BooleanValue boolean:
                _text.Append(boolean.Value ? "true" : "false");
                break;
            case NumberValue it:
                _text.Append(number(it));
                break;
            case StringValue it:
                WriteText(it.Value);
                break;
            case ArrayValue array:
                Members('[', ']', array, depth, item => Write(item, depth + 1));
                break;
            case ObjectValue made:
                Members('{', '}', made.Members.Where(member => member.Value is not null), depth, member => Member(member, depth));
                break;
            default:
                _text.Append("\"\"");
                break;
        }

        budget.CheckLength(_text.Length);
    }

    private void Member(KeyValuePair<string, Value?> member, int depth)
    {
        WriteText(member.Key);
        _text.Append(isPretty ? ": " : ":");
        Write(member.Value, depth + 1);
    }

    private void Members<T>(char open, char close, IEnumerable<T> members, int depth, Action<T> write)
    {
        _text.Append(open);
        var isFirst = true;
        foreach (var member in members)
        {
            if (!isFirst)
            {
                _text.Append(',');
            }

            isFirst = false;
            Line(depth + 1);
            write(member);
        }

        if (!isFirst)
        {
            Line(depth);
        }

        _text.Append(close);
    }

    private void Line(int depth)
    {
        if (isPretty)
        {
            _text.Append('\n').Append(' ', 2 * depth);
        }
    }

    /// <summary>As JSON.stringify: nothing is escaped that need not be.</summary>
    private void WriteText(string text)
    {
        _text.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                _text.Append(unit).Append(text[++i]);
                continue;
            }

            _ = unit switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\b' => _text.Append("\\b"),
                '\f' => _text.Append("\\f"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                < ' ' or (>= '\uD800' and <= '\uDFFF') => _text
                    .Append("\\u")
                    .Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture)),
                _ => _text.Append(unit),
            };
        }

        _text.Append('"');
    }
}
