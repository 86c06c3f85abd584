using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record SecretFilter(string? Key, IReadOnlyList<string>? Values);

/// <summary>Which of an account's secrets a list is about.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html</remarks>
internal static class SecretFilters
{
    private static readonly string[] Keys = ["all", "name", "tag-key", "description", "tag-value", "primary-region", "owning-service"];

    /// <exception cref="AwsException">A filter is none.</exception>
    public static IEnumerable<Secret> Of(IReadOnlyList<SecretFilter> filters, SecretStore secrets, Scope scope)
    {
        foreach (var (at, filter) in filters.Index())
        {
            SecretsErrors.OneOf(filter.Key, $"filters.{at + 1}.member.key", Keys);
            if (filter.Key is null || filter.Values is not { Count: > 0 })
            {
                throw SecretsErrors.Parameter("Invalid filter values for key: " + filter.Key);
            }
        }

        return secrets.Shelf.List(scope).Values.Where(secret => filters.All(filter => Holds(secret, filter)));
    }

    /// <summary>Any of the values; one that begins with an exclamation mark must not be there.</summary>
    private static bool Holds(Secret secret, SecretFilter filter)
    {
        var wanted = filter.Values!.Where(value => !value.StartsWith('!')).ToList();
        var unwanted = filter.Values!.Where(value => value.StartsWith('!')).Select(value => value[1..]);
        return (wanted.Count == 0 || wanted.Exists(value => Has(secret, filter.Key!, value)))
            && !unwanted.Any(value => Has(secret, filter.Key!, value));
    }

    /// <summary>Names and tags begin with the value, as it is written; descriptions have words that do, in any case.</summary>
    private static bool Has(Secret secret, string key, string value) =>
        key switch
        {
            "name" => secret.Name.StartsWith(value, StringComparison.Ordinal),
            "tag-key" => secret.Tags.Any(tag => tag.Key!.StartsWith(value, StringComparison.Ordinal)),
            "tag-value" => secret.Tags.Any(tag => tag.Value!.StartsWith(value, StringComparison.Ordinal)),
            "description" => HasWord(secret.Description, value),
            "all" => HasWord(secret.Name, value)
                || HasWord(secret.Description, value)
                || secret.Tags.Any(tag => HasWord(tag.Key, value) || HasWord(tag.Value, value)),
            "primary-region" => Arn.Parse(secret.Arn).Region.StartsWith(value, StringComparison.Ordinal),
            _ => false,
        };

    private static bool HasWord(string? text, string value) =>
        text is not null
        && value
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word =>
                text.Split([' ', '/', '_', '+', '=', '.', '@', '-'], StringSplitOptions.RemoveEmptyEntries)
                    .Any(own => own.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                || text.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            );
}
