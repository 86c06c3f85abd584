using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <content>Creates and updates resources, each once everything it refers to is done.</content>
internal sealed partial class StackProgress
{
    /// <summary>True where the stack entered another status.</summary>
    private bool Deploy()
    {
        if (!Operation.Failing && Operation.Deadline <= now)
        {
            Fail("Stack creation time exceeded the specified timeout.");
        }

        if (!Operation.Failing && Stack.Input.Fault is { } fault)
        {
            Fail(fault);
        }

        if (Operation.Failing)
        {
            return EndInFailure();
        }

        var template = store.Template(transaction, scope, Stack.Input.TemplateId!);
        try
        {
            var evaluation = Evaluation(template);
            var graph = Dependencies.Of(template, evaluation);
            foreach (var (name, dependencies) in graph)
            {
                if (!IsDone(name) && !IsPending(name) && dependencies.All(IsDone) && !Operation.Failing)
                {
                    Begin(template.Resources[name], evaluation, dependencies);
                }
            }

            if (Operation.Failing)
            {
                return EndInFailure();
            }

            if (!graph.Keys.All(IsDone))
            {
                return false;
            }

            if (DeniesRemoval(graph.Keys))
            {
                return EndInFailure();
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

    private Evaluation Evaluation(Template template) =>
        new(template, Stack.Input.Values, new PseudoParameters(scope, Stack.Name, Stack.Id, []))
        {
            References = Stack.Input.References,
            Existing = name =>
                IsDone(name) && resources[name].Current is { } current ? new ResourceState(current.PhysicalId, current.Attributes) : null,
            Exports = Import,
        };

    private string? Import(string name)
    {
        LookAtOthers();
        var value = store.Exports(transaction, scope).FirstOrDefault(e => e.Output.ExportName == name).Output?.OutputValue;
        if (value is not null && !Stack.Imports.Contains(name))
        {
            Put(Stack with { Imports = [.. Stack.Imports, name] });
        }

        return value;
    }

    private bool IsDone(string name) => resources.TryGetValue(name, out var resource) && resource.Done == Operation.Phase;

    private bool IsPending(string name) => resources.TryGetValue(name, out var resource) && resource.Pending is not null;

    private void Begin(TemplateResource declared, Evaluation evaluation, IReadOnlyList<string> dependencies)
    {
        var type = types[declared.Type];
        var target = new ResourceVersion
        {
            Properties = evaluation.Properties(declared).ToJson(),
            Metadata = declared.Metadata?.ToJsonText(),
            DependsOn = [.. dependencies],
            DeletionPolicy = evaluation.DeletionPolicy(declared),
            UpdateReplacePolicy = evaluation.UpdateReplacePolicy(declared),
            StackTags = Stack.Input.Tags,
        };
        var resource = resources.GetValueOrDefault(declared.LogicalId);
        if (resource?.Current is not { } current)
        {
            BeginCreate(
                new ResourceDocument
                {
                    LogicalId = declared.LogicalId,
                    Type = declared.Type,
                    Status = "CREATE_IN_PROGRESS",
                    Timestamp = now,
                    New = true,
                    Obsolete = resource?.Obsolete ?? [],
                },
                type,
                target
            );
            return;
        }

        resource = resource with { Before = current };
        target = target with { PhysicalId = current.PhysicalId, Attributes = current.Attributes };
        var changed = PropertyChecks.Changed(current.Properties, target.Properties);
        var tagged = type.Properties.ContainsKey("Tags") && !current.StackTags.SequenceEqual(target.StackTags);
        if (changed.Count == 0 && !tagged && declared.Type != TemplateChecks.NestedStack)
        {
            var unchanged = resource with { Current = target, Done = Operation.Phase };
            if (current.Metadata == target.Metadata)
            {
                Put(unchanged);
            }
            else
            {
                Status(resource, "UPDATE_IN_PROGRESS", null, target.Properties);
                Status(unchanged, "UPDATE_COMPLETE", null, target.Properties);
            }

            return;
        }

        var replace = changed.Any(name => type.Properties.TryGetValue(name, out var rule) && rule.Update == UpdateType.Replacement);
        Status(
            resource,
            "UPDATE_IN_PROGRESS",
            replace ? "Requested update requires the creation of a new physical resource; hence creating one." : null,
            target.Properties
        );
        resource = resources[declared.LogicalId];
        var denial = changed.Count == 0 ? null : Denial(replace ? "Update:Replace" : "Update:Modify", resource);
        if ((denial ?? PropertyChecks.Violation(type, declared.LogicalId, target.Properties)) is { } violation)
        {
            FailToUpdate(resource, violation, target.Properties);
            return;
        }

        Put(
            resource with
            {
                Touched = resource.Touched || !replace,
                Pending = new PendingStep(
                    replace ? StepAction.Replace : StepAction.Update,
                    Guid.NewGuid().ToString(),
                    replace ? target with { PhysicalId = "", Attributes = [] } : target
                ),
            }
        );
    }

    private void BeginCreate(ResourceDocument resource, IResource type, ResourceVersion target)
    {
        Status(resource, "CREATE_IN_PROGRESS", null, target.Properties);
        if (PropertyChecks.Violation(type, resource.LogicalId, target.Properties) is { } violation)
        {
            Status(resource, "CREATE_FAILED", violation, target.Properties);
            Put(Stack with { Operation = Operation with { FailedToCreate = [.. Operation.FailedToCreate, resource.LogicalId] } });
            CancelOthers();
            return;
        }

        Put(resource with { Pending = new PendingStep(StepAction.Create, Guid.NewGuid().ToString(), target) });
    }

    private void RecordDeployed(ResourceDocument resource, PendingStep step, ResourceState? state, string? failure)
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
                Put(resource); // its failure is told already
                return;
            }

            Status(resource, $"{verb}_FAILED", failure, step.Target.Properties);
            Put(
                Stack with
                {
                    Operation = creating
                        ? Operation with
                        {
                            FailedToCreate = [.. Operation.FailedToCreate, resource.LogicalId],
                        }
                        : Operation with
                        {
                            FailedToUpdate = [.. Operation.FailedToUpdate, resource.LogicalId],
                        },
                }
            );
            CancelOthers();
            return;
        }

        var version = step.Target with
        {
            PhysicalId = state.PhysicalId,
            Attributes = new Dictionary<string, JsonElement>(state.Attributes),
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
            Put(resource);
            return;
        }

        if (step.Action != StepAction.Update && !step.Initiated)
        {
            ResourceEvent(resource, $"{verb}_IN_PROGRESS", "Resource creation Initiated", version.Properties);
        }

        Status(resource with { Done = Operation.Phase }, $"{verb}_COMPLETE", null, version.Properties);
    }

