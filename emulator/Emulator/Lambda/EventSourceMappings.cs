using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Lambda;

/// <summary>What CreateEventSourceMapping and UpdateEventSourceMapping have in common.</summary>
internal record EventSourceMappingSettings
{
    public string? FunctionName { get; init; }

    public bool? Enabled { get; init; }

    public int? BatchSize { get; init; }

    public int? MaximumBatchingWindowInSeconds { get; init; }

    public int? ParallelizationFactor { get; init; }

    public FilterCriteria? FilterCriteria { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumRecordAgeInSeconds { get; init; }

    public bool? BisectBatchOnFunctionError { get; init; }

    public IReadOnlyList<string>? FunctionResponseTypes { get; init; }

    public DestinationConfig? DestinationConfig { get; init; }

    public ScalingConfig? ScalingConfig { get; init; }

    public int? TumblingWindowInSeconds { get; init; }
}

internal sealed record CreateEventSourceMappingRequest : EventSourceMappingSettings
{
    public string? EventSourceArn { get; init; }

    public string? StartingPosition { get; init; }

    /// <summary>Of Kinesis alone, which is not here.</summary>
    public double? StartingPositionTimestamp { get; init; }

    public Dictionary<string, string>? Tags { get; init; }
}

internal sealed record UpdateEventSourceMappingRequest : EventSourceMappingSettings
{
    [JsonPropertyName("UUID")]
    public string? Id { get; init; }
}

internal sealed record EventSourceMappingRequest
{
    [JsonPropertyName("UUID")]
    public string? Id { get; init; }
}

internal sealed record ListEventSourceMappingsRequest
{
    public string? EventSourceArn { get; init; }

