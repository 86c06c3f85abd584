using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListKeyRotationsRequest(string? KeyId, int? Limit, string? Marker);

internal sealed record ListKeyRotationsResponse(IReadOnlyList<RotationsListEntry> Rotations, string? NextMarker, bool Truncated);

internal sealed record RotationsListEntry(string KeyId, DateTimeOffset RotationDate, string RotationType);

/// <summary>The rotations that were completed.</summary>
internal sealed class ListKeyRotations(Keys keys)
{
    public ListKeyRotationsResponse Run(ListKeyRotationsRequest request, Caller caller)
    {
        var key = keys.FindByIdOrArn(request.KeyId, caller.Scope);
        var all = key
            .Materials.Where(material => material.RotationType is not null)
            .Select((material, index) => (material, Name: index.ToString("D10", System.Globalization.CultureInfo.InvariantCulture)));
        var (page, next) = Page.Of(all, entry => entry.Name, request.Limit, request.Marker, 100, 1000);
        return new(
            page.ConvertAll(entry => new RotationsListEntry(key.Arn, entry.material.Since, entry.material.RotationType!)),
            next,
            next is not null
        );
    }
}
