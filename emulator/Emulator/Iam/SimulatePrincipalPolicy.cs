using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record SimulatePrincipalPolicyRequest : SimulatePolicyRequest
{
    public string? PolicySourceArn { get; init; }
}

/// <summary>Tries the policies that a user, a group or a role has.</summary>
internal sealed class SimulatePrincipalPolicy(Directory directory)
{
    public SimulatePolicyResponse Run(SimulatePrincipalPolicyRequest request, Caller caller)
    {
        var arn = IamErrors.Required(request.PolicySourceArn, "policySourceArn");
        var holder = new PolicySources(directory).Find(arn, caller);
        var simulated =
            request.CallerArn is { } given ? SimulateCustomPolicy.User(given, caller)
            : holder is User || request.ResourcePolicy is not null ? SimulateCustomPolicy.User(holder.Arn, caller)
            : caller;
        return SimulateCustomPolicy.Answer(
            directory,
            request,
            caller,
            [.. new PolicySources(directory).Of(holder, caller), .. SimulatedPolicy.List(request.PolicyInputList, "PolicyInputList")],
            holder.PermissionsBoundary is { } boundary
                ? SimulatedPolicy.Stored(directory.Policy(boundary).PolicyName, directory.Policy(boundary).DefaultDocument)
                : null,
            simulated
        );
    }
}

/// <summary>The policies of an entity that an ARN names, each with the name that simulations show.</summary>
internal sealed class PolicySources(Directory directory)
{
    /// <exception cref="AwsException">NoSuchEntity, InvalidInput.</exception>
    public Holder Find(string arn, Caller caller)
    {
        if (Arn.TryParse(arn) is not { Service: "iam" } parsed)
        {
            throw Unclear(arn);
        }

        if (parsed.Account != caller.Account)
        {
            throw IamErrors.InvalidInput(
                $"Invalid Policy Source Arn: caller's account {caller.Account} does not have access to policies in account {parsed.Account}"
            );
        }

        var name = parsed.Resource[(parsed.Resource.LastIndexOf('/') + 1)..];
        return parsed.Resource.Split('/')[0] switch
        {
            "role" => directory.Roles.Find(caller, name),
            "user" => directory.Users.Find(caller, name),
            "group" => directory.Groups.Find(caller, name),
            _ => throw Unclear(arn),
        };
    }

    /// <summary>Its own, those attached, and of a user those of its groups.</summary>
    public IEnumerable<SimulatedPolicy> Of(Holder holder, Caller caller)
    {
        var kind = holder switch
        {
            Role => "role",
            User => "user",
            _ => "group",
        };
        var own = holder
            .Inline.Select(policy => SimulatedPolicy.Stored($"{kind}_{holder.Name}_{policy.Key}", policy.Value))
            .Concat(
                holder.Attached.Select(directory.Policy).Select(policy => SimulatedPolicy.Stored(policy.PolicyName, policy.DefaultDocument))
            );
        var groups = ((holder as User)?.Groups ?? [])
            .Select(name => directory.Groups.Shelf.Get(Scope.Global(caller.Account), name))
            .OfType<Group>();
        return own.Concat(groups.SelectMany(group => Of(group, caller)));
    }

    private static AwsException Unclear(string arn) =>
        IamErrors.InvalidInput($"Invalid Entity Arn: {arn} does not clearly define entity type and name.");
}
