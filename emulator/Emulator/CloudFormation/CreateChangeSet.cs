using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation;

internal sealed record CreateChangeSetRequest
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

    public string? ChangeSetName { get; init; }

    public string? ClientToken { get; init; }

    public string? Description { get; init; }

    public string? ChangeSetType { get; init; }

    public bool? IncludeNestedStacks { get; init; }
}

internal sealed record CreateChangeSetResponse(string Id, string StackId);

/// <summary>Computes what a template would change, without changing it.</summary>
internal static class CreateChangeSet
{
    public static async Task<CreateChangeSetResponse> Run(
        CreateChangeSetRequest request,
        Caller caller,
        StackEngine engine,
        CancellationToken cancellation
    )
    {
        var store = engine.Store;
        var scope = caller.Scope;
        var type = request.ChangeSetType ?? "UPDATE";
        if (type is not ("CREATE" or "UPDATE" or "IMPORT"))
        {
            throw StackErrors.Validation(
                $"1 validation error detected: Value '{type}' at 'changeSetType' failed to satisfy constraint: Member must satisfy enum value set: [IMPORT, UPDATE, CREATE]"
            );
        }

        if (type == "IMPORT")
        {
            throw AwsException.NotImplemented($"change sets of type {type}");
        }

        if (request.IncludeNestedStacks == true && type == "CREATE")
        {
            throw AwsException.NotImplemented("change sets of new stacks that include nested stacks");
        }

        var name = request.ChangeSetName ?? throw StackErrors.Validation("ChangeSetName is a required parameter.");
        if (!request.StackName?.StartsWith("arn:", StringComparison.Ordinal) ?? true)
        {
            StackRequests.CheckName(request.StackName, StackRequests.NameOrArnPattern);
        }

        var current = store.Find(null, scope, request.StackName!);
        if (type == "UPDATE" && current is not { IsDeleted: false })
        {
            throw StackErrors.NoStackInBrackets(request.StackName!);
        }

        var original = await UpdateStack
            .Body(request.UsePreviousTemplate, request.TemplateBody, request.TemplateURL, current, caller, engine, cancellation)
            .ConfigureAwait(false);
        var body = await StackRequests
            .Expand(
                engine,
                original,
                request.Parameters,
                current ?? CreateStack.New(caller, request.StackName!, engine),
                caller,
                cancellation
            )
            .ConfigureAwait(false);
        var template = StackRequests.Parse(body);
        var nestedTemplates =
            request.IncludeNestedStacks == true
                ? await NestedPlans
                    .Read(
                        engine,
                        caller,
                        current!,
                        template,
                        StackRequests.Input(
                            template,
                            request.Parameters,
                            request.Tags,
                            request.Capabilities,
                            request.RoleARN,
                            current!.Input
                        ),
                        cancellation
                    )
                    .ConfigureAwait(false)
                : null;
        while (true)
        {
            // Evaluated outside of the write, which then makes sure that it was about this very stack.
            var existing = store.Find(null, scope, request.StackName!);
            if (type == "CREATE" && existing is { Status: not "REVIEW_IN_PROGRESS" })
            {
                throw StackErrors.Validation(
                    $"Stack [{existing.Name}] already exists and cannot be created again with the changeSet [{name}]."
                );
            }

            if (
                type == "UPDATE"
                && (
                    existing!.Operation is not null
                    || existing.Status is not ("CREATE_COMPLETE" or "UPDATE_COMPLETE" or "UPDATE_ROLLBACK_COMPLETE")
                )
            )
            {
                throw StackErrors.CannotUpdate(existing);
            }

            var stack = existing ?? CreateStack.New(caller, request.StackName!, engine);
            if (store.ChangeSets.List(scope).Values.Any(c => ChangeSets.HasTaken(c, name, stack)))
            {
                throw new AwsException("AlreadyExistsException", $"ChangeSet {name} already exists for Stack {stack.Name}") { };
            }

            var input = StackRequests.Input(
                template,
                request.Parameters,
                request.Tags,
                request.Capabilities,
                request.RoleARN,
                existing?.Input
            ) with
            {
                TemplateId = StackStore.TemplateId(body),
                OriginalId = StackStore.OriginalId(original, body),
                Rollback = RollbackConfiguration.Of(request.RollbackConfiguration, existing?.Input.Rollback),
            };
            StackStart.Check(store, null, scope, engine.Types, template, input, stack, forChangeSet: true);
            input = await engine.Settle(template, input, stack, caller, cancellation).ConfigureAwait(false);
            var nested = nestedTemplates is null ? null : new NestedPlans(store, scope, engine.Types, nestedTemplates);
            var changes = StackStart
                .Plan(store, null, scope, engine.Types, stack, template, input, nested is null ? null : nested.Plan)
                .Changes;
            var nestedValues = nestedTemplates is null ? null : new NestedPlans(store, scope, engine.Types, nestedTemplates, values: true);
            var valued = StackStart
                .Plan(
                    store,
                    null,
                    scope,
                    engine.Types,
                    stack,
                    template,
                    input,
                    nestedValues is null ? null : nestedValues.Plan,
                    values: true
                )
                .Changes;
            var empty =
                type == "UPDATE"
                && (
                    nested is null
                        ? !StackStart.HasChanges(store, null, scope, engine.Types, stack, template, input)
                        : changes.Count == 0
                            && stack.Input.Tags.SequenceEqual(input.Tags)
                            && !StackStart.OutputsChange(store, null, scope, stack, template, input)
                );
            var changeSet = new ChangeSetDocument
            {
                Id = Arn.Of("cloudformation", scope, $"changeSet/{name}/{Guid.NewGuid()}"),
                Name = name,
                StackId = stack.Id,
                StackName = stack.Name,
                Description = request.Description,
                Type = type,
                Status = empty ? "FAILED" : "CREATE_COMPLETE",
                StatusReason = empty
                    ? "The submitted information didn't contain changes. Submit different information to create a change set."
                    : null,
                ExecutionStatus = empty ? "UNAVAILABLE" : "AVAILABLE",
                CreationTime = engine.Now,
                Input = input,
                Changes = nested is null ? [.. changes] : [.. changes.Select(nested.Named)],
                Valued = nested is null ? [.. valued] : [.. valued.Select(nested.Named)],
                IncludeNestedStacks = nested is not null,
            };
            var parts = nested
                ?.Found.Select(part =>
                    changeSet with
                    {
                        Id = part.Id,
                        StackId = part.Stack.Id,
                        StackName = part.Stack.Name,
                        Input = part.Input,
                        Changes = [.. part.Changes],
                        Valued = [.. nestedValues!.ChangesOf(part.Stack).Select(nested.Named)],
                        RootId = changeSet.Id,
                        ParentId =
                            part.Stack.ParentId == stack.Id
                                ? changeSet.Id
                                : nested.Found.First(other => other.Stack.Id == part.Stack.ParentId).Id,
                    }
                )
                .ToList();
            var kept = await store
                .Database.Write(transaction =>
                {
                    if (
                        !ReferenceEquals(store.Find(transaction, scope, request.StackName!), existing)
                        || store.ChangeSets.List(transaction, scope).Values.Any(c => ChangeSets.HasTaken(c, name, stack))
                    )
                    {
                        return false;
                    }

                    if (existing is null)
                    {
                        engine.Save(transaction, scope, stack with { Status = "REVIEW_IN_PROGRESS" });
                        engine.Open(transaction, scope, stack.Uuid).Enter("REVIEW_IN_PROGRESS", "User Initiated", null);
                    }

                    foreach (var text in (nestedTemplates?.Values ?? Enumerable.Empty<string>()).Prepend(body).Prepend(original))
                    {
                        store.KeepTemplate(transaction, scope, text);
                    }

                    store.ChangeSets.Put(transaction, scope, changeSet.Uuid, changeSet);
                    parts?.ForEach(part => store.ChangeSets.Put(transaction, scope, part.Uuid, part));
                    return true;
                })
                .ConfigureAwait(false);
            if (kept)
            {
                return new CreateChangeSetResponse(changeSet.Id, stack.Id);
            }
        }
    }
}

