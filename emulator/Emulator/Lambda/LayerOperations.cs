using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>The operations on layers, and where each is found on the wire.</summary>
internal sealed class LayerOperations(FunctionStore functions, Layers layers)
{
    public IEnumerable<Operation> All()
    {
        const string root = "/2018-10-31/layers";
        const string versions = root + "/{LayerName}/versions";
        const string one = versions + "/{VersionNumber}";
        var json = LambdaJson.Default;
        Dictionary<string, string> filters = new()
        {
            ["CompatibleRuntime"] = "CompatibleRuntime",
            ["CompatibleArchitecture"] = "CompatibleArchitecture",
            ["Marker"] = "Marker",
            ["MaxItems"] = "MaxItems",
        };
        Dictionary<string, string> revision = new() { ["RevisionId"] = "RevisionId" };
        yield return Operation.Of(
            "PublishLayerVersion",
            json.PublishLayerVersionRequest,
            json.LayerVersionDescription,
            (request, caller, _) => layers.Publish(request, caller),
            new RestBinding("POST", versions) { Status = 201, BodyLimit = FunctionCodeSource.RequestLimit }
        );
        yield return Operation.Of(
            "GetLayerVersionByArn",
            json.GetLayerVersionByArnRequest,
            json.LayerVersionDescription,
            (request, _) => layers.GetByArn(request),
            new RestBinding("GET", root)
            {
                Marker = ("find", "LayerVersion"),
                Query = new Dictionary<string, string> { ["Arn"] = "Arn" },
            }
        );
        yield return Operation.Of(
            "ListLayers",
            json.ListLayersRequest,
            json.ListLayersResponse,
            (request, caller) => layers.List(request, caller),
            new RestBinding("GET", root) { Query = filters }
        );
        yield return Operation.Of(
            "ListLayerVersions",
            json.ListLayerVersionsRequest,
            json.ListLayerVersionsResponse,
            (request, caller) => layers.ListVersions(request, caller),
            new RestBinding("GET", versions) { Query = filters }
        );
        yield return Operation.Of(
            "GetLayerVersion",
            json.LayerVersionRequest,
            json.LayerVersionDescription,
            (request, caller) => layers.Get(request, caller),
            new RestBinding("GET", one)
        );
        yield return Operation.Of(
            "DeleteLayerVersion",
            json.LayerVersionRequest,
            (request, caller, _) => layers.Delete(request, caller),
            new RestBinding("DELETE", one) { Status = 204 }
        );
        yield return Operation.Of(
            "AddLayerVersionPermission",
            json.AddLayerVersionPermissionRequest,
            json.AddLayerVersionPermissionResponse,
            (request, caller, _) => LayerPermissions.Add(functions, request, caller),
            new RestBinding("POST", one + "/policy") { Query = revision, Status = 201 }
        );
        yield return Operation.Of(
            "RemoveLayerVersionPermission",
            json.RemoveLayerVersionPermissionRequest,
            (request, caller, _) => LayerPermissions.Remove(functions, request, caller),
            new RestBinding("DELETE", one + "/policy/{StatementId}") { Query = revision, Status = 204 }
        );
        yield return Operation.Of(
            "GetLayerVersionPolicy",
            json.LayerVersionRequest,
            json.GetLayerVersionPolicyResponse,
            (request, caller) => LayerPermissions.Get(functions, request, caller),
            new RestBinding("GET", one + "/policy")
        );
    }
}
