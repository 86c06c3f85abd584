using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

/// <summary>The rights that CloudFormation's own operations need, on the stack.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html</remarks>
internal sealed class StackRights(StackStore store)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) => request switch
    {
        ListStacksRequest or ListExportsRequest or ListImportsRequest or ValidateTemplateRequest => [new("cloudformation:" + operation, "*")],
        CreateStackRequest stack => [On(operation, stack.StackName, caller), .. Passed(stack.RoleARN)],
        UpdateStackRequest stack => [On(operation, stack.StackName, caller), .. Passed(stack.RoleARN)],
        DeleteStackRequest stack => [On(operation, stack.StackName, caller), .. Passed(stack.RoleARN)],
        CreateChangeSetRequest stack => [On(operation, stack.StackName, caller), .. Passed(stack.RoleARN)],
        DescribeChangeSetRequest stack => [On(operation, stack.StackName, caller)],
        ExecuteChangeSetRequest stack => [On(operation, stack.StackName, caller)],
        DeleteChangeSetRequest stack => [On(operation, stack.StackName, caller)],
        ListChangeSetsRequest stack => [On(operation, stack.StackName, caller)],
        DescribeStacksRequest stack => [On(operation, stack.StackName ?? "*", caller)],
        DescribeStackEventsRequest stack => [On(operation, stack.StackName, caller)],
        DescribeStackResourceRequest stack => [On(operation, stack.StackName, caller)],
        DescribeStackResourcesRequest stack => [On(operation, stack.StackName ?? "*", caller)],
        ListStackResourcesRequest stack => [On(operation, stack.StackName, caller)],
        GetTemplateRequest stack => [On(operation, stack.StackName, caller)],
        GetTemplateSummaryRequest stack => [On(operation, stack.StackName ?? "*", caller)],
        UpdateTerminationProtectionRequest stack => [On(operation, stack.StackName, caller)],
        CancelUpdateStackRequest stack => [On(operation, stack.StackName, caller)],
        ContinueUpdateRollbackRequest stack => [On(operation, stack.StackName, caller)],
        _ => null,
    };

    /// <param name="stack">Its name or its id; of one that is not there yet the id is not known, and AWS asks with a star.</param>
    private Access On(string operation, string? stack, Caller caller) => new("cloudformation:" + operation,
        stack?.StartsWith("arn:", StringComparison.Ordinal) == true ? stack
        : stack is null or "*" ? Arn.Of("cloudformation", caller.Scope, "stack/*/*")
        : store.Find(null, caller.Scope, stack)?.Id ?? Arn.Of("cloudformation", caller.Scope, $"stack/{stack}/*"));

    private static Access[] Passed(string? role) => role is null ? [] : [Access.PassRole(role, "cloudformation.amazonaws.com")];
}
