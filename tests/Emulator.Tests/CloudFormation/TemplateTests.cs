using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.CloudFormation;

public class TemplateTests
{
    private const string R = "Resources: {A: {Type: T::T::T}}";

    // The texts of /Outputs, missing Resources, missing Type, 'Invalid' and Mappings: AWS's answers recorded 2023-06-12 and 2024-05-31.
    [Theory]
    [InlineData("just text", "Template format error: unsupported structure.")]
    [InlineData("", "Template format error: unsupported structure.")]
    [InlineData("{\"Resources\": ", "Template format error: JSON not well-formed. (line 1, column 15)")]
    [InlineData("{}", "Template format error: At least one Resources member must be defined.")]
    [InlineData("Resources: {}", "Template format error: At least one Resources member must be defined.")]
    [InlineData(R + "\nFoo: 1", "Invalid template property or properties [Foo]")]
    [InlineData(R + "\nAWSTemplateFormatVersion: 2010-09-10", "Template format error: unsupported value for AWSTemplateFormatVersion.")]
    [InlineData("Resources: {A: {Type: T::T::T, Invalid: 1}}", "Invalid template resource property 'Invalid'")]
    [InlineData(
        "Resources: {A: {Properties: {}}}",
        "Template format error: [/Resources/A] Every Resources object must contain a Type member."
    )]
    [InlineData("Resources: {A: [1]}", "Template format error: Any Resources member must be an object.")]
    [InlineData("Resources: {A-b: {Type: T::T::T}}", "Template format error: Resource name A-b is non alphanumeric.")]
    [InlineData(
        "Resources: {A: {Type: T::T::T, DependsOn: B}}",
        "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"
    )]
    [InlineData(
        "Resources: {A: {Type: T::T::T, Condition: C}}",
        "Template format error: Unresolved condition dependency C in the Resources block of the template"
    )]
    [InlineData(
        "Resources: {A: {Type: T::T::T, DeletionPolicy: Snapshot}}",
        "Template error: resource type T::T::T does not support deletion policy Snapshot"
    )]
    [InlineData(R + "\nOutputs: {O: {Value: null}}", "[/Outputs/O/Value] 'null' values are not allowed in templates")]
    [InlineData(R + "\nOutputs: {O: {Description: x}}", "Template format error: Every Outputs member must contain a Value object")]
    [InlineData(
        R + "\nOutputs: {O: {Value: !Ref X}}",
        "Template format error: Unresolved resource dependencies [X] in the Outputs block of the template"
    )]
    [InlineData(R + "\nMappings: {M: {A: {B: {C: d}}}}", "Template format error: Every Mappings attribute must be a String or a List.")]
    [InlineData(R + "\nMappings: {M: {A: x}}", "Template format error: Every Mappings member A must be a map")]
    [InlineData(
        R + "\nConditions: {C: !Equals [!Ref A, x]}",
        "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template"
    )]
    [InlineData(R + "\nConditions: {C: !Equals [x]}", "Template error: every Fn::Equals object requires a list of 2 string parameters.")]
    [InlineData(R + "\nParameters: {P: {Type: Text}}", "Template format error: Unrecognized parameter type: Text")]
    [InlineData(R + "\nParameters: {P: {Default: x}}", "Template format error: Every Parameters object must contain a Type member.")]
    [InlineData(R + "\nParameters: {P: {Type: String, Default: [x]}}", "Template format error: Every Default member must be a string.")]
    [InlineData(R + "\nParameters: {P-q: {Type: String}}", "Template format error: Parameter name P-q is non alphanumeric.")]
    [InlineData(
        R + "\nParameters: {P: {Type: String, Default: x, AllowedValues: [y]}}",
        "Template format error: Parameter 'P' must be one of AllowedValues"
    )]
    [InlineData(
        "Resources:\n  A: &x {Type: T::T::T}\n  B: *x",
        "Template format error: YAML aliases are not allowed in CloudFormation templates"
    )]
    public void A_wrong_template_gets_AWSs_words(string text, string expected) =>
        Assert.Equal(expected, Engine.Error(() => Engine.Parse(text)));

