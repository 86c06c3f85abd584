using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record UpdateStackRequest
{
    public string? StackName { get; init; }

    public string? TemplateBody { get; init; }

    public string? TemplateURL { get; init; }

    public bool? UsePreviousTemplate { get; init; }

    public List<StackParameter>? Parameters { get; init; }

    public List<string>? Capabilities { get; init; }

    public string? RoleARN { get; init; }

    public List<StackTag>? Tags { get; init; }

    public RollbackConfiguration? RollbackConfiguration { get; init; }

    public string? ClientRequestToken { get; init; }

    public string? StackPolicyBody { get; init; }

    public string? StackPolicyURL { get; init; }

    public string? StackPolicyDuringUpdateBody { get; init; }

    public string? StackPolicyDuringUpdateURL { get; init; }
}

/// <summary>Compares a template with what is deployed and starts changing what differs.</summary>
internal static class UpdateStack
{
    public static async Task<StackIdResponse> Run(
        UpdateStackRequest request,
        Caller caller,
        StackEngine engine,
        CancellationToken cancellation
    )
    {
        var store = engine.Store;
        var scope = caller.Scope;
        var stack = store.Find(null, scope, request.StackName ?? "") is { IsDeleted: false } found
            ? found
            : throw StackErrors.NoStackInBrackets(request.StackName ?? "");
        var policy = await SetStackPolicy
            .Read(engine, request.StackPolicyBody, request.StackPolicyURL, "StackPolicy", caller, cancellation)
            .ConfigureAwait(false);
        var during = await SetStackPolicy
            .Read(
                engine,
                request.StackPolicyDuringUpdateBody,
                request.StackPolicyDuringUpdateURL,
                "StackPolicyDuringUpdate",
                caller,
                cancellation
            )
            .ConfigureAwait(false);
        var original = await Body(
                request.UsePreviousTemplate,
                request.TemplateBody,
                request.TemplateURL,
                stack,
                caller,
                engine,
                cancellation
            )
            .ConfigureAwait(false);
        var body = await StackRequests.Expand(engine, original, request.Parameters, stack, caller, cancellation).ConfigureAwait(false);
        var template = StackRequests.Parse(body);
        var begun = false;
        while (!begun)
        {
            // Evaluated outside of the write, which then makes sure that it was about this very stack.
            stack = store.Stacks.Get(scope, stack.Uuid)!;
            if (stack.Status is not ("CREATE_COMPLETE" or "UPDATE_COMPLETE" or "UPDATE_ROLLBACK_COMPLETE"))
            {
                throw StackErrors.CannotUpdate(stack);
            }

            var input = StackRequests.Input(
                template,
                request.Parameters,
                request.Tags,
                request.Capabilities,
                request.RoleARN,
                stack.Input
            ) with
            {
                TemplateId = StackStore.TemplateId(body),
                OriginalId = StackStore.OriginalId(original, body),
                Rollback = RollbackConfiguration.Of(request.RollbackConfiguration, stack.Input.Rollback),
            };
            StackStart.Check(store, null, scope, engine.Types, template, input, stack);
            input = await engine.Settle(template, input, stack, caller, cancellation).ConfigureAwait(false);
            if (!StackStart.HasChanges(store, null, scope, engine.Types, stack, template, input))
            {
                throw StackErrors.NoUpdates();
            }

            begun = await store
                .Database.Write(transaction =>
                {
                    if (!ReferenceEquals(store.Stacks.Get(transaction, scope, stack.Uuid), stack))
                    {
                        return false;
                    }

                    store.KeepTemplate(transaction, scope, body);
                    store.KeepOriginal(transaction, scope, original, body);
                    StackStart.BeginUpdate(
                        engine,
                        transaction,
                        scope,
                        policy is null ? stack : stack with { Policy = policy },
                        input,
                        StackRequests.Operation(caller, engine, request.ClientRequestToken) with
                        {
                            Policy = during,
                        }
                    );
                    return true;
                })
                .ConfigureAwait(false);
        }

        engine.Signal(scope, stack.Uuid);
        return new StackIdResponse(stack.Id);
    }

    /// <summary>The template's text, or the stack's own.</summary>
    public static async Task<string> Body(
        bool? usePrevious,
        string? body,
        string? url,
        StackDocument? stack,
        Caller caller,
        StackEngine engine,
        CancellationToken cancellation
    )
    {
        if (usePrevious != true)
        {
            return await engine.Templates.Read(body, url, caller, cancellation).ConfigureAwait(false);
        }

        if (body is not null || url is not null)
        {
            throw StackErrors.Validation("You cannot specify both usePreviousTemplate and Template Body/Template URL.");
        }

        return (stack?.Input.OriginalId ?? stack?.Input.TemplateId) is { } id
            ? engine.Store.Body(null, caller.Scope, id)
            : throw StackErrors.NoTemplate();
    }
}
