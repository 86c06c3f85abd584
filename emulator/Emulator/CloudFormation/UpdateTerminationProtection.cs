using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record UpdateTerminationProtectionRequest(bool? EnableTerminationProtection = null, string? StackName = null);

/// <summary>Protects a stack against being deleted, or no longer.</summary>
internal static class UpdateTerminationProtection
{
    public static async Task<StackIdResponse> Run(UpdateTerminationProtectionRequest request, Caller caller, StackStore store)
    {
        var enable =
            request.EnableTerminationProtection ?? throw StackErrors.Validation("EnableTerminationProtection is a required parameter.");
        return await store
            .Database.Write(transaction =>
            {
                var stack = store.Find(transaction, caller.Scope, request.StackName ?? "") is { IsDeleted: false } found
                    ? found
                    : throw StackErrors.NoStackInBrackets(request.StackName ?? "");
                if (stack.ParentId is not null)
                {
                    throw StackErrors.Validation("Termination protection cannot be updated for a nested stack.");
                }

                store.Stacks.Put(transaction, caller.Scope, stack.Uuid, stack with { TerminationProtection = enable });
                return new StackIdResponse(stack.Id);
            })
            .ConfigureAwait(false);
    }
}
