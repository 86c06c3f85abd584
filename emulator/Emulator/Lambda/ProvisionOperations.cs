using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>The operations on provisioned concurrency and on recursive loops, and where each is found on the wire.</summary>
internal sealed class ProvisionOperations(FunctionStore functions, ProvisionedConcurrencyConfigs provisioned)
{
    public IEnumerable<Operation> All()
    {
        const string path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency";
        const string recursion = "/2024-08-31/functions/{FunctionName}/recursion-config";
        var json = LambdaJson.Default;
        Dictionary<string, string> qualifier = new() { ["Qualifier"] = "Qualifier" };
        yield return Operation.Of(
            "PutProvisionedConcurrencyConfig",
            json.PutProvisionedConcurrencyConfigRequest,
            json.ProvisionedConcurrencyConfig,
            (request, caller, _) => provisioned.Put(request, caller),
            new RestBinding("PUT", path) { Query = qualifier, Status = 202 }
        );
        yield return Operation.Of(
            "ListProvisionedConcurrencyConfigs",
            json.ListProvisionedConcurrencyConfigsRequest,
            json.ListProvisionedConcurrencyConfigsResponse,
            (request, caller) => provisioned.List(request, caller),
            new RestBinding("GET", path)
            {
                Marker = ("List", "ALL"),
                Query = new Dictionary<string, string> { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" },
            }
        );
        yield return Operation.Of(
            "GetProvisionedConcurrencyConfig",
            json.GetFunctionRequest,
            json.ProvisionedConcurrencyConfig,
            (request, caller) => provisioned.Get(request, caller),
            new RestBinding("GET", path) { Query = qualifier }
        );
        yield return Operation.Of(
            "DeleteProvisionedConcurrencyConfig",
            json.GetFunctionRequest,
            (request, caller, _) => provisioned.Delete(request, caller),
            new RestBinding("DELETE", path) { Query = qualifier, Status = 204 }
        );
        yield return Operation.Of(
            "PutFunctionRecursionConfig",
            json.PutFunctionRecursionConfigRequest,
            json.FunctionRecursionConfig,
            (request, caller, _) => RecursionConfigs.Put(functions, request, caller),
            new RestBinding("PUT", recursion)
        );
        yield return Operation.Of(
            "GetFunctionRecursionConfig",
            json.FunctionRequest,
            json.FunctionRecursionConfig,
            (request, caller) => RecursionConfigs.Get(functions, request, caller),
            new RestBinding("GET", recursion)
        );
    }
}
