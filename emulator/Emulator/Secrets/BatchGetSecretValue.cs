using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Secrets;

internal sealed record BatchGetSecretValueRequest(
    IReadOnlyList<string>? SecretIdList,
    IReadOnlyList<SecretFilter>? Filters,
    int? MaxResults,
    string? NextToken
);

internal sealed record BatchGetSecretValueResponse(
    IReadOnlyList<GetSecretValueResponse> SecretValues,
    string? NextToken,
    IReadOnlyList<SecretFailure> Errors
);

/// <summary>Why one secret of several has no value here.</summary>
internal sealed record SecretFailure(string SecretId, string ErrorCode, string Message);

/// <summary>The current values of up to 20 secrets, by their names or by filters.</summary>
/// <remarks>
/// A secret that the caller may not read, or that has no value, is an error beside the values of the others:
/// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html.
/// </remarks>
internal sealed class BatchGetSecretValue(SecretStore secrets, SecretRights accesses, Authorizer rights)
{
    private const int Most = 20;

    private readonly GetSecretValue one = new(secrets);

    public async Task<BatchGetSecretValueResponse> Run(BatchGetSecretValueRequest request, Caller caller, CancellationToken cancellation)
    {
        var (ids, next) = Chosen(request, caller);
        var (values, errors) = (new List<GetSecretValueResponse>(), new List<SecretFailure>());
        foreach (var id in ids)
        {
            try
            {
                rights.Require(caller, accesses.On("GetSecretValue", id, caller), Denied);
                values.Add(await one.Run(new GetSecretValueRequest(id, null, null), caller, cancellation).ConfigureAwait(false));
            }
            catch (AwsException failure) when (failure.Code is not "ValidationException")
            {
                errors.Add(new SecretFailure(id, failure.Code, failure.Message));
            }
        }

        return new(values, next, errors);
    }

    private (IReadOnlyList<string> Ids, string? Next) Chosen(BatchGetSecretValueRequest request, Caller caller)
    {
        if ((request.SecretIdList is null) == (request.Filters is null))
        {
            throw SecretsErrors.Parameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }

        if (request.SecretIdList is { } list)
        {
            return request.MaxResults is not null ? throw OnlyWithFilters("MaxResults")
                : request.NextToken is not null ? throw OnlyWithFilters("NextToken")
                : list.Count is 0 or > Most
                    ? throw SecretsErrors.Constraint(
                        $"[{string.Join(", ", list)}]",
                        "secretIdList",
                        $"Member must have length {(list.Count == 0 ? "greater than or equal to 1" : $"less than or equal to {Most}")}"
                    )
                : (list, null);
        }

        rights.Require(caller, new Access("secretsmanager:ListSecrets", "*"), Denied);
        var (items, next) = secrets
            .Lists.Of("BatchGetSecretValue", caller.Scope)
            .PageByCount(
                SecretFilters
                    .Of(request.Filters!, secrets, caller.Scope)
                    .Where(secret => secret.DeletedDate is null)
                    .OrderBy(secret => secret.CreatedDate)
                    .ThenBy(secret => secret.Name, StringComparer.Ordinal),
                SecretsErrors.PageSize(request.MaxResults, Most),
                request.NextToken
            );
        return (items.ConvertAll(secret => secret.Arn), next);
    }

    private static AwsException Denied(string why) => new("AccessDeniedException", why);

    private static AwsException OnlyWithFilters(string member) =>
        SecretsErrors.Parameter($"'Filters' not specified. 'Filters' must also be specified when '{member}' is provided.");
}
