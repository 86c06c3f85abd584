using System.Text.RegularExpressions;

namespace Disa.Emulator.Kms;

/// <summary>What an alias may be called.</summary>
internal static partial class AliasName
{
    /// <exception cref="Aws.AwsException">ValidationException, or NotAuthorizedException for AWS's own names.</exception>
    public static string Checked(string? aliasName)
    {
        var name = KmsErrors.Required(aliasName, "aliasName");
        if (!name.StartsWith("alias/", StringComparison.Ordinal))
        {
            throw KmsErrors.Invalid("Invalid identifier");
        }

        if (name.StartsWith("alias/aws/", StringComparison.Ordinal))
        {
            throw new Aws.AwsException("NotAuthorizedException", "");
        }

        return name.Length <= 256 && Allowed().IsMatch(name)
            ? name
            : throw KmsErrors.Constraint(name, "aliasName", "Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$");
    }

    /// <summary>The key that an alias is to name.</summary>
    /// <exception cref="Aws.AwsException">ValidationException.</exception>
    public static string Target(string? keyId)
    {
        var target = KmsErrors.KeyId(keyId, "targetKeyId");
        return target.Contains("alias/", StringComparison.Ordinal)
            ? throw KmsErrors.Invalid("Aliases must refer to keys. Not aliases")
            : target;
    }

    [GeneratedRegex(@"^alias/[a-zA-Z0-9/_-]+\z")]
    private static partial Regex Allowed();
}
