using System.Text.Json;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>A resource as the stack has it: what an update is compared with.</summary>
internal sealed record Deployed(string LogicalId, string Type, ResourceState State, JsonElement Properties, string? Metadata)
{
    public SetPolicies Policies { get; init; }

    /// <summary>The properties with secrets masked, in the same form.</summary>
    public JsonElement Shown { get; init; } = Properties;

    /// <summary>A property by its path, with a secret hidden; null where there is none.</summary>
    public Node? Property(string path)
    {
        var found = new ShownValue(Properties, Shown);
        foreach (var name in path.Split('.'))
        {
            if (found.Value.ValueKind != JsonValueKind.Object || found.Shown.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            found = found.Member(name);
        }

        return found.Value.ValueKind == JsonValueKind.Undefined ? null
            : JsonElement.DeepEquals(found.Value, found.Shown) ? Node.FromJson(found.Value)
            : Node.FromJson(found.Value).Hidden;
    }
}

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

    /// <summary>JSON of what the resource has; only where property values are asked for.</summary>
    public string? BeforeContext { get; init; }

    /// <summary>JSON of what it will have.</summary>
    public string? AfterContext { get; init; }
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
internal sealed record ResourceTargetDefinition(string Attribute, string? Name = null, string RequiresRecreation = "Never")
{
    public string? Path { get; init; }

    public string? BeforeValue { get; init; }

    public string? AfterValue { get; init; }

    /// <summary><c>Add</c>, <c>Remove</c> or <c>Modify</c>.</summary>
    public string? AttributeChangeType { get; init; }
}
