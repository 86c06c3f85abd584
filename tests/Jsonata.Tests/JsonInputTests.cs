using System.Text;

namespace Disa.Jsonata.Tests;

/// <summary>JavaScript writes half an emoji as an escaped half of a surrogate pair. Reading it must not fail.</summary>
public sealed class JsonInputTests
{
    [Theory]
    [InlineData("""["a\ud83d\ude00b"]""", "a\ud83d\ude00b")]
    [InlineData("""["a\ud83d"]""", "a\ufffd")]
    [InlineData("""["\uDE00b"]""", "\ufffdb")]
    [InlineData("""["\ud83d\ud83d\ude00"]""", "\ufffd\ud83d\ude00")]
    [InlineData("""["\ud83dx\ude00"]""", "\ufffdx\ufffd")]
    [InlineData("""["\\ud83d"]""", "\\ud83d")]
    [InlineData("""["\\\ud83d"]""", "\\\ufffd")]
    [InlineData("""["\u00e9"]""", "\u00e9")]
    public void Half_of_a_surrogate_pair_is_read_as_the_replacement_character(string json, string text)
    {
        Assert.Equal(text, JsonInput.Parse(json)[0].GetString());
        Assert.Equal(text, JsonInput.Parse(Encoding.UTF8.GetBytes(json))[0].GetString());
        using var document = JsonInput.Document(Encoding.UTF8.GetBytes(json));
        Assert.Equal(text, document.RootElement[0].GetString());
    }

    /// <summary>Functions that cut strings may leave half a surrogate pair; their result is still JSON.</summary>
    [Theory]
    [InlineData("$split('a\ud83d\ude00b', '')")]
    [InlineData("$split('\ud83d\ude01\ud83d\ude00', '\\\\ud83d')")]
    [InlineData("$substring('\ud83d\ude00', 1)")]
    [InlineData("$substringAfter('\ud83d\ude00', '\\\\ud83d')")]
    [InlineData("$pad('a', 4, '\ud83d\ude00')")]
    [InlineData("$replace('\ud83d\ude00', /./, 'x')")]
    [InlineData("$match('\ud83d\ude00', /./)")]
    [InlineData("$map($split('\ud83d\ude00', ''), $string)")]
    [InlineData("{$substring('\ud83d\ude00', 0, 1): 1}")]
    [InlineData("'\\ud83d' & 'x'")]
    [InlineData("$encodeUrlComponent('\\ud83d')")]
    [InlineData("$base64encode('\\ud83d')")]
    [InlineData("$eval('\"\\\\ud83d\"')")]
    public void What_takes_a_pair_apart_answers_JSON_or_an_error_of_the_language(string expression)
    {
        try
        {
            var environment = new EvaluationEnvironment(DateTimeOffset.UnixEpoch, new Random(1));
            JsonInput.Parse(JsonataExpression.Parse(expression).Evaluate(JsonInput.Parse("{}"), null, environment).GetRawText());
        }
        catch (JsonataException)
        {
            // The reference refuses some of them too.
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\\")]
    [InlineData("\"\\ud8")]
    [InlineData("[\"\\ud83d\\u")]
    public void What_is_no_JSON_is_refused_as_such(string text) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonInput.Parse(text));
}
