using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

internal sealed record AttachPolicyRequest(string? RoleName, string? UserName, string? GroupName, string? PolicyArn)
{
    public string? Name => RoleName ?? UserName ?? GroupName;
}

internal sealed record ListAttachedPoliciesRequest(
    string? RoleName,
    string? UserName,
    string? GroupName,
    string? PathPrefix,
    string? Marker,
    int? MaxItems
);

internal sealed record ListAttachedPoliciesResponse(IReadOnlyList<AttachedPolicyView> AttachedPolicies, bool IsTruncated, string? Marker);

internal sealed record AttachedPolicyView(string PolicyName, string PolicyArn);

/// <summary>AttachRolePolicy, DetachRolePolicy and ListAttachedRolePolicies; the same for users and groups.</summary>
internal sealed class AttachedPolicies<T>(Directory directory, Holders<T> holders)
    where T : Holder
{
    private const int Most = 10;

    public Task Attach(AttachPolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        var arn = IamErrors.Required(request.PolicyArn, "policyArn");
        return directory.Database.Write(transaction => Attach(transaction, caller, request.Name, arn));
    }

    public T Attach(Transaction transaction, Caller caller, string? name, string arn)
    {
        CheckArn(arn);
        if (directory.FindUsable(transaction, arn, caller) is null)
        {
            throw IamErrors.NotAttachable(arn);
        }

        return holders.Change(
            transaction,
            caller,
            name,
            holder =>
                holder.Attached.Contains(arn) ? holder
                : holder.Attached.Count < Most ? holder with { Attached = [.. holder.Attached, arn] }
                : throw IamErrors.Limit(
                    $"Cannot exceed quota for PoliciesPer{char.ToUpperInvariant(holders.Kind[0])}{holders.Kind[1..]}: {Most}"
                )
        );
    }

    public Task Detach(AttachPolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        var arn = IamErrors.Required(request.PolicyArn, "policyArn");
        CheckArn(arn);
        return holders.Change(
            caller,
            request.Name,
            holder => holder.Attached.Contains(arn) ? Without(holder, arn) : throw IamErrors.NoPolicy(arn)
        );
    }

    private static void CheckArn(string arn)
    {
        if (Arn.TryParse(arn) is null)
        {
            throw IamErrors.Invalid("Invalid ARN:  Could not be parsed!");
        }
    }

    public static Holder Without(Holder holder, string arn) =>
        holder with
        {
            Attached = holder.Attached.Where(attached => attached != arn).ToList(),
        };

    public ListAttachedPoliciesResponse List(ListAttachedPoliciesRequest request, Caller caller)
    {
        var holder = holders.Find(caller, request.RoleName ?? request.UserName ?? request.GroupName);
        var all = holder
            .Attached.Where(arn => PathOf(arn).StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        var (page, next) = holders
            .Listing("ListAttachedPolicies", caller, holder)
            .Page(all, arn => arn, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page.ConvertAll(arn => new AttachedPolicyView(arn[(arn.LastIndexOf('/') + 1)..], arn)), next is not null, next);
    }

    /// <summary><c>/service-role/</c> in <c>arn:aws:iam::aws:policy/service-role/Name</c>.</summary>
    private static string PathOf(string arn) => arn[arn.IndexOf('/', StringComparison.Ordinal)..(arn.LastIndexOf('/') + 1)];
}
