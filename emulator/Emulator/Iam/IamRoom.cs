using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Iam;

/// <summary>AWS IAM and STS: who is who, and temporary credentials. Who may do what is asked of <see cref="Rights"/>.</summary>
public sealed class IamRoom : Room
{
    private readonly Directory directory;

    /// <param name="enforce">Whether requests are checked against policies.</param>
    public IamRoom(Database database, Clock clock, bool enforce, ILoggerFactory loggers)
    {
        directory = new Directory(database, clock);
        RoleCredentials = new RoleCredentials(database, clock, directory.Roles.Shelf);
        Rights = new Authorizer(enforce, new PrincipalPolicies(directory).Of, clock, loggers.CreateLogger("Disa.Iam"));
        var needed = new IamRights(directory);
        Services =
        [
            new AwsService("iam", IamOperations.All(directory))
            {
                SdkName = "iam",
                SdkErrorPrefix = "Iam",
                Protocols = Protocols.Query,
                XmlNamespace = "https://iam.amazonaws.com/doc/2010-05-08/",
                Rights = needed.Of,
            },
            new AwsService("sts", StsOperations.All(directory, RoleCredentials, Rights))
            {
                SdkName = "sts",
                SdkErrorPrefix = "Sts",
                Protocols = Protocols.Query,
                XmlNamespace = "https://sts.amazonaws.com/doc/2011-06-15/",

                // AssumeRole asks by itself, for the trust policy decides with the caller's own; the others need no rights.
                Rights = (_, _, _) => [],
            },
        ];
        Resources = [new RoleResource(directory), new PolicyResource(directory), new RolePolicyResource(directory), new ManagedPolicyResource(directory)];
    }

    /// <summary>For the rooms that act as roles.</summary>
    public RoleCredentials RoleCredentials { get; }

    /// <summary>Decides who may do what, for the gateway and for the rooms that act for others.</summary>
    internal Authorizer Rights { get; }

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
