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
    private readonly EmbeddedMetrics metrics;
    private readonly Worker expiry;

    /// <param name="tokens">Sign where pages end.</param>
    /// <param name="metrics">Where values go that log lines carry.</param>
    /// <param name="rights">Whether a function's role lets it log.</param>
    /// <param name="faults">Which of these values get lost.</param>
    /// <param name="meter">Counts what is ingested.</param>
    public LogsRoom(
        Database database,
        Clock clock,
        DataKeys keys,
        Tokens tokens,
        MetricSink metrics,
        Authorizer rights,
        FaultPlan faults,
        UsageMeter meter,
        ILoggerFactory loggers
    )
    {
        logs = new LogStore(database, clock, tokens, meter);
        messages = new LogMessages(keys);
        this.metrics = new EmbeddedMetrics(metrics, faults);
        Sink = new LogSink(logs, messages, this.metrics, rights);
        expiry = new Worker("logs expiry", clock, loggers.CreateLogger<LogsRoom>(), logs.Expire);
        Services =
        [
            new AwsService("logs", Operations())
            {
                SdkName = "cloudwatchlogs",
                SdkErrorPrefix = "CloudWatchLogs",
                Protocols = Protocols.Json,
                TargetPrefix = "Logs_20140328",
                Rights = LogRights.Of,
                TagsOf = (arn, caller) => LogRights.TagsOf(logs, arn, caller),
                TagsIn = LogRights.TagsIn,
                JsonVersion = "1.1",
            },
        ];
    }

    public LogSink Sink { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources => [new LogGroupResource(logs, messages)];

    public override void Start() => expiry.Start();

    public override void Reset(Transaction transaction, string account) => LogStore.Reset(transaction, account);

    public override async ValueTask DisposeAsync()
    {
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
            (request, caller, _) => PutLogEvents.Run(logs, messages, metrics, request, caller)
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
    }
}
