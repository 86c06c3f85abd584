using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

internal sealed record GetContextKeysForCustomPolicyRequest(IReadOnlyList<string>? PolicyInputList);

internal sealed record GetContextKeysForPrincipalPolicyRequest(string? PolicySourceArn, IReadOnlyList<string>? PolicyInputList);

internal sealed record GetContextKeysForPolicyResponse(IReadOnlyList<string> ContextKeyNames);

/// <summary>GetContextKeysForCustomPolicy and GetContextKeysForPrincipalPolicy: the condition keys that policies ask for.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html</remarks>
internal sealed partial class ContextKeys(Directory directory)
{
    public static GetContextKeysForPolicyResponse Custom(GetContextKeysForCustomPolicyRequest request, Caller caller) =>
        Answer(SimulatedPolicy.List(IamErrors.Required(request.PolicyInputList, "policyInputList"), "PolicyInputList"));

    public GetContextKeysForPolicyResponse Principal(GetContextKeysForPrincipalPolicyRequest request, Caller caller)
    {
        var sources = new PolicySources(directory);
        var holder = sources.Find(IamErrors.Required(request.PolicySourceArn, "policySourceArn"), caller);
        return Answer(sources.Of(holder, caller).Concat(SimulatedPolicy.List(request.PolicyInputList, "PolicyInputList")));
    }

    /// <summary>The keys of variables in resources, and of conditions with theirs.</summary>
    public static IEnumerable<string> Of(PolicyStatement statement, PolicyDocument policy) =>
        statement
            .Resources.Concat(statement.NotResources)
            .SelectMany(text => Variables(text, policy))
            .Concat(
                statement.Conditions.SelectMany(condition =>
                    condition.Values.SelectMany(value => Variables(value, policy)).Prepend(condition.Key)
                )
            );

    private static GetContextKeysForPolicyResponse Answer(IEnumerable<SimulatedPolicy> policies) =>
        new([
            .. policies
                .SelectMany(policy => policy.Document.Statements.SelectMany(statement => Of(statement, policy.Document)))
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ]);

    /// <summary>Policies of 2008 have none.</summary>
    private static IEnumerable<string> Variables(string text, PolicyDocument policy) =>
        policy.Version == "2012-10-17" ? Variable().Matches(text).Select(match => match.Groups["key"].Value.Trim()) : [];

    [GeneratedRegex(@"\$\{(?<key>[^*?$},]+)(,[^}]*)?\}")]
    private static partial Regex Variable();
}
