using System.Text.RegularExpressions;

namespace Disa.Emulator.Ssm;

internal sealed record ParameterStringFilter(string? Key, string? Option, IReadOnlyList<string>? Values);

/// <summary>The older kind of filter: what a name, a type or a key begins with.</summary>
internal sealed record ParametersFilter(string? Key, IReadOnlyList<string>? Values);

/// <summary>Which parameters a list is of.</summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html</remarks>
internal sealed partial class ParameterFilters
{
    private const int LongestKey = 132;
    private const int MostValues = 50;

    private const string PathRule =
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \\\"aws\\\" or \\\"ssm\\\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.";

    private static readonly string[] Types = [ParameterVersion.String, ParameterVersion.StringList, ParameterVersion.SecureString];
    private static readonly string[] Tiers = [ParameterVersion.Standard, ParameterVersion.Advanced, "Intelligent-Tiering"];

    private readonly IReadOnlyList<(string Key, string Option, IReadOnlyList<string> Values)> filters;

    private ParameterFilters(IEnumerable<(string, string, IReadOnlyList<string>)> filters) => this.filters = [.. filters];

    /// <summary>For GetParametersByPath.</summary>
    public static ParameterFilters ForPath(IReadOnlyList<ParameterStringFilter>? given) =>
        new(
            Checked(
                given,
                key =>
                    key is "Type" or "KeyId" or "Label"
                        ? null
                        : $"The following filter key is not valid: {key}. Valid filter keys include: [Type, KeyId]."
            )
        );

    /// <summary>For DescribeParameters.</summary>
    public static ParameterFilters ForAll(IReadOnlyList<ParameterStringFilter>? given, IReadOnlyList<ParametersFilter>? older) =>
        new(
            Checked(
                    given,
                    key =>
                        key == "Label"
                            ? "The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier]."
                            : null
                )
                .Concat((older ?? []).Select(Older))
        );

    /// <summary>The version that is meant where all filters let the parameter through: the last, or the one with the label. Null where one does not.</summary>
    public ParameterVersion? Select(Parameter parameter)
    {
        ParameterVersion? chosen = parameter.Latest;
        foreach (var (key, option, values) in filters)
        {
            if (key == "Label")
            {
                chosen = parameter.Versions.FirstOrDefault(version => version.Labels.Any(values.Contains));
            }

            if (chosen is null || !Holds(parameter, chosen, key, option, values))
            {
                return null;
            }
        }

        return chosen;
    }

