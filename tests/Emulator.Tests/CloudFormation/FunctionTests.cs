namespace Disa.Emulator.Tests.CloudFormation;

public class FunctionTests
{
    [Theory]
    [InlineData("!Ref Stage", "\"dev\"")]
    [InlineData("!Ref Count", "\"5\"")]
    [InlineData("!Ref Ports", "[\"80\",\"443\"]")]
    [InlineData("!Ref Names", "[\"a\",\"b\",\"c\"]")]
    [InlineData("!Ref Other", "\"Other-id\"")]
    [InlineData("!Ref AWS::AccountId", "\"000000000000\"")]
    [InlineData("!Ref AWS::Region", "\"eu-west-1\"")]
    [InlineData("!Ref AWS::Partition", "\"aws\"")]
    [InlineData("!Ref AWS::StackName", "\"shop\"")]
    [InlineData("!Ref AWS::URLSuffix", "\"amazonaws.com\"")]
    [InlineData("!Ref AWS::NotificationARNs", "[\"arn:aws:sns:eu-west-1:000000000000:t\"]")]
    [InlineData("!Ref AWS::NoValue", "(none)")]
    [InlineData("[a, !Ref AWS::NoValue, b]", "[\"a\",\"b\"]")]
    [InlineData("{a: 1, b: !Ref AWS::NoValue}", "{\"a\":1}")]
    [InlineData("!GetAtt Other.Arn", "\"arn:Other\"")]
    [InlineData("!GetAtt Other.Outputs.X", "\"out\"")]
    [InlineData("!GetAtt [Other, Arn]", "\"arn:Other\"")]
    [InlineData("{'Fn::GetAtt': Other.Arn}", "\"arn:Other\"")]
    [InlineData(
        "!Sub '${Stage}-${Other}-${Other.Arn}-${AWS::Region}-${!Literal}-$x'",
        "\"dev-Other-id-arn:Other-eu-west-1-${Literal}-$x\""
    )]
    [InlineData("!Sub ['${A}${Stage}', {A: !Join ['', [x, y]]}]", "\"xydev\"")]
    [InlineData("!Join ['-', [a, 1, true, !Ref Stage]]", "\"a-1-true-dev\"")]
    [InlineData("!Join [',', !Ref Names]", "\"a,b,c\"")]
    [InlineData("!Split ['.', a.b.c]", "[\"a\",\"b\",\"c\"]")]
    [InlineData("!Select [1, !Split ['/', !Ref AWS::StackId]]", "\"shop\"")]
    [InlineData("!Select ['0', [x, y]]", "\"x\"")]
    [InlineData("!FindInMap [Sizes, !Ref Stage, Memory]", "128")]
    [InlineData("!Select [0, !FindInMap [Sizes, prod, Zones]]", "\"z\"")]
    [InlineData("!Base64 hello", "\"aGVsbG8=\"")]
    [InlineData("!Base64\n  Fn::Sub: '${Stage}'", "\"ZGV2\"")]
    [InlineData("!If [IsProd, big, small]", "\"small\"")]
    [InlineData("!If [NotProd, !Ref AWS::NoValue, x]", "(none)")]
    [InlineData("!If [Both, a, b]", "\"b\"")]
    [InlineData("!If [Either, a, b]", "\"a\"")]
    [InlineData("!GetAZs ''", "[\"eu-west-1a\",\"eu-west-1b\",\"eu-west-1c\"]")]
    [InlineData("!Select [0, !GetAZs us-east-1]", "\"us-east-1a\"")]
    [InlineData("!ImportValue vpc", "\"vpc-1\"")]
    [InlineData("!Cidr [10.0.0.0/16, 3, 8]", "[\"10.0.0.0/24\",\"10.0.1.0/24\",\"10.0.2.0/24\"]")]
    [InlineData("!Cidr ['2001:db8::/56', 2, 64]", "[\"2001:db8::/64\",\"2001:db8:0:1::/64\"]")]
    public void A_function_resolves(string yaml, string expected) => Assert.Equal(expected, Engine.Resolve(yaml));

