using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record ListVersionsByFunctionRequest
{
    public string? FunctionName { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListVersionsByFunctionResponse(IReadOnlyList<FunctionDescription> Versions, string? NextMarker);

/// <summary>A function's versions, the unpublished one first, without their state.</summary>
internal static class ListVersionsByFunction
{
    public static ListVersionsByFunctionResponse Run(FunctionStore functions, ListVersionsByFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var function = functions.Get(reference);
        var (page, next) = functions
            .Lists.Of("ListVersionsByFunction", caller.Scope, reference.Arn)
            .PageByCount(
                FunctionDescription.OfVersions(reference.Scope, function).Select(FunctionDescription.WithoutState),
                LambdaErrors.PageSize(request.MaxItems, 50),
                request.Marker
            );
        return new(page, next);
    }
}
