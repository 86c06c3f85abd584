using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary>Reads objects through the service directory: CloudFormation knows no other room.</summary>
internal static class S3Objects
{
    public static ReadObject Through(ServiceDirectory services) =>
        async (bucket, key, versionId, caller, cancellation) =>
        {
            var service = services.Find("s3");
            var operation = service.Find("GetObject");
            var members = new Dictionary<string, string> { ["Bucket"] = bucket, ["Key"] = key };
            if (versionId is not null)
            {
                members["VersionId"] = versionId;
            }

            var json = JsonSerializer.SerializeToElement(members, AwsJson.Default.DictionaryStringString);
            var request = json.Deserialize(operation.Request)!;
            if (services.Rights is { } rights)
            {
                service.Check(operation, request, caller, rights);
            }

            var output = await operation.Run(request, caller, cancellation).ConfigureAwait(false);
            return operation.Rest?.GetPayload is { } payload
                ? payload(output)
                : throw AwsException.NotImplemented("reading objects from S3");
        };
}
