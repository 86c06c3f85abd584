using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>A policy of its own that a template gives a user or a group.</summary>
internal sealed record TemplatePolicy(string PolicyName, JsonElement PolicyDocument);

/// <summary>The policies that a template gives a user or a group, and takes away again; what others gave stays.</summary>
internal sealed class TemplatePolicies<T>(Directory directory, Holders<T> holders)
    where T : Holder
{
    public T Give(Transaction transaction, Caller caller, T holder, IReadOnlyList<TemplatePolicy>? policies, IReadOnlyList<string>? arns)
    {
        foreach (var policy in policies ?? [])
        {
            var document = IamPolicies.Checked(RoleResource.Text(policy.PolicyDocument), PolicyKind.Identity);
            holder = holders.Change(
                transaction,
                caller,
                holder.Name,
                current => InlinePolicies<T>.With(current, Names.Checked(policy.PolicyName, "policyName", 128), document)
            );
        }

        foreach (var arn in arns ?? [])
        {
            holder = new AttachedPolicies<T>(directory, holders).Attach(transaction, caller, holder.Name, arn);
        }

        return holder;
    }

    public T Take(
        Transaction transaction,
        Caller caller,
        string? name,
        IReadOnlyList<TemplatePolicy>? policies,
        IReadOnlyList<string>? arns
    ) =>
        holders.Change(
            transaction,
            caller,
            name,
            holder =>
            {
                holder = (policies ?? []).Aggregate(holder, (current, policy) => InlinePolicies<T>.Without(current, policy.PolicyName));
                return (arns ?? []).Aggregate(holder, AttachedPolicies<T>.Without);
            }
        );
}
