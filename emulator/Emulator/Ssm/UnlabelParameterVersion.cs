using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record UnlabelParameterVersionRequest(string? Name, long? ParameterVersion, IReadOnlyList<string>? Labels);

internal sealed record UnlabelParameterVersionResult(IReadOnlyList<string> RemovedLabels, IReadOnlyList<string> InvalidLabels);

/// <summary>Takes labels away from a version.</summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html</remarks>
internal sealed class UnlabelParameterVersion(Parameters parameters)
{
    public Task<UnlabelParameterVersionResult> Run(UnlabelParameterVersionRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = ParameterName.Parse(request.Name, caller.Scope);
        var labels = LabelParameterVersion.Checked(request.Labels);
        var number =
            request.ParameterVersion
            ?? throw SsmErrors.Invalid(
                "1 validation error detected: Value null at 'parameterVersion' failed to satisfy constraint: Member must not be null"
            );
        return parameters.Database.Write(transaction =>
        {
            var parameter = parameters.TryFind(transaction, name) ?? throw SsmErrors.NotFound();
            var version = LabelParameterVersion.Find(parameter, number);
            var removed = labels.Where(version.Labels.Contains).ToList();
            parameters.Relabel(transaction, name.Owner, parameter, one => one.Version == number ? one.Labels.Except(removed) : one.Labels);
            return new UnlabelParameterVersionResult(removed, [.. labels.Except(removed)]);
        });
    }
}
