using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

internal sealed record SimulateCustomPolicyRequest : SimulatePolicyRequest;

/// <summary>Tries policies that are given as text.</summary>
internal sealed class SimulateCustomPolicy(Directory directory)
{
    public SimulatePolicyResponse Run(SimulateCustomPolicyRequest request, Caller caller)
    {
        var policies = SimulatedPolicy.List(IamErrors.Required(request.PolicyInputList, "policyInputList"), "PolicyInputList").ToList();
        if (request.ResourcePolicy is not null && request.CallerArn is null)
        {
            throw InvalidCaller();
        }

        return Answer(directory, request, caller, policies, null, request.CallerArn is null ? caller : User(request.CallerArn, caller));
    }

    /// <param name="boundary">The entity's own, which one that is given goes before.</param>
    public static SimulatePolicyResponse Answer(
        Directory directory,
        SimulatePolicyRequest request,
        Caller caller,
        IReadOnlyList<SimulatedPolicy> policies,
        SimulatedPolicy? boundary,
        Caller simulated
    )
    {
        var actions = IamErrors.Required(request.ActionNames, "actionNames");
        if (
            actions.FirstOrDefault(action =>
                action.Contains('*', StringComparison.Ordinal) || !action.Contains(':', StringComparison.Ordinal)
            ) is
            { } wrong
        )
        {
            throw IamErrors.InvalidInput($"Invalid action name: {wrong}");
        }

        if (request.ResourceHandlingOption is not null)
        {
            throw AwsException.NotImplemented("ResourceHandlingOption of a policy simulation");
        }

        if (request.PermissionsBoundaryPolicyInputList is { Count: > 1 })
        {
            throw IamErrors.InvalidInput("Only one permissions boundary can be simulated.");
        }

        var simulation = new PolicySimulation
        {
            Policies = policies,
            Boundary =
                SimulatedPolicy.List(request.PermissionsBoundaryPolicyInputList, "PermissionsBoundaryPolicyInputList").FirstOrDefault()
                ?? boundary,
            Resource = request.ResourcePolicy is { } text
                ? SimulatedPolicy.Given("ResourcePolicy", "Resource Policy", text, PolicyKind.Resource)
                : null,
            Caller = simulated,
            Owner = request.ResourceOwner is { } owner ? Arn.TryParse(owner)?.Account ?? owner : null,
            Facts = PolicySimulation.Context(request.ContextEntries),
        };
        var (page, next) = directory
            .Lists.Of("SimulatePolicy", Scope.Global(caller.Account), [.. policies.Select(policy => policy.Id), .. actions])
            .PageByCount(simulation.Run(actions, request.ResourceArns), IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page, next is not null, next);
    }

    /// <summary>The user whose calls are simulated, which need not exist.</summary>
    /// <exception cref="AwsException">InvalidInput: it is not a user's ARN.</exception>
    public static Caller User(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "iam" } parsed && parsed.Resource.StartsWith("user/", StringComparison.Ordinal)
            ? new Caller(
                parsed.Account,
                caller.Region,
                Principal.User(parsed.Account, parsed.Resource[(parsed.Resource.LastIndexOf('/') + 1)..], arn),
                "",
                "",
                caller.RequestId
            )
            : throw InvalidCaller();

    private static AwsException InvalidCaller() => IamErrors.InvalidInput("Invalid caller - Caller must be an IAM user in this context.");
}
