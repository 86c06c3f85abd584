using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

/// <summary>Requests and answers on the wire.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(PutRuleRequest))]
[JsonSerializable(typeof(PutRuleResponse))]
[JsonSerializable(typeof(RuleRequest))]
[JsonSerializable(typeof(DescribeRuleResponse))]
[JsonSerializable(typeof(ListRulesRequest))]
[JsonSerializable(typeof(ListRulesResponse))]
[JsonSerializable(typeof(ListRuleNamesByTargetRequest))]
[JsonSerializable(typeof(ListRuleNamesByTargetResponse))]
[JsonSerializable(typeof(PutTargetsRequest))]
[JsonSerializable(typeof(RemoveTargetsRequest))]
[JsonSerializable(typeof(FailedEntriesResponse))]
[JsonSerializable(typeof(ListTargetsByRuleRequest))]
[JsonSerializable(typeof(ListTargetsByRuleResponse))]
[JsonSerializable(typeof(PutEventsRequest))]
[JsonSerializable(typeof(PutEventsResponse))]
[JsonSerializable(typeof(TestEventPatternRequest))]
[JsonSerializable(typeof(TestEventPatternResponse))]
[JsonSerializable(typeof(CreateEventBusRequest))]
[JsonSerializable(typeof(CreateEventBusResponse))]
[JsonSerializable(typeof(EventBusRequest))]
[JsonSerializable(typeof(DescribeEventBusResponse))]
[JsonSerializable(typeof(ListEventBusesRequest))]
[JsonSerializable(typeof(ListEventBusesResponse))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResponse))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(UntagResourceRequest))]
[JsonSerializable(typeof(EmptyResponse))]
[JsonSerializable(typeof(CreateArchiveRequest))]
[JsonSerializable(typeof(UpdateArchiveRequest))]
[JsonSerializable(typeof(ArchiveRequest))]
[JsonSerializable(typeof(ArchiveResponse))]
[JsonSerializable(typeof(DescribeArchiveResponse))]
[JsonSerializable(typeof(ListArchivesRequest))]
[JsonSerializable(typeof(ListArchivesResponse))]
[JsonSerializable(typeof(StartReplayRequest))]
[JsonSerializable(typeof(StartReplayResponse))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(DescribeReplayResponse))]
[JsonSerializable(typeof(CancelReplayResponse))]
[JsonSerializable(typeof(ListReplaysRequest))]
[JsonSerializable(typeof(ListReplaysResponse))]
[JsonSerializable(typeof(CreateConnectionRequest))]
[JsonSerializable(typeof(ConnectionRequest))]
[JsonSerializable(typeof(ConnectionResponse))]
[JsonSerializable(typeof(DescribeConnectionResponse))]
[JsonSerializable(typeof(ListConnectionsRequest))]
[JsonSerializable(typeof(ListConnectionsResponse))]
[JsonSerializable(typeof(CreateApiDestinationRequest))]
[JsonSerializable(typeof(ApiDestinationRequest))]
[JsonSerializable(typeof(ApiDestinationResponse))]
[JsonSerializable(typeof(ApiDestinationEntry))]
[JsonSerializable(typeof(ListApiDestinationsRequest))]
[JsonSerializable(typeof(ListApiDestinationsResponse))]
[JsonSerializable(typeof(PutPermissionRequest))]
[JsonSerializable(typeof(RemovePermissionRequest))]
internal sealed partial class EventsJson : JsonSerializerContext;

/// <summary>Documents and rows in the store, and JSON that is made for others.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Rule))]
[JsonSerializable(typeof(Bus))]
[JsonSerializable(typeof(Archive))]
[JsonSerializable(typeof(Replay))]
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(ApiDestination))]
[JsonSerializable(typeof(LoggedEvents))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EventsStore : JsonSerializerContext;

/// <summary>Resource properties, whose scalars a template may write as text.</summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(Aws.BooleanTextConverter)]
)]
[JsonSerializable(typeof(RuleProperties))]
[JsonSerializable(typeof(ConnectionProperties))]
[JsonSerializable(typeof(ApiDestinationProperties))]
[JsonSerializable(typeof(BusProperties))]
[JsonSerializable(typeof(ArchiveProperties))]
internal sealed partial class EventsTemplate : JsonSerializerContext;
