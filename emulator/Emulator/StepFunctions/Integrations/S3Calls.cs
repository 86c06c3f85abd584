using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>S3 as workflows call it: parameters as members, the answer as it is on the wire.</summary>
internal sealed class S3Calls(ServiceDirectory services)
{
    public async Task<RestAnswer> Call(string operation, JsonElement parameters, Caller caller, CancellationToken cancellation)
    {
        var service = services.Find("s3");
        var found = service.Find(operation);
        var call = RestXmlRequest.Of(found, parameters);
        if (services.Rights is { } rights)
        {
            service.Check(found, call, caller, rights);
        }

        return (RestAnswer)await service.Call(found, call, caller, cancellation).ConfigureAwait(false);
    }

    /// <summary>The words of an error of S3, as causes have them.</summary>
    public static string Cause(AwsException failure, Caller caller) =>
        $"{failure.Message} (Service: S3, Status Code: {failure.StatusCode}, Request ID: {caller.RequestId}, Extended Request ID: {caller.RequestId})";
}
