using System.Globalization;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

/// <summary>A parameter as a request names it: by name or ARN, with a version or a label behind a colon.</summary>
/// <param name="Owner">Where the parameter is: the caller's own, unless an ARN names another.</param>
/// <param name="Name">The name; what stands behind <c>parameter</c> in an ARN.</param>
/// <param name="Selector">The version or the label, without the colon; null where none is named.</param>
/// <param name="IsArn">Whether it was named by an ARN, which does not tell whether a name of one part begins with a slash.</param>
internal sealed partial record ParameterName(Scope Owner, string Name, string? Selector, bool IsArn)
{
    /// <summary>The longest name that the model takes, the service's own ARN included.</summary>
    private const int Longest = 2048;

    /// <summary>The longest that a caller may give, with what stands before it in the ARN.</summary>
    private const int LongestGiven = 1011;
    private const int MostLevels = 15;

    private const string Rule =
        "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";

    /// <exception cref="AwsException">ValidationException.</exception>
    public static ParameterName Parse(string? text, Scope scope)
    {
        var given = SsmErrors.Required(text, "name");
        if (given.Length is 0 or > Longest)
        {
            throw SsmErrors.Constraint(
                given,
                "name",
                $"Member must have length {(given.Length == 0 ? "greater than or equal to 1" : $"less than or equal to {Longest}")}"
            );
        }

        if (Arn.TryParse(given) is { Service: "ssm" } arn && arn.Resource.StartsWith("parameter/", StringComparison.Ordinal))
        {
            var (path, part) = Split(arn.Resource["parameter".Length..]);
            return new(arn.Scope, path, part, IsArn: true);
        }

        var (name, selector) = Split(given);
        return Allowed().IsMatch(name) ? new(scope, name, selector, IsArn: false) : throw SsmErrors.Invalid(Rule);
    }

    /// <summary>A name for a parameter that is written.</summary>
    /// <exception cref="AwsException">ValidationException, AccessDeniedException, HierarchyLevelLimitExceededException.</exception>
    public static string Checked(string? text, Scope scope)
    {
        var name = SsmErrors.Required(text, "name");
        if (name.Length == 0)
        {
            throw SsmErrors.Constraint(name, "name", "Member must have length greater than or equal to 1");
        }

        var plain = name.TrimStart('/');
        var isPath = name.Count(character => character == '/') > 1;
        if (plain.StartsWith("aws", StringComparison.OrdinalIgnoreCase) || plain.StartsWith("ssm", StringComparison.OrdinalIgnoreCase))
        {
            throw isPath && plain.StartsWith("aws", StringComparison.OrdinalIgnoreCase)
                ? new AwsException("AccessDeniedException", $"No access to reserved parameter name: {name}.")
            : isPath ? SsmErrors.Invalid(Rule)
            : SsmErrors.Invalid("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).");
        }

        if (!Allowed().IsMatch(name) || name.EndsWith('/') || name.Contains("//", StringComparison.Ordinal))
        {
            throw SsmErrors.Invalid(Rule);
        }

        if (name[0] != '/' && name.Contains('/', StringComparison.Ordinal))
        {
            throw SsmErrors.Invalid("Parameter name must be a fully qualified name.");
        }

        if (ArnOf(scope, name).Length > LongestGiven)
        {
            throw SsmErrors.Constraint(name, "name", $"Member must have length less than or equal to {LongestGiven}");
        }

        return plain.Split('/').Length <= MostLevels
            ? name
            : throw new AwsException(
                "HierarchyLevelLimitExceededException",
                $"A hierarchy can have a maximum of {MostLevels} levels. For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide."
            );
    }

    public static string ArnOf(Scope scope, string name) => Arn.Of("ssm", scope, name[0] == '/' ? "parameter" + name : "parameter/" + name);

    /// <summary>The version that is asked for; null where a label is, or nothing.</summary>
    public long? Version => long.TryParse(Selector, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static (string Name, string? Selector) Split(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (text[..colon], text[(colon + 1)..]) : (text, null);

    [GeneratedRegex(@"^[a-zA-Z0-9_.\-/]+\z")]
    private static partial Regex Allowed();
}
