using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

/// <summary>What IAM lets things be called.</summary>
internal static partial class Names
{
    public static string Checked(string? name, string member, int most = 64)
    {
        var text = IamErrors.Required(name, member);
        return text.Length > most
                ? throw IamErrors.Invalid(
                    $"1 validation error detected: Value '{text}' at '{member}' failed to satisfy constraint: Member must have length less than or equal to {most}"
                )
            : Allowed().IsMatch(text) ? text
            : throw IamErrors.Invalid(
                $"The specified value for {member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
            );
    }

    public static string Path(string? path) =>
        path switch
        {
            null => "/",
            _ when path.Length <= 512 && path.StartsWith('/') && path.EndsWith('/') && path.All(c => c is > ' ' and < (char)127) => path,
            _ => throw IamErrors.Invalid(
                "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."
            ),
        };

    public static string Arn(Caller caller, string resource) => $"arn:{Aws.Arn.Partition(caller.Region)}:iam::{caller.Account}:{resource}";

    [GeneratedRegex(@"^[\w+=,.@-]+\z", RegexOptions.ECMAScript)]
    private static partial Regex Allowed();
}
