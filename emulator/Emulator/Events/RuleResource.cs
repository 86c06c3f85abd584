using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Events;

internal sealed record RuleProperties(
    string? Name,
    string? Description,
    string? EventBusName,
    JsonElement? EventPattern,
    string? RoleArn,
    string? ScheduleExpression,
    string? State,
    List<Target>? Targets,
    List<Tag>? Tags
);

/// <summary>CloudFormation's <c>AWS::Events::Rule</c>.</summary>
internal sealed class RuleResource(PutRule put, DeleteRule delete, PutTargets targets, RemoveTargets remove, Rules rules) : IResource
{
    private const int NameLimit = 64;

    public string Type => "AWS::Events::Rule";

    public ResourceActions? Actions =>
        new(
            "events:PutRule events:PutTargets",
            "events:PutRule events:PutTargets events:RemoveTargets",
            "events:RemoveTargets events:DeleteRule"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Name"] = new(UpdateType.Replacement),
            ["EventBusName"] = new(UpdateType.Replacement),
            ["Description"] = new(),
            ["EventPattern"] = new(),
            ["RoleArn"] = new(),
            ["ScheduleExpression"] = new(),
            ["State"] = new(),
            ["Targets"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => EventsTemplate.Default.RuleProperties;

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var rule = Read(request);
        return Put(request, rule, rule.Name ?? request.GenerateName(NameLimit), rule.EventBusName, cancellation);
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var (name, bus) = Split(request.PhysicalId!);
        return Put(request, Read(request), name, bus, cancellation);
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var (name, bus) = Split(request.PhysicalId!);
        if (rules.Bus.Rules.Get(request.Caller.Scope, Rule.Key(bus ?? EventBus.Default, name)) is not { } rule)
        {
            return;
        }

        if (rule.Targets.Count > 0)
        {
            await remove
                .Run(
                    new RemoveTargetsRequest(name, bus, rule.Targets.Select(target => target.Id!).ToList(), null),
                    request.Caller,
                    cancellation
                )
                .ConfigureAwait(false);
        }

        await delete.Run(new RuleRequest(name, bus, null), request.Caller, cancellation).ConfigureAwait(false);
    }

    private async Task<ResourceState> Put(
        ResourceRequest request,
        RuleProperties rule,
        string name,
        string? busName,
        CancellationToken cancellation
    )
    {
        var pattern = rule.EventPattern is { ValueKind: JsonValueKind.String } text ? text.GetString() : rule.EventPattern?.GetRawText();
        var tags = (rule.Tags ?? []).Concat(request.StackTags.Select(tag => new Tag(tag.Key, tag.Value))).ToList();
        var answer = await put.Run(
                new PutRuleRequest(name, rule.ScheduleExpression, pattern, rule.State, rule.Description, rule.RoleArn, tags, busName),
                request.Caller,
                cancellation
            )
            .ConfigureAwait(false);
        var scope = request.Caller.Scope;
        var bus = rules.BusName(busName, scope);
        var wanted = rule.Targets ?? [];
        var gone = rules
            .Find(name, busName, scope)
            .Targets.Select(target => target.Id!)
            .Where(id => wanted.TrueForAll(target => target.Id != id))
            .ToList();
        if (gone.Count > 0)
        {
            await remove.Run(new RemoveTargetsRequest(name, busName, gone, null), request.Caller, cancellation).ConfigureAwait(false);
        }

        if (wanted.Count > 0)
        {
            await targets.Run(new PutTargetsRequest(name, busName, wanted), request.Caller, cancellation).ConfigureAwait(false);
        }

        return ResourceState.Of(bus == EventBus.Default ? name : $"{bus}|{name}", ("Arn", answer.RuleArn));
    }

    private static RuleProperties Read(ResourceRequest request)
    {
        try
        {
            return request.Properties.Deserialize(EventsTemplate.Default.RuleProperties)!;
        }
        catch (JsonException failure)
        {
            throw EventsErrors.Validation(failure.Message);
        }
    }

    private static (string Name, string? Bus) Split(string physicalId) =>
        physicalId.Split('|') is [var bus, var name] ? (name, bus) : (physicalId, null);
}
