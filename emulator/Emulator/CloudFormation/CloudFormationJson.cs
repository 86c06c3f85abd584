using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

/// <summary>JSON of the room's requests, answers and documents.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    MaxDepth = 512, // documents hold what templates nest
    Converters = [typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(StackDocument))]
[JsonSerializable(typeof(ResourceDocument))]
[JsonSerializable(typeof(TemplateDocument))]
[JsonSerializable(typeof(ChangeSetDocument))]
[JsonSerializable(typeof(StackEvent))]
[JsonSerializable(typeof(Deployment.SignalsDocument))]
[JsonSerializable(typeof(Deployment.ResourceSignalsDocument))]
[JsonSerializable(typeof(Deployment.MacroDocument))]
[JsonSerializable(typeof(CancelUpdateStackRequest))]
[JsonSerializable(typeof(ContinueUpdateRollbackRequest))]
[JsonSerializable(typeof(CreateChangeSetRequest))]
[JsonSerializable(typeof(CreateChangeSetResponse))]
[JsonSerializable(typeof(CreateStackRequest))]
[JsonSerializable(typeof(DeleteChangeSetRequest))]
[JsonSerializable(typeof(DeleteStackRequest))]
[JsonSerializable(typeof(DescribeChangeSetRequest))]
[JsonSerializable(typeof(DescribeChangeSetResponse))]
[JsonSerializable(typeof(DescribeStackEventsRequest))]
[JsonSerializable(typeof(DescribeStackEventsResponse))]
[JsonSerializable(typeof(DescribeStackResourceRequest))]
[JsonSerializable(typeof(DescribeStackResourceResponse))]
[JsonSerializable(typeof(DescribeStackResourcesRequest))]
[JsonSerializable(typeof(DescribeStackResourcesResponse))]
[JsonSerializable(typeof(DescribeStacksRequest))]
[JsonSerializable(typeof(DescribeStacksResponse))]
[JsonSerializable(typeof(EmptyResponse))]
[JsonSerializable(typeof(ExecuteChangeSetRequest))]
[JsonSerializable(typeof(SetStackPolicyRequest))]
[JsonSerializable(typeof(SignalResourceRequest))]
[JsonSerializable(typeof(GetStackPolicyRequest))]
[JsonSerializable(typeof(GetStackPolicyResponse))]
[JsonSerializable(typeof(GetTemplateRequest))]
[JsonSerializable(typeof(GetTemplateResponse))]
[JsonSerializable(typeof(GetTemplateSummaryRequest))]
[JsonSerializable(typeof(GetTemplateSummaryResponse))]
[JsonSerializable(typeof(ListChangeSetsRequest))]
[JsonSerializable(typeof(ListChangeSetsResponse))]
[JsonSerializable(typeof(ListExportsRequest))]
[JsonSerializable(typeof(ListExportsResponse))]
[JsonSerializable(typeof(ListImportsRequest))]
[JsonSerializable(typeof(ListImportsResponse))]
[JsonSerializable(typeof(ListStackResourcesRequest))]
[JsonSerializable(typeof(ListStackResourcesResponse))]
[JsonSerializable(typeof(ListStacksRequest))]
[JsonSerializable(typeof(ListStacksResponse))]
[JsonSerializable(typeof(StackIdResponse))]
[JsonSerializable(typeof(UpdateStackRequest))]
[JsonSerializable(typeof(UpdateTerminationProtectionRequest))]
[JsonSerializable(typeof(ValidateTemplateRequest))]
[JsonSerializable(typeof(ValidateTemplateResponse))]
internal sealed partial class CloudFormationJson : JsonSerializerContext;
