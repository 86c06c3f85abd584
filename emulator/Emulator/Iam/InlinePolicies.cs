using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

internal sealed record EntityPolicyRequest(
    string? RoleName,
    string? UserName,
    string? GroupName,
    string? PolicyName,
    string? PolicyDocument
)
{
    public string? Name => RoleName ?? UserName ?? GroupName;
}

internal sealed record GetEntityPolicyResponse(
    string? RoleName,
    string? UserName,
    string? GroupName,
    string PolicyName,
    string PolicyDocument
);

internal sealed record ListEntityPoliciesRequest(string? RoleName, string? UserName, string? GroupName, string? Marker, int? MaxItems);

internal sealed record ListEntityPoliciesResponse(IReadOnlyList<string> PolicyNames, bool IsTruncated, string? Marker);

/// <summary>PutRolePolicy, GetRolePolicy, ListRolePolicies and DeleteRolePolicy; the same for users and groups.</summary>
internal sealed class InlinePolicies<T>(Holders<T> holders)
    where T : Holder
{
    public Task Put(EntityPolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = Names.Checked(request.PolicyName, "policyName", 128);
        var document = IamPolicies.Checked(IamErrors.Required(request.PolicyDocument, "policyDocument"), PolicyKind.Identity);
        return holders.Change(caller, request.Name, holder => With(holder, name, document));
    }

    /// <exception cref="AwsException">LimitExceeded: all inline policies together are too long.</exception>
    public static Holder With(Holder holder, string name, string document)
    {
        var policies = new Dictionary<string, string>(holder.Inline, StringComparer.Ordinal) { [name] = document };
        var (kind, most) = holder switch
        {
            Role => ("role", 10240),
            User => ("user", 2048),
            _ => ("group", 5120),
        };
        return policies.Values.Sum(text => text.Count(c => !char.IsWhiteSpace(c))) <= most
            ? holder with
            {
                Inline = policies,
            }
            : throw IamErrors.Limit($"Maximum policy size of {most} bytes exceeded for {kind} {holder.Name}");
    }

    public static Holder Without(Holder holder, string name) =>
        holder with
        {
            Inline = holder.Inline.Where(policy => policy.Key != name).ToDictionary(),
        };

    public GetEntityPolicyResponse Get(EntityPolicyRequest request, Caller caller)
    {
        var name = IamErrors.Required(request.PolicyName, "policyName");
        return holders.Find(caller, request.Name).Inline.TryGetValue(name, out var document)
            ? new(request.RoleName, request.UserName, request.GroupName, name, IamPolicies.Encoded(document))
            : throw IamErrors.NoSuch($"{holders.Kind} policy", name);
    }

    public ListEntityPoliciesResponse List(ListEntityPoliciesRequest request, Caller caller)
    {
        var holder = holders.Find(caller, request.RoleName ?? request.UserName ?? request.GroupName);
        var (page, next) = holders
            .Listing("ListPolicies", caller, holder)
            .Page(holder.Inline.Keys.Order(StringComparer.Ordinal), name => name, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page, next is not null, next);
    }

    public Task Delete(EntityPolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = IamErrors.Required(request.PolicyName, "policyName");
        return holders.Change(
            caller,
            request.Name,
            holder => holder.Inline.ContainsKey(name) ? Without(holder, name) : throw IamErrors.NoSuch($"{holders.Kind} policy", name)
        );
    }
}
