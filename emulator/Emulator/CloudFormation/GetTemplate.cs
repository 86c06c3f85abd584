using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record GetTemplateRequest(string? StackName = null, string? ChangeSetName = null, string? TemplateStage = null);

internal sealed record GetTemplateResponse(string TemplateBody, List<string> StagesAvailable);

/// <summary>Answers a stack's or a change set's template as it was given.</summary>
internal static class GetTemplate
{
    public static GetTemplateResponse Run(GetTemplateRequest request, Caller caller, StackStore store)
    {
        string? template;
        if (request.ChangeSetName is { } name)
        {
            if (request.StackName is null && !name.StartsWith("arn:", StringComparison.Ordinal))
            {
                throw StackErrors.Validation("StackName is a required parameter.");
            }

            template = ChangeSets.Find(store, caller.Scope, name, request.StackName).Input.TemplateId;
        }
        else
        {
            var stackName = request.StackName ?? throw StackErrors.Validation("StackName is required if ChangeSetName is not specified.");
            template =
                (store.Find(null, caller.Scope, stackName) ?? throw StackErrors.NoStack(stackName)).Input.TemplateId
                ?? throw StackErrors.Validation("GetTemplate cannot be called on REVIEW_IN_PROGRESS stacks.");
        }

        return new(store.Body(null, caller.Scope, template!), ["Original", "Processed"]);
    }
}
