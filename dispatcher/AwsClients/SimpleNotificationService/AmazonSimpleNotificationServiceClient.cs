using Amazon.Runtime;
using Amazon.SimpleNotificationService.Model;
using Disa.AwsClients.Wire;

namespace Amazon.SimpleNotificationService;

/// <summary>Where SNS is and how it is called.</summary>
public sealed class AmazonSimpleNotificationServiceConfig() : ServiceConfig("SNS", "sns", "2010-03-31");

/// <summary>A client of SNS, for the operations that Disa calls.</summary>
public class AmazonSimpleNotificationServiceClient : ServiceClient
{
    private static readonly QueryWire Wire = new(
        "Amazon.SimpleNotificationService",
        "2010-03-31",
        AmazonSimpleNotificationServiceException.Of,
        "MessageAttributes"
    );

    private static readonly Operation<PublishRequest, PublishResponse> PublishOperation = Wire.Operation(
        "Publish",
        SimpleNotificationServiceJson.Default.PublishRequest,
        SimpleNotificationServiceJson.Default.PublishResponse
    );

    private static readonly Operation<PublishBatchRequest, PublishBatchResponse> PublishBatchOperation = Wire.Operation(
        "PublishBatch",
        SimpleNotificationServiceJson.Default.PublishBatchRequest,
        SimpleNotificationServiceJson.Default.PublishBatchResponse
    );

    private static readonly Operation<SubscribeRequest, SubscribeResponse> SubscribeOperation = Wire.Operation(
        "Subscribe",
        SimpleNotificationServiceJson.Default.SubscribeRequest,
        SimpleNotificationServiceJson.Default.SubscribeResponse
    );

    private static readonly Operation<ConfirmSubscriptionRequest, ConfirmSubscriptionResponse> ConfirmSubscriptionOperation =
        Wire.Operation(
            "ConfirmSubscription",
            SimpleNotificationServiceJson.Default.ConfirmSubscriptionRequest,
            SimpleNotificationServiceJson.Default.ConfirmSubscriptionResponse
        );

    private static readonly Operation<ListSubscriptionsByTopicRequest, ListSubscriptionsByTopicResponse> ListSubscriptionsByTopicOperation =
        Wire.Operation(
            "ListSubscriptionsByTopic",
            SimpleNotificationServiceJson.Default.ListSubscriptionsByTopicRequest,
            SimpleNotificationServiceJson.Default.ListSubscriptionsByTopicResponse
        );

    private static readonly Operation<GetTopicAttributesRequest, GetTopicAttributesResponse> GetTopicAttributesOperation = Wire.Operation(
        "GetTopicAttributes",
        SimpleNotificationServiceJson.Default.GetTopicAttributesRequest,
        SimpleNotificationServiceJson.Default.GetTopicAttributesResponse
    );

    public AmazonSimpleNotificationServiceClient()
        : this(new AmazonSimpleNotificationServiceConfig()) { }

    public AmazonSimpleNotificationServiceClient(AmazonSimpleNotificationServiceConfig config)
        : base(config) { }

    public AmazonSimpleNotificationServiceClient(AWSCredentials credentials, AmazonSimpleNotificationServiceConfig config)
        : base(credentials, config) { }

    public virtual Task<PublishResponse> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default) =>
        Call(PublishOperation, request, cancellationToken);

    public virtual Task<PublishBatchResponse> PublishBatchAsync(
        PublishBatchRequest request,
        CancellationToken cancellationToken = default
    ) => Call(PublishBatchOperation, request, cancellationToken);

    public virtual Task<SubscribeResponse> SubscribeAsync(SubscribeRequest request, CancellationToken cancellationToken = default) =>
        Call(SubscribeOperation, request, cancellationToken);

    public virtual Task<ConfirmSubscriptionResponse> ConfirmSubscriptionAsync(
        ConfirmSubscriptionRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ConfirmSubscriptionOperation, request, cancellationToken);

    public virtual Task<ListSubscriptionsByTopicResponse> ListSubscriptionsByTopicAsync(
        ListSubscriptionsByTopicRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ListSubscriptionsByTopicOperation, request, cancellationToken);

    public virtual Task<GetTopicAttributesResponse> GetTopicAttributesAsync(
        GetTopicAttributesRequest request,
        CancellationToken cancellationToken = default
    ) => Call(GetTopicAttributesOperation, request, cancellationToken);
}
