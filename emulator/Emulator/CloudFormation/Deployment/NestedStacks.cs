using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary><c>AWS::CloudFormation::Stack</c>: a stack as another stack's resource. Its key: the parent's step token.</summary>
internal sealed class NestedStacks(StackStore store, StackEngine engine, TemplateSource templates)
{
    public async Task<StepResult> Act(
        Scope scope,
        StackDocument parent,
        PendingStep step,
        ResourceRequest request,
        CancellationToken cancellation
    )
    {
        switch (step.Action)
        {
            case StepAction.Create or StepAction.Replace:
                return await Create(scope, parent, step, request, cancellation).ConfigureAwait(false);
            case StepAction.Update:
                return await Update(scope, parent, step, request, cancellation).ConfigureAwait(false);
            case StepAction.CleanUp:
                return await CleanUp(scope, step, cancellation).ConfigureAwait(false);
            default:
                return await Delete(scope, parent, step, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<StepResult> Create(
        Scope scope,
        StackDocument parent,
        PendingStep step,
        ResourceRequest request,
        CancellationToken cancellation
    )
    {
        var known = store.Stacks.List(scope).Values.FirstOrDefault(s => s.ParentToken == step.Token);
        if (known is null)
        {
            var (input, template, body, timeout) = await Input(scope, parent, step, request, null, cancellation).ConfigureAwait(false);
            var name = request.GenerateName(128);
            var uuid = Guid.NewGuid().ToString();
            var stack = new StackDocument
            {
                Id = Arn.Of("cloudformation", scope, $"stack/{name}/{uuid}"),
                Name = name,
                Status = "CREATE_IN_PROGRESS",
                CreationTime = engine.Now,
                Input = input with { TemplateId = StackStore.TemplateId(body) },
                ParentId = parent.Id,
                RootId = parent.RootId ?? parent.Id,
                ParentToken = step.Token,
                TimeoutInMinutes = timeout,
            };
            StackQuota.Check(store, scope, template, stack.RootId);
            StackStart.Check(store, null, scope, engine.Types, template, input, stack);
            input = await engine.Settle(template, stack.Input, stack, request.Caller, cancellation).ConfigureAwait(false);
            stack = stack with { Input = input };
            known = await store
                .Database.Write(transaction =>
                {
                    store.KeepTemplate(transaction, scope, body);
                    store.Stacks.Put(transaction, scope, uuid, stack);
                    engine.Open(transaction, scope, uuid).Enter("CREATE_IN_PROGRESS", "User Initiated", Operation(parent, timeout));
                    if (store.Stacks.Get(transaction, scope, parent.Uuid) is not null)
                    {
                        engine.Open(transaction, scope, parent.Uuid).Announce(request.LogicalId, step.Token, stack.Id);
                    }

                    return store.Stacks.Get(transaction, scope, uuid)!;
                })
                .ConfigureAwait(false);
            engine.Signal(scope, known.Uuid);
        }

        try
        {
            known = await engine.Settled(scope, known.Uuid, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!engine.IsStopping)
        {
            // The parent rolls back: it deletes this stack, however far it is.
            return new StepResult(State(known), "Resource creation cancelled");
        }

        return known.Status == "CREATE_COMPLETE"
            ? new StepResult(State(known), null)
            : new StepResult(State(known), $"Embedded stack {known.Id} was not successfully created: {known.StatusReason?.TrimEnd()}");
    }

    private async Task<StepResult> Update(
        Scope scope,
        StackDocument parent,
        PendingStep step,
        ResourceRequest request,
        CancellationToken cancellation
    )
    {
        var uuid = Uuid(request.PhysicalId!);
        var stack = store.Stacks.Get(scope, uuid) ?? throw StackErrors.NoStack(request.PhysicalId!);
        if (stack.ParentToken != step.Token)
        {
            stack = await engine.Settled(scope, uuid, cancellation).ConfigureAwait(false);
            var begun =
                parent.Status == "UPDATE_ROLLBACK_IN_PROGRESS"
                    ? await GoBack(scope, parent, step, stack).ConfigureAwait(false)
                    : await GoOn(scope, parent, step, request, stack, cancellation).ConfigureAwait(false);
            if (!begun)
            {
                return new StepResult(State(stack), null);
            }

            engine.Signal(scope, uuid);
        }

        try
        {
            stack = await engine.Settled(scope, uuid, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!engine.IsStopping)
        {
            await store
                .Database.Write(transaction =>
                {
                    var progress = engine.Open(transaction, scope, uuid);
                    if (progress.Stack.Status == "UPDATE_IN_PROGRESS")
                    {
                        progress.Interrupt("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated", progress.Stack.Operation!);
                    }
                })
                .ConfigureAwait(false);
            engine.Signal(scope, uuid);
            stack = await engine.Settled(scope, uuid, CancellationToken.None).ConfigureAwait(false);
        }

        return
            stack.Status
            == (parent.Status == "UPDATE_ROLLBACK_IN_PROGRESS" ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            ? new StepResult(State(stack), null)
            : new StepResult(
                null,
                $"Embedded stack {stack.Id} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: {LastFailure(stack)}"
            );
    }

    /// <summary>Begins the update that the properties ask for; false where nothing differs.</summary>
    private async Task<bool> GoOn(
        Scope scope,
        StackDocument parent,
        PendingStep step,
        ResourceRequest request,
        StackDocument stack,
        CancellationToken cancellation
    )
    {
        var (input, template, body, _) = await Input(scope, parent, step, request, stack, cancellation).ConfigureAwait(false);
        input = input with { TemplateId = StackStore.TemplateId(body) };
        while (true)
        {
            var current = store.Stacks.Get(scope, stack.Uuid)!;
            StackStart.Check(store, null, scope, engine.Types, template, input, current);
            input = await engine.Settle(template, input, current, request.Caller, cancellation).ConfigureAwait(false);
            var marked = current with { Baseline = current.Input, BaselineToken = parent.Operation!.Token };
            var changes = StackStart.HasChanges(store, null, scope, engine.Types, marked, template, input);
            var kept = await store
                .Database.Write(transaction =>
                {
                    if (!ReferenceEquals(store.Stacks.Get(transaction, scope, stack.Uuid), current))
                    {
                        return false;
                    }

                    store.KeepTemplate(transaction, scope, body);
                    if (changes)
                    {
                        StackStart.BeginUpdate(
                            engine,
                            transaction,
                            scope,
                            marked with
                            {
                                ParentToken = step.Token,
                            },
                            input,
                            Operation(parent, null)
                        );
                    }
                    else
                    {
                        engine.Save(transaction, scope, marked);
                    }

                    return true;
                })
                .ConfigureAwait(false);
            if (kept)
            {
                return changes;
            }
        }
    }

    /// <summary>The parent rolls back: begins to make the stack what it was; false where it is already, or its own rollback did that.</summary>
    private async Task<bool> GoBack(Scope scope, StackDocument parent, PendingStep step, StackDocument stack) =>
        await store
            .Database.Write(transaction =>
            {
                var progress = engine.Open(transaction, scope, stack.Uuid);
                if (
                    progress.Stack.BaselineToken != parent.Operation!.Token
                    || progress.Stack is not ({ Operation.Held: true } or { Status: "UPDATE_ROLLBACK_FAILED" })
                )
                {
                    return false;
                }

                engine.Save(transaction, scope, progress.Stack with { ParentToken = step.Token });
                engine
                    .Open(transaction, scope, stack.Uuid)
                    .Enter("UPDATE_ROLLBACK_IN_PROGRESS", null, Operation(parent, null) with { Token = progress.Stack.UpdateToken! });
                return true;
            })
            .ConfigureAwait(false);

    private async Task<StepResult> CleanUp(Scope scope, PendingStep step, CancellationToken cancellation)
    {
        var uuid = Uuid(step.Target.PhysicalId);
        await store.Database.Write(transaction => engine.Open(transaction, scope, uuid).Release()).ConfigureAwait(false);
        engine.Signal(scope, uuid);
        return new StepResult(State(await engine.Settled(scope, uuid, cancellation).ConfigureAwait(false)), null);
    }

    private async Task<StepResult> Delete(Scope scope, StackDocument parent, PendingStep step, CancellationToken cancellation)
    {
        var uuid = Uuid(step.Target.PhysicalId);
        if (store.Stacks.Get(scope, uuid) is not { IsDeleted: false })
        {
            return new StepResult(null, null);
        }

        await store
            .Database.Write(transaction =>
            {
                var progress = engine.Open(transaction, scope, uuid);
                if (progress.Stack.Status != "DELETE_IN_PROGRESS" && !progress.Stack.IsDeleted && progress.Stack.ParentToken != step.Token)
                {
                    store.Stacks.Put(transaction, scope, uuid, progress.Stack with { ParentToken = step.Token });
                    engine.Open(transaction, scope, uuid).Interrupt("DELETE_IN_PROGRESS", "User Initiated", Operation(parent, null));
                }
            })
            .ConfigureAwait(false);
        engine.Signal(scope, uuid);
        var stack = await engine.Settled(scope, uuid, cancellation).ConfigureAwait(false);
        return new StepResult(
            null,
            stack.IsDeleted ? null : $"Embedded stack {stack.Id} was not successfully deleted: {stack.StatusReason?.TrimEnd()}"
        );
    }

    /// <summary>What the properties of the resource ask of the nested stack.</summary>
    private async Task<(StackInput Input, Template Template, string Body, int? Timeout)> Input(
        Scope scope,
        StackDocument parent,
        PendingStep step,
        ResourceRequest request,
        StackDocument? stack,
        CancellationToken cancellation
    )
    {
        var properties = request.Properties;
        if (properties.TryGetProperty("NotificationARNs", out var topics) && topics.GetArrayLength() > 0)
        {
            throw AwsException.NotImplemented("NotificationARNs of a nested stack");
        }

        var body = await templates.Read(Text(properties, "TemplateURL")!, request.Caller, cancellation).ConfigureAwait(false);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (properties.TryGetProperty("Parameters", out var parameters))
        {
            foreach (var parameter in parameters.EnumerateObject())
            {
                given[parameter.Name] = parameter.Value.ValueKind switch
                {
                    JsonValueKind.String => parameter.Value.GetString()!,
                    JsonValueKind.Array => string.Join(',', parameter.Value.EnumerateArray().Select(v => v.ToString())),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => parameter.Value.GetRawText(),
                };
            }
        }

        body = await engine
            .Transforms.Expand(body, given, new PseudoParameters(scope, parent.Name, parent.Id, []), request.Caller, cancellation)
            .ConfigureAwait(false);
        var template = TemplateParser.Parse(body);
        TemplateChecks.References(template);
        var tags = parent.Input.Tags.ToDictionary(t => t.Key, t => t.Value);
        if (properties.TryGetProperty("Tags", out var own))
        {
            foreach (var tag in own.EnumerateArray())
            {
                tags[Text(tag, "Key")!] = Text(tag, "Value") ?? "";
            }
        }

        var input = new StackInput
        {
            Parameters = new Dictionary<string, string>(ParameterValues.Settle(template, given, [], stack?.Input.Parameters)),
            Tags = [.. tags.Select(t => new StackTag(t.Key, t.Value))],
            Capabilities = parent.Input.Capabilities,
            RoleArn = parent.Input.RoleArn,
        };
        var timeout = Text(properties, "TimeoutInMinutes") is { } minutes
            ? int.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture)
            : (int?)null;
        return (input, template, body, timeout);
    }

    private StackOperation Operation(StackDocument parent, int? timeout) =>
        new()
        {
            Token = Guid.NewGuid().ToString(),
            Phase = "",
            CallerArn = parent.Operation!.CallerArn,
            CallerUserId = parent.Operation.CallerUserId,
            CallerSessionPolicy = parent.Operation.CallerSessionPolicy,
            ClientRequestToken = parent.Operation.ClientRequestToken,
            Deadline = timeout is { } minutes ? engine.Now.AddMinutes(minutes) : null,
        };

    private string LastFailure(StackDocument stack) =>
        store
            .EventsOf(stack.Uuid, long.MaxValue, 1000)
            .Select(e => e.Event)
            .FirstOrDefault(e => e.PhysicalResourceId == stack.Id && e.ResourceStatus == "UPDATE_ROLLBACK_IN_PROGRESS")
            ?.ResourceStatusReason?.TrimEnd()
        ?? stack.StatusReason
        ?? "";

    private static ResourceState State(StackDocument stack) =>
        ResourceState.Of(stack.Id, [.. stack.Outputs.Select(o => ($"Outputs.{o.OutputKey}", o.OutputValue))]);

    private static string Uuid(string stackId) => stackId[(stackId.LastIndexOf('/') + 1)..];

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : value.GetRawText()
            : null;
}
