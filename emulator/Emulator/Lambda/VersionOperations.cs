using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>The operations on versions and aliases, and where each is found on the wire.</summary>
internal sealed class VersionOperations(FunctionStore functions)
{
    public IEnumerable<Operation> All()
    {
        const string root = "/2015-03-31/functions/{FunctionName}";
        var json = LambdaJson.Default;
        Dictionary<string, string> paging = new() { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" };
        yield return Operation.Of(
            "PublishVersion",
            json.PublishVersionRequest,
            json.FunctionDescription,
            (request, caller, _) => PublishVersion.Run(functions, request, caller),
            new RestBinding("POST", root + "/versions") { Status = 201 }
        );
        yield return Operation.Of(
            "ListVersionsByFunction",
            json.ListVersionsByFunctionRequest,
            json.ListVersionsByFunctionResponse,
            (request, caller) => ListVersionsByFunction.Run(functions, request, caller),
            new RestBinding("GET", root + "/versions") { Query = paging }
        );
        yield return Operation.Of(
            "CreateAlias",
            json.CreateAliasRequest,
            json.AliasDescription,
            (request, caller, _) => Aliases.Create(functions, request, caller),
            new RestBinding("POST", root + "/aliases") { Status = 201 }
        );
        yield return Operation.Of(
            "GetAlias",
            json.AliasRequest,
            json.AliasDescription,
            (request, caller) => Aliases.Get(functions, request, caller),
            new RestBinding("GET", root + "/aliases/{Name}")
        );
        yield return Operation.Of(
            "UpdateAlias",
            json.UpdateAliasRequest,
            json.AliasDescription,
            (request, caller, _) => Aliases.Update(functions, request, caller),
            new RestBinding("PUT", root + "/aliases/{Name}")
        );
        yield return Operation.Of(
            "DeleteAlias",
            json.AliasRequest,
            (request, caller, _) => Aliases.Delete(functions, request, caller),
            new RestBinding("DELETE", root + "/aliases/{Name}") { Status = 204 }
        );
        yield return Operation.Of(
            "ListAliases",
            json.ListAliasesRequest,
            json.ListAliasesResponse,
            (request, caller) => Aliases.List(functions, request, caller),
            new RestBinding("GET", root + "/aliases")
            {
                Query = new Dictionary<string, string>(paging) { ["FunctionVersion"] = "FunctionVersion" },
            }
        );
    }
}
