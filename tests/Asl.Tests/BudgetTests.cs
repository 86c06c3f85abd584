using System.Text;
using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.Tests;

/// <summary>Expressions that grow far beyond their own size, or nest as deep as it allows, end in an error of the workflow.</summary>
public sealed class BudgetTests
{
    private static readonly JsonElement Large = JsonElement.Parse(
        $$"""{"a":"{{new string('x', 200_000)}}","list":[{{string.Join(',', Enumerable.Range(0, 50_000))}}]}"""
    );

    [Theory]
    [InlineData("$.a[?(", "(")]
    [InlineData("$.a[?(", "!")]
    [InlineData("$.a[?(", "@[?(")]
    [InlineData("$.a[?(@.b in ", "[")]
    [InlineData("", "States.Format(")]
    public void Nesting_has_an_end(string start, string again) =>
        Assert.Throws<FormatException>(() => Expression.Parse(start + new StringBuilder().Insert(0, again, 250_000)));

    [Fact]
    public void Long_rows_of_conditions_are_no_nesting()
    {
        var path = JsonPath.Parse($"$.list[?({string.Join(" || ", Enumerable.Repeat("@ == 7", 50_000))})]");

        Assert.Equal("[7]", Json.Compact(path.Read(Scope(JsonElement.Parse("""{"list":[7]}""")))));
    }

    [Fact]
    public void Ten_functions_nest_and_eleven_do_not()
    {
        // https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html: "You can nest up to 10 intrinsic functions"
        string Nested(int count) => new StringBuilder().Insert(0, "States.Array(", count).Append('1').Append(')', count).ToString();

        Assert.Equal(11 + 10, Json.Compact(Expression.Parse(Nested(10)).Evaluate(Scope(Large))).Length);
        Assert.Throws<FormatException>(() => Expression.Parse(Nested(11)));
    }

    [Theory]
    [InlineData("$..*..*..*..*..*..*..*..*")]
    [InlineData("$..*..*..*..*[?(@)]")]
    public void A_path_finds_so_many_nodes_and_no_more(string path)
    {
        var nested = JsonElement.Parse(new StringBuilder().Insert(0, "[[1,2,3],", 30).Append('1').Append(']', 30).ToString());

        Assert.Equal(
            WorkflowError.DataLimitExceeded,
            Assert.Throws<WorkflowException>(() => JsonPath.Parse(path).Read(Scope(nested))).Error
        );
    }

    [Theory]
    [InlineData("States.Array(")]
    [InlineData("States.Format('{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}', ")]
    public void A_function_makes_so_many_bytes_and_no_more(string start)
    {
        var call = start + string.Join(", ", Enumerable.Repeat("$.a", 20)) + ")";

        Assert.Equal(
            WorkflowError.DataLimitExceeded,
            Assert.Throws<WorkflowException>(() => Expression.Parse(call).Evaluate(Scope(Large))).Error
        );
    }

    [Fact]
    public void Unique_values_are_found_in_one_pass()
    {
        var unique = Expression.Parse("States.ArrayUnique($.list)").Evaluate(Scope(Large));

        Assert.Equal(50_000, unique.GetArrayLength());
    }

    [Fact]
    public void Merging_is_one_pass()
    {
        var members = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"k{i}\":{i}"));
        var input = JsonElement.Parse($"{{\"one\":{{{members}}},\"two\":{{{members.Replace("k", "l", StringComparison.Ordinal)}}}}}");

        Assert.Equal(20_000, Expression.Parse("States.JsonMerge($.one, $.two, false)").Evaluate(Scope(input)).EnumerateObject().Count());
    }

    [Fact]
    public void A_pattern_that_backtracks_for_ever_does_not()
    {
        var input = JsonElement.Parse($"{{\"list\":[\"{new string('a', 100_000)}b\"]}}");

        Assert.Equal("[]", Json.Compact(JsonPath.Parse("$.list[?(@ =~ /(a+)+/)]").Read(Scope(input))));
    }

    [Fact]
    public void A_result_that_nests_ever_deeper_fails_the_execution()
    {
        var machine = StateMachine.Parse(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"$"},"Next":"B"},"B":{"Type":"Pass","Parameters":{"a.$":"$"},"Next":"A"}}}"""
        );

        var ended = new Simulation(machine, JsonElement.Parse("{}"), default, putDown: false).ToItsEnd();

        Assert.Equal(WorkflowError.DataLimitExceeded, ended.Outcome!.Error!.Error);
    }

    private static Scope Scope(JsonElement input) =>
        new(input, () => Json.EmptyObject, Json.EmptyObject, new Moment(default, new Random(1)));
}
