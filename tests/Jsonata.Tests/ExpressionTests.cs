using System.Text.Json;

namespace Disa.Jsonata.Tests;

/// <summary>Each function and operator of the language: the lines of expressions.txt, which the reference (jsonata-js 2) agrees with.</summary>
public sealed class ExpressionTests
{
    private static readonly EvaluationEnvironment Environment = new(
        new DateTimeOffset(2026, 7, 16, 12, 0, 0, TimeSpan.Zero),
        new Random(1)
    );

    private static readonly JsonElement Input = JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "input.json")));

    public static TheoryData<string, string> Lines()
    {
        var rows = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "expressions.txt")))
        {
            if (line.Length > 0 && line[0] != '#')
            {
                var arrow = line.LastIndexOf(" => ", StringComparison.Ordinal);
                rows.Add(line[..arrow].Trim(), line[(arrow + 4)..]);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_expression_gives_its_result(string expression, string expected) => Assert.Equal(expected, Result(expression, null));

    // https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html ("JSONata functions provided by Step Functions");
    // limits, errors and numbers were measured on AWS with TestState.
    [Theory]
    [InlineData("$partition([1,2,3,4,5], 2)", "[[1,2],[3,4],[5]]")]
    [InlineData("$partition([1,2,3,4,5], 2.9)", "[[1,2],[3,4],[5]]")]
    [InlineData("$partition([1,2,3])", "[[1,2,3]]")]
    [InlineData("$partition([], 2)", "undefined")]
    [InlineData("$partition([1], 0)", "undefined")]
    [InlineData("$partition([1], -1)", "D3137: Second argument must be zero or greater")]
    [InlineData("$partition([1,2,3], 2, 'x')", "T0410: Argument 3 of function \"partition\" does not match function signature")]
    [InlineData("$range(0, 10, 2)", "[0,2,4,6,8,10]")]
    [InlineData("$range(10, 0, -2)", "[10,8,6,4,2,0]")]
    [InlineData("$range(-1.7, 2, 1)", "[-1,0,1,2]")]
    [InlineData("$range(3, 3, 1)", "3")]
    [InlineData("$range(5, 1, 1)", "undefined")]
    [InlineData("$range(1, 5, 0)", "undefined")]
    [InlineData("$range(1, 5)", "undefined")]
    [InlineData("$range(1)", "T0410: Argument 2 of function \"range\" does not match function signature")]
    [InlineData("$count($range(1, 360145, 1))", "360145")]
    [InlineData("$range(1, 360146, 1)", "Expression evaluation memory limit exceeded: Check for excessive memory usage")]
    [InlineData("$count($range(-9223372036854775808, 9223372036854775807, 9223372036854775807))", "3")]
    [InlineData("$hash('Hello', 'MD5')", "\"8b1a9953c4611296a827abf8c47804d7\"")]
    [InlineData("$hash('Hello', 'SHA-1')", "\"f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0\"")]
    [InlineData("$hash('Hello', 'SHA-256')", "\"185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969\"")]
    [InlineData("$length($hash('Hello', 'SHA-384')) & $length($hash('Hello', 'SHA-512'))", "\"96128\"")]
    [InlineData("$hash('ñ', 'MD5')", "\"94e9342ecbb1458b6043ecd3bfcbc192\"")]
    [InlineData("$hash('Hello')", "undefined")]
    [InlineData("$hash(42, 'MD5')", "T0410: Argument 1 of function \"hash\" does not match function signature")]
    [InlineData("$random(42)", "0.7275636800328681")]
    [InlineData("$random(0)", "0.730967787376657")]
    [InlineData("$random(7)", "0.7306990420600421")]
    [InlineData("$random(0.9) = $random(0)", "true")]
    [InlineData("$random() = $random()", "false")]
    [InlineData("$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)", "true")]
    [InlineData("$uuid() = $uuid()", "false")]
    [InlineData("$uuid('seed')", "T0410: Argument 1 of function \"uuid\" does not match function signature")]
    [InlineData("$parse('{\"b\":1,\"a\":[2]}')", "{\"b\":1,\"a\":[2]}")]
    [InlineData("$parse('{\"n\":9223372036854775807}').n", "9223372036854775807")]
    [InlineData("$parse('9223372036854775808')", "9.223372036854776E18")]
    [InlineData("$parse('1.0')", "1")]
    [InlineData("$parse()", "undefined")]
    [InlineData("$parse(null)", "T0410: Argument 1 of function \"parse\" does not match function signature")]
    [InlineData("$parse('{\"a\":1,\"a\":2}')", "D3137: Invalid JSON")]
    [InlineData("$parse('[1] [2]')", "D3137: Invalid JSON")]
    [InlineData("$parse('1e400')", "D3137: Invalid JSON")]
    [InlineData("$eval('1')", "T1006: Attempted to invoke a non-function")]
    [InlineData("exact", "[1,1.2345678901234567E19,100,0.1]")]
    [InlineData("[1/0, -1/0, 0/0]", "[\"Infinity\",\"-Infinity\",\"NaN\"]")]
    [InlineData("$parseInteger('abc', '0')", "\"NaN\"")]
    [InlineData("12345678.5", "1.23456785E7")]
    [InlineData("$string(9223372036854775808)", "\"9223372036854776000\"")]
    [InlineData("[1..873782] ~> $count()", "873782")]
    [InlineData("[1..873783] ~> $count()", "Expression evaluation memory limit exceeded: Check for excessive memory usage")]
    [InlineData("($f := function($x){ $f($x+1) }; $f(1))", "Expression evaluation timeout: Check for infinite loop")]
    [InlineData("($f := function($x){ $x <= 0 ? 0 : 1 + $f($x-1) }; $f(31))", "31")]
    [InlineData(
        "($f := function($x){ $x <= 0 ? 0 : 1 + $f($x-1) }; $f(32))",
        "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive"
    )]
    [InlineData(
        "($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f('x', 23)))",
        "Expression evaluation memory limit exceeded: Check for excessive memory usage"
    )]
    [InlineData("($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f('x', 22)))", "4194304")]
    public void Step_Functions_has_functions_and_limits_of_its_own(string expression, string expected) =>
        Assert.Equal(expected, Result(expression, EvaluationOptions.StepFunctions));

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public void A_hundred_levels_are_evaluated_in_Step_Functions_and_no_more(int terms, bool isEvaluated)
    {
        string[] sources =
        [
            "1" + string.Concat(Enumerable.Repeat("+1", terms)),
            new string('(', terms) + "1" + new string(')', terms),
            new string('[', terms) + "1" + new string(']', terms),
            "1" + string.Concat(Enumerable.Repeat("~>$string", terms)),
        ];

        Assert.All(
            sources,
            source =>
                Assert.Equal(
                    isEvaluated,
                    !Result(source, EvaluationOptions.StepFunctions).StartsWith("Stack overflow", StringComparison.Ordinal)
                )
        );
    }

    [Theory]
    [InlineData("exact", "[1.0,12345678901234567890,1E2,0.10]")]
    [InlineData("{\"same\": exact[1]}", "{\"same\":12345678901234567890}")]
    [InlineData("exact[1] + 0", "12345678901234567000")]
    public void Numbers_that_nobody_touches_keep_their_text(string expression, string expected) =>
        Assert.Equal(expected, Result(expression, null));

    [Theory]
    [InlineData("(", 200_000)]
    [InlineData("[", 200_000)]
    [InlineData("{\"a\":", 200_000)]
    [InlineData("-", 200_000)]
    [InlineData("1+", 200_000)]
    [InlineData("a.", 200_000)]
    [InlineData("a[", 200_000)]
    [InlineData("a?", 200_000)]
    [InlineData("a?:", 200_000)]
    [InlineData("function(){", 200_000)]
    [InlineData("|", 200_000)]
    public void Sources_of_any_depth_end_in_an_error(string part, int times) =>
        Assert.Throws<JsonataException>(() =>
            Result(string.Concat(Enumerable.Repeat(part, times)), EvaluationOptions.StepFunctions, isThrown: true)
        );

    [Theory]
    [InlineData("$pad('x', 1e15)")]
    [InlineData("($f := function($a, $n){ $n = 0 ? $a : $f($append($a, $a), $n - 1) }; $f([1..1000], 40))")]
    [InlineData("$map([1..800000], function($v){[1..800000]})")]
    [InlineData("[1..800000].[1..800000]")]
    [InlineData("[1..800000]^($ + 1).($$ & $)")]
    [InlineData("$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)")]
    [InlineData("$formatInteger(1e300, 'I')")]
    [InlineData("$replace($pad('', 100000, 'a'), 'a', $pad('', 100000))")]
    public void What_would_take_too_much_ends_in_a_limit(string expression)
    {
        var result = Result(expression, EvaluationOptions.StepFunctions);

        Assert.Matches("^(Expression evaluation|Stack overflow|The number is too large)", result);
    }

    [Theory]
    [InlineData("$x + $y", "x y")]
    [InlineData("($x := 1; $x + $y)", "y")]
    [InlineData("function($x){$x + $z}(1)", "z")]
    [InlineData("$states.input.a & $name.b[$ = $limit]", "states name limit")]
    [InlineData("list@$l#$i.{$l: $i, 'k': $v}", "v")]
    [InlineData("$sum($$.a) + $.b", "sum")]
    [InlineData("'$text' & /$regex/", "")]
    public void It_says_which_variables_come_from_outside(string expression, string expected) =>
        Assert.Equal(expected, string.Join(' ', JsonataExpression.Parse(expression).FreeVariables));

    [Theory]
    [InlineData("phone", "phone")]
    [InlineData("phone.a + $x.b[c = 1].d", "phone")]
    [InlineData("$map($x, function($v){other})", "other")]
    [InlineData("$x.(a + b)^(c){d: e}", "")]
    [InlineData("{'k': name}", "name")]
    [InlineData("$ & $x[$ > 1]", "$")]
    public void It_says_what_it_reads_of_its_context(string expression, string expected) =>
        Assert.Equal(expected, string.Join(' ', JsonataExpression.Parse(expression).ContextNames));

    [Theory]
    [InlineData("$states.input.a & $states.context.b", "context input")]
    [InlineData("$states", null)]
    [InlineData("$x", "")]
    public void It_says_which_members_of_a_variable_it_reads(string expression, string? expected) =>
        Assert.Equal(
            expected,
            JsonataExpression.Parse(expression).MembersOf("states") is { } members ? string.Join(' ', members.Order()) : null
        );

    [Fact]
    public void Errors_carry_position_and_token()
    {
        var wrong = Assert.Throws<JsonataException>(() => Result("a.b + $uppercase(1)", null, isThrown: true));

        Assert.Equal(("T0410", 16, "uppercase"), (wrong.Code, wrong.Position, wrong.Token));
        Assert.Equal("Argument 1 of function \"uppercase\" does not match function signature", wrong.Message);
    }

    private static string Result(string expression, EvaluationOptions? options, bool isThrown = false)
    {
        try
        {
            var result = JsonataExpression.Parse(expression).Evaluate(Input, null, Environment, options);
            return result.ValueKind == JsonValueKind.Undefined ? "undefined" : result.GetRawText();
        }
        catch (JsonataException error) when (!isThrown)
        {
            return options is null ? error.Code
                : error.Code == "U1001" ? error.Message
                : $"{error.Code}: {error.Message}";
        }
    }
}
