using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Iam;

/// <summary>The operations of STS.</summary>
internal static class StsOperations
{
    public static IEnumerable<Operation> All(Directory directory, RoleCredentials credentials, Authorizer rights)
    {
        var json = StsJson.Default;
        return
        [
            Operation.Of("GetCallerIdentity", json.GetCallerIdentityRequest, json.GetCallerIdentityResponse, GetCallerIdentity.Run),
            Operation.Of("AssumeRole", json.AssumeRoleRequest, json.AssumeRoleResponse, new AssumeRole(directory, credentials, rights).Run),
            Operation.Of(
                "GetSessionToken",
                json.GetSessionTokenRequest,
                json.GetSessionTokenResponse,
                new GetSessionToken(credentials).Run
            ),
            Operation.Of("GetAccessKeyInfo", json.GetAccessKeyInfoRequest, json.GetAccessKeyInfoResponse, GetAccessKeyInfo.Run),
        ];
    }
}

/// <summary>How STS's records travel.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(GetCallerIdentityRequest))]
[JsonSerializable(typeof(GetCallerIdentityResponse))]
[JsonSerializable(typeof(AssumeRoleRequest))]
[JsonSerializable(typeof(AssumeRoleResponse))]
[JsonSerializable(typeof(GetSessionTokenRequest))]
[JsonSerializable(typeof(GetSessionTokenResponse))]
[JsonSerializable(typeof(GetAccessKeyInfoRequest))]
[JsonSerializable(typeof(GetAccessKeyInfoResponse))]
internal sealed partial class StsJson : JsonSerializerContext;
