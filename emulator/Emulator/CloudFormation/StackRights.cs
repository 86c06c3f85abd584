using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.CloudFormation;

/// <summary>The rights that CloudFormation's own operations need, on the stack.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html</remarks>
internal sealed class StackRights(StackStore store)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            ListStacksRequest or ListExportsRequest or ListImportsRequest or ValidateTemplateRequest =>
            [
                new("cloudformation:" + operation, "*"),
            ],
            CreateStackRequest stack => [On(operation, stack.StackName, caller).Tagged(null, Pairs(stack.Tags)), .. Passed(stack.RoleARN)],
            UpdateStackRequest stack => [On(operation, stack.StackName, caller).Tagged(null, Pairs(stack.Tags)), .. Passed(stack.RoleARN)],
            DeleteStackRequest stack => [On(operation, stack.StackName, caller), .. Passed(stack.RoleARN)],
            CreateChangeSetRequest stack =>
            [
                On(operation, stack.StackName, caller).Tagged(null, Pairs(stack.Tags)),
                .. Passed(stack.RoleARN),
            ],
            DescribeChangeSetRequest set => Set(operation, set.StackName, set.ChangeSetName, caller),
            ExecuteChangeSetRequest set => Set(operation, set.StackName, set.ChangeSetName, caller),
            DeleteChangeSetRequest set => Set(operation, set.StackName, set.ChangeSetName, caller),
            ListChangeSetsRequest stack => [On(operation, stack.StackName, caller)],
            DescribeStacksRequest stack => [On(operation, stack.StackName ?? "*", caller)],
            DescribeStackEventsRequest stack => [On(operation, stack.StackName, caller)],
            DescribeStackResourceRequest stack => [On(operation, stack.StackName, caller)],
            DescribeStackResourcesRequest stack => [On(operation, stack.StackName ?? "*", caller)],
            ListStackResourcesRequest stack => [On(operation, stack.StackName, caller)],
            GetTemplateRequest stack => Set(operation, stack.StackName, stack.ChangeSetName, caller),
            GetTemplateSummaryRequest stack => [On(operation, stack.StackName ?? "*", caller)],
            UpdateTerminationProtectionRequest stack => [On(operation, stack.StackName, caller)],
            SetStackPolicyRequest stack => [On(operation, stack.StackName, caller)],
            GetStackPolicyRequest stack => [On(operation, stack.StackName, caller)],
            SignalResourceRequest stack => [On(operation, stack.StackName, caller)],
            CancelUpdateStackRequest stack => [On(operation, stack.StackName, caller)],
            ContinueUpdateRollbackRequest stack => [On(operation, stack.StackName, caller)],
            _ => null,
        };

    /// <param name="stack">Its name or its id; of one that is not there yet the id is not known, and AWS asks with a star.</param>
    private Access On(string operation, string? stack, Caller caller)
    {
        var found = stack is null or "*" ? null : store.Find(null, caller.Scope, stack);
        return new Access(
            "cloudformation:" + operation,
            stack?.StartsWith("arn:", StringComparison.Ordinal) == true ? stack
                : stack is null or "*" ? Arn.Of("cloudformation", caller.Scope, "stack/*/*")
                : found?.Id ?? Arn.Of("cloudformation", caller.Scope, $"stack/{stack}/*")
        ).Tagged(Pairs(found?.Input.Tags));
    }

    private static IEnumerable<(string, string)>? Pairs(IEnumerable<StackTag>? tags) => tags?.Select(tag => (tag.Key, tag.Value));

    /// <summary>A change set that is named by its ARN is the one that is used, whatever stack is named beside it.</summary>
    private Access[] Set(string operation, string? stack, string? set, Caller caller) =>
        set is not null && Arn.TryParse(set) is { } arn
            ?
            [
                new(
                    "cloudformation:" + operation,
                    store.ChangeSets.Get(arn.Scope, set[(set.LastIndexOf('/') + 1)..])?.StackId
                        ?? Arn.Of("cloudformation", arn.Scope, "stack/*/*")
                ),
            ]
            : [On(operation, stack, caller)];

    private static Access[] Passed(string? role) => role is null ? [] : [Access.PassRole(role, "cloudformation.amazonaws.com")];
}
