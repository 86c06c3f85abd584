using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>A function as requests name it: by name, partial ARN or ARN, each with or without a qualifier.</summary>
internal readonly partial record struct FunctionReference(Scope Scope, string Name, string? Qualifier)
{
    /// <summary>As AWS shows it in what it refuses (recorded).</summary>
    private const string NamePattern =
        @"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";

    private const string QualifierPattern = @"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";
    private const int QualifierLimit = 128;

    /// <summary>Of a name in whatever form.</summary>
    private const int NameLimit = 140;

    public string Arn => ArnOf(Scope, Name, Qualifier);

    /// <summary>As a request of a Region names it: functions of another Region are out of its reach.</summary>
    /// <param name="text"><c>name</c>, <c>name:qualifier</c>, <c>account:function:name</c>, or the ARN.</param>
    /// <param name="qualifier">Given besides; the same twice is fine.</param>
    /// <param name="scope">The caller's.</param>
    public static FunctionReference Parse(string? text, string? qualifier, Scope scope)
    {
        var found = Anywhere(text, qualifier, scope);
        return found.Scope.Region == scope.Region
            ? found
            : throw LambdaErrors.NotFound($"Functions from '{found.Scope.Region}' are not reachable in this region ('{scope.Region}')");
    }

    /// <summary>As the other services name it, which may call functions of other Regions.</summary>
    public static FunctionReference Anywhere(string? text, string? qualifier, Scope scope)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw LambdaErrors.Constraint(text ?? "", "functionName", "Member must have length greater than or equal to 1");
        }

        if (text.Length > NameLimit)
        {
            throw LambdaErrors.Constraint(text, "functionName", $"Member must have length less than or equal to {NameLimit}");
        }

        if (Form().Match(text) is not { Success: true } match)
        {
            throw LambdaErrors.Constraint(text, "functionName", $"Member must satisfy regular expression pattern: {NamePattern}");
        }

        CheckQualifier(qualifier);
        var inName = match.Groups["qualifier"] is { Success: true } given ? given.Value : null;
        if (inName is not null && qualifier is not null && inName != qualifier)
        {
            throw LambdaErrors.Invalid("The derived qualifier from the function name does not match the specified qualifier.");
        }

        var account = match.Groups["account"] is { Success: true } named ? named.Value : scope.Account;
        var region = match.Groups["region"] is { Success: true } other ? other.Value : scope.Region;
        return new(new Scope(account, region), match.Groups["name"].Value, inName ?? qualifier);
    }

    public static string ArnOf(Scope scope, string name, string? qualifier = null) =>
        Aws.Arn.Of("lambda", scope, qualifier is null ? $"function:{name}" : $"function:{name}:{qualifier}");

    private static void CheckQualifier(string? qualifier)
    {
        if (qualifier?.Length > QualifierLimit)
        {
            throw LambdaErrors.Constraint(qualifier, "qualifier", $"Member must have length less than or equal to {QualifierLimit}");
        }

        if (qualifier is not null && !Qualifiers().IsMatch(qualifier))
        {
            throw LambdaErrors.Constraint(qualifier, "qualifier", $"Member must satisfy regular expression pattern: {QualifierPattern}");
        }
    }

    [GeneratedRegex(
        @"^(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:(?<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9\-_.]+)(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9\-_]+))?\z"
    )]
    private static partial Regex Form();

    /// <summary>A dollar sign begins $LATEST alone: whatever else has one is refused.</summary>
    [GeneratedRegex(@"^(?:\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9\-_]+)\z")]
    private static partial Regex Qualifiers();
}
