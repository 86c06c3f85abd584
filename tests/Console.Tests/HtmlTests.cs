namespace Disa.WebConsole.Tests;

/// <summary>What becomes of text on its way into a page.</summary>
public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onmouseover=\"alert(1)")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("</textarea><img src=x>")]
    [InlineData("&lt;")]
    public void A_hole_is_text_whatever_it_says(string text)
    {
        var page = Html.Of($"<p title=\"{text}\">{text}</p>").ToString();

        Assert.StartsWith("<p title=\"", page, StringComparison.Ordinal);
        var inside = page["<p title=\"".Length..^"</p>".Length];
        Assert.DoesNotContain('<', inside);
        Assert.Equal(1, inside.Count(letter => letter == '"'));
        Assert.Equal(text, System.Net.WebUtility.HtmlDecode(inside[(inside.IndexOf('>', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public void Markup_in_a_hole_stays_markup_and_letters_of_all_languages_stay_as_they_are() =>
        Assert.Equal("<b><i>Grüße, 世界</i></b>", Html.Of($"<b>{Html.Of($"<i>{"Grüße, 世界"}</i>")}</b>").ToString());

    [Fact]
    public void An_address_carries_any_key_and_leaves_out_what_is_not_there() =>
        Assert.Equal(
            "/_disa/console/message?id=a%2Fb%26c%3D%22%3C",
            Links.To("message", ("id", "a/b&c=\"<"), ("after", null), ("text", ""))
        );

    [Fact]
    public void Times_in_a_sentence_are_shown_as_times() =>
        Assert.Equal(
            "Due at <time class=\"said\" datetime=\"2026-11-25T05:36:00.500Z\">2026-11-25 05:36:00</time>, &lt;soon&gt;.",
            Show.Sentence("Due at 2026-11-25T05:36:00.500Z, <soon>.").ToString()
        );
}
