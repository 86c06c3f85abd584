using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListKeyRotationsRequest(string? KeyId, string? IncludeKeyMaterial, int? Limit, string? Marker) : IKeyRequest;

internal sealed record ListKeyRotationsResponse(IReadOnlyList<RotationsListEntry> Rotations, string? NextMarker, bool Truncated);

internal sealed record RotationsListEntry(
    string KeyId,
    string KeyMaterialId,
    string? KeyMaterialDescription,
    string? ImportState,
    string KeyMaterialState,
    string? ExpirationModel,
    DateTimeOffset? ValidTo,
    DateTimeOffset? RotationDate,
    string? RotationType
);

/// <summary>The rotations that were completed; on request the first material and what waits for its rotation too.</summary>
internal sealed class ListKeyRotations(Keys keys)
{
    private static readonly string[] Included = ["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"];

    public ListKeyRotationsResponse Run(ListKeyRotationsRequest request, Caller caller)
    {
        new Checks()
            .Key(request.KeyId)
            .OneOf("includeKeyMaterial", request.IncludeKeyMaterial, Included)
            .Range("limit", request.Limit, 1, 1000)
            .Throw();
        var key = keys.FindByIdOrArn(request.KeyId, caller.Scope);
        var list = keys.Lists.Of("ListKeyRotations", caller.Scope, key.Arn);
        if (!key.IsSymmetric)
        {
            list.After(request.Marker);

            // "This parameter can only be used with KMS keys that support automatic or on-demand key rotation."
            return request.IncludeKeyMaterial is null ? new([], null, false) : throw KmsErrors.Unsupported();
        }

        var all = key
            .Materials.Index()
            .Where(entry => request.IncludeKeyMaterial == "ALL_KEY_MATERIAL" || entry.Item.RotationType is not null)
            .Select(entry =>
                (
                    Entry: Entry(key, entry.Item, entry.Index),
                    Name: entry.Index.ToString("D10", System.Globalization.CultureInfo.InvariantCulture)
                )
            );
        var (page, next) = list.Page(all, entry => entry.Name, KmsErrors.PageSize(request.Limit, 100, 1000), request.Marker);
        return new(page.ConvertAll(entry => entry.Entry), next, next is not null);
    }

    private RotationsListEntry Entry(KmsKey key, KeyMaterial material, int index) =>
        new(
            key.Arn,
            material.Id,
            material.Description,
            !key.IsExternal ? null
                : material.Wrapped is null ? "PENDING_IMPORT"
                : "IMPORTED",
            StateOf(key, material, index),
            material.ExpirationModel,
            material.ValidTo,
            material.RotationType is null ? null : material.Since,
            material.RotationType
        );

    private string StateOf(KmsKey key, KeyMaterial material, int index) =>
        index == key.Current ? "CURRENT"
        : !material.IsPendingRotation ? "NON_CURRENT"
        : keys.Related.PrimaryOf(null, key) is { } primary && !keys.Related.AllHavePending(null, primary)
            ? "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
        : "PENDING_ROTATION";
}
