using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record DescribeParametersRequest(
    IReadOnlyList<ParametersFilter>? Filters,
    IReadOnlyList<ParameterStringFilter>? ParameterFilters,
    int? MaxResults,
    string? NextToken,
    bool? Shared
);

internal sealed record DescribeParametersResult(IReadOnlyList<ParameterMetadata> Parameters, string? NextToken);

/// <summary>A parameter without its value.</summary>
internal sealed record ParameterMetadata
{
    public required string Name { get; init; }

    [JsonPropertyName("ARN")]
    public required string Arn { get; init; }

    public required string Type { get; init; }

    public string? KeyId { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastModifiedDate { get; init; }

    public required string LastModifiedUser { get; init; }

    public string? Description { get; init; }

    public string? AllowedPattern { get; init; }

    public required long Version { get; init; }

    public required string Tier { get; init; }

    public IReadOnlyList<string> Policies { get; init; } = [];

    public required string DataType { get; init; }
}

/// <summary>Lists the account's parameters without their values.</summary>
internal sealed class DescribeParameters(Parameters parameters)
{
    private const int Most = 50;

    public DescribeParametersResult Run(DescribeParametersRequest request, Caller caller)
    {
        if (request.Filters is { Count: > 0 } && request.ParameterFilters is { Count: > 0 })
        {
            throw SsmErrors.Invalid("You can use either Filters or ParameterFilters in a single request.");
        }

        var filters = ParameterFilters.ForAll(request.ParameterFilters, request.Filters);
        var (items, next) = parameters
            .Lists.Of("DescribeParameters", caller.Scope)
            .Page(
                request.Shared == true
                    ? []
                    : parameters.Shelf.List(caller.Scope).Values.Where(parameter => filters.Select(parameter) is not null),
                parameter => parameter.Name,
                SsmErrors.PageSize(request.MaxResults, Most),
                request.NextToken
            );
        return new(items.ConvertAll(parameter => View(parameter, caller.Scope)), next);
    }

    private static ParameterMetadata View(Parameter parameter, Scope scope) =>
        new()
        {
            Name = parameter.Name,
            Arn = ParameterName.ArnOf(scope, parameter.Name),
            Type = parameter.Latest.Type,
            KeyId = parameter.Latest.KeyId,
            LastModifiedDate = parameter.Latest.LastModifiedDate,
            LastModifiedUser = parameter.Latest.LastModifiedUser,
            Description = parameter.Latest.Description,
            AllowedPattern = parameter.Latest.AllowedPattern,
            Version = parameter.Latest.Version,
            Tier = parameter.Latest.Tier,
            DataType = parameter.Latest.DataType,
        };
}
