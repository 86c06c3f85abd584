using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record ListSecretsRequest(
    bool? IncludePlannedDeletion,
    int? MaxResults,
    string? NextToken,
    IReadOnlyList<SecretFilter>? Filters,
    string? SortOrder,
    string? SortBy
);

internal sealed record SecretFilter(string? Key, IReadOnlyList<string>? Values);

internal sealed record ListSecretsResponse(IReadOnlyList<SecretDescription> SecretList, string? NextToken);

/// <summary>Lists the account's secrets.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html and API_Filter.html</remarks>
internal sealed class ListSecrets(SecretStore secrets)
{
    private static readonly string[] Keys = ["all", "name", "tag-key", "description", "tag-value", "primary-region", "owning-service"];
    private static readonly string[] Orders = ["created-date", "last-accessed-date", "last-changed-date", "name"];

    public ListSecretsResponse Run(ListSecretsRequest request, Caller caller)
    {
        OneOf(request.SortOrder, "sortOrder", "asc", "desc");
        OneOf(request.SortBy, "sortBy", Orders);
        var filters = request.Filters ?? [];
        foreach (var (at, filter) in filters.Index())
        {
            OneOf(filter.Key, $"filters.{at + 1}.member.key", Keys);
            if (filter.Key is null || filter.Values is not { Count: > 0 })
            {
                throw SecretsErrors.Parameter("Invalid filter values for key: " + filter.Key);
            }
        }

        var sorted = secrets
            .Shelf.List(caller.Scope)
            .Values.Where(secret => secret.DeletedDate is null || request.IncludePlannedDeletion == true)
            .Where(secret => filters.All(filter => Holds(secret, filter)))
            .OrderBy(secret => Order(secret, request.SortBy), StringComparer.Ordinal)
            .ToList();
        if (request.SortOrder == "desc")
        {
            sorted.Reverse();
        }

        var (items, next) = secrets
            .Lists.Of("ListSecrets", caller.Scope)
            .PageByCount(sorted, SecretsErrors.PageSize(request.MaxResults), request.NextToken);
        return new(items.ConvertAll(secret => SecretDescription.Of(secret, isListed: true)), next);
    }

    private static string Order(Secret secret, string? by) =>
        by switch
        {
            "name" => secret.Name,
            "last-changed-date" => Sortable(secret.LastChangedDate),
            "last-accessed-date" => Sortable(secret.LastAccessedDate ?? default),
            _ => Sortable(secret.CreatedDate),
        };

    private static string Sortable(DateTimeOffset time) => time.UtcTicks.ToString("D20", CultureInfo.InvariantCulture);

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

    private static void OneOf(string? value, string member, params string[] known)
    {
        if (value is not null && !known.Contains(value))
        {
            throw SecretsErrors.Constraint(value, member, $"Member must satisfy enum value set: [{string.Join(", ", known)}]");
        }
    }
}
