using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Versions and aliases, as recorded on AWS 11-08-2023 (versions) and 03-03-2025 (aliases).</summary>
public sealed class VersionTests
{
    private const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";

    [Fact]
    public async Task A_version_is_the_machine_as_it_was_and_an_execution_of_it_says_so()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass("one"));

        Assert.Equal(Machine + ":1", await Publish(bench));
        Assert.Equal(Machine + ":1", await Publish(bench));
        var updated = await Update(bench, "two", ""","publish":true,"versionDescription":"second" """);
        Assert.Equal(Machine + ":2", Text(updated, "stateMachineVersionArn"));
        await Update(bench, "three");

        var first = await bench.Call("DescribeStateMachine", $$"""{"stateMachineArn":"{{machine}}:1"}""");
        Assert.Equal((Machine + ":1", Pass("one")), (Text(first, "stateMachineArn"), Text(first, "definition")));
        Assert.False(first.TryGetProperty("revisionId", out _));
        Assert.False(first.TryGetProperty("description", out _));
        var second = await bench.Call("DescribeStateMachine", $$"""{"stateMachineArn":"{{machine}}:2"}""");
        Assert.Equal(("second", Text(updated, "revisionId")), (Text(second, "description"), Text(second, "revisionId")));

        var old = await bench.Describe(await bench.Start(machine + ":1", name: "old"));
        Assert.Equal("\"one\"", Text(old, "output"));
        Assert.Equal((Machine, Machine + ":1"), (Text(old, "stateMachineArn"), Text(old, "stateMachineVersionArn")));
        var current = await bench.Describe(await bench.Start(machine, name: "new"));
        Assert.Equal("\"three\"", Text(current, "output"));
        Assert.False(current.TryGetProperty("stateMachineVersionArn", out _));
        Assert.Equal(["new", "old"], await Executions(bench, machine));
        Assert.Equal(["old"], await Executions(bench, machine + ":1"));
    }

    [Fact]
    public async Task A_machine_is_created_with_its_first_version_on_request()
    {
        await using var bench = Bench.Open();
        var definition = Bench.Quote(Pass("one"));
        var request =
            $$"""{"name":"machine","roleArn":"{{Bench.Role}}","definition":{{definition}},"publish":true,"versionDescription":"first"}""";

        var created = await bench.Call("CreateStateMachine", request);
        var again = await bench.Call("CreateStateMachine", request);

        Assert.Equal(Machine + ":1", Text(created, "stateMachineVersionArn"));
        Assert.Equal(created.GetRawText(), again.GetRawText());
        Assert.Equal(
            "StateMachineAlreadyExists",
            (
                await Assert.ThrowsAsync<AwsException>(() =>
                    bench.Call("CreateStateMachine", request.Replace("first", "1st", StringComparison.Ordinal))
                )
            ).Code
        );
        var same = await Update(bench, "one", ""","publish":true""");
        Assert.Equal(Machine + ":1", Text(same, "stateMachineVersionArn"));
        Assert.False(same.TryGetProperty("revisionId", out _));
    }

    [Fact]
    public async Task Numbers_are_not_used_again_and_the_newest_comes_first()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass("one"));
        await Publish(bench);
        await Update(bench, "two");
        await Publish(bench);

        await bench.Call("DeleteStateMachineVersion", $$"""{"stateMachineVersionArn":"{{machine}}:2"}""");
        await bench.Call("DeleteStateMachineVersion", $$"""{"stateMachineVersionArn":"{{machine}}:2"}""");

        Assert.Equal(Machine + ":3", await Publish(bench));
        var page = await bench.Call("ListStateMachineVersions", $$"""{"stateMachineArn":"{{machine}}","maxResults":1}""");
        Assert.Equal([Machine + ":3"], Arns(page, "stateMachineVersions", "stateMachineVersionArn"));
        page = await bench.Call(
            "ListStateMachineVersions",
            $$"""{"stateMachineArn":"{{machine}}","nextToken":"{{Text(page, "nextToken")}}"}"""
        );
        Assert.Equal([Machine + ":1"], Arns(page, "stateMachineVersions", "stateMachineVersionArn"));
        Assert.Equal(
            $"State Machine Does Not Exist: '{Machine}:2'",
            (await Assert.ThrowsAsync<AwsException>(() => bench.Start(machine + ":2"))).Message
        );
    }

    [Fact]
    public async Task A_revision_that_is_not_the_current_one_is_not_published()
    {
        await using var bench = Bench.Open();
        await bench.Create(Pass("one"));
        Assert.Equal(Machine + ":1", await Publish(bench, ""","revisionId":"INITIAL" """));
        var second = Text(await Update(bench, "two"), "revisionId");
        Assert.Equal(Machine + ":2", await Publish(bench, $""","revisionId":"{second}" """));
        var third = Text(await Update(bench, "three"), "revisionId");

        var refused = await Assert.ThrowsAsync<AwsException>(() => Publish(bench, $""","revisionId":"{second}" """));

        Assert.Equal("ConflictException", refused.Code);
        Assert.Equal(
            $"Failed to publish the State Machine version for revision {second}. The current State Machine revision is {third}.",
            refused.Message
        );
    }

    [Fact]
    public async Task A_version_cannot_be_updated()
    {
        await using var bench = Bench.Open();
        await bench.Create(Pass("one"));
        await Publish(bench);

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Call("UpdateStateMachine", $$"""{"stateMachineArn":"{{Machine}}:1","definition":{{Bench.Quote(Pass("two"))}}}""")
        );

        Assert.Equal(("StateMachineDoesNotExist", $"State Machine Does Not Exist: '{Machine}:1'"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task An_alias_begins_executions_of_its_versions()
    {
        await using var bench = Bench.Open();
        await TwoVersions(bench);
        var alias = await Alias(bench, "prod", Route(1, 100));
        Assert.Equal(Machine + ":prod", alias);
        Assert.Equal(alias, await Alias(bench, "prod", Route(1, 100)));

        var execution = await bench.Describe(await bench.Start(alias));
        Assert.Equal(
            ("\"one\"", alias, Machine, Machine + ":1"),
            (
                Text(execution, "output"),
                Text(execution, "stateMachineAliasArn"),
                Text(execution, "stateMachineArn"),
                Text(execution, "stateMachineVersionArn")
            )
        );

        await bench.Call(
            "UpdateStateMachineAlias",
            $$"""{"stateMachineAliasArn":"{{alias}}","description":"new","routingConfiguration":[{{Route(1, 0)}},{{Route(2, 100)}}]}"""
        );
        Assert.Equal("\"two\"", Text(await bench.Describe(await bench.Start(alias, name: "second")), "output"));
        Assert.Equal(["second", "run"], await Executions(bench, alias));
        Assert.Equal(["second"], await Executions(bench, Machine + ":2"));
        var shown = await bench.Call("DescribeStateMachineAlias", $$"""{"stateMachineAliasArn":"{{alias}}"}""");
        Assert.Equal(("prod", "new"), (Text(shown, "name"), Text(shown, "description")));
        Assert.Equal($"[{Route(1, 0)},{Route(2, 100)}]", shown.GetProperty("routingConfiguration").GetRawText());
    }

    [Fact]
    public async Task Aliases_are_listed_by_age_and_hold_their_versions()
    {
        await using var bench = Bench.Open();
        await TwoVersions(bench);
        await Alias(bench, "a", Route(1, 100));
        await Alias(bench, "b", Route(1, 50), Route(2, 50));
        await Alias(bench, "c", Route(2, 100));

        Assert.Equal([Machine + ":a", Machine + ":b", Machine + ":c"], await Aliases(bench, Machine));
        Assert.Equal([Machine + ":a", Machine + ":b"], await Aliases(bench, Machine + ":1"));
        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Call("DeleteStateMachineVersion", $$"""{"stateMachineVersionArn":"{{Machine}}:1"}""")
        );
        Assert.Equal("ConflictException", refused.Code);
        Assert.Equal(
            "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [a, b]",
            refused.Message
        );

        await bench.Call("DeleteStateMachineAlias", $$"""{"stateMachineAliasArn":"{{Machine}}:a"}""");
        await bench.Call("DeleteStateMachineAlias", $$"""{"stateMachineAliasArn":"{{Machine}}:a"}""");
        Assert.Equal([Machine + ":b", Machine + ":c"], await Aliases(bench, Machine));

        await bench.Call("DeleteStateMachine", $$"""{"stateMachineArn":"{{Machine}}"}""");
        await bench.Create(Pass("one"));
        Assert.Empty(await Aliases(bench, Machine));
        Assert.Equal(Machine + ":1", await Publish(bench));
    }

    [Theory]
    [InlineData(
        "a",
        "M:1=50 M:2=30 M:3=20",
        "Value '[RoutingConfigurationListItem(stateMachineVersionArn=M:1, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=M:2, weight=30), RoutingConfigurationListItem(stateMachineVersionArn=M:3, weight=20)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2"
    )]
    [InlineData("a", "M:1=50 M:1=50", "Routing configuration must contain distinct state machine version ARNs. Received: [M:1, M:1]")]
    [InlineData("a", "M=70 M:2=30", "Routing configuration must contain state machine version ARNs. Received: [M, M:2]")]
    [InlineData(
        "a",
        "M:1=101",
        "Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100"
    )]
    [InlineData("a", "M:1=70 M:2=29", "Sum of routing configuration weights must equal 100. Received: [70, 29]")]
    [InlineData("a", "M:1=70 M:2=31", "Sum of routing configuration weights must equal 100. Received: [70, 31]")]
    [InlineData(
        "123",
        "M:1=100",
        @"Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"
    )]
    [InlineData(
        "ALIAS@",
        "M:1=100",
        @"Value 'ALIAS@' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"
    )]
    public async Task Wrong_aliases_are_refused_in_AWSs_words(string name, string routes, string message)
    {
        await using var bench = Bench.Open();
        await TwoVersions(bench);

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            Alias(
                bench,
                name,
                [
                    .. routes
                        .Split(' ')
                        .Select(route => route.Replace("M", Machine, StringComparison.Ordinal).Split('='))
                        .Select(route => $$"""{"stateMachineVersionArn":"{{route[0]}}","weight":{{route[1]}}}"""),
                ]
            )
        );

        Assert.Equal("ValidationException", refused.Code);
        var expected = message
            .Replace("M:", Machine + ":", StringComparison.Ordinal)
            .Replace("[M,", $"[{Machine},", StringComparison.Ordinal);
        Assert.Equal(
            message.StartsWith("Value", StringComparison.Ordinal) ? "1 validation error detected: " + expected : expected,
            refused.Message
        );
    }

    [Fact]
    public async Task An_alias_that_is_there_is_not_created_otherwise_and_one_that_is_not_is_not_updated()
    {
        await using var bench = Bench.Open();
        await TwoVersions(bench);
        await Alias(bench, "a", Route(1, 100));

        var other = await Assert.ThrowsAsync<AwsException>(() => Alias(bench, "a", Route(2, 100)));
        var unknown = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Call("UpdateStateMachineAlias", $$"""{"stateMachineAliasArn":"{{Machine}}:b","description":"d"}""")
        );

        Assert.Equal("ConflictException", other.Code);
        Assert.Equal(
            "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
            other.Message
        );
        Assert.Equal(("ResourceNotFound", "Request references a resource that does not exist."), (unknown.Code, unknown.Message));
    }

    [Fact]
    public async Task An_express_version_is_called_and_waited_for()
    {
        await using var bench = Bench.Open();
        await bench.Create(Pass("one"), "EXPRESS");
        await Publish(bench);
        await Update(bench, "two");

        var answer = await bench.Call("StartSyncExecution", $$"""{"stateMachineArn":"{{Machine}}:1"}""");

        Assert.Equal("\"one\"", Text(answer, "output"));
    }

    private static string Pass(string result) =>
        $$$$"""{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"{{{{result}}}}","End":true}}}""";

    private static string Route(int version, int weight) =>
        $$"""{"stateMachineVersionArn":"{{Machine}}:{{version}}","weight":{{weight}}}""";

    private static async Task TwoVersions(Bench bench)
    {
        await bench.Create(Pass("one"));
        await Publish(bench);
        await Update(bench, "two", ""","publish":true""");
    }

    private static async Task<string?> Publish(Bench bench, string more = "") =>
        Text(await bench.Call("PublishStateMachineVersion", $$"""{"stateMachineArn":"{{Machine}}"{{more}}}"""), "stateMachineVersionArn");

    private static Task<JsonElement> Update(Bench bench, string result, string more = "") =>
        bench.Call("UpdateStateMachine", $$"""{"stateMachineArn":"{{Machine}}","definition":{{Bench.Quote(Pass(result))}}{{more}}}""");

    private static async Task<string> Alias(Bench bench, string name, params string[] routes) =>
        Text(
            await bench.Call("CreateStateMachineAlias", $$"""{"name":"{{name}}","routingConfiguration":[{{string.Join(',', routes)}}]}"""),
            "stateMachineAliasArn"
        )!;

    private static async Task<List<string?>> Aliases(Bench bench, string arn) =>
        Arns(
            await bench.Call("ListStateMachineAliases", $$"""{"stateMachineArn":"{{arn}}"}"""),
            "stateMachineAliases",
            "stateMachineAliasArn"
        );

    private static async Task<List<string?>> Executions(Bench bench, string arn) =>
        Arns(await bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{arn}}"}"""), "executions", "name");

    private static List<string?> Arns(JsonElement page, string list, string member) =>
        [.. page.GetProperty(list).EnumerateArray().Select(item => Text(item, member))];

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
