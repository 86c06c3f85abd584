using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Events;

/// <summary>
/// What is on its way to targets of rules and schedules: rows, delivered at least once, tried again with growing pauses until
/// the retries or the age are used up, then put into the dead-letter queue if there is one.
/// </summary>
internal sealed partial class DeliveryQueue : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private static readonly string[] Transient =
    [
        "ThrottlingException",
        "TooManyRequestsException",
        "Throttling",
        "ExecutionLimitExceeded",
        "KMSThrottlingException",
        "RequestThrottled",
    ];

    private readonly Database database;
    private readonly TargetCalls calls;
    private readonly Clock clock;
    private readonly ILogger logger;
    private readonly Worker worker;

    public DeliveryQueue(Database database, TargetCalls calls, Clock clock, ILogger logger)
    {
        this.database = database;
        this.calls = calls;
        this.clock = clock;
        this.logger = logger;
        worker = new Worker("EventBridge deliveries", clock, logger, Step);
    }

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(
            "events",
            1,
            """
            CREATE TABLE events_delivery (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, value BLOB NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL);
            CREATE INDEX events_delivery_due ON events_delivery (due);
            """
        ),
    ];

    public static void Add(Transaction transaction, Delivery delivery, DateTimeOffset due) =>
        transaction.Execute(
            "INSERT INTO events_delivery (account, value, attempts, due) VALUES ($1, seal('events_delivery', $2), 0, $3)",
            delivery.Account,
            JsonSerializer.SerializeToUtf8Bytes(delivery, EventsStore.Default.Delivery),
            due.ToUnixTimeMilliseconds()
        );

    public void Start() => worker.Start();

    public void Signal() => worker.Signal();

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    /// <summary>Deliveries that failed and are tried again, the earliest first.</summary>
    public List<Upcoming> Upcoming(string account, int limit) =>
        database.Read(transaction =>
            transaction.Query(
                "SELECT open('events_delivery', value), due FROM events_delivery WHERE account = $1 AND attempts > 0 ORDER BY due LIMIT $2",
                row => new Upcoming(
                    "eventbridge",
                    "retry",
                    JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), EventsStore.Default.Delivery)!.TargetArn,
                    DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))
                ),
                account,
                limit
            )
        );

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = database.Read(transaction =>
            transaction.Query(
                "SELECT id, open('events_delivery', value), attempts FROM events_delivery WHERE due <= $1 ORDER BY due, id LIMIT 100",
                row =>
                    (
                        Id: row.GetInt64(0),
                        Delivery: JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), EventsStore.Default.Delivery)!,
                        Attempts: row.GetInt32(2)
                    ),
                now
            )
        );
        foreach (var (id, delivery, attempts) in rows)
        {
            await Deliver(id, delivery, attempts, cancellation).ConfigureAwait(false);
        }

        return database.Read(transaction => transaction.Number("SELECT min(due) FROM events_delivery")) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of a delivery: its failure decides whether it is tried again.")]
    private async Task Deliver(long id, Delivery delivery, int attempts, CancellationToken cancellation)
    {
        AwsException? error = null;
        try
        {
            await calls.Call(delivery, attempts + 1, cancellation).ConfigureAwait(false);
        }
        catch (AwsException failure)
        {
            error = failure;
        }
        catch (Exception failure)
            when (!cancellation.IsCancellationRequested && failure is not (ObjectDisposedException or StoreUnavailableException))
        {
            error = new AwsException("INTERNAL_ERROR", failure.Message, 500);
        }

        if (error is null)
        {
            await database.Write(transaction => transaction.Execute("DELETE FROM events_delivery WHERE id = $1", id)).ConfigureAwait(false);
            return;
        }

        var next = clock.GetUtcNow() + Pause(attempts);
        var again = error.Code != "NotImplemented" && (error.StatusCode is 429 or >= 500 || Transient.Contains(error.Code));
        var exhausted =
            !again ? null
            : attempts >= delivery.Retries ? "MaximumRetryAttempts"
            : next > delivery.Expires ? "MaximumEventAgeInSeconds"
            : null;
        LogFailed(delivery.SourceArn, delivery.TargetArn, attempts + 1, error.Code, error.Message);
        if (again && exhausted is null)
        {
            await database
                .Write(transaction =>
                    transaction.Execute(
                        "UPDATE events_delivery SET attempts = attempts + 1, due = $2 WHERE id = $1",
                        id,
                        next.ToUnixTimeMilliseconds()
                    )
                )
                .ConfigureAwait(false);
            return;
        }

        await Bury(delivery, attempts, error, exhausted).ConfigureAwait(false);
        await database.Write(transaction => transaction.Execute("DELETE FROM events_delivery WHERE id = $1", id)).ConfigureAwait(false);
    }

    /// <summary>Into the dead-letter queue; without one, or if it cannot be reached, the event is lost, as on AWS.</summary>
    private async Task Bury(Delivery delivery, int attempts, AwsException error, string? exhausted)
    {
        if (delivery.DeadLetterArn is not { } queue)
        {
            LogLost(delivery.SourceArn, delivery.TargetArn, error.Code);
            return;
        }

        var attributes = new Dictionary<string, string>
        {
            [delivery.IsSchedule ? "SCHEDULE_ARN" : "RULE_ARN"] = delivery.SourceArn,
            ["TARGET_ARN"] = delivery.TargetArn,
            ["ERROR_CODE"] = error.Code,
            ["ERROR_MESSAGE"] = error.Message.Length > 0 ? error.Message : error.Code,
            ["RETRY_ATTEMPTS"] = attempts.ToString(CultureInfo.InvariantCulture),
        };
        if (exhausted is not null)
        {
            attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted;
        }

        if (delivery.ScheduledTime is { } scheduled)
        {
            attributes["EXECUTION_ID"] = delivery.Key;
            attributes["IS_PAYLOAD_TRUNCATED"] = "false";
            attributes["SCHEDULED_TIME"] = scheduled.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        try
        {
            await calls
                .Send(
                    queue,
                    delivery.DeadLetterBody,
                    attributes,
                    null,
                    null,
                    delivery.IsSchedule ? calls.As(delivery) : calls.As(delivery with { RoleArn = null })
                )
                .ConfigureAwait(false);
        }
        catch (AwsException refusal)
        {
            LogLost(delivery.SourceArn, queue, refusal.Code);
        }
    }

    private static TimeSpan Pause(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(attempts, 20)), LongestPause.TotalSeconds));

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} to {Target}, attempt {Attempt}: {Code}: {Reason}")]
    private partial void LogFailed(string source, string target, int attempt, string code, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Source}: a delivery to {Target} is given up and lost: {Code}")]
    private partial void LogLost(string source, string target, string code);
}
