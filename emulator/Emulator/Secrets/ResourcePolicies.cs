using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Secrets;

internal sealed record GetResourcePolicyRequest(string? SecretId);

internal sealed record GetResourcePolicyResponse([property: JsonPropertyName("ARN")] string Arn, string Name, string? ResourcePolicy);

internal sealed record PutResourcePolicyRequest(string? SecretId, string? ResourcePolicy, bool? BlockPublicPolicy);

internal sealed record DeleteResourcePolicyRequest(string? SecretId);

internal sealed record ValidateResourcePolicyRequest(string? SecretId, string? ResourcePolicy);

internal sealed record ValidateResourcePolicyResponse(bool PolicyValidationPassed, IReadOnlyList<ValidationErrorsEntry> ValidationErrors);

internal sealed record ValidationErrorsEntry(string CheckName, string ErrorMessage);

/// <summary>GetResourcePolicy, PutResourcePolicy, DeleteResourcePolicy and ValidateResourcePolicy.</summary>
internal sealed class ResourcePolicies(SecretStore secrets)
{
    private const int Longest = 20480;

    public GetResourcePolicyResponse Get(GetResourcePolicyRequest request, Caller caller)
    {
        var secret = secrets.Usable(request.SecretId, caller.Scope);
        return new(secret.Arn, secret.Name, secret.ResourcePolicy);
    }

    public async Task<SecretNameResponse> Put(PutResourcePolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        var policy = Checked(request.ResourcePolicy);
        if (request.BlockPublicPolicy == true && IsPublic(policy))
        {
            throw new AwsException(
                "PublicPolicyException",
                "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret."
            );
        }

        var secret = await secrets
            .Change(request.SecretId, caller.Scope, current => current with { ResourcePolicy = request.ResourcePolicy })
            .ConfigureAwait(false);
        return new(secret.Arn, secret.Name);
    }

    public async Task<SecretNameResponse> Delete(DeleteResourcePolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        var secret = await secrets
            .Change(request.SecretId, caller.Scope, current => current with { ResourcePolicy = null })
            .ConfigureAwait(false);
        return new(secret.Arn, secret.Name);
    }

    public ValidateResourcePolicyResponse Validate(ValidateResourcePolicyRequest request, Caller caller)
    {
        if (request.SecretId is not null)
        {
            secrets.Find(request.SecretId, caller.Scope);
        }

        return IsPublic(Checked(request.ResourcePolicy))
            ? new(false, [new("BlockPublicPolicy", "The resource policy grants broad access to the secret.")])
            : new(true, []);
    }

    /// <exception cref="AwsException">MalformedPolicyDocumentException.</exception>
    private static PolicyDocument Checked(string? text)
    {
        var policy = SecretsErrors.Required(text, "resourcePolicy");
        SecretsErrors.Within(policy, "resourcePolicy", 1, Longest);
        try
        {
            return PolicyDocument.Parse(policy, PolicyKind.Resource);
        }
        catch (PolicyException)
        {
            throw SecretsErrors.MalformedPolicy();
        }
    }

    private static bool IsPublic(PolicyDocument policy) =>
        policy.Statements.Any(statement =>
            statement.Allow && statement.Conditions.Count == 0 && statement.Principals.Any(one => one.Value == "*")
        );
}
