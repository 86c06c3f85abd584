using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>How many stacks there may be, and how many resources all nested stacks of one operation together.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: "Stacks", "Nested stack operations".</remarks>
internal static class StackQuota
{
    private const int Stacks = 2000;
    private const int NestedResources = 2500;

    /// <param name="root">The root of the nested stacks that another is to join; null for a stack of its own.</param>
    public static void Check(StackStore store, Scope scope, Template template, string? root)
    {
        var count = 0;
        var nested = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stack in store.All(null, scope).Where(stack => !stack.IsDeleted))
        {
            count++;
            if (root is not null && (stack.Id == root || stack.RootId == root))
            {
                nested.Add(stack.Uuid);
            }
        }

        if (count >= Stacks)
        {
            throw new AwsException("LimitExceededException", "Limit for stack has been exceeded");
        }

        if (root is null)
        {
            return;
        }

        // Those that a stack declares, whether they are there yet or not: its siblings are being made at the same time.
        var resources = template.Resources.Count;
        foreach (var uuid in nested)
        {
            if (store.Stacks.Get(scope, uuid)?.Input.TemplateId is { } id)
            {
                resources += store.Template(null, scope, id).Resources.Count;
            }
        }

        if (resources > NestedResources)
        {
            throw StackErrors.Validation("Limit on the number of resources in a single stack operation exceeded");
        }
    }
}
