using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>What must hold before a create or an update begins, and how an update begins.</summary>
internal static class StackStart
{
    /// <summary>Everything that AWS refuses a template for before it creates anything.</summary>
    public static void Check(
        StackStore store,
        Transaction? transaction,
        Scope scope,
        IReadOnlyDictionary<string, IResource> types,
        Template template,
        StackInput input,
        StackDocument stack,
        bool forChangeSet = false
    )
    {
        TemplateChecks.Types(template, types);
        template.RequireCapabilities(input.Capabilities, forChangeSet);
        var evaluation = Evaluation(store, transaction, scope, template, input, stack);
        Dependencies.Of(template, evaluation);
        foreach (var resource in template.Resources.Values.Where(r => evaluation.IsActive(r.Condition)))
        {
            evaluation.Properties(resource);
            evaluation.DeletionPolicy(resource);
            evaluation.UpdateReplacePolicy(resource);
            evaluation.Signals(resource);
        }

        foreach (var output in template.Outputs.Values.Where(o => evaluation.IsActive(o.Condition)))
        {
            evaluation.Resolve(output.Value);
        }
    }

    /// <summary>What an update would change.</summary>
    public static IReadOnlyList<ResourceChange> Changes(
        StackStore store,
        Transaction? transaction,
        Scope scope,
        IReadOnlyDictionary<string, IResource> types,
        StackDocument stack,
        Template template,
        StackInput input
    ) => Plan(store, transaction, scope, types, stack, template, input, null).Changes;

    /// <summary>What an update would change, nested stacks included where they are planned, and the outputs that are known before.</summary>
    /// <param name="values">With the values of properties, before and after.</param>
    public static (IReadOnlyList<ResourceChange> Changes, IReadOnlyDictionary<string, string> Outputs) Plan(
        StackStore store,
        Transaction? transaction,
        Scope scope,
        IReadOnlyDictionary<string, IResource> types,
        StackDocument stack,
        Template template,
        StackInput input,
        PlanNested? planNested,
        bool values = false
    )
    {
        var before = values && stack.Input.TemplateId is { } id ? store.Template(transaction, scope, id) : null;
        var evaluation = before?.HasSecrets == true ? Evaluation(store, transaction, scope, before, stack.Input, stack) : null;
        var deployed = store
            .ResourcesOf(transaction, scope, stack.Uuid)
            .Where(r => r.Current is not null)
            .ToDictionary(
                r => r.LogicalId,
                r => new Deployed(r.LogicalId, r.Type, r.Current!.State, r.Current.Properties, r.Current.Metadata)
                {
                    Shown =
                        evaluation is not null && r.Current.Masked is null && before!.Resources.TryGetValue(r.LogicalId, out var known)
                            ? PropertyValues.Shown(r.Current.Properties, evaluation.Properties(known))
                            : r.Current.Shown,
                    Policies =
                        before?.Resources.TryGetValue(r.LogicalId, out var declared) == true
                            ? new(
                                declared.SetsUpdateReplacePolicy ? r.Current.UpdateReplacePolicy : null,
                                declared.SetsDeletionPolicy ? r.Current.DeletionPolicy : null
                            )
                            : default,
                }
            );
        var changed = input
            .Values.Where(p => !stack.Input.Values.TryGetValue(p.Key, out var old) || old != p.Value)
            .Select(p => p.Key)
            .ToHashSet();
        return ChangePlan.With(
            template,
            input.Values,
            changed,
            Pseudo(scope, stack),
            types,
            deployed,
            Exports(store, transaction, scope),
            !stack.Input.Tags.SequenceEqual(input.Tags),
            planNested,
            input.References,
            values
        );
    }

    /// <summary>Whether an update has anything to do: resources, or outputs.</summary>
    public static bool HasChanges(
        StackStore store,
        Transaction? transaction,
        Scope scope,
        IReadOnlyDictionary<string, IResource> types,
        StackDocument stack,
        Template template,
        StackInput input
    ) =>
        Changes(store, transaction, scope, types, stack, template, input).Count > 0
        || !stack.Input.Tags.SequenceEqual(input.Tags)
        || input.Resolved.Any(value => stack.Input.Resolved.GetValueOrDefault(value.Key) != value.Value)
        || PoliciesChange(store, transaction, scope, stack, template, input)
        || OutputsChange(store, transaction, scope, stack, template, input);

    public static void BeginUpdate(
        StackEngine engine,
        Transaction transaction,
        Scope scope,
        StackDocument stack,
        StackInput input,
        StackOperation operation
    )
    {
        engine.Save(
            transaction,
            scope,
            stack with
            {
                Previous = stack.Input,
                PreviousOutputs = stack.Outputs,
                Input = input,
                LastUpdatedTime = engine.Now,
                Imports = [],
                UpdateToken = operation.Token,
            }
        );
        engine.Open(transaction, scope, stack.Uuid).Enter("UPDATE_IN_PROGRESS", "User Initiated", operation);
    }

    public static bool OutputsChange(
        StackStore store,
        Transaction? transaction,
        Scope scope,
        StackDocument stack,
        Template template,
        StackInput input
    )
    {
        var evaluation = Evaluation(store, transaction, scope, template, input, stack);
        var active = template.Outputs.Values.Where(o => evaluation.IsActive(o.Condition)).ToList();
        return active.Count != stack.Outputs.Count
            || active.Exists(o =>
            {
                var old = stack.Outputs.Find(s => s.OutputKey == o.Name);
                return old is null
                    || old.Description != o.Description
                    || (evaluation.Resolve(o.Value) as TextNode)?.Text != old.OutputValue
                    || (o.ExportName is { } export ? (evaluation.Resolve(export) as TextNode)?.Text : null) != old.ExportName;
            });
    }

    /// <summary>Another UpdateReplacePolicy alone is an update (recorded on AWS).</summary>
    private static bool PoliciesChange(
        StackStore store,
        Transaction? transaction,
        Scope scope,
        StackDocument stack,
        Template template,
        StackInput input
    )
    {
        var evaluation = Evaluation(store, transaction, scope, template, input, stack);
        return store
            .ResourcesOf(transaction, scope, stack.Uuid)
            .Any(resource =>
                resource.Current is { } current
                && template.Resources.TryGetValue(resource.LogicalId, out var declared)
                && evaluation.UpdateReplacePolicy(declared) != current.UpdateReplacePolicy
            );
    }

    public static Evaluation Evaluation(
        StackStore store,
        Transaction? transaction,
        Scope scope,
        Template template,
        StackInput input,
        StackDocument stack
    )
    {
        var resources = store.ResourcesOf(transaction, scope, stack.Uuid).ToDictionary(r => r.LogicalId);
        return new Evaluation(template, input.Values, Pseudo(scope, stack))
        {
            Planning = true,
            References = input.References,
            ImportsLater = true,
            Existing = name => resources.GetValueOrDefault(name)?.Current?.State,
            Exports = Exports(store, transaction, scope),
        };
    }

    private static PseudoParameters Pseudo(Scope scope, StackDocument stack) => new(scope, stack.Name, stack.Id, []);

    private static Func<string, string?> Exports(StackStore store, Transaction? transaction, Scope scope) =>
        name => store.Exports(transaction, scope).FirstOrDefault(e => e.Output.ExportName == name).Output?.OutputValue;
}
