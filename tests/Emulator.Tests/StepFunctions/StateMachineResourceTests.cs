using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.StepFunctions;

namespace Disa.Emulator.Tests.StepFunctions;

public sealed class StateMachineResourceTests
{
    private static readonly Caller Deployer = new(
        "000000000000",
        "us-east-1",
        Principal.Root("aws", "000000000000"),
        "000000000000",
        "test",
        "request"
    );

    [Theory]
    [InlineData(
        """ "DefinitionString":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Result\":\"${Text}\",\"End\":true}}}" """
    )]
    [InlineData(""" "Definition":{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"${Text}","End":true}}} """)]
    [InlineData(""" "DefinitionS3Location":{"Bucket":"b","Key":"k","Version":"v"} """)]
    public async Task A_definition_comes_from_three_places_and_is_substituted(string definition)
    {
        await using var bench = Bench.Open(
            new Neighbours
            {
                Read = (bucket, key, version, _, _) =>
                    (bucket, key, version) == ("b", "k", "v")
                        ? Task.FromResult<ReadOnlyMemory<byte>>(
                            Encoding.UTF8.GetBytes("""{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"${Text}","End":true}}}""")
                        )
                        : throw new AwsException("NoSuchKey", "The specified key does not exist.", 404),
            }
        );
        var resource = bench.Room.Resources.Single(one => one.Type == "AWS::StepFunctions::StateMachine");
        var request = Request(
            "{"
                + definition
                + $$""","DefinitionSubstitutions":{"Text":"say hi","Unused":1},"RoleArn":"{{Bench.Role}}","Tags":[{"Key":"k","Value":"v"}]}"""
        );

        var created = await resource.Create(request, default);
        var again = await resource.Create(request, default);

        Assert.Equal(created.PhysicalId, again.PhysicalId);
        Assert.Equal(created.PhysicalId, created.Attributes["Arn"].GetString());
        Assert.StartsWith("stack-Machine-", created.Attributes["Name"].GetString());
        Assert.Equal("\"say hi\"", (await bench.Describe(await bench.Start(created.PhysicalId))).GetProperty("output").GetString());

        await resource.Delete(request with { PhysicalId = created.PhysicalId }, default);
        await resource.Delete(request with { PhysicalId = created.PhysicalId }, default);
    }

    [Fact]
    public async Task An_update_changes_the_machine_in_place()
    {
        await using var bench = Bench.Open();
        var resource = bench.Room.Resources.Single(one => one.Type == "AWS::StepFunctions::StateMachine");
        const string properties =
            """{"DefinitionString":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Result\":1,\"End\":true}}}","StateMachineName":"m","RoleArn":"arn:aws:iam::000000000000:role/r"}""";
        var created = await resource.Create(Request(properties), default);

        var updated = await resource.Update(
            Request(properties.Replace(":1,", ":2,", StringComparison.Ordinal)) with
            {
                PhysicalId = created.PhysicalId,
            },
            default
        );

        Assert.Equal(created.PhysicalId, updated.PhysicalId);
        Assert.NotEqual(created.Attributes["StateMachineRevisionId"].GetString(), updated.Attributes["StateMachineRevisionId"].GetString());
        Assert.Equal("2", (await bench.Describe(await bench.Start(created.PhysicalId))).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_wrong_definition_is_the_reason_of_the_failure()
    {
        await using var bench = Bench.Open();
        var failure = await Assert.ThrowsAsync<AwsException>(() =>
            bench
                .Room.Resources.Single(one => one.Type == "AWS::StepFunctions::StateMachine")
                .Create(Request($$"""{"DefinitionString":"{}","RoleArn":"{{Bench.Role}}"}"""), default)
        );
        Assert.Contains("These fields are required: [States, StartAt]", failure.Message);
    }

    private static ResourceRequest Request(string properties) =>
        new()
        {
            Caller = Deployer,
            StackId = "arn:aws:cloudformation:us-east-1:000000000000:stack/stack/1",
            StackName = "stack",
            LogicalId = "Machine",
            Token = "token",
            Properties = JsonElement.Parse(properties),
        };
}
