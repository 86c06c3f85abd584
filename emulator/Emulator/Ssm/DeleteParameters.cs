using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record DeleteParametersRequest(IReadOnlyList<string>? Names);

internal sealed record DeleteParametersResult(IReadOnlyList<string> DeletedParameters, IReadOnlyList<string> InvalidParameters);

/// <summary>An answer without members.</summary>
internal sealed record EmptyResult
{
    public static readonly EmptyResult Value = new();
}

/// <summary>Deletes parameters with all their versions, and says which were not there.</summary>
internal sealed class DeleteParameters(Parameters parameters)
{
    public async Task<DeleteParametersResult> Run(DeleteParametersRequest request, Caller caller, CancellationToken cancellation)
    {
        var names = GetParameters.Names(request.Names).Distinct().Select(name => ParameterName.Parse(name, caller.Scope)).ToList();
        var (deleted, invalid) = await Delete(names, caller).ConfigureAwait(false);
        return new(deleted, invalid);
    }

    public Task<(List<string> Deleted, List<string> Invalid)> Delete(IReadOnlyList<ParameterName> names, Caller caller) =>
        parameters.Database.Write(transaction =>
        {
            var (deleted, invalid) = (new List<string>(), new List<string>());
            foreach (var name in names)
            {
                var gone = name.Selector is null && !name.IsArn && parameters.Shelf.Remove(transaction, caller.Scope, name.Name);
                (gone ? deleted : invalid).Add(name.Selector is null ? name.Name : $"{name.Name}:{name.Selector}");
            }

            return (deleted, invalid);
        });
}
