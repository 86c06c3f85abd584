using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Iam;

/// <summary>AWS IAM and STS: who is who, and temporary credentials. Who may do what is asked of <see cref="Rights"/>.</summary>
public sealed class IamRoom : Room
{
    private readonly Directory directory;

    public IamRoom(Database database, Clock clock)
    {
        directory = new Directory(database, clock);
        RoleCredentials = new RoleCredentials(database, clock, directory.Roles.Shelf);
        Rights = new PrincipalPolicies(directory).Of;
        Services =
        [
            new AwsService("iam", IamOperations.All(directory))
            {
                SdkName = "iam",
                SdkErrorPrefix = "Iam",
                Protocols = Protocols.Query,
                XmlNamespace = "https://iam.amazonaws.com/doc/2010-05-08/",
            },
            new AwsService("sts", StsOperations.All(directory, RoleCredentials))
            {
                SdkName = "sts",
                SdkErrorPrefix = "Sts",
                Protocols = Protocols.Query,
                XmlNamespace = "https://sts.amazonaws.com/doc/2011-06-15/",
            },
        ];
        Resources = [new RoleResource(directory), new PolicyResource(directory), new RolePolicyResource(directory), new ManagedPolicyResource(directory)];
    }

    /// <summary>For the rooms that act as roles.</summary>
    public RoleCredentials RoleCredentials { get; }

    /// <summary>A caller's own policies, for the authorizer.</summary>
    internal Func<Caller, PrincipalRights?> Rights { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources { get; }

    /// <summary>What is known of an access key: null for one that was never issued here.</summary>
    public Credential? FindCredential(string accessKeyId)
    {
        if (AccessKeyIds.Account(accessKeyId) is not { } account)
        {
            return null;
        }

        return RoleCredentials.Find(account, accessKeyId) ?? directory.FindKey(account, accessKeyId)
            ?? (AccessKeyIds.IsOurs(accessKeyId) ? new Credential(null, null, account, "", "") { Active = false } : null);
    }
}
