using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record EventSourceMappingProperties : EventSourceMappingSettings
{
    public string? EventSourceArn { get; init; }

    public string? StartingPosition { get; init; }

    public IReadOnlyList<ResourceTag>? Tags { get; init; }
}

/// <summary><c>AWS::Lambda::EventSourceMapping</c>: Ref is its id.</summary>
internal sealed class EventSourceMappingResource(EventSourceMappings mappings, MappingStore store, FunctionStore functions) : IResource
{
    public string Type => "AWS::Lambda::EventSourceMapping";

    public ResourceActions? Actions =>
        new("lambda:CreateEventSourceMapping", "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["EventSourceArn"] = new(UpdateType.Replacement),
            ["StartingPosition"] = new(UpdateType.Replacement),
            ["FunctionName"] = new(Required: true),
            ["Enabled"] = new(),
            ["BatchSize"] = new(),
            ["MaximumBatchingWindowInSeconds"] = new(),
            ["ParallelizationFactor"] = new(),
            ["FilterCriteria"] = new(),
            ["MaximumRetryAttempts"] = new(),
            ["MaximumRecordAgeInSeconds"] = new(),
            ["BisectBatchOnFunctionError"] = new(),
            ["FunctionResponseTypes"] = new(),
            ["DestinationConfig"] = new(),
            ["ScalingConfig"] = new(),
            ["TumblingWindowInSeconds"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id", "EventSourceMappingArn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LambdaResourceJson.Default.EventSourceMappingProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.EventSourceMappingProperties);
        var made = await mappings
            .Create(
                new CreateEventSourceMappingRequest
                {
                    FunctionName = properties.FunctionName,
                    EventSourceArn = properties.EventSourceArn,
                    StartingPosition = properties.StartingPosition,
                    Enabled = properties.Enabled,
                    BatchSize = properties.BatchSize,
                    MaximumBatchingWindowInSeconds = properties.MaximumBatchingWindowInSeconds,
                    ParallelizationFactor = properties.ParallelizationFactor,
                    FilterCriteria = properties.FilterCriteria,
                    MaximumRetryAttempts = properties.MaximumRetryAttempts,
                    MaximumRecordAgeInSeconds = properties.MaximumRecordAgeInSeconds,
                    BisectBatchOnFunctionError = properties.BisectBatchOnFunctionError,
                    FunctionResponseTypes = properties.FunctionResponseTypes,
                    DestinationConfig = properties.DestinationConfig,
                    ScalingConfig = properties.ScalingConfig,
                    TumblingWindowInSeconds = properties.TumblingWindowInSeconds,
                    Tags = LambdaResources.Tags(request, properties.Tags),
                },
                request.Caller,
                request.Token
            )
            .ConfigureAwait(false);
        return State(made.Id, made.EventSourceMappingArn);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.EventSourceMappingProperties);
        var updated = await store
            .Database.Write(transaction =>
            {
                var mapping = store.Get(transaction, request.Caller.Scope, request.PhysicalId);
                // What the template no longer sets is as if it never had been.
                var start = new Mapping(
                    mapping.Id,
                    mapping.Account,
                    mapping.Region,
                    mapping.EventSourceArn,
                    FunctionReference.Parse(properties.FunctionName, null, request.Caller.Scope).Arn
                )
                {
                    BatchSize = mapping.IsStream ? 100 : 10,
                    StartingPosition = mapping.StartingPosition,
                    Token = mapping.Token,
                    LastModified = functions.Clock.GetUtcNow(),
                    Tags = LambdaResources.Tags(request, properties.Tags),
                };
                var changed = MappingSettings.Apply(properties, start);
                store.Put(transaction, changed);
                if (changed.ParallelizationFactor != mapping.ParallelizationFactor)
                {
                    MappingStore.Divide(transaction, changed);
                }

                return changed;
            })
            .ConfigureAwait(false);
        return State(updated.Id, updated.Arn);
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        store.Database.Write(transaction =>
        {
            if (store.Mappings.Get(transaction, request.Caller.Scope, request.PhysicalId!) is { } mapping)
            {
                store.Remove(transaction, mapping);
            }
        });

    private static ResourceState State(string id, string arn) => ResourceState.Of(id, ("Id", id), ("EventSourceMappingArn", arn));
}
