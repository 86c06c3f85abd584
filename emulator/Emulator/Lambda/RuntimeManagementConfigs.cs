using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record PutRuntimeManagementConfigRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }

    public string? UpdateRuntimeOn { get; init; }

    public string? RuntimeVersionArn { get; init; }
}

internal sealed record RuntimeManagementConfig(string FunctionArn, string UpdateRuntimeOn, string? RuntimeVersionArn);

/// <summary>GetRuntimeManagementConfig and PutRuntimeManagementConfig: when a version takes a new release of its runtime, of which there is one here.</summary>
internal static class RuntimeManagementConfigs
{
    public static Task<RuntimeManagementConfig> Put(FunctionStore functions, PutRuntimeManagementConfigRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        var mode = request.UpdateRuntimeOn is "Auto" or "FunctionUpdate" or "Manual"
            ? request.UpdateRuntimeOn
            : throw LambdaErrors.Constraint(
                request.UpdateRuntimeOn ?? "null",
                "updateRuntimeOn",
                "Member must satisfy enum value set: [Auto, FunctionUpdate, Manual]"
            );
        if (mode == "Manual" && request.RuntimeVersionArn is null)
        {
            throw LambdaErrors.Invalid("Runtime Version Arn is required if Update Runtime On is set to Manual.");
        }

        if (mode != "Manual" && request.RuntimeVersionArn is not null)
        {
            throw LambdaErrors.Invalid("Runtime Version Arn is not allowed if Update Runtime On is not set to Manual.");
        }

        return functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, reference);
            var version = function.Resolve(reference.Qualifier) ?? throw LambdaErrors.NoFunction(reference);
            var made = new RuntimeManagement(mode, request.RuntimeVersionArn);
            functions.Put(
                transaction,
                reference.Scope,
                function with
                {
                    RuntimeManagement = new Dictionary<string, RuntimeManagement>(function.RuntimeManagement, StringComparer.Ordinal)
                    {
                        [version.Version] = made,
                    },
                }
            );
            return Describe(reference, version, made);
        });
    }

    public static RuntimeManagementConfig Get(FunctionStore functions, GetFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        var version = functions.Version(reference);
        return Describe(
            reference,
            version,
            functions.Get(reference).RuntimeManagement.GetValueOrDefault(version.Version) ?? new RuntimeManagement("Auto", null)
        );
    }

    private static RuntimeManagementConfig Describe(FunctionReference reference, FunctionVersion version, RuntimeManagement made) =>
        new(FunctionReference.ArnOf(reference.Scope, reference.Name, version.Version), made.UpdateRuntimeOn, made.RuntimeVersionArn);
}
