using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.S3;

/// <summary>Where events go: other rooms, as this one calls them.</summary>
/// <param name="QueueExists">Whether there is a queue of an ARN.</param>
/// <param name="Send">Sends to a queue: ARN, body.</param>
/// <param name="Publish">Publishes to a topic: ARN, subject, message.</param>
/// <param name="MayInvoke">Throws where a function may not be invoked, or is not there.</param>
/// <param name="Invoke">Invokes a function asynchronously: ARN, payload.</param>
/// <param name="PutEvent">Puts an event on the default bus: source, type, detail, resources.</param>
internal sealed record NotificationTargets(
    Func<string, bool> QueueExists,
    Func<string, string, Caller, Task> Send,
    Func<string, string, string, Caller, Task> Publish,
    Func<string, Caller, Task> MayInvoke,
    Func<string, ReadOnlyMemory<byte>, Caller, CancellationToken, Task> Invoke,
    Func<Scope, string, string, JsonElement, IReadOnlyList<string>, Task> PutEvent
);

/// <summary>
/// What is to be told of events: rows, written with what happened, so that no stop comes between; delivered at least once, as on AWS, and tried
/// again with growing pauses for a day where a destination fails.
/// </summary>
internal sealed partial class Notifications : IAsyncDisposable
{
    /// <summary>The destination of events that go to EventBridge.</summary>
    public const string EventBridge = "eventbridge";

    private const string Subject = "Amazon S3 Notification";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private readonly Buckets buckets;
    private readonly NotificationTargets targets;
    private readonly ILogger logger;
    private readonly Worker worker;

    public Notifications(Buckets buckets, NotificationTargets targets, ILogger logger)
    {
        this.buckets = buckets;
        this.targets = targets;
        this.logger = logger;
        worker = new Worker("s3 notifications", buckets.Clock, logger, Step);
    }

    public static readonly Migration Table = new(
        "s3",
        3,
        """
        CREATE TABLE s3_notification (
            id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, value BLOB NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL);
        CREATE INDEX s3_notification_due ON s3_notification (due);
        """
    );

    public bool QueueExists(string arn) => targets.QueueExists(arn);

    public void Start() => worker.Start();

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    /// <summary>S3 itself, as the destinations of a bucket see it: their policies speak of it and of the bucket.</summary>
    public static Caller Sender(Scope scope, string bucketArn) => Caller.Service("s3.amazonaws.com", scope) with { SourceArn = bucketArn };

    /// <summary>Something happened, within the write that makes it happen.</summary>
    /// <param name="bucket">As the write sees it.</param>
    public void Add(Transaction transaction, Bucket bucket, BucketEvent happened)
    {
        if (NotificationSettings.Of(bucket) is not { } settings)
        {
            return;
        }

        var rules = settings.Rules.Where(rule => rule.IsFor(happened)).ToList();
        if (rules.Count == 0 && !settings.ToEventBridge)
        {
            return;
        }

        var pending = new PendingNotification(bucket.Name, bucket.Account, bucket.Region, null, null, Sequenced(transaction, happened));
        foreach (var rule in rules)
        {
            Insert(transaction, pending with { Target = rule.Arn, ConfigurationId = rule.Id }, happened.Time);
        }

        if (settings.ToEventBridge)
        {
            Insert(transaction, pending with { Target = EventBridge }, happened.Time);
        }
    }

    /// <summary>Something will happen; who is told of it is asked when it does.</summary>
    public void Foresee(Transaction transaction, Bucket bucket, BucketEvent happening) =>
        Insert(transaction, new(bucket.Name, bucket.Account, bucket.Region, null, null, happening), happening.Time);

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM s3_notification WHERE account = $1", account);

    /// <summary>Seconds, and then the order in which events came: 18 hexadecimal digits, as AWS has.</summary>
    private static BucketEvent Sequenced(Transaction transaction, BucketEvent happened)
    {
        if (happened.Name.Split(':')[0] is "ObjectTagging" or "ObjectAcl")
        {
            return happened;
        }

        var next = 1 + (transaction.Number("SELECT seq FROM sqlite_sequence WHERE name = 's3_notification'") ?? 0);
        return happened with { Sequencer = $"00{happened.Time.ToUnixTimeSeconds():X8}{next:X8}" };
    }

