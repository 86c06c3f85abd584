using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>What a change set that includes nested stacks would change in one of them.</summary>
internal sealed record NestedChanges(
    string Id,
    StackDocument Stack,
    string LogicalId,
    StackInput Input,
    IReadOnlyList<ResourceChange> Changes
);

/// <summary>Plans the nested stacks of a change set along with its root, each once those are planned whose outputs it takes.</summary>
/// <param name="templates">The nested templates' texts by URL, as far as they have been read.</param>
/// <param name="values">With the values of properties, before and after.</param>
internal sealed class NestedPlans(
    StackStore store,
    Scope scope,
    IReadOnlyDictionary<string, IResource> types,
    IReadOnlyDictionary<string, string> templates,
    bool values = false
)
{
    private readonly Dictionary<string, NestedChanges> found = new(StringComparer.Ordinal);

    /// <summary>URLs of templates that a plan needed and did not have.</summary>
    public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    public IEnumerable<NestedChanges> Found => found.Values;

    /// <summary>Reads every nested template that the change needs: one may name the next.</summary>
    public static async Task<Dictionary<string, string>> Read(
        StackEngine engine,
        Caller caller,
        StackDocument stack,
        Template template,
        StackInput input,
        CancellationToken cancellation
    )
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var plans = new NestedPlans(engine.Store, caller.Scope, engine.Types, templates);
            StackStart.Plan(engine.Store, null, caller.Scope, engine.Types, stack, template, input, plans.Plan);
            if (plans.Missing.Count == 0)
            {
                return templates;
            }

            foreach (var url in plans.Missing)
            {
                var text = await engine.Templates.Read(null, url, caller, cancellation).ConfigureAwait(false);
                templates[url] = await StackRequests.Expand(engine, text, null, stack, caller, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The change with the change set of its nested stack, where it has one.</summary>
    public ResourceChange Named(ResourceChange change) =>
        change.PhysicalResourceId is { } id && found.TryGetValue(id, out var nested) ? change with { ChangeSetId = nested.Id } : change;

    /// <summary>What this plan knows of the changes in a stack.</summary>
    public IEnumerable<ResourceChange> ChangesOf(StackDocument stack) => found.TryGetValue(stack.Id, out var nested) ? nested.Changes : [];

    public NestedPlan? Plan(TemplateResource resource, MapNode properties, Deployed deployed)
    {
        var stackId = deployed.State.PhysicalId;
        if (
            properties["TemplateURL"] is not TextNode { HasUnknown: false } url
            || store.Find(null, scope, stackId) is not { IsDeleted: false } stack
        )
        {
            return null;
        }

        if (!templates.TryGetValue(url.Text, out var body))
        {
            Missing.Add(url.Text);
            return null;
        }

        var template = TemplateParser.Parse(body);
        TemplateChecks.References(template);
        TemplateChecks.Types(template, types);
        var input = stack.Input with
        {
            TemplateId = StackStore.TemplateId(body),
            Parameters = Values(template, properties["Parameters"] as MapNode ?? MapNode.Empty),
        };
        var (changes, outputs) = StackStart.Plan(store, null, scope, types, stack, template, input, Plan, values);
        var same = changes.Count == 0 && !StackStart.OutputsChange(store, null, scope, stack, template, input);
        found[stackId] = new NestedChanges(
            found.GetValueOrDefault(stackId)?.Id ?? Arn.Of("cloudformation", scope, $"changeSet/{stack.Name}/{Guid.NewGuid()}"),
            stack,
            resource.LogicalId,
            input,
            [.. changes.Select(Named)]
        );
        return new NestedPlan(
            !same,
            outputs.ToDictionary(
                output => $"Outputs.{output.Key}",
                output => JsonSerializer.SerializeToElement(output.Value, AwsJson.Default.String)
            )
        );
    }

    private static Dictionary<string, string> Values(Template template, MapNode given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in template.Parameters.Values)
        {
            values[parameter.Name] = given[parameter.Name] switch
            {
                null => parameter.Default ?? throw TemplateErrors.Validation($"Parameters: [{parameter.Name}] must have values"),
                { HasUnknown: true } => TextNode.KnownAfterApply,
                ListNode list => string.Join(',', list.Items.Select(item => item is TextNode text ? text.Text : item.ToJsonText())),
                TextNode text => text.Text,
                var other => other.ToJsonText(),
            };
            if (
                values[parameter.Name] != TextNode.KnownAfterApply
                && ParameterValues.Violation(parameter, values[parameter.Name]) is { } violation
            )
            {
                throw TemplateErrors.Validation(violation);
            }
        }

        return values;
    }
}
