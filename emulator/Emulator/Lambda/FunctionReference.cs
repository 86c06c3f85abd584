using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>A function as requests name it: by name, partial ARN or ARN, each with or without a qualifier.</summary>
internal readonly record struct FunctionReference(Scope Scope, string Name, string? Qualifier)
{
    public string Arn => ArnOf(Scope, Name, Qualifier);

    /// <param name="text"><c>name</c>, <c>name:qualifier</c>, <c>account:function:name</c>, or the ARN.</param>
    /// <param name="qualifier">Given besides; the same twice is fine.</param>
    public static FunctionReference Parse(string? text, string? qualifier, Scope scope)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw LambdaErrors.Constraint(text ?? "", "functionName", "Member must have length greater than or equal to 1");
        }

        var parts = text.Split(':');
        var (found, name, inName) = parts switch
        {
            ["arn", _, "lambda", var region, var account, "function", var n] => (new Scope(account, region), n, null),
            ["arn", _, "lambda", var region, var account, "function", var n, var q] => (new Scope(account, region), n, q),
            [var account, "function", var n] => (new Scope(account, scope.Region), n, null),
            [var account, "function", var n, var q] => (new Scope(account, scope.Region), n, q),
            ["function", var n] => (scope, n, null),
            [var n] => (scope, n, null),
            [var n, var q] => (scope, n, (string?)q),
            _ => throw Malformed(text),
        };
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw Malformed(text);
        }

        if (inName is not null && qualifier is not null && inName != qualifier)
        {
            throw LambdaErrors.Invalid("The derived qualifier from the function name does not match the specified qualifier.");
        }

        return new(found, name, inName ?? qualifier);
    }

    public static string ArnOf(Scope scope, string name, string? qualifier = null) =>
        Aws.Arn.Of("lambda", scope, qualifier is null ? $"function:{name}" : $"function:{name}:{qualifier}");

    private static AwsException Malformed(string text) => LambdaErrors.Constraint(text, "functionName",
        "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?");
}
