using System.Runtime.CompilerServices;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudWatch;

/// <summary>The rule of a composite alarm: what it says of the states of other alarms.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html</remarks>
internal abstract record AlarmRule
{
    private static readonly ConditionalWeakTable<string, AlarmRule> Known = [];

    /// <summary>Whether it holds, given the state of each alarm; null is the state of one that is not there.</summary>
    public abstract bool Holds(Func<string, string?> state);

    /// <summary>The alarms that make it hold, or not hold, as it does.</summary>
    public abstract IEnumerable<string> Deciding(Func<string, string?> state);

    /// <summary>The names of the alarms that it speaks of, in order, some of them more than once.</summary>
    public abstract IEnumerable<string> Named { get; }

    /// <summary>The names of the alarms that it speaks of.</summary>
    public IEnumerable<string> Children => Named.Distinct(StringComparer.Ordinal);

    /// <summary>The rule of an alarm that is kept.</summary>
    public static AlarmRule Of(string kept) => Known.GetValue(kept, AlarmRuleParser.Parse);

    /// <summary>TRUE or FALSE.</summary>
    internal sealed record Constant(bool Value) : AlarmRule
    {
        public override IEnumerable<string> Named => [];

        public override bool Holds(Func<string, string?> state) => Value;

        public override IEnumerable<string> Deciding(Func<string, string?> state) => [];
    }

    /// <summary>Such as <c>ALARM(name)</c>.</summary>
    internal sealed record InState(string Name, string State) : AlarmRule
    {
        public override IEnumerable<string> Named => [Name];

        public override bool Holds(Func<string, string?> state) => state(Name) == State;

        public override IEnumerable<string> Deciding(Func<string, string?> state) => [Name];
    }

    internal sealed record Not(AlarmRule Rule) : AlarmRule
    {
        public override IEnumerable<string> Named => Rule.Named;

        public override bool Holds(Func<string, string?> state) => !Rule.Holds(state);

        public override IEnumerable<string> Deciding(Func<string, string?> state) => Rule.Deciding(state);
    }

    /// <summary>Parts that are joined by AND, or by OR.</summary>
    internal sealed record Joined(bool IsAnd, IReadOnlyList<AlarmRule> Parts) : AlarmRule
    {
        public override IEnumerable<string> Named => Parts.SelectMany(part => part.Named);

        public override bool Holds(Func<string, string?> state) =>
            IsAnd ? Parts.All(part => part.Holds(state)) : Parts.Any(part => part.Holds(state));

        public override IEnumerable<string> Deciding(Func<string, string?> state)
        {
            var holds = Holds(state);
            return Parts.Where(part => part.Holds(state) == holds).SelectMany(part => part.Deciding(state));
        }
    }
}

/// <summary>Reads rules of composite alarms.</summary>
internal ref struct AlarmRuleParser
{
    private const int MostElements = 500;
    private const int MostChildren = 100;

    private readonly ReadOnlySpan<char> text;
    private int at;
    private int elements;

    private AlarmRuleParser(ReadOnlySpan<char> text) => this.text = text;

    /// <exception cref="AwsException">ValidationException.</exception>
    public static AlarmRule Parse(string text)
    {
        if (text.Trim().Length != text.Length)
        {
            throw CloudWatchErrors.Validation("AlarmRule must not contain leading or trailing whitespace or be null");
        }

        var parser = new AlarmRuleParser(text);
        var rule = parser.Or();
        parser.Blanks();
        return parser.at < text.Length ? throw parser.Wrong()
            : rule.Children.Count() > MostChildren
                ? throw CloudWatchErrors.Validation($"AlarmRule must not name more than {MostChildren} alarms")
            : rule;
    }

    private AlarmRule Or()
    {
        var parts = new List<AlarmRule> { And() };
        while (Takes("OR"))
        {
            parts.Add(And());
        }

        return parts is [var one] ? one : new AlarmRule.Joined(false, parts);
    }

    private AlarmRule And()
    {
        var parts = new List<AlarmRule> { Operand() };
        while (Takes("AND"))
        {
            parts.Add(Operand());
        }

        return parts is [var one] ? one : new AlarmRule.Joined(true, parts);
    }

    private AlarmRule Operand()
    {
        var negated = false;
        while (Takes("NOT"))
        {
            negated = !negated;
        }

        var rule = Primary();
        return negated ? new AlarmRule.Not(rule) : rule;
    }

    private AlarmRule Primary()
    {
        if (++elements > MostElements)
        {
            throw CloudWatchErrors.Validation($"AlarmRule must not have more than {MostElements} elements");
        }

        if (TakesSign('('))
        {
            var inner = Or();
            elements++;
            return TakesSign(')') ? inner : throw Wrong();
        }

        if (Takes("TRUE") || Takes("FALSE"))
        {
            return new AlarmRule.Constant(text[at - 2] == 'U');
        }

        foreach (var state in (ReadOnlySpan<string>)[AlarmState.InsufficientData, AlarmState.Alarm, AlarmState.Ok])
        {
            if (Takes(state))
            {
                return TakesSign('(') ? new AlarmRule.InState(Name(), state) : throw Wrong();
            }
        }

        return Takes("AT_LEAST") ? throw AwsException.NotImplemented("AT_LEAST in an alarm rule") : throw Wrong();
    }

    /// <summary>A name or an ARN, with double quotes or without, and the parenthesis behind it.</summary>
    private string Name()
    {
        Blanks();
        var quoted = at < text.Length && text[at] == '"';
        var rest = text[(quoted ? ++at : at)..];
        var end = rest.IndexOf(quoted ? '"' : ')');
        if (end < 0)
        {
            throw Wrong();
        }

        var name = quoted ? rest[..end].ToString() : rest[..end].Trim().ToString();
        at += quoted ? end + 1 : end;
        if (name.Length is 0 or > 1600 || !TakesSign(')'))
        {
            throw Wrong();
        }

        return NameOf(name);
    }

    /// <summary>The name in an alarm's ARN, or the name as it is.</summary>
    public static string NameOf(string nameOrArn) =>
        Arn.TryParse(nameOrArn) is { Service: "cloudwatch" } arn && arn.Resource.StartsWith("alarm:", StringComparison.Ordinal)
            ? arn.Resource["alarm:".Length..]
            : nameOrArn;

    /// <summary>A word, and not the beginning of a longer one.</summary>
    private bool Takes(string word)
    {
        Blanks();
        var rest = text[at..];
        if (
            !rest.StartsWith(word, StringComparison.Ordinal)
            || (rest.Length > word.Length && (char.IsAsciiLetterOrDigit(rest[word.Length]) || rest[word.Length] == '_'))
        )
        {
            return false;
        }

        at += word.Length;
        return true;
    }

    private bool TakesSign(char sign)
    {
        Blanks();
        if (at >= text.Length || text[at] != sign)
        {
            return false;
        }

        at++;
        return true;
    }

    private void Blanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private readonly AwsException Wrong() => CloudWatchErrors.Validation($"AlarmRule is not valid at position {at + 1}: {text}");
}
