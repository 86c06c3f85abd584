using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListAliasesRequest(string? KeyId, int? Limit, string? Marker);

internal sealed record ListAliasesResponse(IReadOnlyList<AliasListEntry> Aliases, string? NextMarker, bool Truncated);

internal sealed record AliasListEntry(
    string AliasName,
    string AliasArn,
    string TargetKeyId,
    DateTimeOffset CreationDate,
    DateTimeOffset LastUpdatedDate
);

/// <summary>Lists aliases, all or those of a key.</summary>
internal sealed class ListAliases(Keys keys)
{
    public ListAliasesResponse Run(ListAliasesRequest request, Caller caller)
    {
        var target = request.KeyId is null ? null : keys.Find(request.KeyId, caller.Scope).KeyId;
        var all = keys
            .Aliases.List(caller.Scope)
            .Values.Where(alias =>
                alias.AliasName.StartsWith("alias/", StringComparison.Ordinal) && (target is null || alias.TargetKeyId == target)
            );
        var (page, next) = keys
            .Lists.Of("ListAliases", caller.Scope, target)
            .Page(all, alias => alias.AliasName, KmsErrors.PageSize(request.Limit, 50, 100), request.Marker);
        return new(
            page.ConvertAll(alias => new AliasListEntry(
                alias.AliasName,
                Arn.Of("kms", caller.Scope, alias.AliasName),
                alias.TargetKeyId,
                alias.CreationDate,
                alias.LastUpdatedDate
            )),
            next,
            next is not null
        );
    }
}
