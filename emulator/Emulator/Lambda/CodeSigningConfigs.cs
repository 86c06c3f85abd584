using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Lambda;

internal sealed record AllowedPublishers(IReadOnlyList<string>? SigningProfileVersionArns);

internal sealed record CodeSigningPolicies(string? UntrustedArtifactOnDeployment);

/// <summary>A configuration as it is kept and as it is answered.</summary>
internal sealed record CodeSigningConfig
{
    public required string CodeSigningConfigId { get; init; }

    public required string CodeSigningConfigArn { get; init; }

    public string? Description { get; init; }

    public required AllowedPublishers AllowedPublishers { get; init; }

    public required CodeSigningPolicies CodeSigningPolicies { get; init; }

    public required string LastModified { get; init; }
}

internal sealed record CodeSigningConfigResponse(CodeSigningConfig CodeSigningConfig);

internal sealed record CreateCodeSigningConfigRequest
{
    public string? Description { get; init; }

    public AllowedPublishers? AllowedPublishers { get; init; }

    public CodeSigningPolicies? CodeSigningPolicies { get; init; }
}

internal sealed record UpdateCodeSigningConfigRequest
{
    public string? CodeSigningConfigArn { get; init; }

    public string? Description { get; init; }

    public AllowedPublishers? AllowedPublishers { get; init; }

    public CodeSigningPolicies? CodeSigningPolicies { get; init; }
}

