using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Disa.Emulator.Patterns;

namespace Disa.Emulator.Policies;

/// <summary>An operator of a policy's conditions: how one value of the request meets one value of the policy.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html</remarks>
internal sealed record ConditionOperator(Func<string, string, bool> Test)
{
    private const string IfExists = "IfExists";
    private const string ForAllValues = "ForAllValues:";
    private const string ForAnyValue = "ForAnyValue:";

    private static readonly FrozenDictionary<string, ConditionOperator> ByName = Build();

    /// <summary>True for the negative ones, which a missing key meets and one equal value does not.</summary>
    public bool Not { get; init; }

    /// <summary>True where the policy's value is a pattern.</summary>
    public bool Wild { get; init; }

    /// <summary>Whether AWS knows the operator, with its prefix and suffix.</summary>
    public static bool Exists(string name) => name == "Null" || ByName.ContainsKey(Parse(name).Name);

    /// <summary>Null where it cannot be told: the operator is none, or the emulator does not know the key.</summary>
    public static bool? Meets(PolicyCondition condition, PolicyDocument policy, PolicyRequest request)
    {
        if (request.Values(condition.Key) is not { } values)
        {
            return null;
        }

        if (string.Equals(condition.Operator, "Null", StringComparison.OrdinalIgnoreCase))
        {
            return condition.Values.Any(wanted =>
                string.Equals(wanted, values.Count == 0 ? "true" : "false", StringComparison.OrdinalIgnoreCase)
            );
        }

        var (name, all, any, ifExists) = Parse(condition.Operator);
        if (!ByName.TryGetValue(name, out var found))
        {
            return null;
        }

        if (values.Count == 0)
        {
            return all || ifExists || (found.Not && !any);
        }

        // A negative operator asks of each value that it equals none; so do both without a prefix on a key of several values.
        return all || (found.Not && !any)
            ? values.All(value => found.Met(value, condition, policy, request))
            : values.Any(value => found.Met(value, condition, policy, request));
    }

    private bool Met(string value, PolicyCondition condition, PolicyDocument policy, PolicyRequest request)
    {
        foreach (var wanted in condition.Values)
        {
            if (
                Wild
                    ? PolicyVariables.Matches(wanted, policy, value, request)
                    : PolicyVariables.Value(wanted, policy, request) is { } expanded && Test(value, expanded)
            )
            {
                return !Not;
            }
        }

        return Not;
    }

    private static (string Name, bool All, bool Any, bool IfExists) Parse(string text)
    {
        var all = text.StartsWith(ForAllValues, StringComparison.OrdinalIgnoreCase);
        var any = text.StartsWith(ForAnyValue, StringComparison.OrdinalIgnoreCase);
        var ifExists = text.EndsWith(IfExists, StringComparison.OrdinalIgnoreCase);
        return (
            text[
                (
                    all ? ForAllValues.Length
                    : any ? ForAnyValue.Length
                    : 0
                )..(ifExists ? ^IfExists.Length : ^0)
            ],
            all,
            any,
            ifExists
        );
    }

    private static FrozenDictionary<string, ConditionOperator> Build()
    {
        var operators = new Dictionary<string, ConditionOperator>(StringComparer.OrdinalIgnoreCase)
        {
            ["StringEquals"] = new(string.Equals),
            ["StringEqualsIgnoreCase"] = new((value, wanted) => string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase)),
            ["StringLike"] = new((_, _) => false) { Wild = true },
            ["ArnEquals"] = new(IsArnLike),
            ["ArnLike"] = new(IsArnLike),
            ["IpAddress"] = new(IsInNetwork),
            ["NumericEquals"] = new((value, wanted) => Compare(value, wanted) == 0),
            ["DateEquals"] = new((value, wanted) => CompareDates(value, wanted) == 0),
        };
        foreach (var (name, positive) in operators.ToList())
        {
            var negative = name switch
            {
                "IpAddress" => "NotIpAddress",
                "ArnLike" or "StringLike" => name.Replace("Like", "NotLike", StringComparison.Ordinal),
                _ => name.Replace("Equals", "NotEquals", StringComparison.Ordinal),
            };
            operators[negative] = positive with { Not = true };
        }

        foreach (var (kind, compare) in new (string, Func<string, string, int?>)[] { ("Numeric", Compare), ("Date", CompareDates) })
        {
            operators[kind + "LessThan"] = new((value, wanted) => compare(value, wanted) < 0);
            operators[kind + "LessThanEquals"] = new((value, wanted) => compare(value, wanted) <= 0);
            operators[kind + "GreaterThan"] = new((value, wanted) => compare(value, wanted) > 0);
            operators[kind + "GreaterThanEquals"] = new((value, wanted) => compare(value, wanted) >= 0);
        }

        operators["Bool"] = new((value, wanted) => string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase));
        operators["BinaryEquals"] = new(string.Equals);
        return operators.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static int? Compare(string value, string wanted) =>
        decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
        && decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : null;

    private static int? CompareDates(string value, string wanted) =>
        Date(value) is { } left && Date(wanted) is { } right ? left.CompareTo(right) : null;

    /// <summary>ISO 8601, or seconds since 1970.</summary>
    private static DateTimeOffset? Date(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && text.Length > 4
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date
        : null;

    /// <summary>Each of the six parts by itself; a star does not reach over a colon, except in the last.</summary>
    private static bool IsArnLike(string value, string pattern)
    {
        var parts = value.Split(':', 6);
        var patterns = pattern.Split(':', 6);
        return pattern == "*"
            || (parts.Length == 6 && patterns.Length == 6 && parts.Zip(patterns).All(pair => Wildcard.Matches(pair.Second, pair.First)));
    }

    private static bool IsInNetwork(string value, string wanted) =>
        IPAddress.TryParse(value, out var address)
        && (
            IPNetwork.TryParse(wanted, out var network)
                ? network.Contains(address)
                : IPAddress.TryParse(wanted, out var one) && one.Equals(address)
        );
}
