using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record UpdateFunctionConfigurationRequest : FunctionSettings
{
    public string? RevisionId { get; init; }
}

/// <summary>Changes a function's settings; warm processes that run with the old ones are replaced.</summary>
internal static class UpdateFunctionConfiguration
{
    public static Task<FunctionDescription> Run(
        FunctionStore functions,
        Func<string, Scope, bool> roleExists,
        UpdateFunctionConfigurationRequest request,
        Caller caller
    )
    {
        if (request.Role is not null)
        {
            FunctionLimits.RoleOf(request.Role);
        }

        if (request.Role is { } role && !roleExists(role, caller.Scope))
        {
            throw LambdaErrors.Invalid("The role defined for the function cannot be assumed by Lambda.");
        }

        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return FunctionChange.Run(
            functions,
            reference,
            request.RevisionId,
            dryRun: false,
            publish: false,
            (_, version) => request.ApplyTo(version, functions.Layers, reference.Scope)
        );
    }
}
