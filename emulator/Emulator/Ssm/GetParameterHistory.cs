using System.Globalization;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record GetParameterHistoryRequest(string? Name, bool? WithDecryption, int? MaxResults, string? NextToken);

internal sealed record GetParameterHistoryResult(IReadOnlyList<ParameterHistory> Parameters, string? NextToken);

/// <summary>A version in a parameter's history.</summary>
internal sealed record ParameterHistory
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? KeyId { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastModifiedDate { get; init; }

    public required string LastModifiedUser { get; init; }

    public string? Description { get; init; }

    public required string Value { get; init; }

    public string? AllowedPattern { get; init; }

    public required long Version { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required string Tier { get; init; }

    public IReadOnlyList<string> Policies { get; init; } = [];

    public required string DataType { get; init; }
}

/// <summary>All versions of a parameter that are left, the oldest first.</summary>
internal sealed class GetParameterHistory(Parameters parameters)
{
    private const int Most = 50;

    public GetParameterHistoryResult Run(GetParameterHistoryRequest request, Caller caller)
    {
        var name = ParameterName.Parse(request.Name, caller.Scope);
        var parameter = name.Selector is null ? parameters.TryFind(name) : null;
        var arn = ParameterName.ArnOf(name.Owner, (parameter ?? throw SsmErrors.NotFound()).Name);
        var (items, next) = parameters
            .Lists.Of("GetParameterHistory", caller.Scope, arn)
            .Page(
                parameter.Versions,
                version => version.Version.ToString("D12", CultureInfo.InvariantCulture),
                SsmErrors.PageSize(request.MaxResults, Most),
                request.NextToken
            );
        return new(
            items.ConvertAll(version => new ParameterHistory
            {
                Name = parameter.Name,
                Type = version.Type,
                KeyId = version.KeyId,
                LastModifiedDate = version.LastModifiedDate,
                LastModifiedUser = version.LastModifiedUser,
                Description = version.Description,
                Value = parameters.Text(arn, version, request.WithDecryption == true, caller),
                AllowedPattern = version.AllowedPattern,
                Version = version.Version,
                Labels = version.Labels,
                Tier = version.Tier,
                DataType = version.DataType,
            }),
            next
        );
    }
}
