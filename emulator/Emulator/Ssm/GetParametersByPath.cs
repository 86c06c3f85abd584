using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record GetParametersByPathRequest(
    string? Path,
    bool? Recursive,
    IReadOnlyList<ParameterStringFilter>? ParameterFilters,
    bool? WithDecryption,
    int? MaxResults,
    string? NextToken
);

internal sealed record GetParametersByPathResult(IReadOnlyList<ParameterView> Parameters, string? NextToken);

/// <summary>The parameters under a path, on its own level or on all.</summary>
internal sealed class GetParametersByPath(Parameters parameters, GetParameter one)
{
    private const int Most = 10;

    public GetParametersByPathResult Run(GetParametersByPathRequest request, Caller caller)
    {
        var path = ParameterFilters.Path(SsmErrors.Required(request.Path, "path"));
        if (path.StartsWith("/aws/", StringComparison.OrdinalIgnoreCase) || path.Equals("/aws", StringComparison.OrdinalIgnoreCase))
        {
            throw AwsException.NotImplemented($"the public parameters under {path}");
        }

        var filters = ParameterFilters.ForPath(request.ParameterFilters);
        var (items, next) = parameters
            .Lists.Of("GetParametersByPath", caller.Scope, path)
            .Page(
                parameters
                    .Shelf.List(caller.Scope)
                    .Values.Where(parameter => ParameterFilters.IsUnder(parameter.Name, path, request.Recursive == true))
                    .Select(parameter => (Parameter: parameter, Version: filters.Select(parameter)))
                    .Where(entry => entry.Version is not null),
                entry => entry.Parameter.Name,
                SsmErrors.PageSize(request.MaxResults, Most),
                request.NextToken
            );
        return new(
            items.ConvertAll(entry =>
                one.View(
                    entry.Parameter,
                    entry.Version!,
                    new(caller.Scope, entry.Parameter.Name, null, IsArn: false),
                    request.WithDecryption == true,
                    caller
                )
            ),
            next
        );
    }
}
