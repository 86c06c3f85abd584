using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Sns;

/// <summary>AWS::SNS::TopicPolicy: one policy, set on each topic of a list; deleting it brings the default one back.</summary>
internal sealed class TopicPolicyResource(Topics topics, SetTopicAttributes set) : IResource
{
    public string Type => "AWS::SNS::TopicPolicy";

    public ResourceActions? Actions => new("sns:SetTopicAttributes", "sns:SetTopicAttributes", "sns:SetTopicAttributes");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["PolicyDocument"] = new(Required: true),
            ["Topics"] = new(Required: true),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        await Set(request).ConfigureAwait(false);
        var id = request.GenerateName(128);
        return ResourceState.Of(id, ("Id", id));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        await Remove(TemplateText.List(request.PreviousProperties, "Topics").Except(TemplateText.List(request.Properties, "Topics")))
            .ConfigureAwait(false);
        await Set(request).ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!, ("Id", request.PhysicalId!));
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => Remove(TemplateText.List(request.Properties, "Topics"));

    private async Task Set(ResourceRequest request)
    {
        foreach (var arn in TemplateText.List(request.Properties, "Topics"))
        {
            var topic = topics.Find(arn, request.Caller, "SetTopicAttributes");
            await set.Set(
                    topic,
                    new Dictionary<string, string> { ["Policy"] = TemplateText.Of(request.Properties, "PolicyDocument") ?? "" }
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>Topics that are gone have no policy any more.</summary>
    private async Task Remove(IEnumerable<string> arns)
    {
        foreach (var topic in arns.Select(topics.FindOrNone).OfType<Topic>())
        {
            await set.Set(topic, new Dictionary<string, string> { ["Policy"] = "" }).ConfigureAwait(false);
        }
    }
}
