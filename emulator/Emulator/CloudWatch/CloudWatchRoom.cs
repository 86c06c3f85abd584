using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.CloudWatch;

/// <summary>Amazon CloudWatch: metrics, alarms that are evaluated as CloudWatch does it, dashboards.</summary>
public sealed class CloudWatchRoom : Room
{
    private readonly AlarmWorker worker;
    private readonly AlarmActions actions;
    private readonly ServiceMetrics published;
    private readonly ServiceMetricsWorker serviceMetrics;
    private readonly List<AwsService> services;
    private readonly List<IResource> resources;

    /// <summary>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html</summary>
    private static readonly string[] KnownOperations =
    [
        "AssociateDatasetKmsKey",
        "DeleteAlarmMuteRule",
        "DeleteAlarms",
        "DeleteAnomalyDetector",
        "DeleteDashboards",
        "DeleteInsightRules",
        "DeleteMetricStream",
        "DescribeAlarmContributors",
        "DescribeAlarmHistory",
        "DescribeAlarms",
        "DescribeAlarmsForMetric",
        "DescribeAnomalyDetectors",
        "DescribeInsightRules",
        "DisableAlarmActions",
        "DisableInsightRules",
        "DisassociateDatasetKmsKey",
        "EnableAlarmActions",
        "EnableInsightRules",
        "GetAlarmMuteRule",
        "GetDashboard",
        "GetDataset",
        "GetInsightRuleReport",
        "GetMetricData",
        "GetMetricStatistics",
        "GetMetricStream",
        "GetMetricWidgetImage",
        "GetOTelEnrichment",
        "ListAlarmMuteRules",
        "ListDashboards",
        "ListManagedInsightRules",
        "ListMetricStreams",
        "ListMetrics",
        "ListTagsForResource",
        "PutAlarmMuteRule",
        "PutAnomalyDetector",
        "PutCompositeAlarm",
        "PutDashboard",
        "PutInsightRule",
        "PutManagedInsightRules",
        "PutMetricAlarm",
        "PutMetricData",
        "PutMetricStream",
        "SetAlarmState",
        "StartMetricStreams",
        "StartOTelEnrichment",
        "StopMetricStreams",
        "StopOTelEnrichment",
        "TagResource",
        "UntagResource",
    ];

