namespace Disa.Asl.Tests;

/// <summary>
/// Which variables a state reads, as DescribeStateMachine shows it:
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html.
/// </summary>
public sealed class VariableReferencesTests
{
    [Theory]
    [InlineData("\"InputPath\":\"$a.b\"", "a")]
    [InlineData("\"Parameters\":{\"x.$\":\"$a\",\"y\":{\"z.$\":\"States.Format('{} {}', $b, $c.d)\"}}", "a b c")]
    [InlineData("\"Parameters\":{\"x\":\"$a\"}", "")]
    [InlineData("\"Parameters\":{\"x.$\":\"$$.Execution.Id\",\"y.$\":\"$.a\"}", "")]
    [InlineData("\"Parameters\":{\"x\":[{\"y.$\":\"$a\"},{\"y.$\":\"$a\"}]}", "a")]
    [InlineData("\"Choices\":[{\"Variable\":\"$a\",\"NumericEqualsPath\":\"$b\",\"Next\":\"B\"}]", "a b")]
    [InlineData("\"Comment\":\"$a\",\"Next\":\"$b\"", "")]
    [InlineData("\"ResultPath\":\"not a path\"", "")]
    [InlineData("\"Output\":\"{% $a + $b.c %}\"", "a b")]
    [InlineData("\"Output\":{\"x\":[\"{% $sum($a) %}\",\"$b\"]}", "a")]
    [InlineData("\"Output\":\"{% ($c := $a; $c + $states.input) %}\"", "a")]
    [InlineData("\"Output\":\"{% $a + %}\"", "")]
    public void A_state_reads_these(string fields, string variables)
    {
        var read = VariableReferences.Of($$"""{"States":{"A":{{{fields}}} } }""");

        Assert.Equal(variables.Split(' ', StringSplitOptions.RemoveEmptyEntries), read.TryGetValue("A", out var names) ? names : []);
    }

    [Theory]
    [InlineData("\"Iterator\":{\"States\":{\"B\":{\"InputPath\":\"$b\"}}}")]
    [InlineData("\"ItemProcessor\":{\"States\":{\"B\":{\"InputPath\":\"$b\"}}}")]
    [InlineData("\"Branches\":[{\"States\":{}},{\"States\":{\"B\":{\"InputPath\":\"$b\"}}}]")]
    public void What_states_inside_of_it_read_is_theirs(string body)
    {
        var read = VariableReferences.Of($$"""{"States":{"A":{"InputPath":"$a",{{body}}} } }""");

        Assert.Equal(["A: a", "B: b"], read.Select(one => $"{one.Key}: {string.Join(' ', one.Value)}"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"States\":1}")]
    [InlineData("{\"States\":{\"A\":{\"Branches\":1,\"Iterator\":2}}}")]
    public void Where_there_are_no_states_nothing_is_read(string definition) => Assert.Empty(VariableReferences.Of(definition));
}
