using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

namespace Disa.Functions.Process;

/// <summary>What the topic said of one attempt: its id of the message, or why it took none.</summary>
public sealed record Publication(string? MessageId, Fault? Fault);

/// <summary>Publishes up to ten attempts with one call; an error is a result, for the items to show.</summary>
/// <remarks>
/// Limits of a batch: ten entries, 262,144 bytes together. What is wrong with the form of one entry refuses the whole batch
/// (https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html): then each goes alone, so that only the bad one fails.
/// </remarks>
public sealed class Publisher(AmazonSimpleNotificationServiceClient client, string topicArn, TimeProvider time)
{
    /// <summary>Entries of a batch.</summary>
    public const int MaxEntries = 10;

    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The last part of its ARN.</summary>
    public string TopicName { get; } = topicArn?[(topicArn.LastIndexOf(':') + 1)..] ?? "";

    /// <summary>A FIFO topic keeps the order of a group: its messages go one by one.</summary>
    public bool IsFifo { get; } = topicArn?.EndsWith(".fifo", StringComparison.Ordinal) ?? false;

    /// <summary>Cuts attempts, in their order, into batches that a topic takes.</summary>
    public static IEnumerable<IReadOnlyList<Attempt>> Batches(IEnumerable<Attempt> attempts)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var batch = new List<Attempt>();
        var bytes = 0;
        foreach (var attempt in attempts)
        {
            if (batch.Count == MaxEntries || (batch.Count > 0 && bytes + attempt.Bytes > MessageLimits.DefaultBytes))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }

            batch.Add(attempt);
            bytes += attempt.Bytes;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <param name="attempts">A batch that a topic takes.</param>
    /// <param name="remaining">The time that the function still has: without enough of it for a publish and its record, none is begun.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>One for each attempt, in their order.</returns>
    public async Task<IReadOnlyList<Publication>> PublishAsync(
        IReadOnlyList<Attempt> attempts,
        Func<TimeSpan> remaining,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var publications = new Publication?[attempts.Count];
        for (var tried = 1; ; tried++)
        {
            var open = Enumerable
                .Range(0, attempts.Count)
                .Where(i => publications[i] is null or { Fault.Class: FaultClass.Transient })
                .ToList();
            var said = await OnceAsync(open.ConvertAll(i => attempts[i]), remaining, cancellation).ConfigureAwait(false);
            foreach (var (i, publication) in open.Zip(said))
            {
                publications[i] = publication;
            }

            // Only what was certainly not published is tried again at once; the rest is the schedule's.
            if (tried == Tries || !HasTime(remaining) || !said.Any(publication => publication.Fault?.Class == FaultClass.Transient))
            {
                return publications!;
            }

            await Task.Delay(Pause * tried, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<Publication>> OnceAsync(
        List<Attempt> attempts,
        Func<TimeSpan> remaining,
        CancellationToken cancellation
    )
    {
        try
        {
            return attempts is [var only]
                ? [await SingleAsync(only, cancellation).ConfigureAwait(false)]
                : await BatchAsync(attempts, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var fault = Fault.Of(e);
            if (fault.Class != FaultClass.Permanent || attempts.Count == 1)
            {
                return [.. attempts.Select(_ => new Publication(null, fault))];
            }
        }

        var publications = new List<Publication>();
        foreach (var attempt in attempts)
        {
            publications.AddRange(
                HasTime(remaining) ? await OnceAsync([attempt], remaining, cancellation).ConfigureAwait(false) : [NotBegun]
            );
        }

        return publications;
    }

    private static Publication NotBegun { get; } =
        new(null, new(FaultClass.Transient, "NoTimeLeft", "The function had no time left for it; it was not published."));

    private static bool HasTime(Func<TimeSpan> remaining) => remaining() > Timeouts.Publish + Timeouts.TableCall;

    private async Task<Publication> SingleAsync(Attempt attempt, CancellationToken cancellation)
    {
        var response = await client
            .PublishAsync(
                new PublishRequest
                {
                    TopicArn = topicArn,
                    Message = attempt.Message.Text,
                    Subject = attempt.Message.Subject,
                    MessageAttributes = attempt.Attributes,
                    MessageGroupId = GroupOf(attempt),
                    MessageDeduplicationId = DeduplicationOf(attempt),
                },
                cancellation
            )
            .ConfigureAwait(false);
        return new(response.MessageId, null);
    }

    private async Task<IReadOnlyList<Publication>> BatchAsync(List<Attempt> attempts, CancellationToken cancellation)
    {
        var response = await client
            .PublishBatchAsync(
                new PublishBatchRequest
                {
                    TopicArn = topicArn,
                    PublishBatchRequestEntries =
                    [
                        .. attempts.Select(
                            (attempt, i) =>
                                new PublishBatchRequestEntry
                                {
                                    Id = Id(i),
                                    Message = attempt.Message.Text,
                                    Subject = attempt.Message.Subject,
                                    MessageAttributes = attempt.Attributes,
                                    MessageGroupId = GroupOf(attempt),
                                    MessageDeduplicationId = DeduplicationOf(attempt),
                                }
                        ),
                    ],
                },
                cancellation
            )
            .ConfigureAwait(false);
        var sent = response.Successful.ToDictionary(entry => entry.Id ?? "", entry => entry.MessageId, StringComparer.Ordinal);
        var failed = response.Failed.ToDictionary(entry => entry.Id ?? "", StringComparer.Ordinal);
        return
        [
            .. attempts.Select(
                (_, i) =>
                    sent.TryGetValue(Id(i), out var messageId) ? new Publication(messageId, null)
                    : failed.TryGetValue(Id(i), out var entry) ? new Publication(null, Fault.Of(entry))
                    : new Publication(
                        null,
                        new(FaultClass.Unknown, "NotAnswered", "The answer to PublishBatch says nothing of this entry.")
                    )
            ),
        ];
    }

    private static string Id(int i) => i.ToString(CultureInfo.InvariantCulture);

    /// <summary>Without a group of the user's, each message is its own: no order is promised, and none holds up another.</summary>
    private string? GroupOf(Attempt attempt) => IsFifo ? attempt.Message.GroupId ?? Hash(attempt.Key.Identity) : null;

    /// <summary>The same for each attempt at a message: within five minutes the topic itself drops a resend of what it has.</summary>
    private string? DeduplicationOf(Attempt attempt) =>
        IsFifo ? attempt.Message.DeduplicationId ?? Hash($"{attempt.Key.Identity}\n{Instant.Text(attempt.Item.SeenAt)}") : null;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
