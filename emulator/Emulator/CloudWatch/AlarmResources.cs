using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>What the alarm types of CloudFormation share: Ref is the name, an update keeps it, and the stack's tags are added.</summary>
internal abstract class AlarmResources<TRequest>(DeleteAlarms delete, Shelf<Alarm> alarms, JsonTypeInfo<TRequest> schema) : IResource
{
    private const int NameLimit = 255;

    public abstract string Type { get; }

    public abstract ResourceActions? Actions { get; }

    public abstract IReadOnlyDictionary<string, PropertyRule> Properties { get; }

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public JsonTypeInfo Schema => schema;

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) =>
        Put(
            request,
            request.Properties.TryGetProperty("AlarmName", out var name) ? name.GetString()! : request.GenerateName(NameLimit),
            cancellation
        );

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Put(request, request.PhysicalId!, cancellation);

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (alarms.Get(request.Caller.Scope, request.PhysicalId!) is not null)
        {
            await delete.Run(new AlarmNamesRequest([request.PhysicalId!]), request.Caller, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Creates the alarm, or changes it.</summary>
    /// <param name="alarm">The properties.</param>
    /// <param name="name">The name, also where the properties have none.</param>
    /// <param name="stackTags">The tags of the stack, after the alarm's own.</param>
    /// <param name="caller">Whose rights it is done with.</param>
    /// <param name="cancellation">Ends the call.</param>
    protected abstract Task Put(TRequest alarm, string name, IEnumerable<Tag> stackTags, Caller caller, CancellationToken cancellation);

    private async Task<ResourceState> Put(ResourceRequest request, string name, CancellationToken cancellation)
    {
        TRequest alarm;
        try
        {
            alarm = request.Properties.Deserialize(schema)!;
        }
        catch (JsonException failure)
        {
            throw CloudWatchErrors.Validation(failure.Message);
        }

        await Put(alarm, name, request.StackTags.Select(tag => new Tag(tag.Key, tag.Value)), request.Caller, cancellation)
            .ConfigureAwait(false);
        return ResourceState.Of(name, ("Arn", Arn.Of("cloudwatch", request.Caller.Scope, $"alarm:{name}")));
    }
}
