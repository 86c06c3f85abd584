using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>A version without the link to its package.</summary>
internal static class GetFunctionConfiguration
{
    public static FunctionDescription Run(FunctionStore functions, GetFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        return FunctionDescription.Of(
            reference.Scope,
            reference.Name,
            functions.Version(reference),
            reference.Qualifier is not null,
            reference.Qualifier
        );
    }
}
