namespace Disa.Asl.Tests;

/// <summary>What AWS says of definitions with JSONata: measured there with ValidateStateMachineDefinition.</summary>
public sealed class JsonataValidationTests
{
    [Theory]
    [InlineData("""{"QueryLanguage":"jsonata","StartAt":"X","States":{"X":{"Type":"Pass","End":true}}}""", "/QueryLanguage")]
    [InlineData("""{"StartAt":"X","States":{"X":{"Type":"Pass","QueryLanguage":"jsonpath","End":true}}}""", "/States/X/QueryLanguage")]
    public void A_language_is_one_of_two(string definition, string location) =>
        Assert.Equal(
            [$"SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at {location}"],
            Wrong(definition)
        );

    [Fact]
    public void A_language_is_a_text() =>
        Assert.Equal(
            ["SCHEMA_VALIDATION_FAILED: Expected value of type [STRING] at /QueryLanguage"],
            Wrong("""{"QueryLanguage":5,"StartAt":"X","States":{"X":{"Type":"Pass","End":true}}}""")
        );

    [Theory]
    [InlineData("InputPath", "\"$.a\"")]
    [InlineData("OutputPath", "\"$.a\"")]
    [InlineData("ResultPath", "\"$.a\"")]
    [InlineData("Parameters", "{}")]
    [InlineData("Result", "1")]
    public void A_JSONata_state_has_no_fields_of_JSONPath(string field, string value)
    {
        var message = $"but field '{field}' is only supported for the 'JSONPath' QueryLanguage";
        Assert.Equal(
            [$"SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', {message} at /States/X"],
            Wrong(
                "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"X\",\"States\":{\"X\":{\"Type\":\"Pass\",\""
                    + field
                    + "\":"
                    + value
                    + ",\"End\":true}}}"
            )
        );
    }

    [Theory]
    [InlineData("""{"StartAt":"X","States":{"X":{"Type":"Pass","Output":1,"End":true}}}""", "Output", "/States/X")]
    [InlineData(
        """{"StartAt":"M","States":{"M":{"Type":"Map","QueryLanguage":"JSONata","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Output":1,"End":true}}},"End":true}}}""",
        "Output",
        "/States/M/ItemProcessor/States/P"
    )]
    [InlineData(
        """{"StartAt":"M","States":{"M":{"Type":"Map","Items":[1],"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}""",
        "Items",
        "/States/M"
    )]
    public void A_JSONPath_state_has_no_fields_of_JSONata(string definition, string field, string location) =>
        Assert.Equal(
            [
                $"SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field '{field}' is only supported "
                    + $"for the 'JSONata' QueryLanguage at {location}",
            ],
            Wrong(definition)
        );

    [Fact]
    public void A_JSONata_machine_has_no_JSONPath_states() =>
        Assert.Equal(
            ["SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/X"],
            Wrong(
                """{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Pass","QueryLanguage":"JSONPath","Output":1,"End":true}}}"""
            )
        );

    [Theory]
    [InlineData(
        """{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}""",
        "/States/M/ItemProcessor"
    )]
    [InlineData(
        """{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true}}}""",
        "/States/P/Branches[0]"
    )]
    public void What_is_inside_of_a_state_has_no_language(string definition, string location) =>
        Assert.Equal([$"SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at {location}"], Wrong(definition));

    [Theory]
    [InlineData("a[1,2)", "Expected \"]\", got \",\"")]
    [InlineData("\\\"unterminated", "String literal must be terminated by a matching quote")]
    [InlineData("1 +", "Unexpected end of expression")]
    [InlineData("{\\\"a\\\":}", "The symbol \"}\" cannot be used as a unary operator")]
    [InlineData("$x :=", "Unexpected end of expression")]
    [InlineData("$match(\\\"a\\\", /abc", "No terminating / in regular expression")]
    [InlineData("phone %.other", "The symbol \".\" cannot be used as a unary operator")]
    [InlineData("", "Unexpected end of expression")]
    public void An_expression_is_parsed_when_the_machine_is_made(string expression, string message) =>
        Assert.Equal([$"INVALID_JSONATA_EXPRESSION: {message} at /States/X/Output"], Wrong(Pass($"\"{{% {expression} %}}\"")));

    [Theory]
    [InlineData("\"{% phone %}\"", "Reference to 'phone' at the top level is not supported. at /States/X/Output")]
    [InlineData("{\"v\":[\"{% phone.a %}\"]}", "Reference to 'phone' at the top level is not supported. at /States/X/Output/v[0]")]
    [InlineData("\"{% $$ %}\"", "Reference to '$$' is not supported. at /States/X/Output")]
    [InlineData("\"{% $states.errorOutput %}\"", "Field '$states.errorOutput' does not exist. at /States/X/Output")]
    public void An_expression_has_no_context_of_its_own(string output, string message) =>
        Assert.Equal([$"UNSUPPORTED_JSONATA_EXPRESSION: {message}"], Wrong(Pass(output)));

    [Fact]
    public void What_a_scope_around_assigns_is_only_read_inside() =>
        Assert.Equal(
            [
                "DUPLICATE_VARIABLE_NAME: The variable name 'x' was already defined in a parent scope. at /States/P/Branches[0]/States/B/Assign/x",
            ],
            Wrong(
                """{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"P"},"P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"x":2,"y":3},"End":true}}}],"End":true}}}"""
            )
        );

    [Theory]
    [InlineData(
        """{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Choice","Choices":[{"Next":"Y"}]},"Y":{"Type":"Succeed"}}}"""
    )]
    [InlineData(
        """{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Choice","Choices":[{"Condition":"yes","Next":"Y"}]},"Y":{"Type":"Succeed"}}}"""
    )]
    [InlineData(
        """{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"Y"}]},"Y":{"Type":"Succeed"}}}"""
    )]
    [InlineData("""{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Wait","SecondsPath":"$.s","End":true}}}""")]
    [InlineData("""{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Fail","ErrorPath":"$.s"}}}""")]
    public void So_is_much_else(string definition) => Assert.NotEmpty(Wrong(definition));

    [Theory]
    [InlineData("""{"StartAt":"X","States":{"X":{"Type":"Pass","Assign":{"n":1},"End":true}}}""")]
    [InlineData("""{"StartAt":"X","States":{"X":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input.a %}","End":true}}}""")]
    [InlineData(
        """{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{},"Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.errorOutput %}","Assign":{"e":"{% $states.errorOutput.Error %}"},"Next":"Y"}],"Output":"{% $states.result.Payload %}","End":true},"Y":{"Type":"Pass","End":true}}}"""
    )]
    public void What_is_right_is_taken(string definition) => Assert.Empty(Wrong(definition));

    [Fact]
    public void Variables_that_expressions_read_are_shown_by_state()
    {
        var references = VariableReferences.Of(
            """{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"B"},"B":{"Type":"Pass","Output":{"v":"{% $x + $sum([$y]) & $states.input.z %}"},"End":true}}}"""
        );

        Assert.Equal(["x", "y"], references["B"].Select(name => name.TrimStart('$')));
        Assert.False(references.ContainsKey("A"));
    }

    private static string Pass(string output) =>
        """{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Pass","Output":""" + output + ""","End":true}}}""";

    private static IEnumerable<string> Wrong(string definition)
    {
        StateMachine.TryParse(definition, out var diagnostics);
        return diagnostics.Select(diagnostic => diagnostic.ToString());
    }
}