internal sealed record CodeSigningConfigRequest
{
    public string? CodeSigningConfigArn { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListCodeSigningConfigsResponse(IReadOnlyList<CodeSigningConfig> CodeSigningConfigs, string? NextMarker);

internal sealed record ListFunctionsByCodeSigningConfigResponse(IReadOnlyList<string> FunctionArns, string? NextMarker);

internal sealed record PutFunctionCodeSigningConfigRequest
{
    public string? FunctionName { get; init; }

    public string? CodeSigningConfigArn { get; init; }
}

internal sealed record FunctionCodeSigningConfig(string? CodeSigningConfigArn, string? FunctionName);

/// <summary>How the configurations are written on disk.</summary>
[JsonSerializable(typeof(CodeSigningConfig))]
internal sealed partial class CodeSigningDocuments : JsonSerializerContext;

/// <summary>Code signing configurations, and which function has which. Nothing can be signed here: where a configuration enforces signatures, code is refused.</summary>
/// <remarks>The errors are as recorded on AWS in localstack's tests/aws/services/lambda_/test_lambda_api.</remarks>
internal sealed class CodeSigningConfigs(FunctionStore functions)
{
    private const int Page = 50;
    private readonly Shelf<CodeSigningConfig> shelf = new(
        functions.Database,
        "lambda.codesigning",
        CodeSigningDocuments.Default.CodeSigningConfig
    );

    public Task<CodeSigningConfigResponse> Create(CreateCodeSigningConfigRequest request, Caller caller)
    {
        var id = "csc-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(9))[..17];
        var made = new CodeSigningConfig
        {
            CodeSigningConfigId = id,
            CodeSigningConfigArn = Arn.Of("lambda", caller.Scope, "code-signing-config:" + id),
            Description = request.Description,
            AllowedPublishers =
                request.AllowedPublishers ?? throw LambdaErrors.Constraint("null", "allowedPublishers", "Member must not be null"),
            CodeSigningPolicies = new(Policy(request.CodeSigningPolicies) ?? "Warn"),
            LastModified = Now(),
        };
        return functions.Database.Write(transaction =>
        {
            shelf.Put(transaction, caller.Scope, id, made);
            return new CodeSigningConfigResponse(made);
        });
    }

    public Task<CodeSigningConfigResponse> Update(UpdateCodeSigningConfigRequest request, Caller caller) =>
        functions.Database.Write(transaction =>
        {
            var found = Find(transaction, caller.Scope, request.CodeSigningConfigArn) ?? throw Missing(request.CodeSigningConfigArn);
            if (request is { Description: null, AllowedPublishers: null, CodeSigningPolicies: null })
            {
                return new CodeSigningConfigResponse(found);
            }

            var changed = found with
            {
                Description = request.Description ?? found.Description,
                AllowedPublishers = request.AllowedPublishers ?? found.AllowedPublishers,
                CodeSigningPolicies = Policy(request.CodeSigningPolicies) is { } policy ? new(policy) : found.CodeSigningPolicies,
                LastModified = Now(),
            };
            shelf.Put(transaction, caller.Scope, changed.CodeSigningConfigId, changed);
            return new CodeSigningConfigResponse(changed);
        });

    public CodeSigningConfigResponse Get(CodeSigningConfigRequest request, Caller caller) =>
        new(Find(null, caller.Scope, request.CodeSigningConfigArn) ?? throw Missing(request.CodeSigningConfigArn));

    public Task Delete(CodeSigningConfigRequest request, Caller caller) =>
        functions.Database.Write(transaction =>
        {
            var found = Find(transaction, caller.Scope, request.CodeSigningConfigArn) ?? throw Missing(request.CodeSigningConfigArn);
            if (
                functions
                    .Functions.List(transaction, caller.Scope)
                    .Values.Any(one => one.CodeSigningConfigArn == found.CodeSigningConfigArn)
            )
            {
                throw LambdaErrors.Conflict(
                    $"Cannot delete the code signing configuration {found.CodeSigningConfigArn} because functions use it."
                );
            }

            shelf.Remove(transaction, caller.Scope, found.CodeSigningConfigId);
        });

    public ListCodeSigningConfigsResponse List(CodeSigningConfigRequest request, Caller caller)
    {
        var (page, next) = functions
            .Lists.Of("ListCodeSigningConfigs", caller.Scope)
            .PageByCount(
                shelf.List(caller.Scope).Values.OrderBy(one => one.CodeSigningConfigId, StringComparer.Ordinal),
                LambdaErrors.PageSize(request.MaxItems, Page),
                request.Marker
            );
        return new(page, next);
    }

    public ListFunctionsByCodeSigningConfigResponse ListFunctions(CodeSigningConfigRequest request, Caller caller)
    {
        var found = Get(request, caller).CodeSigningConfig;
        var (page, next) = functions
            .Lists.Of("ListFunctionsByCodeSigningConfig", caller.Scope, found.CodeSigningConfigArn)
            .PageByCount(
                functions
                    .Functions.List(caller.Scope)
                    .Values.Where(one => one.CodeSigningConfigArn == found.CodeSigningConfigArn)
                    .Select(one => FunctionReference.ArnOf(caller.Scope, one.Name)),
                LambdaErrors.PageSize(request.MaxItems, Page),
                request.Marker
            );
        return new(page, next);
    }

    public Task<FunctionCodeSigningConfig> PutOfFunction(PutFunctionCodeSigningConfigRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return functions.Database.Write(transaction =>
        {
            // What is named is looked for before the function (recorded).
            if (Find(transaction, caller.Scope, request.CodeSigningConfigArn) is not { } found)
            {
                throw new AwsException(
                    "CodeSigningConfigNotFoundException",
                    $"The code signing configuration cannot be found. Check that the provided configuration is not deleted: {request.CodeSigningConfigArn}.",
                    404
                );
            }

            var function = functions.Get(transaction, reference);
            functions.Put(transaction, reference.Scope, function with { CodeSigningConfigArn = found.CodeSigningConfigArn });
            return new FunctionCodeSigningConfig(found.CodeSigningConfigArn, function.Name);
        });
    }

    public FunctionCodeSigningConfig GetOfFunction(FunctionRequest request, Caller caller)
    {
        var function = functions.Get(FunctionReference.Parse(request.FunctionName, null, caller.Scope));
        return function.CodeSigningConfigArn is { } arn ? new(arn, function.Name) : new(null, null);
    }

    public Task DeleteOfFunction(FunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return functions.Database.Write(transaction =>
            functions.Put(transaction, reference.Scope, functions.Get(transaction, reference) with { CodeSigningConfigArn = null })
        );
    }

    /// <exception cref="AwsException">CodeVerificationFailedException: a configuration enforces signatures, and no code here has one.</exception>
    public void CheckCode(Scope scope, string? arn)
    {
        if (arn is not null && Find(null, scope, arn)?.CodeSigningPolicies.UntrustedArtifactOnDeployment == "Enforce")
        {
            throw new AwsException(
                "CodeVerificationFailedException",
                "The code signature failed one or more of the validation checks for signature mismatch or expiry, and the code signing policy is set to ENFORCE. Lambda blocks the deployment."
            );
        }
    }

    private string Now() => functions.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);

    /// <summary>By its whole ARN, which is what policies are asked about.</summary>
    private CodeSigningConfig? Find(Transaction? transaction, Scope scope, string? arn)
    {
        var id = (arn ?? "").Split(':')[^1];
        var found = transaction is null ? shelf.Get(scope, id) : shelf.Get(transaction, scope, id);
        return found?.CodeSigningConfigArn == arn ? found : null;
    }

    private static string? Policy(CodeSigningPolicies? policies) =>
        policies?.UntrustedArtifactOnDeployment switch
        {
            null => null,
            "Warn" or "Enforce" => policies.UntrustedArtifactOnDeployment,
            { } other => throw LambdaErrors.Constraint(
                other,
                "codeSigningPolicies.untrustedArtifactOnDeployment",
                "Member must satisfy enum value set: [Warn, Enforce]"
            ),
        };

    private static AwsException Missing(string? arn) =>
        new("ResourceNotFoundException", $"The Lambda code signing configuration {arn} can not be found.", 404) { HasType = false };
}
