using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Creates and updates resources, each once everything it refers to is done, and keeps updates to the stack's policy.</summary>
internal sealed class StackDeployment(StackDraft draft, IReadOnlyDictionary<string, IResource> types, RollbackWatch watch)
{
    /// <summary>True where the stack entered another status.</summary>
    public bool Deploy()
    {
        if (!draft.Operation.Failing && draft.Operation.Deadline <= draft.Now)
        {
            Fail("Stack creation time exceeded the specified timeout.");
        }

        if (!draft.Operation.Failing && draft.Stack.Input.Fault is { } fault)
        {
            Fail(fault);
        }

        if (!draft.Operation.Failing && watch.Objection() is { } objection)
        {
            Fail(objection);
        }

        if (draft.Operation.Failing)
        {
            return EndInFailure();
        }

        var template = draft.Template();
        try
        {
            var evaluation = draft.Evaluation(template);
            var graph = Dependencies.Of(template, evaluation);
            while (
                !draft.Operation.Failing
                && graph.Keys.FirstOrDefault(name => !draft.IsDone(name) && !draft.IsPending(name) && graph[name].All(draft.IsDone))
                    is { } next
            )
            {
                // One that is done at once, for nothing of it changes, lets others go on that may come before it.
                Begin(template.Resources[next], evaluation, graph[next]);
            }

            if (draft.Operation.Failing)
            {
                return EndInFailure();
            }

            if (!graph.Keys.All(draft.IsDone))
            {
                return false;
            }

            if (DeniesRemoval(graph.Keys))
            {
                return EndInFailure();
            }

            if (watch.GoesOn())
            {
                return false;
            }

            Succeed(template, evaluation);
        }
        catch (AwsException wrong)
        {
            Fail(wrong.Message);
            return EndInFailure();
        }

        return true;
    }

    private void Begin(TemplateResource declared, Evaluation evaluation, IReadOnlyList<string> dependencies)
    {
        var type = types[declared.Type];
        var properties = evaluation.Properties(declared);
        var target = new ResourceVersion
        {
            Properties = properties.ToJson(),
            Masked = properties.HasHidden ? properties.Shown.ToJson() : null,
            Metadata = declared.Metadata?.ToJsonText(),
            DependsOn = [.. dependencies],
            DeletionPolicy = evaluation.DeletionPolicy(declared),
            UpdateReplacePolicy = evaluation.UpdateReplacePolicy(declared),
            Signals = evaluation.Signals(declared),
            StackTags = draft.Stack.Input.Tags,
        };
        var resource = draft.Resources.GetValueOrDefault(declared.LogicalId);
        if (resource?.Current is not { } current)
        {
            BeginCreate(
                new ResourceDocument
                {
                    LogicalId = declared.LogicalId,
                    Type = declared.Type,
                    Status = "CREATE_IN_PROGRESS",
                    Timestamp = draft.Now,
                    New = true,
                    Obsolete = resource?.Obsolete ?? [],
                },
                type,
                target
            );
            return;
        }

        resource = resource with { Before = current };
        target = target with { PhysicalId = current.PhysicalId, Attributes = current.Attributes, NoEcho = current.NoEcho };
        var changed = PropertyChecks.Changed(current.Properties, target.Properties);
        var tagged = type.Properties.ContainsKey("Tags") && !current.StackTags.SequenceEqual(target.StackTags);
        if (changed.Count == 0 && !tagged && declared.Type != TemplateChecks.NestedStack)
        {
            var unchanged = resource with { Current = target, Done = draft.Operation.Phase };
            if (current.Metadata == target.Metadata)
            {
                draft.Put(unchanged);
            }
            else
            {
                draft.Status(resource, "UPDATE_IN_PROGRESS", null, target);
                draft.Status(unchanged, "UPDATE_COMPLETE", null, target);
            }

            return;
        }

        var replace = changed.Any(name => type.Properties.TryGetValue(name, out var rule) && rule.Update == UpdateType.Replacement);
        draft.Status(
            resource,
            "UPDATE_IN_PROGRESS",
            replace ? "Requested update requires the creation of a new physical resource; hence creating one." : null,
            target
        );
        resource = draft.Resources[declared.LogicalId];
        var denial = changed.Count == 0 ? null : Denial(replace ? "Update:Replace" : "Update:Modify", resource);
        if ((denial ?? PropertyChecks.Violation(type, declared.LogicalId, target.Properties)) is { } violation)
        {
            FailToUpdate(resource, violation, target);
            return;
        }

        draft.Put(
            resource with
            {
                Touched = resource.Touched || !replace,
                Pending = new PendingStep(
                    replace ? StepAction.Replace : StepAction.Update,
                    Guid.NewGuid().ToString(),
                    replace ? target with { PhysicalId = "", Attributes = [], NoEcho = false } : target
                ),
            }
        );
    }

