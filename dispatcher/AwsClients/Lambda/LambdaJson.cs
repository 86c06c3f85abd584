using System.Text.Json.Serialization;
using Amazon.Lambda.Model;
using Disa.AwsClients.Wire;

namespace Amazon.Lambda;

/// <summary>The JSON of Lambda's requests and responses, generated at build time.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(EpochSeconds)])]
[JsonSerializable(typeof(GetFunctionConfigurationRequest))]
[JsonSerializable(typeof(GetFunctionConfigurationResponse))]
[JsonSerializable(typeof(UpdateFunctionConfigurationRequest))]
[JsonSerializable(typeof(UpdateFunctionConfigurationResponse))]
[JsonSerializable(typeof(ListEventSourceMappingsResponse))]
[JsonSerializable(typeof(ListFunctionsResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
