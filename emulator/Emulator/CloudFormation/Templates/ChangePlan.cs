using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>A resource as the stack has it: what an update is compared with.</summary>
internal sealed record Deployed(string LogicalId, string Type, ResourceState State, JsonElement Properties, string? Metadata);

/// <summary>What an update would do to one resource, as DescribeChangeSet shows it.</summary>
internal sealed record ResourceChange
{
    /// <summary><c>Add</c>, <c>Modify</c> or <c>Remove</c>.</summary>
    public required string Action { get; init; }

    public required string LogicalResourceId { get; init; }

    public string? PhysicalResourceId { get; init; }

    public required string ResourceType { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Conditional</c>; only where the action is Modify.</summary>
    public string? Replacement { get; init; }

    public IReadOnlyList<string> Scope { get; init; } = [];

    public IReadOnlyList<ResourceChangeDetail> Details { get; init; } = [];

    public string? PolicyAction { get; init; }

    /// <summary>Of a nested stack, where the change set includes them.</summary>
    public string? ChangeSetId { get; init; }
}

/// <summary>What a change set that includes nested stacks knows of one.</summary>
/// <param name="HasChanges">Whether anything in it changes.</param>
/// <param name="Outputs">Those whose value is known before the change is applied, as <c>Outputs.Name</c>.</param>
internal sealed record NestedPlan(bool HasChanges, IReadOnlyDictionary<string, JsonElement> Outputs);

/// <summary>Plans a nested stack from the properties that it is to have; null where nothing is known of it.</summary>
internal delegate NestedPlan? PlanNested(TemplateResource resource, MapNode properties, Deployed deployed);

/// <summary>One reason for which a resource changes.</summary>
internal sealed record ResourceChangeDetail(
    ResourceTargetDefinition Target,
    string Evaluation,
    string ChangeSource,
    string? CausingEntity = null
);

/// <summary>What of a resource changes.</summary>
internal sealed record ResourceTargetDefinition(string Attribute, string? Name = null, string RequiresRecreation = "Never");

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

    private ChangePlan(
        Template template,
        IReadOnlyDictionary<string, string> parameters,
        IReadOnlySet<string> changedParameters,
        PseudoParameters pseudo,
        IReadOnlyDictionary<string, IResource> types,
        IReadOnlyDictionary<string, Deployed> deployed,
        Func<string, string?> exports,
        PlanNested? planNested,
        IReadOnlyDictionary<string, string>? references
    )
    {
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
            Exports = exports,
        };
    }

    /// <param name="changedParameters">The names whose value differs from the stack's.</param>
    /// <param name="tagsChanged">Whether the stack's tags differ: they reach every resource that takes tags.</param>
    /// <param name="planNested">Given, nested stacks are planned too.</param>
    /// <param name="references">What Parameter Store has for dynamic references.</param>
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
        IReadOnlyDictionary<string, string>? references = null
    )
    {
        var plan = new ChangePlan(template, parameters, changedParameters, pseudo, types, deployed, exports, planNested, references);
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
            evaluation.Properties(resource); // what cannot be resolved is said now
            changes[name] = new ResourceChange
            {
                Action = "Add",
                LogicalResourceId = name,
                ResourceType = resource.Type,
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
                details.AddRange(Reasons(target, resource.Properties[key], dynamic));
            }
        }

        if (tagsChanged && type.Properties.ContainsKey("Tags") && !details.Exists(d => d.Target.Attribute == "Tags"))
        {
            details.Add(new ResourceChangeDetail(new ResourceTargetDefinition("Tags"), "Static", "DirectModification"));
        }

        if (resource.Metadata?.ToJsonText() != old.Metadata)
        {
            details.Add(new ResourceChangeDetail(new ResourceTargetDefinition("Metadata"), "Static", "DirectModification"));
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
            else if (dynamic && changes.ContainsKey(reference.Name))
            {
                causes.Add(
                    reference.Kind == ReferenceKind.GetAtt
                        ? new ResourceChangeDetail(target, "Dynamic", "ResourceAttribute", $"{reference.Name}.{reference.Attribute}")
                        : new ResourceChangeDetail(target, "Dynamic", "ResourceReference", reference.Name)
                );
            }
        }

        if (causes.Exists(c => c.ChangeSource == "ParameterReference"))
        {
            causes.Insert(0, new ResourceChangeDetail(target, "Dynamic", "DirectModification"));
        }

        return causes.Count > 0
            ? causes.Distinct()
            : [new ResourceChangeDetail(target, dynamic ? "Dynamic" : "Static", "DirectModification")];
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
            { Replacement: "False" } => old.State with { Attributes = new Dictionary<string, JsonElement>() },
            _ => null,
        };
    }

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
