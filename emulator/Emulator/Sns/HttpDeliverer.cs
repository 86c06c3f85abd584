using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Sns;

/// <summary>
/// Posts messages and notices to HTTP and HTTPS endpoints, each by itself: one that takes its fifteen seconds holds up nobody else. At least
/// once; receivers know a repetition by its <c>x-amz-sns-message-id</c>.
/// </summary>
internal sealed partial class HttpDeliverer : IAsyncDisposable
{
    private const int AtOnce = 64;
    private const int AtOnceToOne = 16;
    private static readonly TimeSpan AfterBug = TimeSpan.FromSeconds(20);

    private readonly Database database;
    private readonly Topics topics;
    private readonly TextSeal seal;
    private readonly Notification notification;
    private readonly HttpPoster poster;
    private readonly FailedDeliveries failed;
    private readonly StatusLog status;
    private readonly Clock clock;
    private readonly UsageMeter meter;
    private readonly ILogger logger;
    private readonly Worker worker;
    private readonly ReceiveRate rate = new();
    private readonly ConcurrentDictionary<(bool IsNotice, long Id), Task> underWay = new();

    public HttpDeliverer(
        Database database,
        Topics topics,
        TextSeal seal,
        Notification notification,
        HttpPoster poster,
        FailedDeliveries failed,
        StatusLog status,
        Clock clock,
        UsageMeter meter,
        ILogger logger
    )
    {
        this.database = database;
        this.topics = topics;
        this.seal = seal;
        this.notification = notification;
        this.poster = poster;
        this.failed = failed;
        this.status = status;
        this.clock = clock;
        this.meter = meter;
        this.logger = logger;
        worker = new Worker("sns posts", clock, logger, Step);
    }

    public void Start() => worker.Start();

    public void Signal() => worker.Signal();

    public async ValueTask DisposeAsync()
    {
        await worker.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(underWay.Values).ConfigureAwait(false);
        poster.Dispose();
    }

    /// <summary>Begins what is due and there is room for; the end of each wakes the worker for the next.</summary>
    private ValueTask<DateTimeOffset?> Step(CancellationToken stopping)
    {
        var now = topics.Now;
        var (notices, due, next) = database.Read(transaction =>
            (
                Notices.Due(transaction, now, AtOnce),
                Deliveries
                    .DueByHttp(transaction, now, AtOnceToOne)
                    .ConvertAll(delivery => (Delivery: delivery, Stored: Deliveries.Message(transaction, delivery.Message))),
                Earlier(Notices.NextAfter(transaction, now), Deliveries.NextByHttp(transaction, now))
            )
        );
        foreach (var notice in notices)
        {
            Begin((true, notice.Id), () => Attempt(notice, stopping), _ => Finish(notice), stopping);
        }

        foreach (var (delivery, stored) in due)
        {
            Begin(
                (false, delivery.Id),
                () => Attempt(delivery, stored, stopping),
                bug => failed.TryAgain(delivery, AfterBug, bug.Message),
                stopping
            );
        }

        return new(next);
    }

