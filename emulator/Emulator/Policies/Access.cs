using Disa.Emulator.Aws;

namespace Disa.Emulator.Policies;

/// <summary>One right that a request needs: an IAM action on a resource.</summary>
/// <param name="Action">Such as <c>dynamodb:GetItem</c>.</param>
/// <param name="Resource">Its ARN; <c>*</c> where AWS knows no resource for the action; empty where the emulator does not know which one it is.</param>
internal sealed record Access(string Action, string Resource)
{
    /// <summary>The condition keys that the service adds.</summary>
    public IReadOnlyList<(string Key, string Value)> Facts { get; init; } = [];

    /// <summary>How those keys begin that the service adds where there is something to add: where there is not, they are missing on AWS too.</summary>
    public IReadOnlyList<string> Supplied { get; init; } = [];

    /// <summary>The resource's tags, for <c>aws:ResourceTag/</c>; null where they are not known.</summary>
    public Func<IReadOnlyDictionary<string, string>>? ResourceTags { get; init; }

    /// <summary>The tags in the request, for <c>aws:RequestTag/</c> and <c>aws:TagKeys</c>, those to be removed without a value; null where they are not known.</summary>
    public Func<IEnumerable<KeyValuePair<string, string?>>>? RequestTags { get; init; }

    /// <summary>The same right with the tags of the resource and of the request; null leaves what is known of them, or says that there are none.</summary>
    public Access Tagged(IEnumerable<(string Key, string Value)>? resource, IEnumerable<(string Key, string Value)>? request = null) =>
        this with
        {
            ResourceTags = resource is null
                ? ResourceTags ?? (() => new Dictionary<string, string>())
                : () =>
                    resource
                        .GroupBy(tag => tag.Key, StringComparer.Ordinal)
                        .ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal),
            RequestTags = request is null
                ? RequestTags ?? (() => [])
                : () => request.Select(tag => KeyValuePair.Create(tag.Key, (string?)tag.Value)),
        };

    /// <summary>The policy that the resource itself has.</summary>
    public string? Policy { get; init; }

    /// <summary>What kind of policy that is: a role's says who may take it.</summary>
    public PolicyKind PolicyKind { get; init; } = PolicyKind.Resource;

    /// <summary>True for KMS keys: without their own policy's consent nobody may use them, the account included.</summary>
    public bool NeedsPolicy { get; init; }

    /// <summary>Whose the resource is, where its ARN does not say it (S3).</summary>
    public string? Account { get; init; }

    /// <summary>True where a grant lets the caller, whatever policies leave out.</summary>
    public bool Granted { get; init; }

    /// <summary>The error of a refusal, where it is not the service's usual one.</summary>
    public Func<string, AwsException>? Denied { get; init; }

    /// <summary>The right to hand a role to a service that will act with it.</summary>
    public static Access PassRole(string roleArn, string service) =>
        new("iam:PassRole", roleArn) { Facts = [("iam:PassedToService", service)] };
}

/// <summary>What a principal's own policies are.</summary>
/// <param name="Arn">Of a session: its role's, with its path.</param>
/// <param name="Identity">Its own, those attached, and those of its groups.</param>
/// <param name="Boundary">The most that it may be allowed; null where there is none.</param>
/// <param name="Tags">For <c>aws:PrincipalTag/</c>.</param>
internal sealed record PrincipalRights(
    string Arn,
    IReadOnlyList<PolicyDocument> Identity,
    PolicyDocument? Boundary,
    IReadOnlyDictionary<string, string> Tags
);
