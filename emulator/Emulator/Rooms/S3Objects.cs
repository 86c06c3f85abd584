using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>Reads an object: its bucket, key and version.</summary>
/// <exception cref="AwsException">There is none, or the caller may not read it.</exception>
public delegate Task<ReadOnlyMemory<byte>> ReadObject(
    string bucket,
    string key,
    string? versionId,
    Caller caller,
    CancellationToken cancellation
);

/// <summary>Reads objects through the service directory: templates, definitions and packages lie in S3, and their rooms do not know it.</summary>
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
