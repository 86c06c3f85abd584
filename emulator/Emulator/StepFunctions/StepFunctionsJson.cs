using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.StepFunctions.MapRuns;

namespace Disa.Emulator.StepFunctions;

/// <summary>JSON on the wire: camelCase, but read in any case, because workflows and schedules send PascalCase.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(CreateStateMachineRequest))]
[JsonSerializable(typeof(CreateStateMachineResponse))]
[JsonSerializable(typeof(UpdateStateMachineRequest))]
[JsonSerializable(typeof(UpdateStateMachineResponse))]
[JsonSerializable(typeof(DeleteStateMachineRequest))]
[JsonSerializable(typeof(DescribeStateMachineRequest))]
[JsonSerializable(typeof(DescribeStateMachineResponse))]
[JsonSerializable(typeof(DescribeStateMachineForExecutionRequest))]
[JsonSerializable(typeof(DescribeStateMachineForExecutionResponse))]
[JsonSerializable(typeof(ListStateMachinesRequest))]
[JsonSerializable(typeof(ListStateMachinesResponse))]
[JsonSerializable(typeof(ValidateStateMachineDefinitionRequest))]
[JsonSerializable(typeof(ValidateStateMachineDefinitionResponse))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(UntagResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResponse))]
[JsonSerializable(typeof(StartExecutionRequest))]
[JsonSerializable(typeof(StartExecutionResponse))]
[JsonSerializable(typeof(StartSyncExecutionRequest))]
[JsonSerializable(typeof(StartSyncExecutionResponse))]
[JsonSerializable(typeof(StopExecutionRequest))]
[JsonSerializable(typeof(StopExecutionResponse))]
[JsonSerializable(typeof(DescribeExecutionRequest))]
[JsonSerializable(typeof(DescribeExecutionResponse))]
[JsonSerializable(typeof(ListExecutionsRequest))]
[JsonSerializable(typeof(ListExecutionsResponse))]
[JsonSerializable(typeof(GetExecutionHistoryRequest))]
[JsonSerializable(typeof(GetExecutionHistoryResponse))]
[JsonSerializable(typeof(SendTaskSuccessRequest))]
[JsonSerializable(typeof(SendTaskFailureRequest))]
[JsonSerializable(typeof(SendTaskHeartbeatRequest))]
[JsonSerializable(typeof(CreateActivityRequest))]
[JsonSerializable(typeof(CreateActivityResponse))]
[JsonSerializable(typeof(DeleteActivityRequest))]
[JsonSerializable(typeof(DescribeActivityRequest))]
[JsonSerializable(typeof(DescribeActivityResponse))]
[JsonSerializable(typeof(ListActivitiesRequest))]
[JsonSerializable(typeof(ListActivitiesResponse))]
[JsonSerializable(typeof(GetActivityTaskRequest))]
[JsonSerializable(typeof(GetActivityTaskResponse))]
[JsonSerializable(typeof(TestStateRequest))]
[JsonSerializable(typeof(TestStateResponse))]
[JsonSerializable(typeof(PublishStateMachineVersionRequest))]
[JsonSerializable(typeof(PublishStateMachineVersionResponse))]
[JsonSerializable(typeof(ListStateMachineVersionsRequest))]
[JsonSerializable(typeof(ListStateMachineVersionsResponse))]
[JsonSerializable(typeof(CreateStateMachineAliasRequest))]
[JsonSerializable(typeof(CreateStateMachineAliasResponse))]
[JsonSerializable(typeof(UpdateStateMachineAliasRequest))]
[JsonSerializable(typeof(UpdateStateMachineAliasResponse))]
[JsonSerializable(typeof(DescribeStateMachineAliasRequest))]
[JsonSerializable(typeof(DescribeStateMachineAliasResponse))]
[JsonSerializable(typeof(ListStateMachineAliasesRequest))]
[JsonSerializable(typeof(ListStateMachineAliasesResponse))]
[JsonSerializable(typeof(DeleteStateMachineVersionRequest))]
[JsonSerializable(typeof(DeleteStateMachineAliasRequest))]
[JsonSerializable(typeof(RedriveExecutionRequest))]
[JsonSerializable(typeof(RedriveExecutionResponse))]
[JsonSerializable(typeof(DescribeMapRunRequest))]
[JsonSerializable(typeof(DescribeMapRunResponse))]
[JsonSerializable(typeof(ListMapRunsRequest))]
[JsonSerializable(typeof(ListMapRunsResponse))]
[JsonSerializable(typeof(UpdateMapRunRequest))]
[JsonSerializable(typeof(EmptyResponse))]
internal sealed partial class StepFunctionsJson : JsonSerializerContext;

/// <summary>JSON on disk, and of CloudFormation's properties.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StateMachineDocument))]
[JsonSerializable(typeof(ActivityDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(AliasDocument))]
internal sealed partial class StepFunctionsDocuments : JsonSerializerContext;

/// <summary>An answer without members, where AWS writes the empty object.</summary>
internal sealed record EmptyResponse
{
    public static readonly EmptyResponse Value = new();
}
