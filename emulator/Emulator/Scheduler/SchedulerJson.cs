using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Scheduler;

/// <summary>Requests and answers on the wire.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(ScheduleResponse))]
[JsonSerializable(typeof(ScheduleNameRequest))]
[JsonSerializable(typeof(GetScheduleResponse))]
[JsonSerializable(typeof(ListSchedulesRequest))]
[JsonSerializable(typeof(ListSchedulesResponse))]
[JsonSerializable(typeof(CreateScheduleGroupRequest))]
[JsonSerializable(typeof(CreateScheduleGroupResponse))]
[JsonSerializable(typeof(ScheduleGroupRequest))]
[JsonSerializable(typeof(ScheduleGroupResponse))]
[JsonSerializable(typeof(ListScheduleGroupsRequest))]
[JsonSerializable(typeof(ListScheduleGroupsResponse))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResponse))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(UntagResourceRequest))]
[JsonSerializable(typeof(EmptyResponse))]
internal sealed partial class SchedulerJson : JsonSerializerContext;

/// <summary>Documents in the store.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(ScheduleGroup))]
internal sealed partial class SchedulerStore : JsonSerializerContext;

/// <summary>Resource properties, whose scalars a template may write as text.</summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(CreateScheduleGroupRequest))]
internal sealed partial class SchedulerTemplate : JsonSerializerContext;
