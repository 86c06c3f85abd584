namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// CreationPolicy and SignalResource: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html
/// and API_SignalResource. The events' words are those that public reports show ("Received SUCCESS signal with UniqueId …",
/// "Failed to receive 1 resource signal(s) within the specified duration"), and so is the refusal's end "state and cannot be signaled".
/// </summary>
public sealed class SignalTests : IAsyncDisposable
{
    private const string Template = """
        Parameters: {Wanted: {Type: Number, Default: 2}}
        Resources:
          W:
            Type: AWS::CloudFormation::WaitCondition
            CreationPolicy: {ResourceSignal: {Count: !Ref Wanted, Timeout: PT15M}}
          After: {Type: Test::Some::Thing, DependsOn: W}
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;
    private StackCloud stacks = null!;

    public async ValueTask DisposeAsync()
    {
        await stacks.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_wait_condition_is_created_once_it_has_its_signals_each_counted_once()
    {
        await Begin(Template);

        await Signal("one");
        await Signal("one");
        Assert.Equal("CREATE_IN_PROGRESS", await Resource());
        await Signal("two");

        Assert.Equal("CREATE_COMPLETE", await stacks.Status("s"));
        var events = await stacks.Events("s");
        Assert.Equal(
            [
                "W CREATE_IN_PROGRESS",
                "W CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId one",
                "W CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId two",
                "W CREATE_IN_PROGRESS Resource creation Initiated",
                "W CREATE_COMPLETE",
            ],
            events.Where(one => one.StartsWith("W "))
        );
        Assert.EndsWith(" is in CREATE_COMPLETE state and cannot be signaled", await Refused("three"));
        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "s"));
    }

    [Fact]
    public async Task A_failure_fails_it()
    {
        await Begin(Template);

        await Signal("one", "FAILURE");

        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Status("s"));
        Assert.Contains("W CREATE_FAILED Received FAILURE signal with UniqueId one", await stacks.Events("s"));
    }

    [Fact]
    public async Task Signals_that_do_not_come_in_time_fail_it()
    {
        stacks = await StackCloud.Start();

        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Do("CreateStack", "s", Template.Replace("PT15M", "PT0S")));
        Assert.Contains("W CREATE_FAILED Failed to receive 2 resource signal(s) within the specified duration", await stacks.Events("s"));
    }

    /// <summary>A signal that was answered counts after a restart, and the time goes on from where it began.</summary>
    [Fact]
    public async Task Signals_outlive_a_restart()
    {
        var options = new LocalCloudOptions { DataDirectory = directory };
        await Begin(Template, options);
        await Signal("one");
        await stacks.DisposeAsync();
        stacks = await StackCloud.Start(null, options);
        await Waiting();

        await Signal("two");

        Assert.Equal("CREATE_COMPLETE", await stacks.Status("s"));
    }

    [Theory]
    [InlineData("Timeout: PT13H", "CreationPolicy of resource W: Timeout must be at most PT12H")]
    [InlineData("Timeout: 15", "CreationPolicy of resource W: Timeout must be a duration in ISO 8601, such as PT15M")]
    [InlineData("Count: 0", "CreationPolicy of resource W: Count must be a positive number")]
    [InlineData("Signals: 1", "CreationPolicy of resource W: unknown property Signals of ResourceSignal")]
    public async Task A_policy_that_is_none_is_refused(string signal, string reason)
    {
        stacks = await StackCloud.Start();

        Assert.Equal(
            "ValidationError: " + reason,
            await stacks.Refused(
                "CreateStack",
                ("StackName", "s"),
                (
                    "TemplateBody",
                    "Resources: {W: {Type: 'AWS::CloudFormation::WaitCondition', CreationPolicy: {ResourceSignal: {" + signal + "}}}}"
                )
            )
        );
    }

    [Fact]
    public async Task Only_what_waits_can_be_signaled()
    {
        await Begin(Template);

        Assert.Equal("ValidationError: Resource Nothing does not exist for stack s", await Refused("one", "Nothing"));
        Assert.Equal(
            "ValidationError: 1 validation error detected: Value 'MAYBE' at 'status' failed to satisfy constraint: "
                + "Member must satisfy enum value set: [SUCCESS, FAILURE]",
            await Refused("one", "W", "MAYBE")
        );
        await Signal("one");
        await Signal("two");
        Assert.Equal("CREATE_COMPLETE", await stacks.Status("s"));
    }

    private async Task Begin(string template, LocalCloudOptions? options = null)
    {
        stacks = await StackCloud.Start(null, options);
        await stacks.Call("CreateStack", ("StackName", "s"), ("TemplateBody", template));
        await Waiting();
    }

    private async Task Waiting()
    {
        while (await Resource() != "CREATE_IN_PROGRESS")
        {
            await Task.Yield();
        }
    }

    private async Task<string?> Resource()
    {
        var resources = await stacks.Call("DescribeStackResources", ("StackName", "s"));
        return resources
            .Descendants("member")
            .FirstOrDefault(one => one.Element("LogicalResourceId")?.Value == "W")
            ?.Element("ResourceStatus")
            ?.Value;
    }

    private Task Signal(string id, string status = "SUCCESS") =>
        stacks.Call("SignalResource", ("StackName", "s"), ("LogicalResourceId", "W"), ("UniqueId", id), ("Status", status));

    private Task<string> Refused(string id, string resource = "W", string status = "SUCCESS") =>
        stacks.Refused("SignalResource", ("StackName", "s"), ("LogicalResourceId", resource), ("UniqueId", id), ("Status", status));
}
