using System.Text.Json.Serialization;
using Amazon.SimpleNotificationService.Model;
using Disa.AwsClients.Wire;

namespace Amazon.SimpleNotificationService;

/// <summary>The JSON of SNS's requests and responses, generated at build time.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(Iso8601)])]
[JsonSerializable(typeof(PublishRequest))]
[JsonSerializable(typeof(PublishResponse))]
[JsonSerializable(typeof(PublishBatchRequest))]
[JsonSerializable(typeof(PublishBatchResponse))]
[JsonSerializable(typeof(SubscribeRequest))]
[JsonSerializable(typeof(SubscribeResponse))]
[JsonSerializable(typeof(ConfirmSubscriptionRequest))]
[JsonSerializable(typeof(ConfirmSubscriptionResponse))]
[JsonSerializable(typeof(ListSubscriptionsByTopicRequest))]
[JsonSerializable(typeof(ListSubscriptionsByTopicResponse))]
[JsonSerializable(typeof(GetTopicAttributesRequest))]
[JsonSerializable(typeof(GetTopicAttributesResponse))]
internal sealed partial class SimpleNotificationServiceJson : JsonSerializerContext;