    public string? FunctionName { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListEventSourceMappingsResponse(
    IReadOnlyList<EventSourceMappingDescription> EventSourceMappings,
    string? NextMarker
);

internal sealed record FilterCriteria(IReadOnlyList<MappingFilter>? Filters);

internal sealed record MappingFilter(string? Pattern);

internal sealed record ScalingConfig(int? MaximumConcurrency);

internal sealed record EventSourceMappingDescription
{
    [JsonPropertyName("UUID")]
    public required string Id { get; init; }

    public required string EventSourceMappingArn { get; init; }

    public required string EventSourceArn { get; init; }

    public required string FunctionArn { get; init; }

    public string? StartingPosition { get; init; }

    public required int BatchSize { get; init; }

    public required int MaximumBatchingWindowInSeconds { get; init; }

    public int? ParallelizationFactor { get; init; }

    public FilterCriteria? FilterCriteria { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumRecordAgeInSeconds { get; init; }

    public bool? BisectBatchOnFunctionError { get; init; }

    public int? TumblingWindowInSeconds { get; init; }

    public DestinationConfig? DestinationConfig { get; init; }

    public required IReadOnlyList<string> FunctionResponseTypes { get; init; }

    public ScalingConfig? ScalingConfig { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    public string? LastProcessingResult { get; init; }

    public required string State { get; init; }

    public string StateTransitionReason { get; init; } = "User action";

    public static EventSourceMappingDescription Of(Mapping mapping, string? result, string? state = null) =>
        new()
        {
            Id = mapping.Id,
            EventSourceMappingArn = mapping.Arn,
            EventSourceArn = mapping.EventSourceArn,
            FunctionArn = mapping.FunctionArn,
            StartingPosition = mapping.StartingPosition,
            BatchSize = mapping.BatchSize,
            MaximumBatchingWindowInSeconds = mapping.BatchingWindow,
            ParallelizationFactor = mapping.IsStream ? mapping.ParallelizationFactor : null,
            FilterCriteria = mapping.Filters.Count > 0 ? new([.. mapping.Filters.Select(filter => new MappingFilter(filter))]) : null,
            MaximumRetryAttempts = mapping.IsStream ? mapping.MaximumRetryAttempts : null,
            MaximumRecordAgeInSeconds = mapping.IsStream ? mapping.MaximumRecordAge : null,
            BisectBatchOnFunctionError = mapping.IsStream ? mapping.BisectsOnError : null,
            TumblingWindowInSeconds = mapping.IsStream ? 0 : null,
            DestinationConfig = mapping.IsStream ? new DestinationConfig { OnFailure = new Destination(mapping.OnFailure) } : null,
            FunctionResponseTypes = mapping.ReportsItemFailures ? ["ReportBatchItemFailures"] : [],
            ScalingConfig = mapping.MaximumConcurrency is { } concurrency ? new(concurrency) : null,
            LastModified = mapping.LastModified,
            LastProcessingResult = mapping.IsStream ? result ?? "No records processed" : null,
            State = state ?? (mapping.IsEnabled ? "Enabled" : "Disabled"),
        };
}

/// <summary>The operations on event source mappings: what of a stream or a queue is handed to which function.</summary>
internal sealed class EventSourceMappings(
    FunctionStore functions,
    MappingStore mappings,
    StreamAccess streams,
    QueueReader queues,
    ExecutionRoles roles,
    Func<string, string?> lastResult
)
{
    /// <param name="token">Of a CloudFormation step: the step repeated finds its mapping.</param>
    public async Task<EventSourceMappingDescription> Create(CreateEventSourceMappingRequest request, Caller caller, string? token = null)
    {
        MappingSettings.CheckPosition(request);
        var source = request.EventSourceArn ?? throw LambdaErrors.Invalid("Unrecognized event source.");
        var function = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var now = functions.Clock.GetUtcNow();
        var isStream = Arn.TryParse(source) is { Service: "dynamodb" };
        var draft = MappingSettings.Apply(
            request,
            new Mapping(Guid.NewGuid().ToString(), caller.Account, caller.Region, source, function.Arn)
            {
                BatchSize = isStream ? 100 : 10,
                StartingPosition = request.StartingPosition,
                Tags = request.Tags ?? [],
                Token = token,
                LastModified = now,
            }
        );
        // The function is looked for before the source (recorded on AWS: localstack, test_lambda_api, test_event_source_mapping_exceptions).
        var version =
            functions.Functions.Get(function.Scope, function.Name)?.Resolve(function.Qualifier)
            ?? throw LambdaErrors.Invalid("Function does not exist");
        MappingSettings.CheckSource(draft, streams, queues.Exists);
        roles.Check(draft);
        if (!isStream && queues.VisibilityTimeout(source) is var visibility && visibility < version.Timeout)
        {
            throw LambdaErrors.Invalid(
                $"Queue visibility timeout: {visibility} seconds is less than Function timeout: {version.Timeout} seconds"
            );
        }

        var latest = draft is { IsStream: true, StartingPosition: "LATEST" }
            ? streams.ShardIds(source).Select(shard => (Shard: shard, Number: streams.Latest(source, shard))).ToList()
            : [];
        var made = await mappings
            .Database.Write(transaction =>
            {
                var all = mappings.Mappings.List(transaction, caller.Scope).Values;
                if (token is not null && all.FirstOrDefault(other => other.Token == token) is { } repeated)
                {
                    return repeated;
                }

                if (all.FirstOrDefault(other => other.EventSourceArn == source && other.FunctionArn == draft.FunctionArn) is { } existing)
                {
                    throw LambdaErrors.Conflict(
                        $"The event source arn (\" {source} \") and function (\" {function.Name} \") provided mapping already exists. Please update or delete the existing mapping with UUID {existing.Id}"
                    );
                }

                mappings.Put(transaction, draft);
                foreach (var (shard, number) in latest)
                {
                    for (var lane = 0; lane < draft.ParallelizationFactor; lane++)
                    {
                        MappingStore.PutLane(transaction, draft, shard, lane, new LaneState { Checkpoint = number });
                    }
                }

                return draft;
            })
            .ConfigureAwait(false);
        return EventSourceMappingDescription.Of(made, null, "Creating");
    }

    public async Task<EventSourceMappingDescription> Update(UpdateEventSourceMappingRequest request, Caller caller)
    {
        var changed = await mappings
            .Database.Write(transaction =>
            {
                var mapping = mappings.Get(transaction, caller.Scope, request.Id);
                var updated = MappingSettings.Apply(request, mapping) with
                {
                    LastModified = functions.Clock.GetUtcNow(),
                    FunctionArn = request.FunctionName is null
                        ? mapping.FunctionArn
                        : FunctionReference.Parse(request.FunctionName, null, caller.Scope).Arn,
                };
                mappings.Put(transaction, updated);
                if (updated.ParallelizationFactor != mapping.ParallelizationFactor)
                {
                    MappingStore.Divide(transaction, updated);
                }

                return updated;
            })
            .ConfigureAwait(false);
        return EventSourceMappingDescription.Of(
            changed,
            lastResult(changed.Id),
            request.Enabled switch
            {
                true => "Enabling",
                false => "Disabling",
                _ => "Updating",
            }
        );
    }

    public EventSourceMappingDescription Get(EventSourceMappingRequest request, Caller caller) =>
        EventSourceMappingDescription.Of(mappings.Get(caller.Scope, request.Id), lastResult(request.Id!));

    public async Task<EventSourceMappingDescription> Delete(EventSourceMappingRequest request, Caller caller)
    {
        var gone = await mappings
            .Database.Write(transaction =>
            {
                var mapping = mappings.Get(transaction, caller.Scope, request.Id);
                mappings.Remove(transaction, mapping);
                return mapping;
            })
            .ConfigureAwait(false);
        return EventSourceMappingDescription.Of(gone, lastResult(gone.Id), "Deleting");
    }

    public ListEventSourceMappingsResponse List(ListEventSourceMappingsRequest request, Caller caller)
    {
        var function = request.FunctionName is { } name ? FunctionReference.Parse(name, null, caller.Scope).Arn : null;
        var (page, next) = functions
            .Lists.Of("ListEventSourceMappings", caller.Scope, function, request.EventSourceArn)
            .PageByCount(
                mappings
                    .Mappings.List(caller.Scope)
                    .Values.Where(mapping => request.EventSourceArn is null || mapping.EventSourceArn == request.EventSourceArn)
                    .Where(mapping => function is null || mapping.FunctionArn == function)
                    .Select(mapping => EventSourceMappingDescription.Of(mapping, lastResult(mapping.Id))),
                LambdaErrors.PageSize(request.MaxItems, 100),
                request.Marker
            );
        return new(page, next);
    }
}
