using System.Text.Json;
using Disa.Emulator.Tests.CloudFormation;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>
/// Versions and aliases in templates:
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachineversion.html and
/// aws-resource-stepfunctions-statemachinealias.html; what the handlers do is published at
/// github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions.
/// </summary>
public sealed class VersionResourceTests : IAsyncLifetime
{
    private const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_new_revision_gets_a_version_of_its_own_and_the_alias_goes_over_to_it()
    {
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", Template("one")));
        Assert.Equal(Machine + ":1", await stacks.Output("s", "Version"));
        Assert.Equal(Machine + ":live", await stacks.Output("s", "Alias"));
        Assert.Equal(Machine + ":live", await stacks.Output("s", "AliasArn"));
        Assert.Equal([(Machine + ":1", 100)], await Routes());

        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", Template("two")));
        Assert.Equal(Machine + ":2", await stacks.Output("s", "Version"));
        Assert.Equal([(Machine + ":2", 100)], await Routes());
        Assert.Equal([Machine + ":2"], await Versions());

        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "s"));
    }

    [Fact]
    public async Task A_revision_that_has_a_version_gets_no_second_one()
    {
        const string two = "  V2: {Type: 'AWS::StepFunctions::StateMachineVersion', DependsOn: V, Properties: {StateMachineArn: !Ref M}}";
        await stacks.Do("CreateStack", "s", Template("one").Replace("Outputs:", two + "\nOutputs:"));

        Assert.Contains(
            $"V2 CREATE_FAILED Resource of type 'AWS::StepFunctions::StateMachineVersion' with identifier '{Machine}:1' already exists.",
            await stacks.Events("s")
        );
        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Status("s"));
    }

    [Fact]
    public async Task All_at_once_means_one_version_and_a_gradual_deployment_is_refused_by_name()
    {
        const string route = "RoutingConfiguration: [{StateMachineVersionArn: !Ref V, Weight: 100}]";
        string With(string preference, string text) => Template(text).Replace(route, "DeploymentPreference: " + preference);
        Assert.Equal(
            "CREATE_COMPLETE",
            await stacks.Do("CreateStack", "s", With("{Type: ALL_AT_ONCE, StateMachineVersionArn: !Ref V}", "one"))
        );
        Assert.Equal([(Machine + ":1", 100)], await Routes());
        await stacks.Do("UpdateStack", "s", With("{Type: ALL_AT_ONCE, StateMachineVersionArn: !Ref V}", "two"));
        Assert.Equal([(Machine + ":2", 100)], await Routes());

        Assert.Equal(
            "UPDATE_ROLLBACK_COMPLETE",
            await stacks.Do(
                "UpdateStack",
                "s",
                With("{Type: CANARY, StateMachineVersionArn: !Ref V, Percentage: 10, Interval: 1}", "three")
            )
        );
        Assert.Contains(await stacks.Events("s"), one => one.StartsWith("A UPDATE_FAILED") && one.Contains("of the Type CANARY"));
        Assert.Equal([(Machine + ":2", 100)], await Routes());
    }

    [Fact]
    public async Task An_alias_has_routes_or_a_preference()
    {
        await stacks.Do(
            "CreateStack",
            "s",
            "Resources: {A: {Type: 'AWS::StepFunctions::StateMachineAlias', Properties: {Name: live}}}",
            ("OnFailure", "DO_NOTHING")
        );

        Assert.Contains(
            "A CREATE_FAILED Properties validation failed for resource A with message: [#: 0 subschemas matched instead of one]",
            await stacks.Events("s")
        );
    }

    private async Task<(string, int)[]> Routes()
    {
        var alias = await States("DescribeStateMachineAlias", $$"""{"stateMachineAliasArn":"{{Machine}}:live"}""");
        return
        [
            .. alias
                .GetProperty("routingConfiguration")
                .EnumerateArray()
                .Select(route => (route.GetProperty("stateMachineVersionArn").GetString()!, route.GetProperty("weight").GetInt32())),
        ];
    }

    private async Task<string[]> Versions()
    {
        var list = await States("ListStateMachineVersions", $$"""{"stateMachineArn":"{{Machine}}"}""");
        return
        [
            .. list.GetProperty("stateMachineVersions")
                .EnumerateArray()
                .Select(one => one.GetProperty("stateMachineVersionArn").GetString()!),
        ];
    }

    private Task<JsonElement> States(string operation, string body) => stacks.Cloud.Json("states", "AWSStepFunctions." + operation, body);

    private static string Template(string result) =>
        $$$$"""
            Resources:
              M:
                Type: AWS::StepFunctions::StateMachine
                Properties:
                  StateMachineName: m
                  RoleArn: arn:aws:iam::000000000000:role/r
                  Definition: {StartAt: A, States: {A: {Type: Pass, Result: {{{{result}}}}, End: true}}}
              V:
                Type: AWS::StepFunctions::StateMachineVersion
                Properties: {StateMachineArn: !Ref M, StateMachineRevisionId: !GetAtt M.StateMachineRevisionId, Description: text}
              A:
                Type: AWS::StepFunctions::StateMachineAlias
                Properties:
                  Name: live
                  RoutingConfiguration: [{StateMachineVersionArn: !Ref V, Weight: 100}]
            Outputs:
              Version: {Value: !GetAtt V.Arn}
              Alias: {Value: !Ref A}
              AliasArn: {Value: !GetAtt A.Arn}
            """;
}
