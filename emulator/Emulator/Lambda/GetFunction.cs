using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record GetFunctionRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }
}

internal sealed record GetFunctionResponse
{
    public required FunctionDescription Configuration { get; init; }

    public required FunctionCodeDescription Code { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public FunctionConcurrency? Concurrency { get; init; }
}

internal sealed record FunctionCodeDescription(string RepositoryType, string Location);

internal sealed record FunctionConcurrency(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ReservedConcurrentExecutions
);

/// <summary>A version with the link to its package.</summary>
internal static class GetFunction
{
    public static GetFunctionResponse Run(FunctionStore functions, EmulatorEndpoint endpoint, GetFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        var function = functions.Get(reference);
        var version = functions.Version(reference);
        var path = $"_disa/lambda/code/{reference.Scope.Account}/{Convert.ToHexStringLower(Convert.FromBase64String(version.CodeSha256))}";
        return new GetFunctionResponse
        {
            Configuration = FunctionDescription.Of(
                reference.Scope,
                function.Name,
                version,
                reference.Qualifier is not null,
                reference.Qualifier
            ),
            Code = new("S3", new Uri(endpoint.Uri, path).ToString()),
            Tags = reference.Qualifier is null && function.Tags.Count > 0 ? function.Tags : null,
            Concurrency = function.ReservedConcurrency is { } reserved ? new(reserved) : null,
        };
    }
}
