using Amazon.CloudFormation.Model;

namespace Disa.Functions.Tests;

/// <summary>The change sets of <c>disa deploy</c> on an AWS that this project did not write: each stack that stands by itself.</summary>
public sealed class MotoStackTests(Moto aws)
{
    [Theory]
    [InlineData("disa-bootstrap-stack.yaml", 4)]
    [InlineData("nested-stacks/dynamodb-stack.yaml", 2)]
    [InlineData("nested-stacks/sns-stack.yaml", 2)]
    [InlineData("nested-stacks/cw-custom-metric-alarm-stack.yaml", 2)]
    [InlineData("nested-stacks/dead-letter-queue-stack.yaml", 1)]
    public async Task A_stack_that_stands_by_itself_is_reviewed_created_and_deleted(string template, int atLeast)
    {
        aws.SkipWithout();
        using var cloudFormation = aws.CloudFormation();
        var name = Path.GetFileNameWithoutExtension(template);
        await cloudFormation.CreateChangeSetAsync(
            new CreateChangeSetRequest
            {
                StackName = name,
                ChangeSetName = "disa-deploy-new",
                ChangeSetType = "CREATE",
                Description = "who",
                TemplateBody = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "artefacts/cft", template)),
                Parameters = [],
                Tags = [new() { Key = "disa:artefacts", Value = "hash" }],
                Capabilities = ["CAPABILITY_NAMED_IAM"],
            }
        );
        var changes = await cloudFormation.DescribeChangeSetAsync(new() { StackName = name, ChangeSetName = "disa-deploy-new" });
        Assert.Equal("CREATE_COMPLETE", changes.Status);
        Assert.True(changes.Changes.Count >= atLeast, $"{changes.Changes.Count} changes");
        Assert.All(changes.Changes, change => Assert.Equal("Add", change.ResourceChange!.Action));

        await cloudFormation.ExecuteChangeSetAsync(
            new()
            {
                StackName = name,
                ChangeSetName = "disa-deploy-new",
                ClientRequestToken = "disa-token",
            }
        );
        Assert.Equal("CREATE_COMPLETE", (await cloudFormation.DescribeStacksAsync(new() { StackName = name })).Stacks.Single().StackStatus);
        Assert.NotEmpty((await cloudFormation.DescribeStackEventsAsync(new() { StackName = name })).StackEvents);
        Assert.True((await cloudFormation.ListStackResourcesAsync(new() { StackName = name })).StackResourceSummaries.Count >= atLeast);
        await cloudFormation.DeleteStackAsync(new() { StackName = name });
    }
}
