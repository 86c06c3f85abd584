using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record ListFunctionsRequest
{
    public string? FunctionVersion { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListFunctionsResponse(IReadOnlyList<FunctionDescription> Functions, string? NextMarker);

internal sealed record ListVersionsByFunctionRequest
{
    public string? FunctionName { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListVersionsByFunctionResponse(IReadOnlyList<FunctionDescription> Versions, string? NextMarker);

/// <summary>ListFunctions and ListVersionsByFunction: configurations without their state, 50 a page at most.</summary>
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
                    ? function
                        .Published.Prepend(function.Latest)
                        .Select(version => FunctionDescription.Of(caller.Scope, function.Name, version, qualified: true))
                    : [FunctionDescription.Of(caller.Scope, function.Name, function.Latest, qualified: false)]
            );
        var (page, next) = Page.Of(all.Select(WithoutState), request.Marker, request.MaxItems, 50);
        return new(page, next);
    }

    public static ListVersionsByFunctionResponse Versions(FunctionStore functions, ListVersionsByFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var function = functions.Get(reference);
        var (page, next) = Page.Of(
            function
                .Published.Prepend(function.Latest)
                .Select(version => WithoutState(FunctionDescription.Of(reference.Scope, function.Name, version, qualified: true))),
            request.Marker,
            request.MaxItems,
            50
        );
        return new(page, next);
    }

    private static FunctionDescription WithoutState(FunctionDescription function) =>
        function with
        {
            State = null,
            StateReason = null,
            StateReasonCode = null,
            LastUpdateStatus = null,
            RuntimeVersionConfig = null,
        };
}

/// <summary>Lists a page at a time; the marker is where the next one starts.</summary>
internal static class Page
{
    public static (IReadOnlyList<T> Items, string? Next) Of<T>(IEnumerable<T> all, string? marker, int? maxItems, int most)
    {
        var start =
            marker is null ? 0
            : int.TryParse(marker, out var at) && at >= 0 ? at
            : throw LambdaErrors.Invalid("Invalid marker");
        var size = Math.Min(maxItems is null or < 1 ? most : maxItems.Value, most);
        var found = all.Skip(start).Take(size + 1).ToList();
        return (
            found.Take(size).ToList(),
            found.Count > size ? (start + size).ToString(System.Globalization.CultureInfo.InvariantCulture) : null
        );
    }
}
