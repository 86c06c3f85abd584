using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.CloudFormation;

public class CoercionTests
{
    private sealed record Shape(string? Text, int Number, bool Flag, List<Shape>? Items, Dictionary<string, string>? Map);

    private static async Task<Shape> Read(string json) =>
        await Coercion.Run(
            "AWS::Some::Type",
            new ResourceRequest
            {
                Caller = Caller.Service("test", new Scope("000000000000", "us-east-1")),
                StackId = "s",
                StackName = "s",
                LogicalId = "A",
                Token = "t",
                Properties = Engine.Json(json),
            },
            request => Task.FromResult(request.Properties.Deserialize<Shape>()!)
        );

    [Fact]
    public async Task A_scalar_that_a_type_cannot_read_is_given_in_the_other_form()
    {
        var shape = await Read(
            """{"Text":5,"Number":"12","Flag":"true","Items":[{"Text":true,"Number":"3"}],"Map":{"a":1,"b-c":2.50,"d.e":false,"d":"x"}}"""
        );
        Assert.Equal(("5", 12, true), (shape.Text, shape.Number, shape.Flag));
        Assert.Equal(("true", 3), (shape.Items![0].Text, shape.Items[0].Number));
        Assert.Equal(("1", "2.50", "x", "false"), (shape.Map!["a"], shape.Map["b-c"], shape.Map["d"], shape.Map["d.e"]));
    }

    [Theory]
    [InlineData("""{"Number":"twelve"}""", "#/Number")]
    [InlineData("""{"Text":{"a":1}}""", "#/Text")]
    public async Task What_has_no_other_form_is_refused(string json, string where)
    {
        var refused = await Assert.ThrowsAsync<AwsException>(() => Read(json));
        Assert.DoesNotContain("System.", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            $"Properties validation failed for resource A with message: [{where}: ",
            refused.Message,
            StringComparison.Ordinal
        );
    }
}