    [Fact]
    public void Yaml_that_is_not_well_formed_says_where() =>
        Assert.StartsWith(
            "Template format error: YAML not well-formed. (line ",
            Engine.Error(() => Engine.Parse("Resources:\n  A: [")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Hooks: {H: {Type: AWS::CodeDeploy::BlueGreen}}", "a template's Hooks section")]
    [InlineData("Transform: AWS::CodeStar", "the transform AWS::CodeStar")]
    [InlineData("Parameters: {P: {Type: 'AWS::EC2::KeyPair::KeyName'}}", "the parameter type AWS::EC2::KeyPair::KeyName")]
    [InlineData(
        "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}}",
        "the parameter type AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"
    )]
    public void A_section_that_is_not_done_is_refused_by_name(string section, string what) =>
        Assert.Equal($"The Disa emulator does not support {what}.", Engine.Error(() => Engine.Parse($"{R}\n{section}")));

    [Fact]
    public void Json_and_yaml_are_the_same_template()
    {
        var yaml = Engine.Parse(
            "Resources:\n  A:\n    Type: T::T::T\n    DependsOn: [B]\n    DeletionPolicy: Retain\n    Properties: {X: !GetAtt B.Arn}\n  B: {Type: T::T::T}\n"
        );
        var json = Engine.Parse(
            """{"Resources":{"A":{"Type":"T::T::T","DependsOn":["B"],"DeletionPolicy":"Retain","Properties":{"X":{"Fn::GetAtt":["B","Arn"]}}},"B":{"Type":"T::T::T"}}}"""
        );
        foreach (var template in new[] { yaml, json })
        {
            var a = template.Resources["A"];
            Assert.Equal("{\"X\":{\"Fn::GetAtt\":[\"B\",\"Arn\"]}}", a.Properties.ToJsonText());
            Assert.Equal(RetentionPolicy.Retain, a.DeletionPolicy);
            Assert.Equal(["B"], a.DependsOn);
        }
    }

    [Fact]
    public void Quotas_are_AWSs()
    {
        static string Many(int n, string entry) => string.Concat(Enumerable.Range(0, n).Select(i => $"  N{i}: {entry}\n"));
        Assert.Equal(
            "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
            Engine.Error(() => Engine.Parse("Resources:\n" + Many(501, "{Type: T::T::T}")))
        );
        Assert.Equal(
            "Template format error: Number of parameters, 201, is greater than maximum allowed, 200",
            Engine.Error(() => Engine.Parse(R + "\nParameters:\n" + Many(201, "{Type: String}")))
        );
        Assert.Equal(
            "Template format error: Number of outputs, 201, is greater than maximum allowed, 200",
            Engine.Error(() => Engine.Parse(R + "\nOutputs:\n" + Many(201, "{Value: x}")))
        );
        Assert.EndsWith(
            "Member must have length less than or equal to 51200",
            Engine.Error(() => TemplateParser.CheckSize(new string('x', 51_201), false)),
            StringComparison.Ordinal
        );
        TemplateParser.CheckSize(new string('x', 51_201), true);
        Assert.Equal(
            "Template may not exceed 1000000 bytes in size.",
            Engine.Error(() => TemplateParser.CheckSize(new string('x', 1_000_001), true))
        );
    }

    [Theory]
    [InlineData("AWS::IAM::Role", "", "CAPABILITY_IAM")]
    [InlineData("AWS::IAM::Role", "RoleName: x", "CAPABILITY_NAMED_IAM")]
    [InlineData("AWS::IAM::Policy", "PolicyName: x", "CAPABILITY_IAM")]
    [InlineData("AWS::IAM::ManagedPolicy", "ManagedPolicyName: x", "CAPABILITY_NAMED_IAM")]
    [InlineData("AWS::SNS::Topic", "", "")]
    public void IAM_resources_require_capabilities(string type, string properties, string expected)
    {
        var template = Engine.Parse($"Resources: {{A: {{Type: '{type}', Properties: {{{properties}}}}}}}");
        Assert.Equal(expected, string.Join(',', template.RequiredCapabilities()));
        if (expected.Length > 0)
        {
            Assert.Equal($"Requires capabilities : [{expected}]", Engine.Error(() => template.RequireCapabilities([])));
            template.RequireCapabilities(["CAPABILITY_NAMED_IAM"]);
        }
    }

    [Fact]
    public void Unknown_types_and_attributes_are_found_before_anything_is_created()
    {
        var types = new Dictionary<string, IResource> { ["T::T::T"] = new FakeType("T::T::T") };
        Assert.Equal(
            "Template format error: Unrecognized resource types: [AWS::Foo::Bar, AWS::Foo::Baz]",
            Engine.Error(() =>
                TemplateChecks.Types(
                    Engine.Parse("Resources: {A: {Type: 'AWS::Foo::Bar'}, B: {Type: 'AWS::Foo::Baz'}, C: {Type: T::T::T}}"),
                    types
                )
            )
        );
        Assert.Equal(
            "Template error: resource A does not support attribute type Nope in Fn::GetAtt",
            Engine.Error(() => TemplateChecks.Types(Engine.Parse(R + "\nOutputs: {O: {Value: !GetAtt A.Nope}}"), types))
        );
    }
}
