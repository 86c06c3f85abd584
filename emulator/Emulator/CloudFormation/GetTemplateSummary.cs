using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record GetTemplateSummaryRequest(string? StackName = null, string? TemplateBody = null, string? TemplateURL = null);

internal sealed record GetTemplateSummaryResponse
{
    public List<ParameterDeclaration> Parameters { get; init; } = [];

    public string? Description { get; init; }

    public List<string>? Capabilities { get; init; }

    public string? CapabilitiesReason { get; init; }

    public List<string> ResourceTypes { get; init; } = [];

    public string? Version { get; init; }

    public string? Metadata { get; init; }

    public List<string>? DeclaredTransforms { get; init; }

    public List<ResourceIdentifierSummary> ResourceIdentifierSummaries { get; init; } = [];
}

internal sealed record ParameterDeclaration(
    string ParameterKey,
    string? DefaultValue,
    string ParameterType,
    bool NoEcho,
    string? Description,
    ParameterConstraints ParameterConstraints
);

internal sealed record ParameterConstraints(List<string>? AllowedValues);

internal sealed record ResourceIdentifierSummary(string ResourceType, List<string> LogicalResourceIds);

/// <summary>Answers what a template asks for: parameters, types, capabilities.</summary>
internal static class GetTemplateSummary
{
    public static async Task<GetTemplateSummaryResponse> Run(
        GetTemplateSummaryRequest request,
        Caller caller,
        StackEngine engine,
        CancellationToken cancellation
    )
    {
        string body;
        if (request.StackName is { } name)
        {
            var stack = engine.Store.Find(null, caller.Scope, name) ?? throw StackErrors.NoStack(name);
            body = engine.Store.Body(
                null,
                caller.Scope,
                (stack.Input.OriginalId ?? stack.Input.TemplateId) is { } id && stack.Status != "REVIEW_IN_PROGRESS"
                    ? id
                    : throw StackErrors.Validation("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
            );
        }
        else
        {
            body = await engine.Templates.Read(request.TemplateBody, request.TemplateURL, caller, cancellation).ConfigureAwait(false);
        }

        var template = StackRequests.Parse(TemplateTransforms.WriteLoops(body, StackRequests.NoStack(caller)));
        var capabilities = template.RequiredCapabilities();
        var types = template.Resources.Values.GroupBy(r => r.Type).ToList();
        return new GetTemplateSummaryResponse
        {
            Parameters =
            [
                .. template.Parameters.Values.Select(p => new ParameterDeclaration(
                    p.Name,
                    p.Default,
                    p.Type,
                    p.NoEcho,
                    p.Description,
                    new ParameterConstraints(p.AllowedValues?.ToList())
                )),
            ],
            Description = template.Description,
            Capabilities = capabilities.Count > 0 ? [.. capabilities] : null,
            CapabilitiesReason = template.CapabilitiesReason(),
            ResourceTypes = [.. types.Select(t => t.Key)],
            Version = template.Version,
            Metadata = template.Metadata?.ToJsonText(),
            DeclaredTransforms = template.Transforms.Count > 0 ? [.. template.Transforms] : null,
            ResourceIdentifierSummaries = [.. types.Select(t => new ResourceIdentifierSummary(t.Key, [.. t.Select(r => r.LogicalId)]))],
        };
    }
}
