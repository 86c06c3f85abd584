using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record ListFunctionsRequest
{
    public string? FunctionVersion { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListFunctionsResponse(IReadOnlyList<FunctionDescription> Functions, string? NextMarker);

/// <summary>Configurations without their state, 50 a page at most.</summary>
internal static class ListFunctions
{
    public static ListFunctionsResponse Run(FunctionStore functions, ListFunctionsRequest request, Caller caller)
    {
        if (request.FunctionVersion is not (null or "ALL"))
        {
            throw LambdaErrors.Constraint(request.FunctionVersion, "functionVersion", "Member must satisfy enum value set: [ALL]");
        }

        var all = functions
            .Functions.List(caller.Scope)
            .Values.SelectMany(function =>
                request.FunctionVersion == "ALL"
                    ? FunctionDescription.OfVersions(caller.Scope, function)
                    : [FunctionDescription.Of(caller.Scope, function.Name, function.Latest, qualified: false)]
            );
        var (page, next) = functions
            .Lists.Of("ListFunctions", caller.Scope, request.FunctionVersion)
            .PageByCount(all.Select(FunctionDescription.WithoutState), LambdaErrors.PageSize(request.MaxItems, 50), request.Marker);
        return new(page, next);
    }
}
