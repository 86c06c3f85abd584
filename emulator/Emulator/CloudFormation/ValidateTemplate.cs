using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record ValidateTemplateRequest(string? TemplateBody = null, string? TemplateURL = null);

internal sealed record ValidateTemplateResponse(
    List<TemplateParameterDescription> Parameters,
    string? Description,
    List<string>? Capabilities,
    string? CapabilitiesReason,
    List<string>? DeclaredTransforms
);

internal sealed record TemplateParameterDescription(string ParameterKey, string? DefaultValue, bool NoEcho, string? Description);

/// <summary>Checks a template's form, without a stack.</summary>
internal static class ValidateTemplate
{
    public static async Task<ValidateTemplateResponse> Run(
        ValidateTemplateRequest request,
        Caller caller,
        StackEngine engine,
        CancellationToken cancellation
    )
    {
        var body = await engine.Templates.Read(request.TemplateBody, request.TemplateURL, caller, cancellation).ConfigureAwait(false);
        var template = StackRequests.Parse(TemplateTransforms.WriteLoops(body, StackRequests.NoStack(caller)));
        var capabilities = template.RequiredCapabilities();
        return new(
            [.. template.Parameters.Values.Select(p => new TemplateParameterDescription(p.Name, p.Default, p.NoEcho, p.Description))],
            template.Description,
            capabilities.Count > 0 ? [.. capabilities] : null,
            template.CapabilitiesReason(),
            template.Transforms.Count > 0 ? [.. template.Transforms] : null
        );
    }
}
