using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Compares a template with what is deployed.</summary>
internal sealed class ChangePlan
{
    private readonly Template template;
    private readonly Evaluation evaluation;
    private readonly IReadOnlyDictionary<string, IResource> types;
    private readonly IReadOnlyDictionary<string, Deployed> deployed;
    private readonly IReadOnlySet<string> changedParameters;
    private readonly Dictionary<string, ResourceChange> changes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NestedPlan> nestedPlans = new(StringComparer.Ordinal);
    private readonly PlanNested? planNested;
    private readonly bool values;

    private ChangePlan(
        Template template,
        IReadOnlyDictionary<string, string> parameters,
        IReadOnlySet<string> changedParameters,
        PseudoParameters pseudo,
        IReadOnlyDictionary<string, IResource> types,
        IReadOnlyDictionary<string, Deployed> deployed,
        Func<string, string?> exports,
        PlanNested? planNested,
        IReadOnlyDictionary<string, string>? references,
        bool values
    )
    {
        this.values = values;
        this.planNested = planNested;
        this.template = template;
        this.types = types;
        this.deployed = deployed;
        this.changedParameters = changedParameters;
        evaluation = new Evaluation(template, parameters, pseudo)
        {
            Planning = true,
            References = references ?? new Dictionary<string, string>(),
            Existing = Existing,
            Kept = Kept,
            Exports = exports,
        };
    }

    /// <param name="changedParameters">The names whose value differs from the stack's.</param>
    /// <param name="tagsChanged">Whether the stack's tags differ: they reach every resource that takes tags.</param>
    /// <param name="planNested">Given, nested stacks are planned too.</param>
    /// <param name="references">What Parameter Store has for dynamic references.</param>
    /// <param name="values">
    /// With the values of properties, before and after: then a resource that is changed in place is taken to keep its attributes, and what
    /// refers to them does not change (recorded on AWS 08-04-2025).
    /// </param>
    /// <returns>The changes, and the outputs that are known before they are applied, by name.</returns>
    public static (IReadOnlyList<ResourceChange> Changes, IReadOnlyDictionary<string, string> Outputs) With(
        Template template,
        IReadOnlyDictionary<string, string> parameters,
        IReadOnlySet<string> changedParameters,
        PseudoParameters pseudo,
        IReadOnlyDictionary<string, IResource> types,
        IReadOnlyDictionary<string, Deployed> deployed,
        Func<string, string?> exports,
        bool tagsChanged,
        PlanNested? planNested,
        IReadOnlyDictionary<string, string>? references = null,
        bool values = false
    )
    {
        var plan = new ChangePlan(
            template,
            parameters,
            changedParameters,
            pseudo,
            types,
            deployed,
            exports,
            planNested,
            references,
            values
        );
        var graph = Dependencies.Of(template, plan.evaluation);
        var retyped = graph.Keys.Where(n => deployed.TryGetValue(n, out var old) && old.Type != template.Resources[n].Type).ToList();
        if (retyped.Count > 0)
        {
            throw TemplateErrors.Validation(
                $"Update of resource type is not permitted. The new template modifies resource type of the following resources: [{string.Join(", ", retyped)}]"
            );
        }

        foreach (var name in InOrder(graph))
        {
            plan.Compare(template.Resources[name], tagsChanged);
        }

        var removed = deployed
            .Values.Where(d => !graph.ContainsKey(d.LogicalId))
            .Select(d => new ResourceChange
            {
                Action = "Remove",
                LogicalResourceId = d.LogicalId,
                PhysicalResourceId = d.State.PhysicalId,
                ResourceType = d.Type,
                PolicyAction = d.Policies.Deletion == RetentionPolicy.Retain ? "Retain" : "Delete",
                BeforeContext = values ? PropertyValues.Context(d.Shown, d.Metadata, d.Policies) : null,
            });
        return ([.. plan.changes.Values.Concat(removed).OrderBy(c => c.LogicalResourceId, StringComparer.Ordinal)], plan.Outputs());
    }

    public static IReadOnlyList<ResourceChange> Of(
        Template template,
        IReadOnlyDictionary<string, string> parameters,
        IReadOnlySet<string> changedParameters,
        PseudoParameters pseudo,
        IReadOnlyDictionary<string, IResource> types,
        IReadOnlyDictionary<string, Deployed> deployed,
        Func<string, string?> exports,
        bool tagsChanged
    ) => With(template, parameters, changedParameters, pseudo, types, deployed, exports, tagsChanged, null).Changes;

