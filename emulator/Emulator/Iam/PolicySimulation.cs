using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

internal sealed record ContextEntry(string? ContextKeyName, IReadOnlyList<string>? ContextKeyValues, string? ContextKeyType);

/// <summary>What a simulation is asked, whosever policies it tries.</summary>
internal abstract record SimulatePolicyRequest
{
    public IReadOnlyList<string>? PolicyInputList { get; init; }

    public IReadOnlyList<string>? PermissionsBoundaryPolicyInputList { get; init; }

    public IReadOnlyList<string>? ActionNames { get; init; }

    public IReadOnlyList<string>? ResourceArns { get; init; }

    public string? ResourcePolicy { get; init; }

    public string? ResourceOwner { get; init; }

    public string? CallerArn { get; init; }

    public IReadOnlyList<ContextEntry>? ContextEntries { get; init; }

    public string? ResourceHandlingOption { get; init; }

    public int? MaxItems { get; init; }

    public string? Marker { get; init; }
}

internal sealed record SimulatePolicyResponse(IReadOnlyList<EvaluationResult> EvaluationResults, bool IsTruncated, string? Marker);

internal sealed record EvaluationResult(
    string EvalActionName,
    string EvalResourceName,
    string EvalDecision,
    IReadOnlyList<MatchedStatement> MatchedStatements,
    IReadOnlyList<string> MissingContextValues
)
{
    public BoundaryDecision? PermissionsBoundaryDecisionDetail { get; init; }

    public IReadOnlyDictionary<string, string>? EvalDecisionDetails { get; init; }

    public IReadOnlyList<ResourceResult>? ResourceSpecificResults { get; init; }
}

internal sealed record ResourceResult(
    string EvalResourceName,
    string EvalResourceDecision,
    IReadOnlyList<MatchedStatement> MatchedStatements,
    IReadOnlyList<string> MissingContextValues
)
{
    public BoundaryDecision? PermissionsBoundaryDecisionDetail { get; init; }
}

internal sealed record MatchedStatement(
    string SourcePolicyId,
    string SourcePolicyType,
    TextPosition StartPosition,
    TextPosition EndPosition
);

internal sealed record BoundaryDecision(bool AllowedByPermissionsBoundary);

/// <summary>A policy that takes part in a simulation.</summary>
/// <param name="Id">As results name it.</param>
internal sealed record SimulatedPolicy(string Id, string Type, string Text, PolicyDocument Document)
{
    public const string Identity = "IAM Policy";

    /// <exception cref="AwsException">InvalidInput.</exception>
    public static SimulatedPolicy Given(string id, string type, string text, PolicyKind kind)
    {
        try
        {
            return new(id, type, text, PolicyDocument.Parse(text, kind));
        }
        catch (PolicyException failure)
        {
            throw IamErrors.InvalidInput($"Invalid policy {id}: {failure.Message}");
        }
    }

    public static IEnumerable<SimulatedPolicy> List(IReadOnlyList<string>? texts, string name) =>
        (texts ?? []).Select((text, i) => Given($"{name}.{i + 1}", Identity, text, PolicyKind.Identity));

    public static SimulatedPolicy Stored(string id, string text) => new(id, Identity, text, PolicyDocument.Of(text, PolicyKind.Identity));
}

/// <summary>Asks policies whether they allow actions on resources, with no other facts than those that are given.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html</remarks>
internal sealed class PolicySimulation
{
    private const string Allowed = "allowed";
    private const string ExplicitDeny = "explicitDeny";
    private const string ImplicitDeny = "implicitDeny";

    public required IReadOnlyList<SimulatedPolicy> Policies { get; init; }

    public SimulatedPolicy? Boundary { get; init; }

    public SimulatedPolicy? Resource { get; init; }

    /// <summary>Whose actions they are: an IAM user where there is a resource's policy.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Whose the resources are whose ARN does not say it.</summary>
    public string? Owner { get; init; }

    public required IReadOnlyList<(string Key, string Value)> Facts { get; init; }

    /// <summary>The context of a request, checked.</summary>
    /// <exception cref="AwsException">ValidationError.</exception>
    public static IReadOnlyList<(string Key, string Value)> Context(IReadOnlyList<ContextEntry>? entries) =>
        [
            .. (entries ?? []).SelectMany(entry =>
                (entry.ContextKeyValues ?? []).Select(value => (IamErrors.Required(entry.ContextKeyName, "contextKeyName"), value))
            ),
        ];

