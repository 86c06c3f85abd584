using Amazon.CloudFormation.Model;

namespace Disa.WebConsole;

/// <summary>A stack and what is in it.</summary>
internal sealed record StackBranch(string Name, IReadOnlyList<StackResource> Resources, IReadOnlyList<StackBranch> Nested)
{
    private const string NestedStack = "AWS::CloudFormation::Stack";
    private static readonly TimeSpan Stands = TimeSpan.FromMinutes(1);

    /// <summary>The root stack with all below it, as it was a minute ago at most.</summary>
    public static Task<StackBranch> Below(Visit visit, Stack root) =>
        visit.Site.ResponseCache.Get(
            "stacks",
            $"{root.StackStatus} {root.LastUpdatedTime}",
            Stands,
            () => Read(visit, root.StackName!, root.StackId!)
        );

    public static bool IsBad(string? status) =>
        status is not null
        && (status.Contains("FAILED", StringComparison.Ordinal) || status.Contains("ROLLBACK", StringComparison.Ordinal));

    public IEnumerable<StackBranch> All() => Nested.SelectMany(one => one.All()).Prepend(this);

    /// <summary>What failed, here and below.</summary>
    public IEnumerable<(string Stack, StackResource Resource)> Failed() =>
        All()
            .SelectMany(branch =>
                branch.Resources.Where(resource => IsBad(resource.ResourceStatus)).Select(resource => (branch.Name, resource))
            );

    /// <summary>The nested stack that a resource is; null where it is none that is known.</summary>
    public StackBranch? Of(StackResource resource) =>
        resource.ResourceType == NestedStack ? Nested.FirstOrDefault(one => one.Name == NameOf(resource.PhysicalResourceId ?? "")) : null;

    private static async Task<StackBranch> Read(Visit visit, string name, string id)
    {
        var answer = await visit
            .Session.CloudFormation.DescribeStackResourcesAsync(new DescribeStackResourcesRequest { StackName = id }, visit.Cancellation)
            .ConfigureAwait(false);
        var nested = new List<StackBranch>();
        foreach (var resource in answer.StackResources.Where(one => one is { ResourceType: NestedStack, PhysicalResourceId.Length: > 0 }))
        {
            nested.Add(await Read(visit, NameOf(resource.PhysicalResourceId!), resource.PhysicalResourceId!).ConfigureAwait(false));
        }

        return new(name, answer.StackResources, nested);
    }

    /// <summary>A stack's name from its id: <c>arn:aws:cloudformation:region:account:stack/name/uuid</c>.</summary>
    private static string NameOf(string id) => id.Split('/') is [_, var name, ..] ? name : id;
}