    private Dictionary<string, string> Outputs()
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var output in template.Outputs.Values.Where(o => evaluation.IsActive(o.Condition)))
        {
            if (evaluation.Resolve(output.Value) is TextNode { HasUnknown: false } value)
            {
                known[output.Name] = value.Text;
            }
        }

        return known;
    }

    private void Compare(TemplateResource resource, bool tagsChanged)
    {
        var name = resource.LogicalId;
        if (!deployed.TryGetValue(name, out var old))
        {
            var made = evaluation.Properties(resource); // what cannot be resolved is said now
            changes[name] = new ResourceChange
            {
                Action = "Add",
                LogicalResourceId = name,
                ResourceType = resource.Type,
                AfterContext = values ? After(resource, made) : null,
            };
            return;
        }

        var type = types[resource.Type];
        var properties = evaluation.Properties(resource);
        var details = new List<ResourceChangeDetail>();
        var keys = properties.Entries.Select(e => e.Key).Concat(old.Properties.EnumerateObject().Select(p => p.Name)).Distinct();
        foreach (var key in keys)
        {
            var now = properties[key];
            var dynamic = now is { HasUnknown: true };
            var before = old.Properties.TryGetProperty(key, out var value) ? value : default;
            var same = now is null
                ? before.ValueKind == JsonValueKind.Undefined
                : !dynamic && before.ValueKind != JsonValueKind.Undefined && JsonElement.DeepEquals(before, now.ToJson());
            if (!same)
            {
                var rule = type.Properties.TryGetValue(key, out var known) ? known : default;
                var target =
                    key == "Tags"
                        ? new ResourceTargetDefinition("Tags")
                        : new ResourceTargetDefinition("Properties", key, rule.Update == UpdateType.Replacement ? "Always" : "Never");
                details.AddRange(
                    values
                        ? Leaves(
                            target,
                            resource.Properties[key],
                            key,
                            new(before, PropertyValues.Member(old.Shown, key)),
                            now,
                            PropertyValues.IsDocument(type.Schema, key)
                        )
                        : Reasons(target, resource.Properties[key], dynamic)
                );
            }
        }

        if (tagsChanged && type.Properties.ContainsKey("Tags") && !details.Exists(d => d.Target.Attribute == "Tags"))
        {
            details.Add(new ResourceChangeDetail(new ResourceTargetDefinition("Tags"), "Static", "DirectModification"));
        }

        if (resource.Metadata?.ToJsonText() != old.Metadata)
        {
            var target = new ResourceTargetDefinition("Metadata");
            details.AddRange(
                values
                    ? PropertyValues
                        .Between(Plain(old.Metadata), Plain(resource.Metadata?.ToJsonText()), "/Metadata", false)
                        .Select(leaf => new ResourceChangeDetail(Valued(target, leaf), "Static", "DirectModification"))
                    : [new ResourceChangeDetail(target, "Static", "DirectModification")]
            );
        }

        if (resource.Type == TemplateChecks.NestedStack && planNested?.Invoke(resource, properties, old) is { } nested)
        {
            nestedPlans[name] = nested;
            if (!nested.HasChanges && details.Count == 0)
            {
                return;
            }
        }

        if (resource.Type == TemplateChecks.NestedStack && details.Count == 0)
        {
            details.Add(new ResourceChangeDetail(new ResourceTargetDefinition("Properties"), "Dynamic", "Automatic"));
        }

        if (details.Count > 0)
        {
            var always = details.Where(d => d.Target.RequiresRecreation == "Always").ToList();
            var replacement =
                always.Exists(d => d.Evaluation == "Static") ? "True"
                : always.Count > 0 ? "Conditional"
                : "False";
            changes[name] = new ResourceChange
            {
                Action = "Modify",
                LogicalResourceId = name,
                PhysicalResourceId = old.State.PhysicalId,
                ResourceType = resource.Type,
                Replacement = replacement,
                Scope = [.. details.Select(d => d.Target.Attribute).Distinct()],
                Details = details,
                PolicyAction =
                    replacement == "False" ? null
                    : evaluation.UpdateReplacePolicy(resource) == RetentionPolicy.Retain ? "ReplaceAndRetain"
                    : "ReplaceAndDelete",
                BeforeContext = values ? PropertyValues.Context(old.Shown, old.Metadata, old.Policies) : null,
                AfterContext = values ? After(resource, properties) : null,
            };
        }
    }

    private IEnumerable<ResourceChangeDetail> Reasons(ResourceTargetDefinition target, Node? node, bool dynamic)
    {
        var references = node is null ? [] : References.In(node, template.LanguageExtensions, evaluation.ConditionValues).ToList();
        var causes = new List<ResourceChangeDetail>();
        foreach (var reference in references)
        {
            if (reference.Kind == ReferenceKind.Ref && changedParameters.Contains(reference.Name))
            {
                causes.Add(
                    new ResourceChangeDetail(
                        target,
                        evaluation.IsUnknown(reference.Name) ? "Dynamic" : "Static",
                        "ParameterReference",
                        reference.Name
                    )
                );
            }
            else if (dynamic && changes.TryGetValue(reference.Name, out var change))
            {
                // What is surely replaced surely has another id (recorded on AWS 18-06-2025).
                var kind = change.Replacement == "True" ? "Static" : "Dynamic";
                causes.Add(
                    reference.Kind == ReferenceKind.GetAtt
                        ? new ResourceChangeDetail(target, kind, "ResourceAttribute", $"{reference.Name}.{reference.Attribute}")
                        : new ResourceChangeDetail(target, kind, "ResourceReference", reference.Name)
                );
            }
        }

        if (values ? causes.Count > 0 : causes.Exists(c => c.ChangeSource == "ParameterReference"))
        {
            causes.Insert(0, new ResourceChangeDetail(target, "Dynamic", "DirectModification"));
        }

        return causes.Count > 0
            ? causes.Distinct()
            : [new ResourceChangeDetail(target, dynamic ? "Dynamic" : "Static", "DirectModification")];
    }

    /// <summary>The reasons of each value that differs below a property.</summary>
    private IEnumerable<ResourceChangeDetail> Leaves(
        ResourceTargetDefinition target,
        Node? node,
        string key,
        ShownValue before,
        Node? now,
        bool whole
    )
    {
        var path = "/Properties/" + key;
        var after = new ShownValue(now?.ToJson() ?? default, now?.Shown.ToJson() ?? default);
        foreach (var leaf in PropertyValues.Between(before, after, path, whole))
        {
            var unknown = leaf.After?.Contains(TextNode.KnownAfterApply, StringComparison.Ordinal) == true;
            foreach (var reason in Reasons(Valued(target, leaf), Narrowed(node, leaf.Path[path.Length..]), unknown))
            {
                yield return reason;
            }
        }
    }

    private static ResourceTargetDefinition Valued(ResourceTargetDefinition target, ValueChange leaf) =>
        target with
        {
            Path = leaf.Path,
            BeforeValue = leaf.Before,
            AfterValue = leaf.After,
            AttributeChangeType = leaf.Kind,
        };

    /// <summary>The part of a template's property that makes the value at a path, as far as no function comes between.</summary>
    private static Node? Narrowed(Node? node, string path)
    {
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var part = node switch
            {
                MapNode map when Functions.Call(map) is null => map[step],
                ListNode list when int.TryParse(step, out var index) && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            if (part is null)
            {
                return node;
            }

            node = part;
        }

        return node;
    }

    private string After(TemplateResource resource, MapNode properties) =>
        PropertyValues.Context(
            properties.Shown.ToJson(),
            resource.Metadata?.ToJsonText(),
            new(
                resource.SetsUpdateReplacePolicy ? evaluation.UpdateReplacePolicy(resource) : null,
                resource.SetsDeletionPolicy ? evaluation.DeletionPolicy(resource) : null
            )
        );

    /// <summary>Metadata is shown as it is.</summary>
    private static ShownValue Plain(string? text)
    {
        JsonElement json = text is null ? default : OwnJson.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        return new ShownValue(json, json);
    }

    private ResourceState? Existing(string name)
    {
        if (!deployed.TryGetValue(name, out var old))
        {
            return null;
        }

        return changes.GetValueOrDefault(name) switch
        {
            not null when nestedPlans.TryGetValue(name, out var nested) => old.State with { Attributes = nested.Outputs },
            null => old.State,
            { Replacement: "False" } when values => old.State,
            { Replacement: "False" } => old.State with { Attributes = new Dictionary<string, JsonElement>() },
            _ => null,
        };
    }

    /// <summary>A property that is asked for like an attribute stays with its resource, as attributes do.</summary>
    private Node? Kept(string name, string path) =>
        (values && changes.GetValueOrDefault(name) is { Replacement: "False" }) || !changes.ContainsKey(name)
            ? deployed.GetValueOrDefault(name)?.Property(path)
            : null;

    private static IEnumerable<string> InOrder(OrderedDictionary<string, IReadOnlyList<string>> graph)
    {
        var done = new HashSet<string>();
        while (done.Count < graph.Count)
        {
            foreach (var name in graph.Keys.Where(n => !done.Contains(n) && graph[n].All(done.Contains)).ToList())
            {
                done.Add(name);
                yield return name;
            }
        }
    }
}
