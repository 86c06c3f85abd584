using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Iam;

/// <summary>Temporary credentials: what a function gets in its environment, and what AssumeRole answers.</summary>
/// <param name="Expiration">On the emulator's clock.</param>
public sealed record SessionCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration);

/// <summary>A session as it is kept.</summary>
/// <param name="Principal">The ARN that its requests are made as.</param>
internal sealed record StoredSession(
    string AccessKeyId,
    string SecretAccessKey,
    string SessionToken,
    string Principal,
    string UserId,
    DateTimeOffset Expiration
)
{
    /// <summary>What AssumeRole was given to limit the session.</summary>
    public string? Policy { get; init; }
}

/// <summary>Issues temporary credentials, and knows them again when a request is signed with them.</summary>
public sealed class RoleCredentials
{
    /// <summary>How long a service's own sessions last, as Lambda's do.</summary>
    public static readonly TimeSpan ServiceSession = TimeSpan.FromHours(12);

    /// <summary>Longer than any clock is moved.</summary>
    private static readonly TimeSpan RootKeyLife = TimeSpan.FromDays(365_000);

    /// <summary>An expired session is known as such for a day, then it is as if it had never been.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly Database database;
    private readonly Clock clock;
    private readonly Shelf<StoredSession> sessions;
    private readonly Shelf<Role> roles;

    internal RoleCredentials(Database database, Clock clock, Shelf<Role> roles)
    {
        this.database = database;
        this.clock = clock;
        this.roles = roles;
        sessions = new Shelf<StoredSession>(database, "iam.session", IamDocuments.Default.StoredSession);
    }

    /// <summary>Credentials to act as a role. They expire on the emulator's clock: who keeps them long asks again in time.</summary>
    /// <param name="roleArn">Not checked here: see <see cref="Trusts"/>.</param>
    /// <param name="sessionName">The last part of the principal, such as the function's name.</param>
    /// <param name="scope">Where the session is used; the role's account owns it.</param>
    /// <param name="lifetime">Null for a service's usual twelve hours.</param>
    /// <param name="policy">Limits the session further; null leaves it all that its role may.</param>
    public Task<SessionCredentials> Issue(string roleArn, string sessionName, Scope scope, TimeSpan? lifetime = null, string? policy = null)
    {
        var arn = Arn.Parse(roleArn);
        var name = arn.Resource[(arn.Resource.LastIndexOf('/') + 1)..];
        var id = roles.Get(Scope.Global(arn.Account), name)?.Id ?? "AROA" + name.ToUpperInvariant();
        return Issue(
            arn.Account,
            $"arn:{arn.PartitionName}:sts::{arn.Account}:assumed-role/{name}/{sessionName}",
            $"{id}:{sessionName}",
            lifetime ?? ServiceSession,
            policy
        );
    }

    /// <summary>A key of an account's root user, which does not expire however far the clock is moved.</summary>
    /// <remarks>The one that was issued before it is no key any more.</remarks>
    internal async Task<SessionCredentials> IssueRoot(string partition, string account)
    {
        var root = Principal.Root(partition, account).Arn;
        await database
            .Write(transaction =>
            {
                var scope = Scope.Global(account);
                foreach (
                    var earlier in sessions
                        .List(transaction, scope)
                        .Values.Where(session => session.Principal == root && session.Expiration > clock.GetUtcNow() + RootKeyLife / 2)
                        .ToList()
                )
                {
                    sessions.Remove(transaction, scope, earlier.AccessKeyId);
                }
            })
            .ConfigureAwait(false);
        return await Issue(account, root, account, RootKeyLife).ConfigureAwait(false);
    }

    /// <summary>Whether a role exists and lets a service take it, as its trust policy says.</summary>
    /// <param name="roleArn">The role; anything that is no role's ARN is not trusted.</param>
    /// <param name="service">Such as <c>lambda.amazonaws.com</c>.</param>
    /// <param name="sourceArn">The resource for which the service takes it, where the service says so (<c>aws:SourceArn</c>, <c>aws:SourceAccount</c>).</param>
    public bool Trusts(string roleArn, string service, string? sourceArn = null) =>
        Arn.TryParse(roleArn) is { Service: "iam" } arn
        && arn.Resource.StartsWith("role/", StringComparison.Ordinal)
        && roles.Get(Scope.Global(arn.Account), arn.Resource[(arn.Resource.LastIndexOf('/') + 1)..]) is { } role
        && role.Arn == roleArn
        && TrustPolicy.Lets(
            role,
            Caller.Service(service, new Scope(arn.Account, Arn.TryParse(sourceArn)?.Region ?? "")) with
            {
                SourceArn = sourceArn,
            },
            [],
            clock.GetUtcNow()
        );

    internal Task<SessionCredentials> Issue(string account, string principal, string userId, TimeSpan lifetime, string? policy = null) =>
        database.Write(transaction =>
        {
            var scope = Scope.Global(account);
            var now = clock.GetUtcNow();
            foreach (var old in sessions.List(transaction, scope).Values.Where(session => session.Expiration + Memory < now).ToList())
            {
                sessions.Remove(transaction, scope, old.AccessKeyId);
            }

            string key;
            do
            {
                key = AccessKeyIds.New(AccessKeyIds.OfSession, account);
            } while (sessions.Get(transaction, scope, key) is not null);

            var issued = new SessionCredentials(
                key,
                AccessKeyIds.Secret(),
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)),
                now + lifetime
            );
            sessions.Put(
                transaction,
                scope,
                key,
                new StoredSession(key, issued.SecretAccessKey, issued.SessionToken, principal, userId, issued.Expiration)
                {
                    Policy = policy,
                }
            );
            return issued;
        });

    internal Credential? Find(string account, string accessKeyId) =>
        sessions.Get(Scope.Global(account), accessKeyId) is { } session
            ? new Credential(session.SecretAccessKey, session.SessionToken, account, Principal.Parse(session.Principal), session.UserId)
            {
                Expiration = session.Expiration,
                SessionPolicy = session.Policy,
            }
            : null;
}
