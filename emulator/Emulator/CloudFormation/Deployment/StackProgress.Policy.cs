using System.Text.Json;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <content>Keeps updates to the stack's policy.</content>
internal sealed partial class StackProgress
{
    private string? Denial(string action, ResourceDocument resource) =>
        StackPolicy.Denial(Operation.Policy ?? Stack.Policy, action, resource.LogicalId, resource.Type);

    /// <summary>Whether the stack's policy keeps what the update would remove: then it fails before anything goes.</summary>
    private bool DeniesRemoval(IReadOnlyCollection<string> wanted)
    {
        foreach (var resource in resources.Values.Where(r => r.Current is not null && !wanted.Contains(r.LogicalId)).ToList())
        {
            if (Denial("Update:Delete", resource) is { } denial)
            {
                FailToUpdate(resource with { Before = resource.Current }, denial, resource.Current!.Properties);
            }
        }

        return Operation.Failing;
    }

    private void FailToUpdate(ResourceDocument resource, string reason, JsonElement properties)
    {
        Status(resource, "UPDATE_FAILED", reason, properties);
        Put(Stack with { Operation = Operation with { FailedToUpdate = [.. Operation.FailedToUpdate, resource.LogicalId] } });
        CancelOthers();
    }
}
