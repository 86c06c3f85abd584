using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>The room's records on the wire.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(CreateFunctionRequest))]
[JsonSerializable(typeof(FunctionDescription))]
[JsonSerializable(typeof(GetFunctionRequest))]
[JsonSerializable(typeof(GetFunctionResponse))]
[JsonSerializable(typeof(UpdateFunctionCodeRequest))]
[JsonSerializable(typeof(UpdateFunctionConfigurationRequest))]
[JsonSerializable(typeof(DeleteFunctionRequest))]
[JsonSerializable(typeof(ListFunctionsRequest))]
[JsonSerializable(typeof(ListFunctionsResponse))]
[JsonSerializable(typeof(ListVersionsByFunctionRequest))]
[JsonSerializable(typeof(ListVersionsByFunctionResponse))]
[JsonSerializable(typeof(PublishVersionRequest))]
[JsonSerializable(typeof(InvokeRequest))]
[JsonSerializable(typeof(InvokeResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
