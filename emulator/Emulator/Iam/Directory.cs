using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Iam;

/// <summary>An account's roles, users, groups, managed policies and instance profiles.</summary>
internal sealed class Directory(Database database, Clock clock, Listings lists)
{
    public Database Database => database;

    public Clock Clock => clock;

    public Listings Lists => lists;

    public Holders<Role> Roles { get; } = new(database, new(database, "iam.role", IamDocuments.Default.Role), "role", lists);

    public Holders<User> Users { get; } = new(database, new(database, "iam.user", IamDocuments.Default.User), "user", lists);

    public Holders<Group> Groups { get; } = new(database, new(database, "iam.group", IamDocuments.Default.Group), "group", lists);

    public Shelf<KeyOwner> KeyOwners { get; } = new(database, "iam.key", IamDocuments.Default.KeyOwner);

    /// <summary>The account's managed policies, by ARN.</summary>
    public Shelf<ManagedPolicy> Policies { get; } = new(database, "iam.policy", IamDocuments.Default.ManagedPolicy);

    public Shelf<InstanceProfile> InstanceProfiles { get; } = new(database, "iam.instance-profile", IamDocuments.Default.InstanceProfile);

    /// <summary>A user's access key, for the gateway.</summary>
    public Credential? FindKey(string account, string accessKeyId)
    {
        var scope = Scope.Global(account);
        var user = KeyOwners.Get(scope, accessKeyId) is { } owner ? Users.Shelf.Get(scope, owner.UserName) : null;
        return user?.AccessKeys.FirstOrDefault(key => key.AccessKeyId == accessKeyId) is { } found
            ? new Credential(found.SecretAccessKey, null, account, Principal.User(account, user.Name, user.Arn), user.Id)
            {
                Active = found.Status == "Active",
            }
            : null;
    }

    /// <summary>The ARN, with its path, of a role, user, group or instance profile that is named without one; null where there is none.</summary>
    public string? HolderArn(Arn given)
    {
        var scope = Scope.Global(given.Account);
        var name = given.Resource[(given.Resource.LastIndexOf('/') + 1)..];
        return given.Resource.Split('/')[0] switch
        {
            "role" => Roles.Shelf.Get(scope, name)?.Arn,
            "user" => Users.Shelf.Get(scope, name)?.Arn,
            "group" => Groups.Shelf.Get(scope, name)?.Arn,
            "instance-profile" => InstanceProfiles.Get(scope, name)?.Arn,
            _ => null,
        };
    }

    /// <exception cref="AwsException">NoSuchEntity.</exception>
    public ManagedPolicy Policy(string? policyArn)
    {
        var arn = IamErrors.Required(policyArn, "policyArn");
        return AwsManagedPolicies.Find(arn)
            ?? (Parse(arn) is { } parsed ? Policies.Get(Scope.Global(parsed.Account), arn) : null)
            ?? throw IamErrors.NoPolicy(arn);
    }

    public ManagedPolicy? FindPolicy(Transaction transaction, string arn) =>
        AwsManagedPolicies.Find(arn) ?? (Parse(arn) is { } parsed ? Policies.Get(transaction, Scope.Global(parsed.Account), arn) : null);

    /// <summary>A policy that the caller's account may use: its own, or AWS's.</summary>
    public ManagedPolicy? FindUsable(Transaction transaction, string arn, Caller caller) =>
        FindPolicy(transaction, arn) is { } found && (AwsManagedPolicies.Find(arn) is not null || Arn.Parse(arn).Account == caller.Account)
            ? found
            : null;

    /// <summary>A policy that the account may change: not AWS's.</summary>
    public ManagedPolicy OwnPolicy(Transaction transaction, string? policyArn)
    {
        var arn = IamErrors.Required(policyArn, "policyArn");
        return AwsManagedPolicies.Find(arn) is not null
            ? throw new AwsException("AccessDenied", $"Cannot change the AWS managed policy {arn}.", 403)
            : FindPolicy(transaction, arn) ?? throw IamErrors.NoPolicy(arn);
    }

    public ManagedPolicy Put(Transaction transaction, ManagedPolicy policy)
    {
        Policies.Put(transaction, Scope.Global(Arn.Parse(policy.Arn).Account), policy.Arn, policy);
        return policy;
    }

    /// <summary>The ARN, if it is a policy's that can bound.</summary>
    public string? CheckedBoundary(Transaction transaction, string? arn, Caller caller) =>
        arn is null || FindUsable(transaction, arn, caller) is not null
            ? arn
            : throw IamErrors.NoSuch($"Scope ARN: {arn} does not exist or is not attachable.");

    /// <param name="account">Whose entities are counted, where the policy itself is AWS's.</param>
    public PolicyView View(ManagedPolicy policy, string? account = null, Transaction? transaction = null)
    {
        var scope = Scope.Global(account ?? Arn.Parse(policy.Arn).Account);
        var holders = transaction is null
            ? Roles.Shelf.List(scope).Values.Concat<Holder>(Users.Shelf.List(scope).Values).Concat(Groups.Shelf.List(scope).Values).ToList()
            : Roles
                .Shelf.List(transaction, scope)
                .Values.Concat<Holder>(Users.Shelf.List(transaction, scope).Values)
                .Concat(Groups.Shelf.List(transaction, scope).Values)
                .ToList();
        return new(
            policy.PolicyName,
            policy.PolicyId,
            policy.Arn,
            policy.Path,
            policy.DefaultVersionId,
            holders.Count(holder => holder.Attached.Contains(policy.Arn)),
            holders.Count(holder => holder.PermissionsBoundary == policy.Arn),
            true,
            policy.Description,
            policy.CreateDate,
            policy.UpdateDate,
            Tags.List(policy.Tags)
        );
    }

    /// <exception cref="AwsException">NotImplemented for a policy that AWS may have and the emulator does not.</exception>
    private static Arn? Parse(string arn)
    {
        if (Arn.TryParse(arn) is not { Service: "iam" } parsed || !parsed.Resource.StartsWith("policy/", StringComparison.Ordinal))
        {
            throw IamErrors.InvalidInput($"ARN {arn} is not valid.");
        }

        return parsed.Account == "aws" ? throw AwsException.NotImplemented($"the AWS managed policy {arn}") : parsed;
    }
}