    private void Begin((bool, long) key, Func<Task> attempt, Func<Exception, Task> afterBug, CancellationToken stopping)
    {
        if (underWay.Count >= AtOnce || underWay.ContainsKey(key))
        {
            return;
        }

        var work = clock.Work("sns post");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        underWay[key] = Run();
        started.SetResult();

        async Task Run()
        {
            await started.Task.ConfigureAwait(false);
            using (work)
            {
                await Guarded(attempt, afterBug, stopping).ConfigureAwait(false);
                underWay.TryRemove(key, out _);
                worker.Signal();
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One delivery that fails must not end the others, nor a worker that stops.")]
    private async Task Guarded(Func<Task> attempt, Func<Exception, Task> afterBug, CancellationToken stopping)
    {
        try
        {
            try
            {
                await attempt().ConfigureAwait(false);
            }
            catch (Exception bug) when (!IsEnd(bug, stopping))
            {
                LogFailed(bug);
                await afterBug(bug).ConfigureAwait(false);
            }
        }
        catch (Exception end) when (IsEnd(end, stopping))
        {
            // What is left is done after the next start.
        }
    }

    private static bool IsEnd(Exception failure, CancellationToken stopping) =>
        stopping.IsCancellationRequested || failure is ObjectDisposedException or StoreUnavailableException;

    private Task Finish(Notice notice) => database.Write(transaction => Notices.Finish(transaction, notice));

    private async Task Attempt(Notice notice, CancellationToken stopping)
    {
        if (topics.FindOrNone(notice.TopicArn) is not { } topic)
        {
            await Finish(notice).ConfigureAwait(false);
            return;
        }

        var headers = Headers(notice.Kind, notice.MessageId, notice.TopicArn);
        var result = await poster
            .Post(
                notice.Endpoint,
                seal.Open(notice.Body, notice.Scope),
                DeliveryPolicy.DefaultContentType,
                notice.Kind == "UnsubscribeConfirmation" ? headers.Append(("x-amz-sns-subscription-arn", notice.SubscriptionArn)) : headers,
                stopping
            )
            .ConfigureAwait(false);
        var failures = notice.Attempts + 1;
        var policy = topics.Subscription(notice.SubscriptionArn) is { } subscription ? DeliveryPolicy.For(topic, subscription).Retry : null;
        if (!result.Succeeded && result.IsTransient && (policy ?? RetryPolicy.Default).Wait(failures) is { } wait)
        {
            await database
                .Write(transaction => Notices.Postpone(transaction, notice, topics.Now + wait, failures, result.ToString()))
                .ConfigureAwait(false);
            return;
        }

        if (!result.Succeeded)
        {
            LogNoticeGivenUp(notice.Kind, notice.Endpoint, failures, result.ToString());
        }

        await Finish(notice).ConfigureAwait(false);
    }

    private async Task Attempt(Delivery delivery, (string Account, string Region, SealedText Content)? stored, CancellationToken stopping)
    {
        var subscription = topics.Subscription(delivery.SubscriptionArn);
        if (subscription is not { Confirmed: true } || stored is null || topics.FindOrNone(subscription.TopicArn) is not { } topic)
        {
            await database.Write(transaction => Deliveries.Finish(transaction, delivery)).ConfigureAwait(false);
            return;
        }

        var policy = DeliveryPolicy.For(topic, subscription);
        if (
            policy.MaxReceivesPerSecond is { } most
            && !delivery.HasSlot
            && rate.Take(subscription.Arn, most, topics.Now) is var slot
            && slot > topics.Now
        )
        {
            await database.Write(transaction => Deliveries.WaitForSlot(transaction, delivery, slot)).ConfigureAwait(false);
            return;
        }

        Publication? publication = null;
        PostResult result;
        var dwelt = TimeSpan.Zero;
        try
        {
            publication = failed.Opened(delivery, topic, stored.Value.Content);
            dwelt = topics.Now - publication.Published;
            result = await Post(publication, topic, subscription, policy, stopping).ConfigureAwait(false);
        }
        catch (AwsException error)
        {
            // The topic's key cannot be used.
            result = new PostResult(null, $"{error.Code}: {error.Message}");
        }

        var answer = new EndpointAnswer(result.Status, result.Reason);
        if (result.Succeeded)
        {
            await database.Write(transaction => Deliveries.Finish(transaction, delivery)).ConfigureAwait(false);
            meter.Metrics.Add(topic.Metric("NumberOfNotificationsDelivered"));
            meter.Add("sns", topic.Name, "HttpDeliveries");
            await status.Success(topic, subscription, delivery, publication!, dwelt, answer).ConfigureAwait(false);
            return;
        }

        if (publication is not null)
        {
            await status.Failure(topic, subscription, delivery, publication, dwelt, answer).ConfigureAwait(false);
        }

        // "For HTTP or HTTPS endpoints, the metric includes every failed delivery attempt":
        // https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html.
        meter.Metrics.Add(topic.Metric("NumberOfNotificationsFailed"));
        if (result.IsTransient && (policy.Retry ?? RetryPolicy.Default).Wait(delivery.Attempts + 1) is { } wait)
        {
            await failed.TryAgain(delivery, wait, result.ToString()).ConfigureAwait(false);
        }
        else
        {
            await failed.GiveUp(delivery, topic, subscription, result.ToString()).ConfigureAwait(false);
        }
    }

    private async Task<PostResult> Post(
        Publication publication,
        Topic topic,
        Subscription subscription,
        DeliveryPolicy policy,
        CancellationToken stopping
    )
    {
        using var span = Telemetry.Delivery(topic.Name, subscription.Protocol, publication.MessageId, publication.TraceHeader);
        var headers = Headers("Notification", publication.MessageId, topic.Arn).Append(("x-amz-sns-subscription-arn", subscription.Arn));
        return await poster
            .Post(
                subscription.Endpoint,
                subscription.Raw
                    ? publication.TextFor(subscription.Protocol)
                    : await notification.Envelope(publication, topic, subscription).ConfigureAwait(false),
                policy.ContentType ?? DeliveryPolicy.DefaultContentType,
                subscription.Raw ? headers.Append(("x-amz-sns-rawdelivery", "true")) : headers,
                stopping
            )
            .ConfigureAwait(false);
    }

    /// <summary>SNS Developer Guide, "HTTP/HTTPS headers".</summary>
    private static IEnumerable<(string, string)> Headers(string type, string messageId, string topicArn) =>
        [("x-amz-sns-message-type", type), ("x-amz-sns-message-id", messageId), ("x-amz-sns-topic-arn", topicArn)];

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    [LoggerMessage(Level = LogLevel.Error, Message = "A post failed: a bug in the emulator")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} to {Endpoint} is given up after {Failures} tries: {Error}")]
    private partial void LogNoticeGivenUp(string kind, string endpoint, int failures, string error);
}
