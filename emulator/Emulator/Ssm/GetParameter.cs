using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record GetParameterRequest(string? Name, bool? WithDecryption);

internal sealed record GetParameterResult(ParameterView Parameter);

/// <summary>A version of a parameter as reads answer it.</summary>
internal sealed record ParameterView
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public required string Value { get; init; }

    public required long Version { get; init; }

    public string? Selector { get; init; }

    public string? SourceResult { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public required DateTimeOffset LastModifiedDate { get; init; }

    [JsonPropertyName("ARN")]
    public required string Arn { get; init; }

    public required string DataType { get; init; }
}

/// <summary>One version of a parameter, by name or ARN, version or label; a secret of Secrets Manager under its reference.</summary>
internal sealed class GetParameter(Parameters parameters, SecretReferences secrets)
{
    public async Task<GetParameterResult> Run(GetParameterRequest request, Caller caller, CancellationToken cancellation) =>
        new(
            SecretReferences.IsOne(request.Name)
                ? await secrets.Read(request.Name!, request.WithDecryption == true, caller, cancellation).ConfigureAwait(false)
                : Read(ParameterName.Parse(request.Name, caller.Scope), request.WithDecryption == true, caller)
        );

    /// <exception cref="AwsException">ParameterNotFound, ParameterVersionNotFound, InvalidKeyId.</exception>
    public ParameterView Read(ParameterName name, bool decrypted, Caller caller)
    {
        if (name.Name.StartsWith("/aws/", StringComparison.OrdinalIgnoreCase))
        {
            throw AwsException.NotImplemented($"the public parameter {name.Name}");
        }

        var (parameter, version) = parameters.Find(name);
        return View(parameter, version, name, decrypted, caller);
    }

    public ParameterView View(Parameter parameter, ParameterVersion version, ParameterName name, bool decrypted, Caller caller)
    {
        var arn = ParameterName.ArnOf(name.Owner, parameter.Name);
        return new()
        {
            Name = parameter.Name,
            Type = version.Type,
            Value = parameters.Text(arn, version, decrypted, caller),
            Version = version.Version,
            Selector = name.Selector is { } selector ? ":" + selector : null,
            LastModifiedDate = version.LastModifiedDate,
            Arn = arn,
            DataType = version.DataType,
        };
    }
}
