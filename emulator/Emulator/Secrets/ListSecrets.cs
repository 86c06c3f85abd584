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

internal sealed record ListSecretsResponse(IReadOnlyList<SecretDescription> SecretList, string? NextToken);

/// <summary>Lists the account's secrets.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html and API_Filter.html</remarks>
internal sealed class ListSecrets(SecretStore secrets)
{
    private static readonly string[] Orders = ["created-date", "last-accessed-date", "last-changed-date", "name"];

    public ListSecretsResponse Run(ListSecretsRequest request, Caller caller)
    {
        SecretsErrors.OneOf(request.SortOrder, "sortOrder", "asc", "desc");
        SecretsErrors.OneOf(request.SortBy, "sortBy", Orders);
        var sorted = SecretFilters
            .Of(request.Filters ?? [], secrets, caller.Scope)
            .Where(secret => secret.DeletedDate is null || request.IncludePlannedDeletion == true)
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
}
