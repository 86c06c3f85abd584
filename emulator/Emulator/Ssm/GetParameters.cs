using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record GetParametersRequest(IReadOnlyList<string>? Names, bool? WithDecryption);

internal sealed record GetParametersResult(IReadOnlyList<ParameterView> Parameters, IReadOnlyList<string> InvalidParameters);

/// <summary>Up to ten parameters; what is not there is named as invalid.</summary>
internal sealed class GetParameters(GetParameter one, SecretReferences secrets)
{
    private const int Most = 10;

    public async Task<GetParametersResult> Run(GetParametersRequest request, Caller caller, CancellationToken cancellation)
    {
        var found = new List<ParameterView>();
        var invalid = new List<string>();
        foreach (var name in Names(request.Names).Distinct())
        {
            try
            {
                found.Add(
                    SecretReferences.IsOne(name)
                        ? await secrets.Read(name, request.WithDecryption == true, caller, cancellation).ConfigureAwait(false)
                        : one.Read(ParameterName.Parse(name, caller.Scope), request.WithDecryption == true, caller)
                );
            }
            catch (AwsException missing) when (missing.Code is "ParameterNotFound" or "ParameterVersionNotFound")
            {
                invalid.Add(name);
            }
        }

        return new(found, invalid);
    }

    /// <exception cref="AwsException">ValidationException.</exception>
    public static IReadOnlyList<string> Names(IReadOnlyList<string>? names)
    {
        var given = SsmErrors.Required(names, "names");
        return given.Count is > 0 and <= Most
            ? given
            : throw SsmErrors.Constraint(
                $"[{string.Join(", ", given)}]",
                "names",
                $"Member must have length {(given.Count == 0 ? "greater than or equal to 1" : $"less than or equal to {Most}")}"
            );
    }
}
