using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record PutFunctionRecursionConfigRequest
{
    public string? FunctionName { get; init; }

    public string? RecursiveLoop { get; init; }
}

internal sealed record FunctionRecursionConfig(string RecursiveLoop);

/// <summary>GetFunctionRecursionConfig and PutFunctionRecursionConfig: whether a function may call itself through other services.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html</remarks>
internal static class RecursionConfigs
{
    public static Task<FunctionRecursionConfig> Put(FunctionStore functions, PutFunctionRecursionConfigRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var mode = request.RecursiveLoop is "Allow" or "Terminate"
            ? request.RecursiveLoop
            : throw LambdaErrors.Constraint(
                request.RecursiveLoop ?? "null",
                "recursiveLoop",
                "Member must satisfy enum value set: [Terminate, Allow]"
            );
        return functions.Database.Write(transaction =>
        {
            functions.Put(transaction, reference.Scope, functions.Get(transaction, reference) with { RecursiveLoop = mode });
            return new FunctionRecursionConfig(mode);
        });
    }

    public static FunctionRecursionConfig Get(FunctionStore functions, FunctionRequest request, Caller caller) =>
        new(functions.Get(FunctionReference.Parse(request.FunctionName, null, caller.Scope)).RecursiveLoop);
}
