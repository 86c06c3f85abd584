using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record SetStackPolicyRequest(string? StackName = null, string? StackPolicyBody = null, string? StackPolicyURL = null);

/// <summary>Gives a stack a policy.</summary>
internal static class SetStackPolicy
{
    public static async Task Run(SetStackPolicyRequest request, Caller caller, StackEngine engine, CancellationToken cancellation)
    {
        var stack = Find(engine.Store, caller.Scope, request.StackName);
        var policy =
            await Read(engine, request.StackPolicyBody, request.StackPolicyURL, "StackPolicy", caller, cancellation).ConfigureAwait(false)
            ?? throw StackErrors.Validation("Either StackPolicyURL or StackPolicyBody must be specified.");
        await engine
            .Store.Database.Write(transaction =>
            {
                if (engine.Store.Stacks.Get(transaction, caller.Scope, stack.Uuid) is { } current)
                {
                    engine.Save(transaction, caller.Scope, current with { Policy = policy });
                }
            })
            .ConfigureAwait(false);
    }

    /// <summary>A policy of a request, or null where it has none.</summary>
    /// <param name="member">How the request's members begin.</param>
    public static async Task<string?> Read(
        StackEngine engine,
        string? body,
        string? url,
        string member,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (body is not null && url is not null)
        {
            throw StackErrors.Validation($"You cannot specify both {member}URL and {member}Body");
        }

        var policy = url is null ? body : await engine.Templates.Read(url, caller, cancellation).ConfigureAwait(false);
        return policy is null ? null : StackPolicy.Checked(policy);
    }

    public static StackDocument Find(StackStore store, Scope scope, string? name) =>
        store.Find(null, scope, name ?? "") is { IsDeleted: false } found
            ? found
            : throw StackErrors.Validation($"Stack: {name} does not exist");
}
