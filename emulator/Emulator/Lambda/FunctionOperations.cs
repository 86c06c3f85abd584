using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>The operations on functions, and where each is found on the wire.</summary>
internal sealed class FunctionOperations(
    FunctionStore functions,
    FunctionCodeSource source,
    FunctionActivation activation,
    Invoker invoker,
    EmulatorEndpoint endpoint,
    Func<string, Scope, bool> roleExists,
    CodeSigningConfigs signing,
    bool instant
)
{
    public IEnumerable<Operation> All()
    {
        const string root = "/2015-03-31/functions";
        var json = LambdaJson.Default;
        Dictionary<string, string> qualifier = new() { ["Qualifier"] = "Qualifier" };
        Dictionary<string, string> paging = new() { ["Marker"] = "Marker", ["MaxItems"] = "MaxItems" };
        yield return Operation.Of(
            "CreateFunction",
            json.CreateFunctionRequest,
            json.FunctionDescription,
            (request, caller, _) => Settled(CreateFunction.Run(functions, source, roleExists, request, caller), caller),
            new RestBinding("POST", root) { Status = 201, BodyLimit = FunctionCodeSource.RequestLimit }
        );
        yield return Operation.Of(
            "ListFunctions",
            json.ListFunctionsRequest,
            json.ListFunctionsResponse,
            (request, caller) => ListFunctions.Run(functions, request, caller),
            new RestBinding("GET", root) { Query = new Dictionary<string, string>(paging) { ["FunctionVersion"] = "FunctionVersion" } }
        );
        yield return Operation.Of(
            "GetFunction",
            json.GetFunctionRequest,
            json.GetFunctionResponse,
            (request, caller) => GetFunction.Run(functions, endpoint, request, caller),
            new RestBinding("GET", root + "/{FunctionName}") { Query = qualifier }
        );
        yield return Operation.Of(
            "GetFunctionConfiguration",
            json.GetFunctionRequest,
            json.FunctionDescription,
            (request, caller) => GetFunctionConfiguration.Run(functions, request, caller),
            new RestBinding("GET", root + "/{FunctionName}/configuration") { Query = qualifier }
        );
        yield return Operation.Of(
            "UpdateFunctionCode",
            json.UpdateFunctionCodeRequest,
            json.FunctionDescription,
            (request, caller, _) => Settled(UpdateFunctionCode.Run(functions, source, signing, request, caller), caller),
            new RestBinding("PUT", root + "/{FunctionName}/code") { BodyLimit = FunctionCodeSource.RequestLimit }
        );
        yield return Operation.Of(
            "UpdateFunctionConfiguration",
            json.UpdateFunctionConfigurationRequest,
            json.FunctionDescription,
            (request, caller, _) => Settled(UpdateFunctionConfiguration.Run(functions, roleExists, request, caller), caller),
            new RestBinding("PUT", root + "/{FunctionName}/configuration")
        );
        yield return Operation.Of(
            "DeleteFunction",
            json.DeleteFunctionRequest,
            (request, caller, _) => DeleteFunction.Run(functions, request, caller),
            new RestBinding("DELETE", root + "/{FunctionName}") { Query = qualifier, Status = 204 }
        );
        yield return Operation.Of(
            "Invoke",
            json.InvokeRequest,
            json.InvokeResponse,
            (request, caller, cancellation) => Invoke.Run(invoker, request, caller, cancellation),
            Invoke.Binding
        );
    }

    /// <summary>The answer as it is once the function is active, where nobody wants to wait for that.</summary>
    private async Task<FunctionDescription> Settled(Task<FunctionDescription> changed, Caller caller)
    {
        var description = await changed.ConfigureAwait(false);
        if (!instant)
        {
            return description;
        }

        await activation.Activate(caller.Scope, description.FunctionName).ConfigureAwait(false);
        return functions.Functions.Get(caller.Scope, description.FunctionName)?.Resolve(description.Version) is { } version
            ? FunctionDescription.Of(
                caller.Scope,
                description.FunctionName,
                version,
                qualified: description.Version != FunctionVersion.Unpublished
            )
            : description;
    }
}
