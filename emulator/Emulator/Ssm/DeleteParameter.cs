using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record DeleteParameterRequest(string? Name);

/// <summary>Deletes a parameter with all its versions.</summary>
internal sealed class DeleteParameter(DeleteParameters many)
{
    public async Task<EmptyResult> Run(DeleteParameterRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = ParameterName.Parse(request.Name, caller.Scope);
        var (_, invalid) = await many.Delete([name], caller).ConfigureAwait(false);
        return invalid.Count == 0 ? EmptyResult.Value : throw SsmErrors.NotFound();
    }
}
