using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DescribeKeyRequest(string? KeyId, IReadOnlyList<string>? GrantTokens) : IKeyRequest;

internal sealed record DescribeKeyResponse(KeyMetadata KeyMetadata);

/// <summary>Describes a key; an AWS managed key comes to be by it, as on AWS.</summary>
internal sealed class DescribeKey(Keys keys)
{
    public async Task<DescribeKeyResponse> Run(DescribeKeyRequest request, Caller caller, CancellationToken cancellation)
    {
        var id = KmsErrors.KeyId(request.KeyId);
        return new(
            KeyMetadata.Of(
                id.StartsWith("alias/aws/", StringComparison.Ordinal) && id.Length > "alias/aws/".Length
                    ? await keys.Managed(id, caller.Scope).ConfigureAwait(false)
                    : keys.Find(id, caller.Scope)
            )
        );
    }
}