    /// <param name="database">Where everything is kept.</param>
    /// <param name="clock">The emulator's.</param>
    /// <param name="tokens">Sign where pages end.</param>
    /// <param name="metrics">Where values come in, also those of other rooms.</param>
    /// <param name="audience">Whom alarms tell.</param>
    /// <param name="meter">Counts what is asked for, and knows what there is; it gathers what services publish.</param>
    /// <param name="gauges">What is in the queues now.</param>
    /// <param name="loggers">For the workers' logs.</param>
    internal CloudWatchRoom(
        Database database,
        Clock clock,
        Tokens tokens,
        MetricSink metrics,
        AlarmAudience audience,
        UsageMeter meter,
        Func<Transaction, IReadOnlyList<Gauge>> gauges,
        ILoggerFactory loggers
    )
    {
        var logger = loggers.CreateLogger("Disa.CloudWatch");
        var alarms = new Shelf<Alarm>(database, "cloudwatch.alarm", CloudWatchStore.Default.Alarm);
        var dashboards = new Shelf<Dashboard>(database, "cloudwatch.dashboard", CloudWatchStore.Default.Dashboard);
        var states = new AlarmStates(alarms);
        worker = new AlarmWorker(database, alarms, states, clock, logger);
        actions = new AlarmActions(database, audience, clock, logger);
        states.Signal = actions.Signal;
        states.Suppressing = worker.Signal;
        Alarms = new AlarmBoard(arn =>
            Arn.TryParse(arn) is { Service: "cloudwatch" } parsed && alarms.Get(parsed.Scope, AlarmRuleParser.NameOf(arn)) is { } alarm
                ? new AlarmStanding(alarm.State, alarm.StateTransitioned, alarm.Rule is not null)
                : null
        );
        states.Changed = Alarms.Tell;
        published = meter.Metrics;
        serviceMetrics = new ServiceMetricsWorker(database, published, gauges, clock, logger);
        meter.Stands(
            "cloudwatch",
            "Alarms",
            () => alarms.All().Sum(entry => entry.Value.Rule is null ? AlarmQueries.Billed(entry.Value) : 0)
        );
        meter.Stands("cloudwatch", "CustomMetrics", () => database.Read(transaction => MetricStore.CountCustom(transaction, meter.Since)));
        var put = new PutMetricAlarm(database, alarms, clock, worker.Signal);
        var putComposite = new PutCompositeAlarm(database, alarms, states, clock);
        var delete = new DeleteAlarms(database, alarms, clock);
        var enable = new EnableAlarmActions(database, alarms, clock);
        var tags = new Tags(database, alarms);
        var lists = new Listings(tokens, "monitoring", CloudWatchErrors.InvalidNextToken);
        var otherLists = new Listings(tokens, "monitoring", CloudWatchErrors.InvalidTokenValue);
        var boards = new Dashboards(database, dashboards, clock, otherLists);
        var json = CloudWatchJson.Default;
        services =
        [
            new AwsService(
                "monitoring",
                [
                    Operation.Of("PutMetricData", json.PutMetricDataRequest, new PutMetricData(metrics, clock).Run),
                    Operation.Of(
                        "ListMetrics",
                        json.ListMetricsRequest,
                        json.ListMetricsResponse,
                        new ListMetrics(database, clock, otherLists).Run
                    ),
                    Operation.Of(
                        "GetMetricStatistics",
                        json.GetMetricStatisticsRequest,
                        json.GetMetricStatisticsResponse,
                        new GetMetricStatistics(database).Run
                    ),
                    Operation.Of(
                        "GetMetricData",
                        json.GetMetricDataRequest,
                        json.GetMetricDataResponse,
                        new GetMetricData(database, meter, otherLists).Run
                    ),
                    Operation.Of("PutMetricAlarm", json.PutMetricAlarmRequest, put.Run),
                    Operation.Of("PutCompositeAlarm", json.PutCompositeAlarmRequest, putComposite.Run),
                    Operation.Of(
                        "DescribeAlarms",
                        json.DescribeAlarmsRequest,
                        json.DescribeAlarmsResponse,
                        new DescribeAlarms(alarms, lists).Run
                    ),
                    Operation.Of(
                        "DescribeAlarmsForMetric",
                        json.DescribeAlarmsForMetricRequest,
                        json.DescribeAlarmsForMetricResponse,
                        new DescribeAlarmsForMetric(alarms).Run
                    ),
                    Operation.Of(
                        "DescribeAlarmHistory",
                        json.DescribeAlarmHistoryRequest,
                        json.DescribeAlarmHistoryResponse,
                        new DescribeAlarmHistory(database, lists).Run
                    ),
                    Operation.Of("SetAlarmState", json.SetAlarmStateRequest, new SetAlarmState(database, alarms, states, clock).Run),
                    Operation.Of("EnableAlarmActions", json.AlarmNamesRequest, enable.Enable),
                    Operation.Of("DisableAlarmActions", json.AlarmNamesRequest, enable.Disable),
                    Operation.Of("DeleteAlarms", json.AlarmNamesRequest, delete.Run),
                    Operation.Of("ListTagsForResource", json.ListTagsForResourceRequest, json.ListTagsForResourceResponse, tags.List),
                    Operation.Of("TagResource", json.TagResourceRequest, json.EmptyResponse, tags.Add),
                    Operation.Of("UntagResource", json.UntagResourceRequest, json.EmptyResponse, tags.Remove),
                    Operation.Of("PutDashboard", json.PutDashboardRequest, json.PutDashboardResponse, boards.Put),
                    Operation.Of("GetDashboard", json.GetDashboardRequest, json.GetDashboardResponse, boards.Get),
                    Operation.Of("ListDashboards", json.ListDashboardsRequest, json.ListDashboardsResponse, boards.List),
                    Operation.Of("DeleteDashboards", json.DeleteDashboardsRequest, json.EmptyResponse, boards.Delete),
                ]
            )
            {
                IsQueryCompatible = true,
                Known = KnownOperations,
                TagsOf = (arn, caller) => tags.Of(arn, caller),
                TagsIn = AlarmRights.TagsIn,
                SdkName = "cloudwatch",
                Rights = AlarmRights.Of,
                SdkErrorPrefix = "CloudWatch",
                Protocols = Protocols.Query | Protocols.Json | Protocols.Cbor,
                TargetPrefix = "GraniteServiceVersion20100801",
                JsonVersion = "1.0",
                ErrorTypePrefix = "com.amazonaws.cloudwatch#",
                XmlNamespace = "http://monitoring.amazonaws.com/doc/2010-08-01/",
            },
        ];
        resources =
        [
            new AlarmResource(put, delete, alarms),
            new CompositeAlarmResource(putComposite, delete, alarms),
            new DashboardResource(boards),
        ];
    }

    /// <summary>For rooms that watch alarms.</summary>
    public AlarmBoard Alarms { get; }

    public static IReadOnlyList<Migration> Migrations => MetricStore.Migrations;

    public override IEnumerable<AwsService> Services => services;

    public override IEnumerable<IResource> Resources => resources;

    public override IEnumerable<Upcoming> Upcoming(string account, int limit) => worker.Upcoming(account).Take(limit);

    public override void Start()
    {
        serviceMetrics.Start();
        actions.Start();
        worker.Start();
    }

    public override void Reset(Transaction transaction, string account)
    {
        published.Reset(account);
        MetricStore.Reset(transaction, account);
    }

    public override async ValueTask DisposeAsync()
    {
        await worker.DisposeAsync().ConfigureAwait(false);
        await serviceMetrics.DisposeAsync().ConfigureAwait(false);
        await actions.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