    private void BeginCreate(ResourceDocument resource, IResource type, ResourceVersion target)
    {
        draft.Status(resource, "CREATE_IN_PROGRESS", null, target);
        if (PropertyChecks.Violation(type, resource.LogicalId, target.Properties) is { } violation)
        {
            draft.Status(resource, "CREATE_FAILED", violation, target);
            draft.Put(
                draft.Stack with
                {
                    Operation = draft.Operation with { FailedToCreate = [.. draft.Operation.FailedToCreate, resource.LogicalId] },
                }
            );
            draft.CancelOthers();
            return;
        }

        draft.Put(resource with { Pending = new PendingStep(StepAction.Create, Guid.NewGuid().ToString(), target) });
    }

    public void Record(ResourceDocument resource, PendingStep step, ResourceState? state, string? failure)
    {
        var creating = step.Action == StepAction.Create;
        var verb = creating ? "CREATE" : "UPDATE";
        resource = resource with { Pending = null };
        if (failure is not null || state is null)
        {
            if (creating && state is not null)
            {
                resource = resource with { PhysicalId = state.PhysicalId, Current = step.Target with { PhysicalId = state.PhysicalId } };
            }

            if (step.Cancelled)
            {
                draft.Put(resource); // its failure is told already
                return;
            }

            draft.Status(resource, $"{verb}_FAILED", failure, step.Target);
            draft.Put(
                draft.Stack with
                {
                    Operation = creating
                        ? draft.Operation with
                        {
                            FailedToCreate = [.. draft.Operation.FailedToCreate, resource.LogicalId],
                        }
                        : draft.Operation with
                        {
                            FailedToUpdate = [.. draft.Operation.FailedToUpdate, resource.LogicalId],
                        },
                }
            );
            draft.CancelOthers();
            return;
        }

        var version = step.Target with
        {
            PhysicalId = state.PhysicalId,
            Attributes = new Dictionary<string, JsonElement>(state.Attributes),
            NoEcho = state.NoEcho,
        };
        // A custom resource says by another id that it was replaced.
        var replaced =
            (step.Action == StepAction.Replace || types[resource.Type].TakesAny)
            && resource.Current is not null
            && resource.Current.PhysicalId != state.PhysicalId;
        resource = resource with
        {
            PhysicalId = state.PhysicalId,
            Current = version,
            Obsolete = replaced ? [.. resource.Obsolete, resource.Current!] : resource.Obsolete,
        };
        if (step.Cancelled)
        {
            draft.Put(resource);
            return;
        }

        if (step.Action != StepAction.Update && !step.Initiated)
        {
            draft.ResourceEvent(resource, $"{verb}_IN_PROGRESS", "Resource creation Initiated", version);
        }

        draft.Status(resource with { Done = draft.Operation.Phase }, $"{verb}_COMPLETE", null, version);
    }

    /// <summary>The stack fails for a reason of its own, not a resource's.</summary>
    public void Fail(string reason)
    {
        draft.Put(draft.Stack with { Operation = draft.Operation with { Failure = reason } });
        draft.CancelOthers();
    }

