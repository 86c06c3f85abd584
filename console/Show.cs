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
            pieces.Add(Time(match.Value));
            at = match.Index + match.Length;
        }

        pieces.Add(Html.Of($"{text[at..]}"));
        return Html.Join(pieces);
    }

    public static Html Time(DateTimeOffset? time) => time is not { } known ? Html.Of($"–") : Html.Of(
        $"""<time datetime="{known.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}">{known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time>""");

    /// <summary>A time as Disa writes it on items; what is none is shown as it is.</summary>
    public static Html Time(string? text) => text is null ? Html.Of($"–")
        : Disa.Functions.Instant.TryParse(text, out var time) ? Time(time) : Html.Of($"{text}");

    public static Html Time(DateTime? time) => time is null ? Html.Of($"–") : Time(WorkflowRun.Utc(time));

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Number(double number) => number.ToString(number < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
    };

    public static string Excerpt(string? text, int length) => text is null ? "" : text.Length <= length ? text : text[..(length - 1)] + "…";

    public static string Count(int count, string one, string many) => $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}";

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
        return Html.Of($"""<span class="badge {kind}">{word}</span>{Html.When(message.Reason is { } reason && reason != word, $""" <span class="reason">{message.Reason}</span>""")}""");
    }

    public static Html AlarmBadge(string? state) => state switch
    {
        "OK" => Html.Of($"""<span class="badge good">OK</span>"""),
        "ALARM" => Html.Of($"""<span class="badge bad">In Alarm</span>"""),
        "INSUFFICIENT_DATA" => Html.Of($"""<span class="badge open">Insufficient data</span>"""),
        _ => Html.Of($"""<span class="badge open">{state ?? "none"}</span>"""),
    };

    /// <summary>Two columns: what, and its value.</summary>
    public static Html Facts(params IEnumerable<(string Name, Html Value)> facts) =>
        Html.Of($"""<dl class="facts">{facts.Where(fact => !fact.Value.IsEmpty).Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>""");

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")]
    private static partial Regex AnyInstant();
}