    private void Insert(Transaction transaction, PendingNotification pending, DateTimeOffset due)
    {
        transaction.Execute(
            "INSERT INTO s3_notification (account, value, attempts, due) VALUES ($1, seal('s3_notification', $2), 0, $3)",
            pending.Account,
            JsonSerializer.SerializeToUtf8Bytes(pending, S3Documents.Default.PendingNotification),
            due.ToUnixTimeMilliseconds()
        );
        transaction.AfterCommit(() => worker.Signal());
    }

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var rows = buckets.Database.Read(transaction =>
            transaction.Query(
                "SELECT id, open('s3_notification', value), attempts FROM s3_notification WHERE due <= $1 ORDER BY due, id LIMIT 100",
                row =>
                    (
                        Id: row.GetInt64(0),
                        Pending: JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), S3Documents.Default.PendingNotification)!,
                        Attempts: row.GetInt32(2)
                    ),
                buckets.Clock.GetUtcNow().ToUnixTimeMilliseconds()
            )
        );
        foreach (var (id, pending, attempts) in rows)
        {
            if (pending.Target is null)
            {
                await buckets.Database.Write(transaction => Happens(transaction, id, pending)).ConfigureAwait(false);
            }
            else
            {
                await Deliver(id, pending, attempts, cancellation).ConfigureAwait(false);
            }
        }

        return buckets.Database.Read(transaction => transaction.Number("SELECT min(due) FROM s3_notification")) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;
    }

    /// <summary>What was foreseen: told of as the bucket is set now, if the object is still there.</summary>
    private void Happens(Transaction transaction, long id, PendingNotification pending)
    {
        Remove(transaction, id);
        if (
            buckets.Get(transaction, pending.Bucket) is { } bucket
            && bucket.Account == pending.Account
            && Versions.Find(transaction, bucket.Name, pending.Event.Key, pending.Event.VersionId ?? Versions.NullId) is not null
        )
        {
            Add(transaction, bucket, pending.Event);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of a delivery: its failure decides whether it is tried again.")]
    private async Task Deliver(long id, PendingNotification pending, int attempts, CancellationToken cancellation)
    {
        AwsException? error = null;
        try
        {
            await Call(pending, cancellation).ConfigureAwait(false);
        }
        catch (AwsException failure)
        {
            error = failure;
        }
        catch (Exception failure)
            when (!cancellation.IsCancellationRequested && failure is not (ObjectDisposedException or StoreUnavailableException))
        {
            error = new AwsException("InternalError", failure.Message, 500);
        }

        var next = buckets.Clock.GetUtcNow() + Pause(attempts);
        if (error is not null && error.StatusCode is 429 or >= 500 and not 501 && next - pending.Event.Time < Longest)
        {
            LogAgain(pending.Bucket, pending.Target!, error.Code, error.Message);
            await buckets
                .Database.Write(transaction =>
                    transaction.Execute(
                        "UPDATE s3_notification SET attempts = attempts + 1, due = $2 WHERE id = $1",
                        id,
                        next.ToUnixTimeMilliseconds()
                    )
                )
                .ConfigureAwait(false);
            return;
        }

        if (error is not null)
        {
            LogLost(pending.Bucket, pending.Target!, error.Code, error.Message);
        }

        await buckets.Database.Write(transaction => Remove(transaction, id)).ConfigureAwait(false);
    }

    private Task Call(PendingNotification pending, CancellationToken cancellation)
    {
        var bucketArn = NotificationTexts.BucketArn(pending);
        if (pending.Target == EventBridge)
        {
            return NotificationTexts.Detail(pending) is var (type, detail)
                ? targets.PutEvent(pending.Scope, "aws.s3", type, detail, [bucketArn])
                : Task.CompletedTask;
        }

        var sender = Sender(pending.Scope, bucketArn) with { TraceHeader = pending.Event.TraceHeader };
        var record = NotificationTexts.Record(pending);
        return Arn.Parse(pending.Target!).Service switch
        {
            "sqs" => targets.Send(pending.Target!, record, sender),
            "sns" => targets.Publish(pending.Target!, Subject, record, sender),
            _ => targets.Invoke(pending.Target!, Encoding.UTF8.GetBytes(record), sender, cancellation),
        };
    }

    /// <summary>Tells a queue or topic that it is a destination now; asks a function's permissions.</summary>
    /// <exception cref="AwsException">It is not there, or does not let S3.</exception>
    public Task Test(Bucket bucket, string target, string requestId)
    {
        var sender = Sender(new Scope(bucket.Account, bucket.Region), bucket.Arn);
        var text = NotificationTexts.Test(bucket, requestId, buckets.Clock.GetUtcNow());
        return Arn.Parse(target).Service switch
        {
            "sqs" => targets.Send(target, text, sender),
            "sns" => targets.Publish(target, Subject, text, sender),
            _ => targets.MayInvoke(target, sender),
        };
    }

    private static void Remove(Transaction transaction, long id) => transaction.Execute("DELETE FROM s3_notification WHERE id = $1", id);

    private static TimeSpan Pause(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(attempts, 20)), LongestPause.TotalSeconds));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A notification of {Bucket} to {Target} is tried again: {Code}: {Reason}")]
    private partial void LogAgain(string bucket, string target, string code, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A notification of {Bucket} to {Target} is lost: {Code}: {Reason}")]
    private partial void LogLost(string bucket, string target, string code, string reason);
}
