using System.Globalization;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>A layer as requests name it: by its name or its ARN, with the number of a version.</summary>
internal readonly partial record struct LayerReference(Scope Scope, string Name, long Version)
{
    /// <summary>As AWS shows it in what it refuses (recorded in localstack's test_lambda_api, test_layer_exceptions).</summary>
    private const string VersionPattern =
        @"arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+";

    private const string NamePattern = @"(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+";

    private const int NameLimit = 140;

    public string LayerArn => Arn.Of("lambda", Scope, "layer:" + Name);

    public string VersionArn => LayerArn + ":" + Version.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="AwsException">InvalidParameterValueException: versions begin with 1.</exception>
    public static LayerReference Of(string? name, long? version, Scope scope)
    {
        var named = Named(name, scope);
        return version is >= 1 ? named with { Version = version.Value } : throw LambdaErrors.Invalid("Layer Version Cannot be less than 1");
    }

    /// <summary>A layer without a version.</summary>
    /// <param name="name">Its name, or its ARN.</param>
    /// <param name="scope">The caller's.</param>
    public static LayerReference Named(string? name, Scope scope)
    {
        if (name is null || name.Length is 0 or > NameLimit || Form().Match(name) is not { Success: true } match)
        {
            throw LambdaErrors.Constraint(
                name ?? "null",
                "layerName",
                name is null ? "Member must not be null"
                    : name.Length == 0 ? "Member must have length greater than or equal to 1"
                    : name.Length > NameLimit ? $"Member must have length less than or equal to {NameLimit}"
                    : $"Member must satisfy regular expression pattern: {NamePattern}"
            );
        }

        var place = match.Groups["region"] is { Success: true } region ? new Scope(match.Groups["account"].Value, region.Value) : scope;
        return new(place, match.Groups["name"].Value, 0);
    }

    /// <summary>The ARN of a version.</summary>
    public static LayerReference Parse(string? arn) =>
        TryParse(arn)
        ?? throw LambdaErrors.Constraint(arn ?? "null", "arn", $"Member must satisfy regular expression pattern: {VersionPattern}");

    public static LayerReference? TryParse(string? arn) =>
        arn is { Length: <= NameLimit }
        && Form().Match(arn) is { Success: true } match
        && match.Groups["region"].Success
        && long.TryParse(match.Groups["version"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new(new Scope(match.Groups["account"].Value, match.Groups["region"].Value), match.Groups["name"].Value, version)
            : null;

    [GeneratedRegex(
        @"^(?:arn:[a-zA-Z0-9\-]+:lambda:(?<region>[a-zA-Z0-9\-]+):(?<account>\d{12}):layer:)?(?<name>[a-zA-Z0-9\-_]+)(?::(?<version>[0-9]+))?\z"
    )]
    private static partial Regex Form();
}
