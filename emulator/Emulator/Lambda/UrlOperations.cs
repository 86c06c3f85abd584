using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>The operations on the URLs of functions, and where each is found on the wire.</summary>
internal sealed class UrlOperations(FunctionUrlConfigs urls)
{
    public IEnumerable<Operation> All()
    {
        const string path = "/2021-10-31/functions/{FunctionName}/url";
        var json = LambdaJson.Default;
        Dictionary<string, string> qualifier = new() { ["Qualifier"] = "Qualifier" };
        yield return Operation.Of(
            "CreateFunctionUrlConfig",
            json.FunctionUrlConfigRequest,
            json.FunctionUrlConfig,
            (request, caller, _) => urls.Create(request, caller),
            new RestBinding("POST", path) { Query = qualifier, Status = 201 }
        );
        yield return Operation.Of(
            "GetFunctionUrlConfig",
            json.FunctionUrlRequest,
            json.FunctionUrlConfig,
            urls.Get,
            new RestBinding("GET", path) { Query = qualifier }
        );
        yield return Operation.Of(
            "UpdateFunctionUrlConfig",
            json.FunctionUrlConfigRequest,
            json.FunctionUrlConfig,
            (request, caller, _) => urls.Update(request, caller),
            new RestBinding("PUT", path) { Query = qualifier }
        );
        yield return Operation.Of(
            "DeleteFunctionUrlConfig",
            json.FunctionUrlRequest,
            (request, caller, _) => urls.Delete(request, caller),
            new RestBinding("DELETE", path) { Query = qualifier, Status = 204 }
        );
        yield return Operation.Of(
            "ListFunctionUrlConfigs",
            json.ListFunctionUrlConfigsRequest,
            json.ListFunctionUrlConfigsResponse,
            urls.List,
            new RestBinding("GET", path + "s")
            {
                Query = new Dictionary<string, string> { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" },
            }
        );
    }
}
