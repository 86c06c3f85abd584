using System.Text.Json;
using Disa.Asl.Choices;
using Disa.Asl.Data;

namespace Disa.Asl.Tests;

public sealed class ChoiceTests
{
    private static readonly JsonElement Input = JsonElement.Parse(
        """{"s":"b","s2":"b","n":2,"n2":2.0,"big":12345678901234567890,"t":true,"f":false,"z":null,"at":"2026-01-01T12:00:00Z","at2":"2026-01-01T13:00:00+01:00","list":[]}"""
    );

    [Theory]
    [InlineData("""{"Variable":"$.s","StringEquals":"b"}""", true)]
    [InlineData("""{"Variable":"$.s","StringEquals":"B"}""", false)]
    [InlineData("""{"Variable":"$.n","StringEquals":"2"}""", false)]
    [InlineData("""{"Variable":"$.s","StringLessThan":"c"}""", true)]
    [InlineData("""{"Variable":"$.s","StringGreaterThan":"a"}""", true)]
    [InlineData("""{"Variable":"$.s","StringLessThanEquals":"b"}""", true)]
    [InlineData("""{"Variable":"$.s","StringGreaterThanEquals":"c"}""", false)]
    [InlineData("""{"Variable":"$.s","StringEqualsPath":"$.s2"}""", true)]
    [InlineData("""{"Variable":"$.s","StringLessThanPath":"$.s2"}""", false)]
    [InlineData("""{"Variable":"$.s","StringMatches":"*"}""", true)]
    [InlineData("""{"Variable":"$.n","NumericEquals":2}""", true)]
    [InlineData("""{"Variable":"$.n","NumericEqualsPath":"$.n2"}""", true)]
    [InlineData("""{"Variable":"$.s","NumericEquals":2}""", false)]
    [InlineData("""{"Variable":"$.n","NumericLessThan":2.5}""", true)]
    [InlineData("""{"Variable":"$.n","NumericGreaterThanEqualsPath":"$.n2"}""", true)]
    [InlineData("""{"Variable":"$.big","NumericGreaterThan":12345678901234567889}""", true)]
    [InlineData("""{"Variable":"$.t","BooleanEquals":true}""", true)]
    [InlineData("""{"Variable":"$.t","BooleanEqualsPath":"$.f"}""", false)]
    [InlineData("""{"Variable":"$.s","BooleanEquals":false}""", false)]
    [InlineData("""{"Variable":"$.at","TimestampEquals":"2026-01-01T12:00:00.000Z"}""", true)]
    [InlineData("""{"Variable":"$.at","TimestampEqualsPath":"$.at2"}""", true)]
    [InlineData("""{"Variable":"$.at","TimestampLessThan":"2026-01-01T12:00:00Z"}""", false)]
    [InlineData("""{"Variable":"$.at","TimestampLessThanEquals":"2026-01-01T12:00:00Z"}""", true)]
    [InlineData("""{"Variable":"$.s","TimestampGreaterThan":"2026-01-01T12:00:00Z"}""", false)]
    [InlineData("""{"Variable":"$.z","IsNull":true}""", true)]
    [InlineData("""{"Variable":"$.s","IsNull":true}""", false)]
    [InlineData("""{"Variable":"$.s","IsNull":false}""", true)]
    [InlineData("""{"Variable":"$.z","IsPresent":true}""", true)]
    [InlineData("""{"Variable":"$.none","IsPresent":false}""", true)]
    [InlineData("""{"Variable":"$.n","IsNumeric":true}""", true)]
    [InlineData("""{"Variable":"$.s","IsString":true}""", true)]
    [InlineData("""{"Variable":"$.f","IsBoolean":true}""", true)]
    [InlineData("""{"Variable":"$.at","IsTimestamp":true}""", true)]
    [InlineData("""{"Variable":"$.s","IsTimestamp":true}""", false)]
    [InlineData("""{"Not":{"Variable":"$.s","StringEquals":"x"}}""", true)]
    [InlineData("""{"And":[{"Variable":"$.t","BooleanEquals":true},{"Variable":"$.f","BooleanEquals":true}]}""", false)]
    [InlineData("""{"Or":[{"Variable":"$.t","BooleanEquals":true},{"Variable":"$.none","BooleanEquals":true}]}""", true)]
    public void Decides(string rule, bool expected) => Assert.Equal(expected, Read(rule).Holds(Scope()));

    [Fact]
    public void A_path_that_leads_nowhere_is_a_runtime_error() =>
        Assert.Equal(
            "Invalid path '$.none': The choice state's condition path references an invalid value.",
            Assert.Throws<WorkflowException>(() => Read("""{"Variable":"$.none","StringEquals":"x"}""").Holds(Scope())).Message
        );

    [Theory]
    [InlineData("", "", true)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "a*", true)]
    [InlineData("abc", "*c", true)]
    [InlineData("abc", "a*c*", true)]
    [InlineData("aXbXc", "a*b*c", true)]
    [InlineData("abc", "a*b", false)]
    [InlineData("a*c", @"a\*c", true)]
    [InlineData("abc", @"a\*c", false)]
    [InlineData(@"a\c", @"a\\c", true)]
    [InlineData("abc", "a?c", false)]
    public void Matches_patterns(string text, string pattern, bool expected) => Assert.Equal(expected, Wildcard.Matches(text, pattern));

    [Theory]
    [InlineData("""{"Variable":"$.s"}""", "Exactly one comparison operator is required")]
    [InlineData("""{"Variable":"$.s","StringEquals":1}""", "Expected value of type String")]
    [InlineData("""{"Variable":"$.s","TimestampEquals":"tomorrow"}""", "String does not match RFC3339 timestamp")]
    [InlineData("""{"StringEquals":"x"}""", "These fields are required: [Variable]")]
    [InlineData("""{"Variable":"$.s","BooleanLessThan":true}""", "Exactly one comparison operator is required")]
    [InlineData("""{"And":[]}""", "The list must not be empty")]
    public void Says_what_is_wrong_with_a_rule(string rule, string message)
    {
        var wrong = new List<Diagnostic>();
        ChoiceRule.Read(new DefinitionReader(JsonElement.Parse(rule), "/", wrong));
        Assert.Contains(message, wrong.Select(d => d.Message));
    }

    private static ChoiceRule Read(string rule)
    {
        var wrong = new List<Diagnostic>();
        var read = ChoiceRule.Read(new DefinitionReader(JsonElement.Parse(rule), "/", wrong));
        Assert.Empty(wrong);
        return read!;
    }

    private static Scope Scope() => new(Input, () => Json.EmptyObject, Json.EmptyObject, new Moment(default, new Random(1)));
}
