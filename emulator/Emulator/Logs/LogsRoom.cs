using Disa.Emulator.Aws;
using Disa.Emulator.CloudWatch;
using Disa.Emulator.Faults;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Logs;

/// <summary>CloudWatch Logs: groups, streams and events; and the sink that other rooms log to.</summary>
internal sealed class LogsRoom : Room
{
    public static readonly Migration[] Migrations = LogStore.Migrations;

    private readonly LogStore logs;
    private readonly LogMessages messages;
    private readonly LogIngestion ingested;
    private readonly MetricFilters metricFilters;
    private readonly SubscriptionFilters subscriptions;
    private readonly ResourcePolicies policies;
    private readonly DeliveryDestinations destinations;
    private readonly Worker expiry;
    private readonly Worker delivery;

    /// <param name="tokens">Sign where pages end.</param>
    /// <param name="metrics">Where values go that log lines carry.</param>
    /// <param name="rights">Whether a function's role lets it log.</param>
    /// <param name="faults">Which of these values get lost.</param>
    /// <param name="meter">Counts what is ingested.</param>
    /// <param name="services">Has the functions that are subscribed.</param>
    public LogsRoom(
        Database database,
        Clock clock,
        DataKeys keys,
        Tokens tokens,
        MetricSink metrics,
        Authorizer rights,
        FaultPlan faults,
        UsageMeter meter,
        ServiceDirectory services,
        ILoggerFactory loggers
    )
    {
        logs = new LogStore(database, clock, tokens, meter);
        messages = new LogMessages(keys);
        var deliveries = new SubscriptionDeliveries(logs, messages, services, loggers.CreateLogger<LogsRoom>());
        logs.Subscribed = deliveries.File;
        delivery = new Worker("logs subscriptions", clock, loggers.CreateLogger<LogsRoom>(), deliveries.Step);
        deliveries.Signal = delivery.Signal;
        ingested = new LogIngestion(logs, new EmbeddedMetrics(metrics, faults), new MetricFilterValues(metrics, faults), deliveries);
        metricFilters = new MetricFilters(logs);
        subscriptions = new SubscriptionFilters(logs, deliveries);
        policies = new ResourcePolicies(logs);
        destinations = new DeliveryDestinations(logs);
        Sink = new LogSink(logs, messages, ingested, rights);
        expiry = new Worker("logs expiry", clock, loggers.CreateLogger<LogsRoom>(), logs.Expire);
        Services =
        [
            new AwsService("logs", Operations().Concat(VendedOperations()))
            {
                SdkName = "cloudwatchlogs",
                SdkErrorPrefix = "CloudWatchLogs",
                Protocols = Protocols.Json,
                TargetPrefix = "Logs_20140328",
                Rights = (operation, request, caller) => policies.On(LogRights.Of(operation, request, caller), caller),
                TagsOf = (arn, caller) => LogRights.TagsOf(logs, arn, caller),
                TagsIn = LogRights.TagsIn,
                JsonVersion = "1.1",
            },
        ];
    }

