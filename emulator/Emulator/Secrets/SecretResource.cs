using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Secrets;

/// <summary>What a template says of a secret.</summary>
internal sealed record SecretProperties
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? KmsKeyId { get; init; }

    public string? SecretString { get; init; }

    public GeneratedSecret? GenerateSecretString { get; init; }

    public IReadOnlyList<SecretTag>? Tags { get; init; }
}

/// <summary>How CloudFormation makes a password, alone or into a JSON text.</summary>
internal sealed record GeneratedSecret
{
    public string? SecretStringTemplate { get; init; }

    public string? GenerateStringKey { get; init; }

    public long? PasswordLength { get; init; }

    public string? ExcludeCharacters { get; init; }

    public bool? ExcludeLowercase { get; init; }

    public bool? ExcludeNumbers { get; init; }

    public bool? ExcludePunctuation { get; init; }

    public bool? ExcludeUppercase { get; init; }

    public bool? IncludeSpace { get; init; }

    public bool? RequireEachIncludedType { get; init; }
}

/// <summary><c>AWS::SecretsManager::Secret</c>: Ref and Id are the ARN.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html</remarks>
internal sealed class SecretResource(SecretStore secrets) : IResource
{
    public string Type => "AWS::SecretsManager::Secret";

    public ResourceActions? Actions =>
        new(
            "secretsmanager:CreateSecret secretsmanager:GetRandomPassword secretsmanager:TagResource",
            "secretsmanager:UpdateSecret secretsmanager:TagResource secretsmanager:UntagResource secretsmanager:GetRandomPassword",
            "secretsmanager:DeleteSecret"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["Name"] = new(UpdateType.Replacement),
            ["Description"] = new(),
            ["KmsKeyId"] = new(),
            ["SecretString"] = new(),
            ["GenerateSecretString"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id"];

    public JsonTypeInfo Schema => SecretsTemplates.Default.SecretProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var tags = TagsOf(wanted, request);
        var secret = await new CreateSecret(secrets)
            .Make(
                new()
                {
                    Name = wanted.Name ?? GeneratedName(request),
                    ClientRequestToken = VersionId(request),
                    Description = wanted.Description,
                    KmsKeyId = wanted.KmsKeyId,
                    SecretString = Value(wanted),
                },
                request.Caller,
                request.Token,
                made => made with { Tags = tags }
            )
            .ConfigureAwait(false);
        return State(secret);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var before = request.PreviousProperties;
        var isNew = Differs(request.Properties, before, "SecretString") || Differs(request.Properties, before, "GenerateSecretString");
        var update = new UpdateSecretRequest
        {
            SecretId = request.PhysicalId,
            ClientRequestToken = VersionId(request),
            Description = wanted.Description ?? "",
            KmsKeyId = wanted.KmsKeyId ?? "",
        };

        // A step that is repeated has written its value already; a generated one would be another.
        var isWritten = secrets.Find(request.PhysicalId, request.Caller.Scope).WithId(VersionId(request)) is not null;
        await new UpdateSecret(secrets)
            .Run(isNew && !isWritten ? update with { SecretString = Value(wanted) } : update, request.Caller, cancellation)
            .ConfigureAwait(false);
        var tags = TagsOf(wanted, request);
        return State(
            await secrets.Change(request.PhysicalId, request.Caller.Scope, current => current with { Tags = tags }).ConfigureAwait(false)
        );
    }

    /// <summary>At once: a stack that is made again finds the name free.</summary>
    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        secrets.Database.Write(transaction =>
        {
            if (secrets.TryFind(request.PhysicalId, request.Caller.Scope) is { } secret)
            {
                secrets.Shelf.Remove(transaction, Arn.Parse(secret.Arn).Scope, secret.Name);
            }
        });

    private static string? Value(SecretProperties wanted)
    {
        if (wanted.GenerateSecretString is not { } rule)
        {
            return wanted.SecretString;
        }

        var password = GetRandomPassword.Make(
            new()
            {
                PasswordLength = rule.PasswordLength,
                ExcludeCharacters = rule.ExcludeCharacters,
                ExcludeLowercase = rule.ExcludeLowercase,
                ExcludeNumbers = rule.ExcludeNumbers,
                ExcludePunctuation = rule.ExcludePunctuation,
                ExcludeUppercase = rule.ExcludeUppercase,
                IncludeSpace = rule.IncludeSpace,
                RequireEachIncludedType = rule.RequireEachIncludedType,
            }
        );
        if (rule.SecretStringTemplate is not { } template)
        {
            return rule.GenerateStringKey is null ? password : throw Both();
        }

        var key = rule.GenerateStringKey ?? throw Both();
        try
        {
            var members = JsonSerializer.Deserialize(template, SecretsTemplates.Default.DictionaryStringJsonElement) ?? [];
            members[key] = JsonSerializer.SerializeToElement(password, AwsJson.Default.String);
            return JsonSerializer.Serialize(members, SecretsTemplates.Default.DictionaryStringJsonElement);
        }
        catch (JsonException)
        {
            throw SecretsErrors.Request("Could not parse SecretStringTemplate JSON.");
        }
    }

    private static AwsException Both() =>
        SecretsErrors.Request("If you specify GenerateStringKey or SecretStringTemplate, then you must specify both.");

    /// <summary>The template's, and then the stack's.</summary>
    private static IReadOnlyList<SecretTag> TagsOf(SecretProperties wanted, ResourceRequest request)
    {
        var own = SecretTags.Merge([], wanted.Tags);
        return
        [
            .. own,
            .. request.StackTags.Where(tag => own.All(one => one.Key != tag.Key)).Select(tag => new SecretTag(tag.Key, tag.Value)),
        ];
    }

    private static bool Differs(JsonElement now, JsonElement before, string property)
    {
        var (has, had) = (now.TryGetProperty(property, out var one), before.TryGetProperty(property, out var other));
        return has && (!had || !JsonElement.DeepEquals(one, other));
    }

    /// <summary>A version id that the repeated step finds again.</summary>
    private static string VersionId(ResourceRequest request) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(request.Token)).AsSpan(0, 16)).ToString();

    /// <summary>Without the stack's name: that is how CloudFormation names secrets.</summary>
    private static string GeneratedName(ResourceRequest request)
    {
        var generated = request.GenerateName(512);
        return $"{request.LogicalId}-{generated[(generated.LastIndexOf('-') + 1)..]}";
    }

    private static SecretProperties Read(ResourceRequest request)
    {
        var wanted = TemplateProperties.Read(request, SecretsTemplates.Default.SecretProperties);
        return wanted is { SecretString: not null, GenerateSecretString: not null }
            ? throw SecretsErrors.Request("You can't specify both SecretString and GenerateSecretString.")
            : wanted;
    }

    private static ResourceState State(Secret secret) => ResourceState.Of(secret.Arn, ("Id", secret.Arn));
}