    /// <exception cref="Aws.AwsException">ValidationException.</exception>
    public static string Path(string path) =>
        path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal) && AllowedPath().IsMatch(path)
            ? path
            : throw SsmErrors.Invalid(PathRule);

    /// <param name="name">A name without a slash is on the root's level.</param>
    public static bool IsUnder(string name, string path, bool recursive)
    {
        var full = name[0] == '/' ? name : "/" + name;
        var folder = path.TrimEnd('/') + "/";
        return full.StartsWith(folder, StringComparison.Ordinal)
            && full.Length > folder.Length
            && (recursive || full.IndexOf('/', folder.Length) < 0);
    }

    private static bool Holds(Parameter parameter, ParameterVersion version, string key, string option, IReadOnlyList<string> values) =>
        key switch
        {
            "Label" => true,
            "Path" => values.Any(value => IsUnder(parameter.Name, value, option == "Recursive")),
            "Name" => values.Any(value => Matches(Slashed(parameter.Name), option == "Contains" ? value : Slashed(value), option)),
            "Type" => values.Any(value => Matches(version.Type, value, option)),
            "Tier" => values.Any(value => Matches(version.Tier, value, option)),
            "DataType" => values.Any(value => Matches(version.DataType, value, option)),
            "KeyId" => version.KeyId is { } id && values.Any(value => Matches(id, value, option)),
            _ => parameter.Tags.TryGetValue(key["tag:".Length..], out var tag) && values.Any(value => Matches(tag, value, option)),
        };

    private static bool Matches(string text, string value, string option) =>
        option switch
        {
            "BeginsWith" => text.StartsWith(value, StringComparison.Ordinal),
            "Contains" => text.Contains(value, StringComparison.Ordinal),
            _ => text == value,
        };

    private static string Slashed(string name) => "/" + name.TrimStart('/');

    private static List<(string, string, IReadOnlyList<string>)> Checked(
        IReadOnlyList<ParameterStringFilter>? given,
        Func<string, string?> refused
    )
    {
        foreach (var (at, filter) in (given ?? []).Index())
        {
            var member = $"parameterFilters.{at + 1}.member.";
            var key = SsmErrors.Required(filter.Key, member + "key");
            if (!AllowedKey().IsMatch(key))
            {
                throw SsmErrors.Constraint(
                    key,
                    member + "key",
                    "Member must satisfy regular expression pattern: tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType"
                );
            }

            if (key.Length > LongestKey)
            {
                throw SsmErrors.Constraint(key, member + "key", $"Member must have length less than or equal to {LongestKey}");
            }

            if (filter.Values?.Count > MostValues)
            {
                throw SsmErrors.Constraint(
                    $"[{string.Join(", ", filter.Values)}]",
                    member + "values",
                    $"Member must have length less than or equal to {MostValues}"
                );
            }
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return (given ?? []).Select(filter => Checked(filter, refused, seen)).ToList();
    }

    private static (string, string, IReadOnlyList<string>) Checked(
        ParameterStringFilter filter,
        Func<string, string?> refused,
        HashSet<string> seen
    )
    {
        var key = filter.Key!;
        if (refused(key) is { } message)
        {
            throw SsmErrors.FilterKey(message);
        }

        if (filter.Values is not { Count: > 0 } values)
        {
            throw SsmErrors.FilterValue($"The following filter values are missing : null for filter key {key}.");
        }

        if (!seen.Add(key))
        {
            throw SsmErrors.FilterKey(
                $"The following filter is duplicated in the request: {key}. A request can contain only one occurrence of a specific filter."
            );
        }

        var option = filter.Option ?? (key == "Path" ? "OneLevel" : "Equals");
        if (key == "Path" ? option is not ("Recursive" or "OneLevel") : !IsAllowed(key, option))
        {
            throw SsmErrors.FilterOption(
                $"The following filter option is not valid: {option}. Valid options include: [{(key == "Path" ? "Recursive, OneLevel" : "BeginsWith, Equals")}]."
            );
        }

        foreach (var value in values)
        {
            Check(key, value);
        }

        return (key, option, values);
    }

    private static bool IsAllowed(string key, string option) =>
        option is "Equals" or "BeginsWith" || (key == "Name" && option == "Contains");

    private static void Check(string key, string value)
    {
        if (key == "Path")
        {
            if (
                value.StartsWith("/aws", StringComparison.OrdinalIgnoreCase) || value.StartsWith("/ssm", StringComparison.OrdinalIgnoreCase)
            )
            {
                throw SsmErrors.Invalid(
                    "Filters for common parameters can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). When using global parameters, please specify within a global namespace."
                );
            }

            Path(value);
        }

        var known = key switch
        {
            "Type" => Types,
            "Tier" => Tiers,
            _ => null,
        };
        if (known?.Contains(value) == false)
        {
            throw SsmErrors.FilterOption(
                $"The following filter value is not valid: {value}. Valid values include: [{string.Join(", ", known)}]."
            );
        }
    }

    private static (string, string, IReadOnlyList<string>) Older(ParametersFilter filter) =>
        filter.Key is "Name" or "Type" or "KeyId"
            ? (filter.Key, filter.Key == "Name" ? "BeginsWith" : "Equals", SsmErrors.Required(filter.Values, "filters.1.member.values"))
            : throw SsmErrors.Constraint(
                filter.Key ?? "null",
                "filters.1.member.key",
                "Member must satisfy enum value set: [Type, KeyId, Name]"
            );

    [GeneratedRegex(@"^(tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType)\z")]
    private static partial Regex AllowedKey();

    [GeneratedRegex(@"^[a-zA-Z0-9_.\-/]*\z")]
    private static partial Regex AllowedPath();
}
