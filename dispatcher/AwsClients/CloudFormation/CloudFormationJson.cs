using System.Text.Json.Serialization;
using Amazon.CloudFormation.Model;
using Disa.AwsClients.Wire;

namespace Amazon.CloudFormation;

/// <summary>The JSON of CloudFormation's requests and responses, generated at build time.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(Iso8601)])]
[JsonSerializable(typeof(CreateStackRequest))]
[JsonSerializable(typeof(CreateStackResponse))]
[JsonSerializable(typeof(UpdateStackRequest))]
[JsonSerializable(typeof(UpdateStackResponse))]
[JsonSerializable(typeof(DeleteStackRequest))]
[JsonSerializable(typeof(DeleteStackResponse))]
[JsonSerializable(typeof(DescribeStacksRequest))]
[JsonSerializable(typeof(DescribeStacksResponse))]
[JsonSerializable(typeof(DescribeStackEventsRequest))]
[JsonSerializable(typeof(DescribeStackEventsResponse))]
[JsonSerializable(typeof(DescribeStackResourcesRequest))]
[JsonSerializable(typeof(DescribeStackResourcesResponse))]
[JsonSerializable(typeof(ListStackResourcesRequest))]
[JsonSerializable(typeof(ListStackResourcesResponse))]
[JsonSerializable(typeof(CreateChangeSetRequest))]
[JsonSerializable(typeof(CreateChangeSetResponse))]
[JsonSerializable(typeof(DescribeChangeSetRequest))]
[JsonSerializable(typeof(DescribeChangeSetResponse))]
[JsonSerializable(typeof(ExecuteChangeSetRequest))]
[JsonSerializable(typeof(ExecuteChangeSetResponse))]
[JsonSerializable(typeof(DeleteChangeSetRequest))]
[JsonSerializable(typeof(DeleteChangeSetResponse))]
[JsonSerializable(typeof(GetTemplateRequest))]
[JsonSerializable(typeof(GetTemplateResponse))]
[JsonSerializable(typeof(UpdateTerminationProtectionRequest))]
[JsonSerializable(typeof(UpdateTerminationProtectionResponse))]
[JsonSerializable(typeof(ValidateTemplateRequest))]
[JsonSerializable(typeof(ValidateTemplateResponse))]
internal sealed partial class CloudFormationJson : JsonSerializerContext;
