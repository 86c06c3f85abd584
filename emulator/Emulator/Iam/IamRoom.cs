using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Iam;

/// <summary>AWS IAM and STS: who is who, and temporary credentials. Who may do what is asked of <see cref="Rights"/>.</summary>
public sealed class IamRoom : Room
{
    private readonly Directory directory;

    /// <param name="enforce">Whether requests are checked against policies.</param>
    /// <param name="tokens">Sign the markers of lists.</param>
    internal IamRoom(Database database, Clock clock, bool enforce, Tokens tokens, ILoggerFactory loggers)
    {
        directory = new Directory(database, clock, new Listings(tokens, "iam", IamErrors.InvalidMarker));
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
                TagsOf = needed.TagsOf,
                TagsIn = IamRights.TagsIn,
            },
            new AwsService("sts", StsOperations.All(directory, RoleCredentials, Rights))
            {
                SdkName = "sts",
                SdkErrorPrefix = "Sts",
                Protocols = Protocols.Query,
                XmlNamespace = "https://sts.amazonaws.com/doc/2011-06-15/",
                Known =
                [
                    "AssumeRole",
                    "AssumeRoleWithSAML",
                    "AssumeRoleWithWebIdentity",
                    "AssumeRoot",
                    "DecodeAuthorizationMessage",
                    "GetAccessKeyInfo",
                    "GetCallerIdentity",
                    "GetDelegatedAccessToken",
                    "GetFederationToken",
                    "GetSessionToken",
                    "GetWebIdentityToken",
                ],

                // AssumeRole asks by itself, for the trust policy decides with the caller's own; the others need no rights.
                Rights = (_, _, _) => [],
            },
        ];
        Resources =
        [
            new RoleResource(directory),
            new PolicyResource(directory),
            new RolePolicyResource(directory),
            new ManagedPolicyResource(directory),
            new UserResource(directory),
            new GroupResource(directory),
            new InstanceProfileResource(directory),
        ];
    }

    /// <summary>For the rooms that act as roles.</summary>
    public RoleCredentials RoleCredentials { get; }

    /// <summary>Decides who may do what, for the gateway and for the rooms that act for others.</summary>
    internal Authorizer Rights { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources { get; }

    /// <summary>The entity's own ARN: its path is not known to whoever has its name.</summary>
    internal override Access? Existing(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "iam" } given && directory.HolderArn(given) is { } known ? new Access("", known) : null;

    /// <summary>
    /// What is known of an access key. Null for one that names its account itself; a key of the form that IAM issues counts only
    /// if it was issued here and is still there: one with a letter changed, or AWS's own, is nobody's.
    /// </summary>
    public Credential? FindCredential(string accessKeyId)
    {
        if (!AccessKeyIds.IsIssuedForm(accessKeyId))
        {
            return null;
        }

        return (
                AccessKeyIds.Account(accessKeyId) is { } account
                    ? RoleCredentials.Find(account, accessKeyId) ?? directory.FindKey(account, accessKeyId)
                    : null
            ) ?? Credential.Nobody;
    }
}