    public bool EndInFailure()
    {
        if (draft.Resources.Values.Any(r => r.Pending is not null))
        {
            return false;
        }

        var reason = FailureReason();
        if (draft.Stack.Status == "UPDATE_IN_PROGRESS")
        {
            draft.Enter("UPDATE_ROLLBACK_IN_PROGRESS", reason, draft.Operation);
        }
        else if (draft.Stack.ParentId is not null || draft.Stack.OnFailure == "DO_NOTHING")
        {
            draft.Enter("CREATE_FAILED", reason, null);
        }
        else if (draft.Stack.OnFailure == "DELETE")
        {
            draft.Enter("DELETE_IN_PROGRESS", $"{reason}Delete requested by user.", draft.Operation);
        }
        else
        {
            draft.Enter("ROLLBACK_IN_PROGRESS", $"{reason}Rollback requested by user.", draft.Operation);
        }

        return true;
    }

    private string FailureReason()
    {
        var parts = new List<string>();
        if (draft.Operation.Failure is { } failure)
        {
            parts.Add(failure);
        }

        if (draft.Operation.FailedToCreate.Count > 0)
        {
            parts.Add($"The following resource(s) failed to create: [{string.Join(", ", draft.Operation.FailedToCreate)}].");
        }

        if (draft.Operation.FailedToUpdate.Count > 0)
        {
            parts.Add($"The following resource(s) failed to update: [{string.Join(", ", draft.Operation.FailedToUpdate)}].");
        }

        return string.Concat(parts.Select(part => part + " "));
    }

    private void Succeed(Template template, Evaluation evaluation)
    {
        var outputs = new List<StackOutput>();
        foreach (var output in template.Outputs.Values.Where(o => evaluation.IsActive(o.Condition)))
        {
            if (evaluation.Resolve(output.Value) is not TextNode value)
            {
                throw TemplateErrors.Format("The Value field of every Outputs member must evaluate to a String.");
            }

            var export = output.ExportName is { } name ? (evaluation.Resolve(name) as TextNode)?.Text : null;
            if (export is not null && draft.Exporter(export) is { } owner)
            {
                throw StackErrors.Validation($"Export with name {export} is already exported by stack {owner.Name}");
            }

            outputs.Add(new StackOutput(output.Name, value.Text, output.Description, export));
        }

        foreach (
            var gone in draft.Stack.Outputs.Where(o =>
                o.ExportName is not null && outputs.Find(n => n.ExportName == o.ExportName)?.OutputValue != o.OutputValue
            )
        )
        {
            if (draft.Importers(gone.ExportName!) is [var importer, ..])
            {
                var how = outputs.Exists(n => n.ExportName == gone.ExportName) ? "updated" : "deleted";
                throw StackErrors.Validation($"Export {gone.ExportName} cannot be {how} as it is in use by {importer.Name}");
            }
        }

        draft.Put(draft.Stack with { Outputs = outputs });
        if (draft.Stack.Status == "CREATE_IN_PROGRESS")
        {
            draft.Finish("CREATE_COMPLETE", null);
        }
        else
        {
            draft.Enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", null, draft.Operation);
            if (draft.Stack.ParentId is not null)
            {
                draft.Put(draft.Stack with { Operation = draft.Operation with { Held = true } });
            }
        }
    }

    private string? Denial(string action, ResourceDocument resource) =>
        StackPolicy.Denial(draft.Operation.Policy ?? draft.Stack.Policy, action, resource.LogicalId, resource.Type);

    /// <summary>Whether the stack's policy keeps what the update would remove: then it fails before anything goes.</summary>
    private bool DeniesRemoval(IReadOnlyCollection<string> wanted)
    {
        foreach (var resource in draft.Resources.Values.Where(r => r.Current is not null && !wanted.Contains(r.LogicalId)).ToList())
        {
            if (Denial("Update:Delete", resource) is { } denial)
            {
                FailToUpdate(resource with { Before = resource.Current }, denial, resource.Current!);
            }
        }

        return draft.Operation.Failing;
    }

    private void FailToUpdate(ResourceDocument resource, string reason, ResourceVersion version)
    {
        draft.Status(resource, "UPDATE_FAILED", reason, version);
        draft.Put(
            draft.Stack with
            {
                Operation = draft.Operation with { FailedToUpdate = [.. draft.Operation.FailedToUpdate, resource.LogicalId] },
            }
        );
        draft.CancelOthers();
    }
}
