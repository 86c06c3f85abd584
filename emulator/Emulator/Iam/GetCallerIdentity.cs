using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record GetCallerIdentityRequest;

internal sealed record GetCallerIdentityResponse(string Arn, string UserId, string Account);

/// <summary>Who signed this request.</summary>
internal static class GetCallerIdentity
{
    public static GetCallerIdentityResponse Run(GetCallerIdentityRequest request, Caller caller) =>
        new(caller.Arn, caller.UserId, caller.Account);
}
