using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>What a resource's type is asked, from what is kept of the step.</summary>
internal static class StepRequest
{
    public static ResourceRequest Of(Scope scope, StackDocument stack, ResourceDocument resource, PendingStep step)
    {
        var operation = stack.Operation!;
        var tags = step.Target.StackTags.ToDictionary(t => t.Key, t => t.Value);
        tags["aws:cloudformation:stack-id"] = stack.Id;
        tags["aws:cloudformation:stack-name"] = stack.Name;
        tags["aws:cloudformation:logical-id"] = resource.LogicalId;
        return new ResourceRequest
        {
            Caller = stack.Input.RoleArn is { } role
                ? Caller.Role(role, "AWSCloudFormation", scope)
                : new Caller(
                    scope.Account,
                    scope.Region,
                    Principal.Parse(operation.CallerArn),
                    operation.CallerUserId,
                    "",
                    Guid.NewGuid().ToString()
                )
                {
                    SessionPolicy = operation.CallerSessionPolicy,
                },
            StackId = stack.Id,
            StackName = stack.Name,
            LogicalId = resource.LogicalId,
            Token = step.Token,
            Properties = step.Target.Properties,
            PreviousProperties = step.Action == StepAction.Update ? resource.Current!.Properties : default,
            PhysicalId = step.Action is StepAction.Create or StepAction.Replace ? null : step.Target.PhysicalId,
            StackTags = tags,
            Signals = step.Target.Signals is { } policy ? (policy.Count, TimeSpan.FromSeconds(policy.Timeout)) : null,
        };
    }
}
