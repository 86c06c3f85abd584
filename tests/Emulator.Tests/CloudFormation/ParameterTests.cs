using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Tests.CloudFormation;

public class ParameterTests
{
    private static string Violation(string declaration, string value)
    {
        var template = Engine.Parse($"Resources: {{A: {{Type: T::T::T}}}}\nParameters: {{P: {{{declaration}}}}}");
        return ParameterValues.Violation(template.Parameters["P"], value) ?? "";
    }

    [Theory]
    [InlineData("Type: String, AllowedValues: [a, b]", "a", "")]
    [InlineData("Type: String, AllowedValues: [a, b]", "c", "Parameter 'P' must be one of AllowedValues")]
    [InlineData("Type: String, AllowedValues: [a], ConstraintDescription: pick a", "c", "Parameter P failed to satisfy constraint: pick a")]
    [InlineData("Type: String, AllowedPattern: '[a-z]+'", "abc1", "Parameter 'P' must match pattern [a-z]+")]
    [InlineData("Type: String, AllowedPattern: '^[a-z]+$'", "abc", "")]
    [InlineData("Type: String, MinLength: 3", "ab", "Parameter 'P' must contain at least 3 characters")]
    [InlineData("Type: String, MaxLength: 3", "abcd", "Parameter 'P' must contain at most 3 characters")]
    [InlineData("Type: Number", "x", "Parameter 'P' must be a number.")]
    [InlineData("Type: Number, MinValue: 1", "0", "Parameter 'P' must be a number not less than 1")]
    [InlineData("Type: Number, MaxValue: 10", "11", "Parameter 'P' must be a number not greater than 10")]
    [InlineData("Type: Number, MaxValue: 10, MinValue: 1", "10", "")]
    [InlineData("Type: CommaDelimitedList, AllowedValues: [a, b]", "a, b", "")]
    [InlineData("Type: CommaDelimitedList, AllowedValues: [a, b]", "a,c", "Parameter 'P' must be one of AllowedValues")]
    [InlineData("Type: 'List<Number>'", "1, 2", "")]
    [InlineData("Type: 'List<Number>'", "1,x", "Parameter 'P' must be a list of numbers")]
    public void A_value_is_held_to_its_constraints(string declaration, string value, string expected) =>
        Assert.Equal(expected, Violation(declaration, value));

    [Fact]
    public void Values_are_settled_from_request_stack_and_default()
    {
        var template = Engine.Parse(
            "Resources: {A: {Type: T::T::T}}\nParameters: {A: {Type: String, Default: a}, B: {Type: String}, C: {Type: String}}"
        );
        Dictionary<string, string> stack = new() { ["A"] = "old", ["B"] = "kept" };
        var values = ParameterValues.Settle(template, new Dictionary<string, string> { ["C"] = "given" }, ["B"], stack);
        Assert.Equal(["A=a", "B=kept", "C=given"], values.Select(v => $"{v.Key}={v.Value}"));
        Assert.Equal(
            "Parameters: [B, C] must have values",
            Engine.Error(() => ParameterValues.Settle(template, new Dictionary<string, string>(), [], null))
        );
        Assert.Equal(
            "Parameters: [X] do not exist in the template",
            Engine.Error(() =>
                ParameterValues.Settle(
                    template,
                    new Dictionary<string, string>
                    {
                        ["X"] = "1",
                        ["B"] = "",
                        ["C"] = "",
                    },
                    [],
                    null
                )
            )
        );
    }
}
