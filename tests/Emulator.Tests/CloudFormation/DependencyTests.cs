using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Tests.CloudFormation;

public class DependencyTests
{
    private static OrderedDictionary<string, IReadOnlyList<string>> Graph(string text, params (string, string)[] parameters) =>
        Dependencies.Of(Engine.Parse(text), Engine.Evaluate(text, parameters));

    [Fact]
    public void References_of_every_kind_make_an_order()
    {
        var graph = Graph(
            """
            Resources:
              A: {Type: T::T::T, DependsOn: B}
              B: {Type: T::T::T, Properties: {X: !Ref C, Y: !GetAtt D.Arn}}
              C: {Type: T::T::T, Properties: {X: !Sub '${D}/${E.Arn}'}}
              D: {Type: T::T::T}
              E: {Type: T::T::T, Properties: {X: !Sub ['${V}', {V: !Ref D}]}}
            """
        );
        Assert.Equal(["A:B", "B:C,D", "C:D,E", "D:", "E:D"], graph.Select(g => $"{g.Key}:{string.Join(',', g.Value)}"));
    }

    [Theory]
    [InlineData("A: {Type: T::T::T, DependsOn: B}\n  B: {Type: T::T::T, DependsOn: A}", "A, B")]
    [InlineData("A: {Type: T::T::T, Properties: {X: !Ref A}}", "A")]
    [InlineData(
        "A: {Type: T::T::T, DependsOn: B}\n  B: {Type: T::T::T, Properties: {X: !GetAtt C.Arn}}\n  C: {Type: T::T::T, Properties: {X: !Sub '${B}'}}\n  D: {Type: T::T::T, DependsOn: A}",
        "B, C"
    )]
    public void A_circle_is_named(string resources, string names) =>
        Assert.Equal($"Circular dependency between resources: [{names}]", Engine.Error(() => Graph("Resources:\n  " + resources)));

    [Fact]
    public void What_a_condition_leaves_out_is_neither_created_nor_referred_to()
    {
        const string text = """
            Parameters: {On: {Type: String, Default: 'no'}}
            Conditions: {IsOn: !Equals [!Ref On, 'yes']}
            Resources:
              A: {Type: T::T::T, Condition: IsOn}
              B: {Type: T::T::T, DependsOn: A, Properties: {X: !If [IsOn, !Ref A, none]}}
            """;
        Assert.Equal(["B:"], Graph(text).Select(g => $"{g.Key}:{string.Join(',', g.Value)}"));
        Assert.Equal(["A:", "B:A"], Graph(text, ("On", "yes")).Select(g => $"{g.Key}:{string.Join(',', g.Value)}"));
        var wrong = text.Replace("!If [IsOn, !Ref A, none]", "!Ref A", StringComparison.Ordinal);
        Assert.Equal(
            "Template format error: Unresolved resource dependencies [A] in the Resources block of the template",
            Engine.Error(() => Graph(wrong))
        );
    }

    [Fact]
    public void Conditions_in_a_circle_are_named() =>
        Assert.Equal(
            "Circular dependency between conditions: [A, B]",
            Engine.Error(() =>
                Engine.Evaluate("Resources: {R: {Type: T::T::T}}\nConditions: {A: !Not [!Condition B], B: !Not [!Condition A]}")
            )
        );
}