/// <summary>Finds change sets as requests name them.</summary>
internal static class ChangeSets
{
    private const string Executed = "EXECUTE_COMPLETE";

    /// <summary>Once a change set has been executed, its name is free for another (recorded on AWS 18-06-2025).</summary>
    public static bool HasTaken(ChangeSetDocument changeSet, string name, StackDocument stack) =>
        changeSet.StackId == stack.Id && changeSet.Name == name && changeSet.ExecutionStatus != Executed;

    /// <summary>"You must execute or delete the change set of nested stacks from the root change set", says the user guide's page on them.</summary>
    public static void RefuseNested(ChangeSetDocument changeSet)
    {
        if (changeSet.RootId is { } root)
        {
            throw StackErrors.Validation($"ChangeSet [{changeSet.Id}] is part of a nested hierarchy: execute or delete its root [{root}].");
        }
    }

    public static ChangeSetDocument Find(StackStore store, Scope scope, string? name, string? stackName, bool forDelete = false)
    {
        if (name?.StartsWith("arn:", StringComparison.Ordinal) == true)
        {
            return store.ChangeSets.Get(scope, name[(name.LastIndexOf('/') + 1)..]) ?? throw StackErrors.NoChangeSet(name);
        }

        if (stackName is null)
        {
            throw StackErrors.Validation("StackName must be specified if ChangeSetName is not specified as an ARN.");
        }

        var stack = store.Find(null, scope, stackName) ?? throw StackErrors.NoStackInBrackets(stackName);
        return store
                .ChangeSets.List(scope)
                .Values.Where(c => c.StackId == stack.Id && c.Name == name)
                .OrderBy(c => c.ExecutionStatus == Executed)
                .ThenByDescending(c => c.CreationTime)
                .FirstOrDefault()
            ?? throw StackErrors.NoChangeSet(name ?? "");
    }
}