    [Theory]
    [InlineData("2012-10-17", "\"2012-10-17\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("true", "true")]
    [InlineData("False", "false")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("12", "12")]
    [InlineData("'12'", "\"12\"")]
    [InlineData("1.50", "1.50")]
    [InlineData("000000000000", "\"000000000000\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("12:30:00", "\"12:30:00\"")]
    [InlineData(
        "{Condition: {StringEquals: {a: b}}, Effect: Allow}",
        "{\"Condition\":{\"StringEquals\":{\"a\":\"b\"}},\"Effect\":\"Allow\"}"
    )]
    [InlineData("|\n  one\n  two", "\"one\\ntwo\"")]
    public void A_plain_value_keeps_the_type_that_CloudFormation_sees(string yaml, string expected) =>
        Assert.Equal(expected, Engine.Resolve(yaml));

    // Texts: AWS's answers as quoted in its documentation, in re:Post articles and in recorded SDK errors.
    [Theory]
    [InlineData("!FindInMap [Sizes, test, Memory]", "Template error: Unable to get mapping for Sizes::test::Memory")]
    [InlineData("!Select [5, [a]]", "Template error: Fn::Select cannot select nonexistent value at index 5")]
    [InlineData("!ImportValue nothing", "No export named nothing found.")]
    [InlineData(
        "!GetAtt Other",
        "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
    )]
    [InlineData("!GetAtt Nowhere.Arn", "Template error: instance of Fn::GetAtt references undefined resource Nowhere")]
    [InlineData("!Ref Nowhere", "Template format error: Unresolved resource dependencies [Nowhere] in the Resources block of the template")]
    [InlineData(
        "!Sub '${Nowhere}'",
        "Template format error: Unresolved resource dependencies [Nowhere] in the Resources block of the template"
    )]
    [InlineData("!Sub '${Nowhere.Arn}'", "Template error: instance of Fn::Sub references invalid resource attribute Nowhere.Arn")]
    [InlineData(
        "!Sub '${a-b}'",
        "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"
    )]
    [InlineData("!If [Nope, a, b]", "Template format error: Unresolved condition dependency Nope in the Resources block of the template")]
    [InlineData("!If [IsProd, a]", "Template error: Fn::If requires a list argument with the first element being a condition")]
    [InlineData("{a: null}", "[/Resources/This/Properties/Value/a] 'null' values are not allowed in templates")]
    [InlineData(
        "{1234: x}",
        "Template format error: [/Resources/This/Properties/Value] map keys must be strings; received numeric [1234] instead"
    )]
    public void A_wrong_function_gets_AWSs_words(string yaml, string expected) =>
        Assert.Equal(expected, Engine.Error(() => Engine.Resolve(yaml)));

    [Theory]
    [InlineData("!Length [a]")]
    [InlineData("!ToJsonString {a: b}")]
    public void Language_extensions_are_needed_for_their_functions(string yaml) =>
        Assert.StartsWith(
            "Template error: Encountered unsupported function: Fn::",
            Engine.Error(() => Engine.Resolve(yaml)),
            StringComparison.Ordinal
        );

    [Fact]
    public void Language_extensions_bring_Length_ToJsonString_and_a_default_for_FindInMap()
    {
        const string text = """
            Transform: AWS::LanguageExtensions
            Mappings: {M: {a: {b: c}}}
            Resources:
              R:
                Type: T::T::T
                Properties:
                  L: !Length [a, b]
                  J: !ToJsonString {a: [1, !Ref AWS::Region]}
                  F: !FindInMap [M, x, y, {DefaultValue: d}]
            """;
        var evaluation = Engine.Evaluate(text);
        Assert.Equal(
            "{\"L\":\"2\",\"J\":\"{\\\"a\\\":[1,\\\"eu-west-1\\\"]}\",\"F\":\"d\"}",
            evaluation.Properties(Engine.Parse(text).Resources["R"]).ToJsonText()
        );
    }

    [Theory]
    [InlineData("!Transform {Name: AWS::Include}", "Fn::Transform")]
    [InlineData("{'Fn::ForEach::X': [a]}", "Fn::ForEach")]
    public void What_is_not_done_is_refused_by_name(string yaml, string what) =>
        Assert.StartsWith($"The Disa emulator does not support {what}", Engine.Error(() => Engine.Resolve(yaml)), StringComparison.Ordinal);
}
