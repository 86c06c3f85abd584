using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Policies;

/// <summary>What policies are asked: who does what to which resource, and under which circumstances.</summary>
internal sealed record PolicyRequest(Caller Caller, string Action, string Resource)
{
    /// <summary>Where AWS names one resource and the emulator does not know which: allowed only by who may do it to all, denied by who may not to any.</summary>
    public const string AnyResource = "";

    private const string CurrentTime = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The condition keys that the service adds, such as <c>cloudwatch:namespace</c>.</summary>
    public IReadOnlyList<(string Key, string Value)> Facts { get; init; } = [];

    /// <summary>How those keys begin that the service adds wherever AWS does.</summary>
    public IReadOnlyList<string> Supplied { get; init; } = [];

    /// <summary>As <see cref="Access"/> has them.</summary>
    public Func<IReadOnlyDictionary<string, string>>? ResourceTags { get; init; }

    public Func<IEnumerable<KeyValuePair<string, string?>>>? RequestTags { get; init; }

    /// <summary>The condition keys that were asked for and that the emulator does not know: what depends on them does not allow, and a refusal names them.</summary>
    public SortedSet<string> Unknown { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Nothing is known but the facts: any other key counts as missing.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>On the emulator's clock.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>What is known of the caller beyond its name; null of accounts and services.</summary>
    public PrincipalRights? Principal { get; init; }

    /// <summary>A condition key's values; empty where the request has none, null where AWS might have some and the emulator does not know.</summary>
    public IReadOnlyList<string>? Values(string key)
    {
        var values = IsSimulated && !Has(key) ? [] : Known(key);
        if (values is null)
        {
            Unknown.Add(key);
        }

        return values;
    }

    /// <summary>Whether a key is among the facts.</summary>
    public bool Has(string key) => Facts.Any(fact => string.Equals(fact.Key, key, StringComparison.OrdinalIgnoreCase));

    private IReadOnlyList<string>? Known(string key)
    {
        var own = Facts.Where(fact => string.Equals(fact.Key, key, StringComparison.OrdinalIgnoreCase)).Select(fact => fact.Value).ToList();
        if (own.Count > 0 || Supplied.Any(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            return own;
        }

        const string tag = "aws:PrincipalTag/";
        if (key.StartsWith(tag, StringComparison.OrdinalIgnoreCase))
        {
            var name = key[tag.Length..];
            return One(Principal?.Tags.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value);
        }

        if (TagOf(key, "aws:ResourceTag/", "iam:ResourceTag/") is { } ofResource)
        {
            return ResourceTags is null
                ? null
                : One(ResourceTags().FirstOrDefault(pair => string.Equals(pair.Key, ofResource, StringComparison.OrdinalIgnoreCase)).Value);
        }

        if (TagOf(key, "aws:RequestTag/") is { } ofRequest)
        {
            return RequestTags is null
                ? null
                : One(RequestTags().FirstOrDefault(pair => string.Equals(pair.Key, ofRequest, StringComparison.OrdinalIgnoreCase)).Value);
        }

        if (key.Equals("aws:TagKeys", StringComparison.OrdinalIgnoreCase))
        {
            return RequestTags?.Invoke().Select(pair => pair.Key).ToList();
        }

        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        return key.ToLowerInvariant() switch
        {
            "aws:currenttime" => One(Now.UtcDateTime.ToString(CurrentTime, CultureInfo.InvariantCulture)),
            "aws:epochtime" => One(Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            // What does not leave the machine counts as encrypted on the way.
            "aws:securetransport" => One("true"),
            "aws:sourceip" => One(Caller.SourceIp),
            "aws:requestedregion" => One(Caller.Region),
            "aws:principalarn" => One(Caller.IsService ? null : Principal?.Arn ?? Caller.Arn),
            "aws:principalaccount" => One(Caller.IsService ? null : Caller.PrincipalAccount),
            "aws:principaltype" => One(
                Caller.IsRoot ? "Account"
                : Caller.RoleName is not null ? "AssumedRole"
                : Caller.UserName is not null ? "User"
                : null
            ),
            "aws:principalisawsservice" => One(Caller.IsService ? "true" : "false"),
            "aws:principalservicename" => One(Caller.IsService ? Caller.Arn : null),
            "aws:userid" => One(Caller.IsService ? null : Caller.UserId),
            "aws:username" => One(Caller.UserName),
            "aws:multifactorauthpresent" => One(Caller.RoleName is not null ? "false" : null),
            "aws:viaawsservice" => One(Caller.Via is not null ? "true" : "false"),
            "aws:calledvia" or "aws:calledviafirst" or "aws:calledvialast" => One(Caller.Via),
            "aws:sourcearn" => One(Caller.SourceArn),
            // SNS's older name: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
            "aws:sourceaccount" => One(Caller.SourceArn is null ? null : Caller.Account),
            "aws:sourceowner" => One(Caller is { IsService: true, Arn: "cloudwatch.amazonaws.com" } ? Caller.Account : null),
            "aws:resourceaccount" => One(Arn.TryParse(Resource)?.Account),
            "aws:principalorgid"
            or "aws:principalorgpaths"
            or "aws:resourceorgid"
            or "aws:sourceorgid"
            or "aws:sourcevpc"
            or "aws:sourcevpce"
            or "aws:vpcsourceip"
            or "aws:federatedprovider"
            or "aws:multifactorauthage"
            or "aws:referer" => [],
            var other => Absent(other) ? [] : null,
        };
    }

    /// <summary>Keys of services that the emulator always gives where AWS does: missing, they are missing on AWS too.</summary>
    private static bool Absent(string key) =>
        key
            is "kms:viaservice"
                or "kms:calleraccount"
                or "kms:encryptioncontextkeys"
                or "kms:grantisforawsresource"
                or "sts:externalid"
                or "sts:rolesessionname"
                or "iam:passedtoservice"
                or "cloudwatch:namespace"
                or "lambda:functionarn"
                or "s3:prefix"
                or "s3:versionid"
                or "sns:protocol"
                or "sns:endpoint"
        || key.StartsWith("kms:encryptioncontext:", StringComparison.Ordinal);

    private static string? TagOf(string key, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return key[prefix.Length..];
            }
        }

        return null;
    }

    private static IReadOnlyList<string> One(string? value) => value is null ? [] : [value];
}
