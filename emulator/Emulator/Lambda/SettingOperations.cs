using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>The operations on what is set beside a function, its policy, concurrency and tags, and where each is found on the wire.</summary>
internal sealed class SettingOperations(FunctionStore functions, MappingStore mappings, CodeSigningConfigs signing)
{
    public IEnumerable<Operation> All()
    {
        const string name = "/functions/{FunctionName}";
        var json = LambdaJson.Default;
        Dictionary<string, string> qualifier = new() { ["Qualifier"] = "Qualifier" };
        yield return Operation.Of(
            "AddPermission",
            json.AddPermissionRequest,
            json.AddPermissionResponse,
            (request, caller, _) => Permissions.Add(functions, request, caller),
            new RestBinding("POST", "/2015-03-31" + name + "/policy") { Query = qualifier, Status = 201 }
        );
        yield return Operation.Of(
            "RemovePermission",
            json.RemovePermissionRequest,
            (request, caller, _) => Permissions.Remove(functions, request, caller),
            new RestBinding("DELETE", "/2015-03-31" + name + "/policy/{StatementId}")
            {
                Query = new Dictionary<string, string>(qualifier) { ["RevisionId"] = "RevisionId" },
                Status = 204,
            }
        );
        yield return Operation.Of(
            "GetPolicy",
            json.GetFunctionRequest,
            json.GetPolicyResponse,
            (request, caller) => Permissions.Get(functions, request, caller),
            new RestBinding("GET", "/2015-03-31" + name + "/policy") { Query = qualifier }
        );
        yield return Operation.Of(
            "PutFunctionConcurrency",
            json.PutFunctionConcurrencyRequest,
            json.FunctionConcurrency,
            (request, caller, _) => Concurrency.Put(functions, request, caller),
            new RestBinding("PUT", "/2017-10-31" + name + "/concurrency")
        );
        yield return Operation.Of(
            "GetFunctionConcurrency",
            json.FunctionRequest,
            json.FunctionConcurrency,
            (request, caller) => Concurrency.Get(functions, request, caller),
            new RestBinding("GET", "/2019-09-30" + name + "/concurrency")
        );
        yield return Operation.Of(
            "DeleteFunctionConcurrency",
            json.FunctionRequest,
            (request, caller, _) => Concurrency.Delete(functions, request, caller),
            new RestBinding("DELETE", "/2017-10-31" + name + "/concurrency") { Status = 204 }
        );
        yield return Operation.Of(
            "PutFunctionEventInvokeConfig",
            json.PutFunctionEventInvokeConfigRequest,
            json.EventInvokeConfigDescription,
            (request, caller, _) => EventInvokeConfigs.Put(functions, request, merge: false, caller),
            new RestBinding("PUT", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier }
        );
        yield return Operation.Of(
            "UpdateFunctionEventInvokeConfig",
            json.PutFunctionEventInvokeConfigRequest,
            json.EventInvokeConfigDescription,
            (request, caller, _) => EventInvokeConfigs.Put(functions, request, merge: true, caller),
            new RestBinding("POST", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier }
        );
        yield return Operation.Of(
            "GetFunctionEventInvokeConfig",
            json.GetFunctionRequest,
            json.EventInvokeConfigDescription,
            (request, caller) => EventInvokeConfigs.Get(functions, request, caller),
            new RestBinding("GET", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier }
        );
        yield return Operation.Of(
            "DeleteFunctionEventInvokeConfig",
            json.GetFunctionRequest,
            (request, caller, _) => EventInvokeConfigs.Delete(functions, request, caller),
            new RestBinding("DELETE", "/2019-09-25" + name + "/event-invoke-config") { Query = qualifier, Status = 204 }
        );
        yield return Operation.Of(
            "ListFunctionEventInvokeConfigs",
            json.ListFunctionEventInvokeConfigsRequest,
            json.ListFunctionEventInvokeConfigsResponse,
            (request, caller) => EventInvokeConfigs.List(functions, request, caller),
            new RestBinding("GET", "/2019-09-25" + name + "/event-invoke-config/list")
            {
                Query = new Dictionary<string, string> { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" },
            }
        );
        yield return Operation.Of(
            "TagResource",
            json.TagResourceRequest,
            (request, caller, _) => FunctionTags.Add(functions, mappings, request, caller),
            new RestBinding("POST", "/2017-03-31/tags/{Resource}") { Status = 204 }
        );
        yield return Operation.Of(
            "UntagResource",
            json.UntagResourceRequest,
            (request, caller, _) => FunctionTags.Remove(functions, mappings, request, caller),
            new RestBinding("DELETE", "/2017-03-31/tags/{Resource}")
            {
                Query = new Dictionary<string, string> { ["tagKeys"] = "TagKeys" },
                Status = 204,
            }
        );
        yield return Operation.Of(
            "ListTags",
            json.ListTagsRequest,
            json.ListTagsResponse,
            (request, caller) => FunctionTags.List(functions, mappings, request, caller),
            new RestBinding("GET", "/2017-03-31/tags/{Resource}")
        );
        yield return Operation.Of(
            "GetAccountSettings",
            json.GetAccountSettingsRequest,
            json.GetAccountSettingsResponse,
            (_, caller) => GetAccountSettings.Run(functions, caller),
            new RestBinding("GET", "/2016-08-19/account-settings")
        );
        yield return Operation.Of(
            "PutRuntimeManagementConfig",
            json.PutRuntimeManagementConfigRequest,
            json.RuntimeManagementConfig,
            (request, caller, _) => RuntimeManagementConfigs.Put(functions, request, caller),
            new RestBinding("PUT", "/2021-07-20" + name + "/runtime-management-config") { Query = qualifier }
        );
        yield return Operation.Of(
            "GetRuntimeManagementConfig",
            json.GetFunctionRequest,
            json.RuntimeManagementConfig,
            (request, caller) => RuntimeManagementConfigs.Get(functions, request, caller),
            new RestBinding("GET", "/2021-07-20" + name + "/runtime-management-config") { Query = qualifier }
        );
        foreach (var operation in Signing())
        {
            yield return operation;
        }
    }

    private IEnumerable<Operation> Signing()
    {
        const string root = "/2020-04-22/code-signing-configs";
        const string one = root + "/{CodeSigningConfigArn}";
        const string ofFunction = "/2020-06-30/functions/{FunctionName}/code-signing-config";
        var json = LambdaJson.Default;
        Dictionary<string, string> paging = new() { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" };
        yield return Operation.Of(
            "CreateCodeSigningConfig",
            json.CreateCodeSigningConfigRequest,
            json.CodeSigningConfigResponse,
            (request, caller, _) => signing.Create(request, caller),
            new RestBinding("POST", root) { Status = 201 }
        );
        yield return Operation.Of(
            "UpdateCodeSigningConfig",
            json.UpdateCodeSigningConfigRequest,
            json.CodeSigningConfigResponse,
            (request, caller, _) => signing.Update(request, caller),
            new RestBinding("PUT", one)
        );
        yield return Operation.Of(
            "GetCodeSigningConfig",
            json.CodeSigningConfigRequest,
            json.CodeSigningConfigResponse,
            (request, caller) => signing.Get(request, caller),
            new RestBinding("GET", one)
        );
        yield return Operation.Of(
            "DeleteCodeSigningConfig",
            json.CodeSigningConfigRequest,
            (request, caller, _) => signing.Delete(request, caller),
            new RestBinding("DELETE", one) { Status = 204 }
        );
        yield return Operation.Of(
            "ListCodeSigningConfigs",
            json.CodeSigningConfigRequest,
            json.ListCodeSigningConfigsResponse,
            (request, caller) => signing.List(request, caller),
            new RestBinding("GET", root) { Query = paging }
        );
        yield return Operation.Of(
            "ListFunctionsByCodeSigningConfig",
            json.CodeSigningConfigRequest,
            json.ListFunctionsByCodeSigningConfigResponse,
            (request, caller) => signing.ListFunctions(request, caller),
            new RestBinding("GET", one + "/functions") { Query = paging }
        );
        yield return Operation.Of(
            "PutFunctionCodeSigningConfig",
            json.PutFunctionCodeSigningConfigRequest,
            json.FunctionCodeSigningConfig,
            (request, caller, _) => signing.PutOfFunction(request, caller),
            new RestBinding("PUT", ofFunction)
        );
        yield return Operation.Of(
            "GetFunctionCodeSigningConfig",
            json.FunctionRequest,
            json.FunctionCodeSigningConfig,
            (request, caller) => signing.GetOfFunction(request, caller),
            new RestBinding("GET", ofFunction)
        );
        yield return Operation.Of(
            "DeleteFunctionCodeSigningConfig",
            json.FunctionRequest,
            (request, caller, _) => signing.DeleteOfFunction(request, caller),
            new RestBinding("DELETE", ofFunction) { Status = 204 }
        );
    }
}
