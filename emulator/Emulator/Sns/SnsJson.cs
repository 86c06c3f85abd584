using System.Text.Json.Serialization;

namespace Disa.Emulator.Sns;

/// <summary>JSON of SNS's requests and answers.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(AddPermissionInput))]
[JsonSerializable(typeof(AttributesResponse))]
[JsonSerializable(typeof(ConfirmSubscriptionInput))]
[JsonSerializable(typeof(ConfirmSubscriptionResponse))]
[JsonSerializable(typeof(CreateTopicInput))]
[JsonSerializable(typeof(CreateTopicResponse))]
[JsonSerializable(typeof(EmptyResult))]
[JsonSerializable(typeof(ListSubscriptionsByTopicInput))]
[JsonSerializable(typeof(ListSubscriptionsResponse))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResponse))]
[JsonSerializable(typeof(ListTopicsResponse))]
[JsonSerializable(typeof(NextTokenInput))]
[JsonSerializable(typeof(OptedOutListInput))]
[JsonSerializable(typeof(OptedOutListResponse))]
[JsonSerializable(typeof(OptedOutResponse))]
[JsonSerializable(typeof(PhoneNumberOptedOutInput))]
[JsonSerializable(typeof(PublishBatchInput))]
[JsonSerializable(typeof(PublishBatchResponse))]
[JsonSerializable(typeof(PublishInput))]
[JsonSerializable(typeof(PublishResponse))]
[JsonSerializable(typeof(RemovePermissionInput))]
[JsonSerializable(typeof(SetSubscriptionAttributesInput))]
[JsonSerializable(typeof(SetTopicAttributesInput))]
[JsonSerializable(typeof(SetSmsAttributesInput))]
[JsonSerializable(typeof(SmsAttributesInput))]
[JsonSerializable(typeof(SmsAttributesResponse))]
[JsonSerializable(typeof(SubscribeInput))]
[JsonSerializable(typeof(SubscribeResponse))]
[JsonSerializable(typeof(SubscriptionArnInput))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(TopicArnInput))]
[JsonSerializable(typeof(UntagResourceRequest))]
internal sealed partial class SnsJson : JsonSerializerContext;

/// <summary>JSON of the mailbox's answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InboxAnswer))]
[JsonSerializable(typeof(Mail))]
internal sealed partial class InboxJson : JsonSerializerContext;

/// <summary>JSON of what the room keeps.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Topic))]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(Publication))]
[JsonSerializable(typeof(SigningCertificate))]
[JsonSerializable(typeof(SmsSettings))]
[JsonSerializable(typeof(Kms.DataKeyEnvelope))]
internal sealed partial class SnsDocuments : JsonSerializerContext;
