using System.Globalization;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record LabelParameterVersionRequest(string? Name, long? ParameterVersion, IReadOnlyList<string>? Labels);

internal sealed record LabelParameterVersionResult(IReadOnlyList<string> InvalidLabels, long ParameterVersion);

/// <summary>Labels a version; the label is taken away from the version that had it.</summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html</remarks>
internal sealed partial class LabelParameterVersion(Parameters parameters)
{
    private const int Most = 10;
    private const int Longest = 100;

    public Task<LabelParameterVersionResult> Run(LabelParameterVersionRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = ParameterName.Parse(request.Name, caller.Scope);
        var labels = Checked(request.Labels);
        var invalid = labels.Where(label => !IsValid(label)).ToList();
        var valid = labels.Except(invalid).ToList();
        return parameters.Database.Write(transaction =>
        {
            var parameter = parameters.TryFind(transaction, name) ?? throw SsmErrors.NotFound();
            var version = Find(parameter, request.ParameterVersion ?? parameter.Latest.Version);
            if (version.Labels.Union(valid).Count() > Most)
            {
                throw SsmErrors.TooManyLabels();
            }

            parameters.Relabel(
                transaction,
                name.Owner,
                parameter,
                one => one.Version == version.Version ? one.Labels.Union(valid) : one.Labels.Except(valid)
            );
            return new LabelParameterVersionResult(invalid, version.Version);
        });
    }

    public static ParameterVersion Find(Parameter parameter, long number) =>
        parameter.Versions.FirstOrDefault(version => version.Version == number)
        ?? throw SsmErrors.NoVersion(number.ToString(CultureInfo.InvariantCulture), parameter.Name);

    public static IReadOnlyList<string> Checked(IReadOnlyList<string>? labels)
    {
        var given = SsmErrors.Required(labels, "labels");
        var shown = $"[{string.Join(", ", given)}]";
        return given.Count is 0 or > Most
                ? throw SsmErrors.Constraint(
                    shown,
                    "labels",
                    $"Member must have length {(given.Count == 0 ? "greater than or equal to 1" : $"less than or equal to {Most}")}"
                )
            : given.Any(label => label.Length is 0 or > Longest)
                ? throw SsmErrors.Constraint(
                    shown,
                    "labels",
                    $"Member must satisfy constraint: [Member must have length less than or equal to {Longest}, Member must have length greater than or equal to 1]"
                )
            : [.. given.Distinct()];
    }

    private static bool IsValid(string label) =>
        Allowed().IsMatch(label)
        && !label.StartsWith("aws", StringComparison.OrdinalIgnoreCase)
        && !label.StartsWith("ssm", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[a-zA-Z_.\-][a-zA-Z0-9_.\-]*\z")]
    private static partial Regex Allowed();
}
