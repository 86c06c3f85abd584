using System.Text.Json.Serialization;

namespace Disa.Emulator.Ssm;

/// <summary>A parameter as it is kept.</summary>
internal sealed record Parameter
{
    public required string Name { get; init; }

    /// <summary>The oldest first; at least one, at most a hundred.</summary>
    public required IReadOnlyList<ParameterVersion> Versions { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Which stack step wrote the last version.</summary>
    public string? WrittenBy { get; init; }

    [JsonIgnore]
    public ParameterVersion Latest => Versions[^1];
}

/// <summary>One version of a parameter.</summary>
internal sealed record ParameterVersion
{
    public required long Version { get; init; }

    /// <summary><c>String</c>, <c>StringList</c> or <c>SecureString</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The text; of a SecureString its ciphertext, in Base64.</summary>
    public required string Value { get; init; }

    /// <summary>Of a SecureString: the key as the caller named it.</summary>
    public string? KeyId { get; init; }

    /// <summary>Of a SecureString: the key.</summary>
    public string? KeyArn { get; init; }

    public string? Description { get; init; }

    public string? AllowedPattern { get; init; }

    public required string Tier { get; init; }

    public string DataType { get; init; } = "text";

    public required DateTimeOffset LastModifiedDate { get; init; }

    public required string LastModifiedUser { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public const string String = "String";
    public const string StringList = "StringList";
    public const string SecureString = "SecureString";
    public const string Standard = "Standard";
    public const string Advanced = "Advanced";
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Parameter))]
internal sealed partial class ParameterDocuments : JsonSerializerContext;
