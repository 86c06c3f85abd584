using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record GetTemplateRequest(string? StackName = null, string? ChangeSetName = null, string? TemplateStage = null);

internal sealed record GetTemplateResponse(string TemplateBody, List<string> StagesAvailable);

/// <summary>Answers a stack's or a change set's template: as it was given, or as its transforms made it.</summary>
internal static class GetTemplate
{
    public static GetTemplateResponse Run(GetTemplateRequest request, Caller caller, StackStore store)
    {
        if (request.TemplateStage is not (null or "Original" or "Processed"))
        {
            throw StackErrors.Constraint(
                request.TemplateStage,
                "templateStage",
                "Member must satisfy enum value set: [Original, Processed]"
            );
        }

        StackInput input;
        if (request.ChangeSetName is { } name)
        {
            if (request.StackName is null && !name.StartsWith("arn:", StringComparison.Ordinal))
            {
                throw StackErrors.Validation("StackName is a required parameter.");
            }

            input = ChangeSets.Find(store, caller.Scope, name, request.StackName).Input;
        }
        else
        {
            var stackName = request.StackName ?? throw StackErrors.Validation("StackName is required if ChangeSetName is not specified.");
            input = (store.Find(null, caller.Scope, stackName) ?? throw StackErrors.NoStack(stackName)).Input;
            if (input.TemplateId is null)
            {
                throw StackErrors.Validation("GetTemplate cannot be called on REVIEW_IN_PROGRESS stacks.");
            }
        }

        return new(Text(store, caller.Scope, input, request.TemplateStage == "Original"), ["Original", "Processed"]);
    }

    private static string Text(StackStore store, Scope scope, StackInput input, bool original)
    {
        var text = store.Body(null, scope, (original ? input.OriginalId : null) ?? input.TemplateId!);
        return original || input.OriginalId is null || Templates.TemplateParser.Root(text) is not Templates.MapNode root
            ? text
            : new Templates.MapNode([.. root.Entries.Where(entry => entry.Key != "Transform")], root.At).ToJsonText();
    }
}
