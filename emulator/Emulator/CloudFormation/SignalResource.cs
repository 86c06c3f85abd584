using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record SignalResourceRequest(
    string? StackName = null,
    string? LogicalResourceId = null,
    string? UniqueId = null,
    string? Status = null
);

/// <summary>Tells a resource that waits for it that something succeeded or failed; the same unique id again counts once.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html</remarks>
internal static class SignalResource
{
    public static async Task Run(
        SignalResourceRequest request,
        Caller caller,
        StackStore store,
        ResourceSignals signals,
        StackEngine engine
    )
    {
        var name = request.StackName ?? throw StackErrors.Missing("stackName");
        var logicalId = request.LogicalResourceId ?? throw StackErrors.Missing("logicalResourceId");
        var uniqueId = request.UniqueId ?? throw StackErrors.Missing("uniqueId");
        var status = request.Status ?? throw StackErrors.Missing("status");
        if (uniqueId.Length is 0 or > 64)
        {
            throw StackErrors.Constraint(
                uniqueId,
                "uniqueId",
                $"Member must have length {(uniqueId.Length == 0 ? "greater than or equal to 1" : "less than or equal to 64")}"
            );
        }

        if (status is not ("SUCCESS" or "FAILURE"))
        {
            throw StackErrors.Constraint(status, "status", "Member must satisfy enum value set: [SUCCESS, FAILURE]");
        }

        var scope = caller.Scope;
        var stackId = await store
            .Database.Write(transaction =>
            {
                var stack = store.Find(transaction, scope, name) ?? throw StackErrors.NoStack(name);
                if (!stack.Status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal) || stack.Status == "REVIEW_IN_PROGRESS")
                {
                    throw StackErrors.Validation($"Stack:{stack.Id} is in {stack.Status} state and cannot be signaled");
                }

                var resource =
                    store.Resources.Get(transaction, scope, $"{stack.Uuid}/{logicalId}")
                    ?? throw StackErrors.Validation($"Resource {logicalId} does not exist for stack {stack.Name}");
                if (resource.Pending is not { Action: StepAction.Create or StepAction.Replace, Target.Signals: not null } step)
                {
                    throw StackErrors.Validation($"Resource {logicalId} is in {resource.Status} state and cannot be signaled");
                }

                var success = status == "SUCCESS";
                if (signals.Receive(transaction, scope, stack.Id, logicalId, step.Token, uniqueId, success) && success)
                {
                    engine.Open(transaction, scope, stack.Uuid).Note(resource, $"Received {status} signal with UniqueId {uniqueId}");
                }

                return stack.Id;
            })
            .ConfigureAwait(false);
        signals.Announce(stackId, logicalId);
    }
}