    /// <summary>The stack fails for a reason of its own, not a resource's.</summary>
    private void Fail(string reason)
    {
        Put(Stack with { Operation = Operation with { Failure = reason } });
        CancelOthers();
    }

    /// <summary>What is still running is told as cancelled; its outcome is waited for, so that the rollback finds what it made.</summary>
    private void CancelOthers()
    {
        foreach (var resource in resources.Values.Where(r => r.Pending is { Cancelled: false }).ToList())
        {
            var step = resource.Pending!;
            var creating = step.Action == StepAction.Create;
            Status(
                resource with
                {
                    Pending = step with { Cancelled = true },
                },
                creating ? "CREATE_FAILED" : "UPDATE_FAILED",
                creating ? "Resource creation cancelled" : "Resource update cancelled",
                step.Target.Properties
            );
            Put(
                Stack with
                {
                    Operation = creating
                        ? Operation with
                        {
                            FailedToCreate = [.. Operation.FailedToCreate, resource.LogicalId],
                        }
                        : Operation with
                        {
                            FailedToUpdate = [.. Operation.FailedToUpdate, resource.LogicalId],
                        },
                }
            );
        }
    }

    private bool EndInFailure()
    {
        if (resources.Values.Any(r => r.Pending is not null))
        {
            return false;
        }

        var reason = FailureReason();
        if (Stack.Status == "UPDATE_IN_PROGRESS")
        {
            Enter("UPDATE_ROLLBACK_IN_PROGRESS", reason, Operation);
        }
        else if (Stack.ParentId is not null || Stack.OnFailure == "DO_NOTHING")
        {
            Enter("CREATE_FAILED", reason, null);
        }
        else if (Stack.OnFailure == "DELETE")
        {
            Enter("DELETE_IN_PROGRESS", $"{reason}Delete requested by user.", Operation);
        }
        else
        {
            Enter("ROLLBACK_IN_PROGRESS", $"{reason}Rollback requested by user.", Operation);
        }

        return true;
    }

    private string FailureReason()
    {
        var parts = new List<string>();
        if (Operation.Failure is { } failure)
        {
            parts.Add(failure);
        }

        if (Operation.FailedToCreate.Count > 0)
        {
            parts.Add($"The following resource(s) failed to create: [{string.Join(", ", Operation.FailedToCreate)}].");
        }

        if (Operation.FailedToUpdate.Count > 0)
        {
            parts.Add($"The following resource(s) failed to update: [{string.Join(", ", Operation.FailedToUpdate)}].");
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
            if (export is not null)
            {
                LookAtOthers();
            }

            if (
                export is not null
                && store.Exports(transaction, scope).FirstOrDefault(e => e.Output.ExportName == export && e.Stack.Id != Stack.Id).Stack
                    is { } owner
            )
            {
                throw StackErrors.Validation($"Export with name {export} is already exported by stack {owner.Name}");
            }

            outputs.Add(new StackOutput(output.Name, value.Text, output.Description, export));
        }

        foreach (
            var gone in Stack.Outputs.Where(o =>
                o.ExportName is not null && outputs.Find(n => n.ExportName == o.ExportName)?.OutputValue != o.OutputValue
            )
        )
        {
            if (Importers(gone.ExportName!) is [var importer, ..])
            {
                var how = outputs.Exists(n => n.ExportName == gone.ExportName) ? "updated" : "deleted";
                throw StackErrors.Validation($"Export {gone.ExportName} cannot be {how} as it is in use by {importer.Name}");
            }
        }

        Put(Stack with { Outputs = outputs });
        if (Stack.Status == "CREATE_IN_PROGRESS")
        {
            Finish("CREATE_COMPLETE", null);
        }
        else
        {
            Enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", null, Operation);
            if (Stack.ParentId is not null)
            {
                Put(Stack with { Operation = Operation with { Held = true } });
            }
        }
    }

    private List<StackDocument> Importers(string export)
    {
        LookAtOthers();
        return [.. store.All(transaction, scope).Where(s => !s.IsDeleted && s.Id != Stack.Id && s.Imports.Contains(export))];
    }

    /// <summary>Ends the operation, and forgets what only a rollback needs.</summary>
    private void Finish(string status, string? reason)
    {
        foreach (var resource in resources.Values.Where(r => r.Before is not null || r.New || r.Touched).ToList())
        {
            Put(resource with { Before = null, New = false, Touched = false });
        }

        Put(Stack with { Previous = null, PreviousOutputs = null });
        Enter(status, reason, null);
    }
}
