using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record GetAccessKeyInfoRequest(string? AccessKeyId);

internal sealed record GetAccessKeyInfoResponse(string Account);

/// <summary>The account of an access key id.</summary>
internal static class GetAccessKeyInfo
{
    public static GetAccessKeyInfoResponse Run(GetAccessKeyInfoRequest request, Caller caller)
    {
        var id = request.AccessKeyId ?? throw IamErrors.Missing("accessKeyId");
        if (id.Length is < 16 or > 128 && id.Length != 12)
        {
            throw IamErrors.Invalid(
                $"1 validation error detected: Value '{id}' at 'accessKeyId' failed to satisfy constraint: Member must have length between 16 and 128"
            );
        }

        return new(id.Length == 12 && id.All(char.IsAsciiDigit) ? id : AccessKeyIds.Account(id) ?? caller.Account);
    }
}
