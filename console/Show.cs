using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.WebConsole;

/// <summary>How values are shown.</summary>
internal static partial class Show
{
    /// <summary>A sentence, its times as times.</summary>
    public static Html Sentence(string text)
    {
        var pieces = new List<Html>();
        var at = 0;
        foreach (Match match in AnyInstant().Matches(text))
        {
            pieces.Add(Html.Of($"{text[at..match.Index]}"));
            pieces.Add(Said(match.Value));
            at = match.Index + match.Length;
        }

        pieces.Add(Html.Of($"{text[at..]}"));
        return Html.Join(pieces);
    }

    /// <summary>A time: the script shows how long it is ago or ahead in its place.</summary>
    public static Html Time(DateTimeOffset? time) => Time(time, "");

    /// <summary>A time inside a sentence: it stays, and the script adds how long it is ago or ahead.</summary>
    public static Html Said(DateTimeOffset? time) => Time(time, "said");

    /// <summary>The same, as Disa writes it on items.</summary>
    public static Html Said(string? text) =>
        text is null ? Html.Of($"–")
        : Disa.Contract.Instant.TryParse(text, out var time) ? Said(time)
        : Html.Of($"{text}");

    public static Html Said(DateTime? time) => time is null ? Html.Of($"–") : Said(WorkflowRun.Utc(time));

    /// <summary>A time that stays as it is.</summary>
    public static Html Exact(DateTimeOffset time) => Time(time, "exact");

    /// <summary>The time of a day, to the millisecond.</summary>
    public static Html ClockTime(DateTimeOffset time) =>
        Html.Of($"""<time class="exact" datetime="{Iso(time)}" title="{Iso(time)}">{Clock(time)}</time>""");

    private static Html Time(DateTimeOffset? time, string kind) =>
        time is not { } known
            ? Html.Of($"–")
            : Html.Of(
                $"""<time class="{kind}" datetime="{Iso(known)}">{known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time>"""
            );

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>A time as Disa writes it on items; what is none is shown as it is.</summary>
    public static Html Time(string? text) =>
        text is null ? Html.Of($"–")
        : Disa.Contract.Instant.TryParse(text, out var time) ? Time(time)
        : Html.Of($"{text}");

    public static Html Time(DateTime? time) => time is null ? Html.Of($"–") : Time(WorkflowRun.Utc(time));

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Number(double number) => number.ToString(number < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan span) =>
        span switch
        {
            { TotalMilliseconds: < 1000 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
            { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
            { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
        };

    public static string Excerpt(string? text, int length) =>
        text is null ? ""
        : text.Length <= length ? text
        : text[..(length - 1)] + "…";

    public static string Count(int count, string one, string many) =>
        $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}";

    /// <summary>A message's state, in its word and color, with its reason where that says more.</summary>
    public static Html Badge(Message message)
    {
        var kind = message.State switch
        {
            _ when message.Status is null => "open",
            MessageState.Sent => "good",
            MessageState.Failed or MessageState.Parked => "bad",
            _ => "wait",
        };
        var word = message.Status is null ? "undecided" : message.State;
        return Html.Of(
            $"""<span class="badge {kind}">{word}</span>{Html.When(message.Reason is { } reason && reason != word, $""" <span class="reason">{message.Reason}</span>""")}{Html.When(message.Status == SendAttributes.Failure && message.ErrorCode is not null, $""" <span class="reason">{message.ErrorCode}</span>""")}"""
        );
    }

    public static Html AlarmBadge(string? state) =>
        state switch
        {
            "OK" => Html.Of($"""<span class="badge good">OK</span>"""),
            "ALARM" => Html.Of($"""<span class="badge bad">In Alarm</span>"""),
            "INSUFFICIENT_DATA" => Html.Of($"""<span class="badge open">Insufficient data</span>"""),
            _ => Html.Of($"""<span class="badge open">{state ?? "none"}</span>"""),
        };

    /// <summary>An id, an ARN or a command, with a button that copies it, where script runs.</summary>
    public static Html Copyable(string? text, string what) =>
        string.IsNullOrEmpty(text)
            ? Html.None
            : Html.Of(
                $"""<code>{text}</code> <button type="button" class="quiet copy" data-copy="{text}" aria-label="Copy {what}">Copy</button>"""
            );

    /// <summary>Words as one types them in a shell.</summary>
    public static string ForShell(params IEnumerable<string> words) =>
        string.Join(
            ' ',
            words.Select(word => PlainWord().IsMatch(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'")
        );

    /// <summary>Two columns: what, and its value.</summary>
    public static Html Facts(params IEnumerable<(string Name, Html Value)> facts) =>
        Html.Of(
            $"""<dl class="facts">{facts.Where(fact => !fact.Value.IsEmpty).Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>"""
        );

    [GeneratedRegex(@"^[A-Za-z0-9_./:=@%+-]+\z")]
    private static partial Regex PlainWord();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")]
    private static partial Regex AnyInstant();
}