    /// <summary>Each action on the resources, all of them together where none is named.</summary>
    public IEnumerable<EvaluationResult> Run(IReadOnlyList<string> actions, IReadOnlyList<string>? resources) =>
        actions.Select(action => resources is null or [] or ["*"] ? OnAll(action) : OnEach(action, resources));

    private EvaluationResult OnAll(string action)
    {
        var all = On(action, "*");
        return new(action, "*", all.EvalResourceDecision, all.MatchedStatements, all.MissingContextValues)
        {
            PermissionsBoundaryDecisionDetail = all.PermissionsBoundaryDecisionDetail,
        };
    }

    private EvaluationResult OnEach(string action, IReadOnlyList<string> resources)
    {
        var each = resources.Select(resource => On(action, resource)).ToList();
        var decisions = each.Select(one => one.EvalResourceDecision).ToList();
        var decision =
            decisions.Contains(ExplicitDeny) ? ExplicitDeny
            : decisions.Contains(ImplicitDeny) ? ImplicitDeny
            : Allowed;
        return new(action, each.Count == 1 ? resources[0] : "*", decision, each.Count == 1 ? each[0].MatchedStatements : [], [])
        {
            PermissionsBoundaryDecisionDetail = each.Count == 1 ? each[0].PermissionsBoundaryDecisionDetail : null,
            EvalDecisionDetails = new Dictionary<string, string>(),
            ResourceSpecificResults = each,
        };
    }

    private ResourceResult On(string action, string resource)
    {
        var request = new PolicyRequest(Caller, action, resource) { Facts = Facts, IsSimulated = true };
        var missing = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var identity = Policies.SelectMany(policy => About(policy, request, missing)).ToList();
        var boundary = Boundary is null ? null : About(Boundary, request, missing).ToList();
        var named = Named.No;
        var ofResource = new List<(bool Allow, MatchedStatement Statement)>();
        if (Resource is not null)
        {
            named = PolicyEvaluation.OfResource(Resource.Document, request).By;
            ofResource = About(Resource, request, missing)
                .Where(match => Principals.Name(match.Statement, Caller) != Named.No)
                .Select(match => (match.Statement.Allow, match.Match))
                .ToList();
        }

        var denied = identity
            .Where(match => !match.Statement.Allow)
            .Select(match => match.Match)
            .Concat(ofResource.Where(match => !match.Allow).Select(match => match.Statement))
            .Concat((boundary ?? []).Where(match => !match.Statement.Allow).Select(match => match.Match))
            .ToList();
        var allowing = identity.Where(match => match.Statement.Allow).Select(match => match.Match).ToList();
        var bounded =
            boundary is null || (boundary.Exists(match => match.Statement.Allow) && boundary.TrueForAll(match => match.Statement.Allow));
        var owner = Owner ?? (Arn.AccountOf(resource) is { IsEmpty: false } account ? account.ToString() : Caller.PrincipalAccount);
        var isOwn = owner == Caller.PrincipalAccount;
        var byIdentity = allowing.Count > 0 && bounded && (isOwn || named != Named.No);
        var isAllowed = byIdentity || (isOwn && named == Named.Directly);
        return new(
            resource,
            denied.Count > 0 ? ExplicitDeny
                : isAllowed ? Allowed
                : ImplicitDeny,
            denied.Count > 0 ? denied
                : isAllowed ? [.. allowing, .. ofResource.Where(match => match.Allow).Select(match => match.Statement)]
                : [],
            [.. missing]
        )
        {
            PermissionsBoundaryDecisionDetail = boundary is null ? null : new(bounded),
        };
    }

    /// <summary>The statements of a policy that speak of the request; keys that are asked for and not given are noted.</summary>
    private static IEnumerable<(PolicyStatement Statement, MatchedStatement Match)> About(
        SimulatedPolicy policy,
        PolicyRequest request,
        SortedSet<string> missing
    )
    {
        var positions = StatementPositions.Of(policy.Text);
        for (var i = 0; i < policy.Document.Statements.Count; i++)
        {
            var statement = policy.Document.Statements[i];
            var isConcerned = PolicyEvaluation.Concerns(statement, policy.Document, request);
            if (isConcerned)
            {
                missing.UnionWith(ContextKeys.Of(statement, policy.Document).Where(key => !request.Has(key)));
            }

            if (isConcerned && PolicyEvaluation.IsAbout(statement, policy.Document, request))
            {
                yield return (statement, new(policy.Id, policy.Type, positions[i].Start, positions[i].End));
            }
        }
    }
}