    public LogSink Sink { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources =>
        [new LogGroupResource(logs, messages), new MetricFilterResource(metricFilters), new SubscriptionFilterResource(subscriptions)];

    public override void Start()
    {
        expiry.Start();
        delivery.Start();
    }

    public override void Reset(Transaction transaction, string account) => LogStore.Reset(transaction, account);

    public override async ValueTask DisposeAsync()
    {
        await delivery.DisposeAsync().ConfigureAwait(false);
        await expiry.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private IEnumerable<Operation> Operations()
    {
        var json = LogsJson.Default;
        yield return Operation.Of(
            "CreateLogGroup",
            json.CreateLogGroupRequest,
            (request, caller, _) => CreateLogGroup.Run(logs, messages, request, caller)
        );
        yield return Operation.Of(
            "DeleteLogGroup",
            json.DeleteLogGroupRequest,
            (request, caller, _) => DeleteLogGroup.Run(logs, request, caller)
        );
        yield return Operation.Of(
            "DescribeLogGroups",
            json.DescribeLogGroupsRequest,
            json.DescribeLogGroupsResponse,
            (request, caller) => DescribeLogGroups.Run(logs, request, caller)
        );
        yield return Operation.Of(
            "PutRetentionPolicy",
            json.PutRetentionPolicyRequest,
            async (request, caller, _) =>
            {
                await RetentionPolicy.Put(logs, request, caller).ConfigureAwait(false);
                expiry.Signal();
            }
        );
        yield return Operation.Of(
            "DeleteRetentionPolicy",
            json.DeleteRetentionPolicyRequest,
            (request, caller, _) => RetentionPolicy.Delete(logs, request, caller)
        );
        yield return Operation.Of(
            "CreateLogStream",
            json.CreateLogStreamRequest,
            (request, caller, _) => CreateLogStream.Run(logs, request, caller)
        );
        yield return Operation.Of(
            "DeleteLogStream",
            json.DeleteLogStreamRequest,
            (request, caller, _) => DeleteLogStream.Run(logs, request, caller)
        );
        yield return Operation.Of(
            "DescribeLogStreams",
            json.DescribeLogStreamsRequest,
            json.DescribeLogStreamsResponse,
            (request, caller) => DescribeLogStreams.Run(logs, request, caller)
        );
        yield return Operation.Of(
            "PutLogEvents",
            json.PutLogEventsRequest,
            json.PutLogEventsResponse,
            (request, caller, _) => PutLogEvents.Run(logs, messages, ingested, request, caller)
        );
        yield return Operation.Of(
            "GetLogEvents",
            json.GetLogEventsRequest,
            json.GetLogEventsResponse,
            (request, caller) => GetLogEvents.Run(logs, messages, request, caller)
        );
        yield return Operation.Of(
            "FilterLogEvents",
            json.FilterLogEventsRequest,
            json.FilterLogEventsResponse,
            (request, caller) => FilterLogEvents.Run(logs, messages, request, caller)
        );
        yield return Operation.Of(
            "AssociateKmsKey",
            json.AssociateKmsKeyRequest,
            (request, caller, _) => KmsKeyAssociation.Add(logs, messages, request, caller)
        );
        yield return Operation.Of(
            "DisassociateKmsKey",
            json.DisassociateKmsKeyRequest,
            (request, caller, _) => KmsKeyAssociation.Remove(logs, request, caller)
        );
        yield return Operation.Of(
            "TagLogGroup",
            json.TagLogGroupRequest,
            (request, caller, _) => LogGroupTags.Add(logs, request.LogGroupName, request.Tags, caller)
        );
        yield return Operation.Of(
            "UntagLogGroup",
            json.UntagLogGroupRequest,
            (request, caller, _) => LogGroupTags.Remove(logs, request.LogGroupName, request.Tags, caller)
        );
        yield return Operation.Of(
            "ListTagsLogGroup",
            json.ListTagsLogGroupRequest,
            json.ListTagsResponse,
            (request, caller) => LogGroupTags.List(logs, request.LogGroupName, caller)
        );
        yield return Operation.Of(
            "TagResource",
            json.TagResourceRequest,
            (request, caller, _) => LogGroupTags.Add(logs, request.ResourceArn, request.Tags, caller)
        );
        yield return Operation.Of(
            "UntagResource",
            json.UntagResourceRequest,
            (request, caller, _) => LogGroupTags.Remove(logs, request.ResourceArn, request.TagKeys, caller)
        );
        yield return Operation.Of(
            "ListTagsForResource",
            json.ListTagsForResourceRequest,
            json.ListTagsResponse,
            (request, caller) => LogGroupTags.List(logs, request.ResourceArn, caller)
        );
        yield return Operation.Of(
            "PutMetricFilter",
            json.PutMetricFilterRequest,
            (request, caller, _) => metricFilters.Put(request, caller)
        );
        yield return Operation.Of(
            "DescribeMetricFilters",
            json.DescribeMetricFiltersRequest,
            json.DescribeMetricFiltersResponse,
            metricFilters.Describe
        );
        yield return Operation.Of(
            "DeleteMetricFilter",
            json.DeleteMetricFilterRequest,
            (request, caller, _) => metricFilters.Delete(request, caller)
        );
        yield return Operation.Of(
            "TestMetricFilter",
            json.TestMetricFilterRequest,
            json.TestMetricFilterResponse,
            (request, _) => MetricFilters.Test(request)
        );
        yield return Operation.Of("PutSubscriptionFilter", json.PutSubscriptionFilterRequest, subscriptions.Put);
        yield return Operation.Of(
            "DescribeSubscriptionFilters",
            json.DescribeSubscriptionFiltersRequest,
            json.DescribeSubscriptionFiltersResponse,
            subscriptions.Describe
        );
        yield return Operation.Of(
            "DeleteSubscriptionFilter",
            json.DeleteSubscriptionFilterRequest,
            (request, caller, _) => subscriptions.Delete(request, caller)
        );
    }

    /// <summary>Policies, and the logs that services vend.</summary>
    private IEnumerable<Operation> VendedOperations()
    {
        var json = LogsJson.Default;
        yield return Operation.Of(
            "ListLogGroups",
            json.ListLogGroupsRequest,
            json.ListLogGroupsResponse,
            (request, caller) => ListLogGroups.Run(logs, request, caller)
        );
        yield return Operation.Of("PutResourcePolicy", json.PutResourcePolicyRequest, json.PutResourcePolicyResponse, policies.Put);
        yield return Operation.Of(
            "DescribeResourcePolicies",
            json.DescribeResourcePoliciesRequest,
            json.DescribeResourcePoliciesResponse,
            policies.Describe
        );
        yield return Operation.Of(
            "DeleteResourcePolicy",
            json.DeleteResourcePolicyRequest,
            (request, caller, _) => policies.Delete(request, caller)
        );
        yield return Operation.Of(
            "PutDeliveryDestination",
            json.PutDeliveryDestinationRequest,
            json.DeliveryDestinationResponse,
            destinations.Put
        );
        yield return Operation.Of(
            "GetDeliveryDestination",
            json.DeliveryDestinationRequest,
            json.DeliveryDestinationResponse,
            destinations.Get
        );
        yield return Operation.Of(
            "DescribeDeliveryDestinations",
            json.DescribeDeliveryDestinationsRequest,
            json.DescribeDeliveryDestinationsResponse,
            destinations.Describe
        );
        yield return Operation.Of(
            "DeleteDeliveryDestination",
            json.DeliveryDestinationRequest,
            (request, caller, _) => destinations.Delete(request, caller)
        );
        yield return Operation.Of(
            "PutDeliveryDestinationPolicy",
            json.PutDeliveryDestinationPolicyRequest,
            json.DeliveryDestinationPolicyResponse,
            destinations.PutPolicy
        );
        yield return Operation.Of(
            "GetDeliveryDestinationPolicy",
            json.DeliveryDestinationPolicyRequest,
            json.DeliveryDestinationPolicyResponse,
            destinations.GetPolicy
        );
        yield return Operation.Of(
            "DeleteDeliveryDestinationPolicy",
            json.DeliveryDestinationPolicyRequest,
            (request, caller, _) => destinations.DeletePolicy(request, caller)
        );
        yield return Operation.Of(
            "PutDeliverySource",
            json.PutDeliverySourceRequest,
            (request, caller, _) => Deliveries.PutSource(request, caller)
        );
        yield return Operation.Of("GetDeliverySource", json.DeliverySourceRequest, (_, caller, _) => Deliveries.NoSource(caller));
        yield return Operation.Of("DeleteDeliverySource", json.DeliverySourceRequest, (_, caller, _) => Deliveries.NoSource(caller));
        yield return Operation.Of(
            "DescribeDeliverySources",
            json.DescribeDeliverySourcesRequest,
            json.DescribeDeliverySourcesResponse,
            (_, _) => new DescribeDeliverySourcesResponse([])
        );
        yield return Operation.Of("CreateDelivery", json.CreateDeliveryRequest, (_, caller, _) => Deliveries.NoSource(caller));
        yield return Operation.Of("GetDelivery", json.DeliveryRequest, (_, caller, _) => Deliveries.NoDelivery(caller));
        yield return Operation.Of("DeleteDelivery", json.DeliveryRequest, (_, caller, _) => Deliveries.NoDelivery(caller));
        yield return Operation.Of(
            "DescribeDeliveries",
            json.DescribeDeliveriesRequest,
            json.DescribeDeliveriesResponse,
            (_, _) => new DescribeDeliveriesResponse([])
        );
        yield return Operation.Of(
            "DescribeDestinations",
            json.DescribeDestinationsRequest,
            json.DescribeDestinationsResponse,
            (_, _) => new DescribeDestinationsResponse([])
        );
    }
}
