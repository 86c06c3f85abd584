using System.Text.Json.Serialization;

namespace Disa.Emulator.Ssm;

/// <summary>How Parameter Store's records travel.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(PutParameterRequest))]
[JsonSerializable(typeof(PutParameterResult))]
[JsonSerializable(typeof(GetParameterRequest))]
[JsonSerializable(typeof(GetParameterResult))]
[JsonSerializable(typeof(GetParametersRequest))]
[JsonSerializable(typeof(GetParametersResult))]
[JsonSerializable(typeof(GetParametersByPathRequest))]
[JsonSerializable(typeof(GetParametersByPathResult))]
[JsonSerializable(typeof(GetParameterHistoryRequest))]
[JsonSerializable(typeof(GetParameterHistoryResult))]
[JsonSerializable(typeof(DescribeParametersRequest))]
[JsonSerializable(typeof(DescribeParametersResult))]
[JsonSerializable(typeof(DeleteParameterRequest))]
[JsonSerializable(typeof(DeleteParametersRequest))]
[JsonSerializable(typeof(DeleteParametersResult))]
[JsonSerializable(typeof(LabelParameterVersionRequest))]
[JsonSerializable(typeof(LabelParameterVersionResult))]
[JsonSerializable(typeof(UnlabelParameterVersionRequest))]
[JsonSerializable(typeof(UnlabelParameterVersionResult))]
[JsonSerializable(typeof(AddTagsToResourceRequest))]
[JsonSerializable(typeof(RemoveTagsFromResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResult))]
[JsonSerializable(typeof(EmptyResult))]
internal sealed partial class SsmJson : JsonSerializerContext;

/// <summary>What CloudFormation templates say of parameters.</summary>
[JsonSourceGenerationOptions(UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ParameterProperties))]
internal sealed partial class SsmTemplates : JsonSerializerContext;
