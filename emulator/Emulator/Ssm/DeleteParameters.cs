using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record DeleteParameterRequest(string? Name);

internal sealed record DeleteParametersRequest(IReadOnlyList<string>? Names);

internal sealed record DeleteParametersResult(IReadOnlyList<string> DeletedParameters, IReadOnlyList<string> InvalidParameters);

/// <summary>An answer without members.</summary>
internal sealed record EmptyResult
{
    public static readonly EmptyResult Value = new();
}

/// <summary>DeleteParameter and DeleteParameters: all versions go.</summary>
internal sealed class DeleteParameters(Parameters parameters)
{
    public async Task<EmptyResult> One(DeleteParameterRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = ParameterName.Parse(request.Name, caller.Scope);
        var (_, invalid) = await Delete([name], caller).ConfigureAwait(false);
        return invalid.Count == 0 ? EmptyResult.Value : throw SsmErrors.NotFound();
    }

    public async Task<DeleteParametersResult> Run(DeleteParametersRequest request, Caller caller, CancellationToken cancellation)
    {
        var names = GetParameters.Names(request.Names).Distinct().Select(name => ParameterName.Parse(name, caller.Scope)).ToList();
        var (deleted, invalid) = await Delete(names, caller).ConfigureAwait(false);
        return new(deleted, invalid);
    }

    private Task<(List<string> Deleted, List<string> Invalid)> Delete(IReadOnlyList<ParameterName> names, Caller caller) =>
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
