using System.Globalization;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sns;

internal sealed record InboxAnswer(IReadOnlyList<Mail> Mails);

/// <summary>The mailbox under <c>/_disa/inbox</c>: a list, a mail, and a wait for the next one.</summary>
internal sealed class Inbox(Mailbox mailbox, Signer signer, Clock clock)
{
    private const int LongestWait = 60;

    public IEnumerable<AdminEndpoint> Endpoints =>
        [
            new("GET", "inbox", List),
            new(
                "GET",
                "inbox/*",
                (request, _) =>
                    Task.FromResult(
                        Answer(
                            (
                                long.TryParse(request.Rest, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                                    ? mailbox.Find(id)
                                    : null
                            ) ?? throw new AwsException("NotFound", $"There is no mail {request.Rest}.", 404),
                            InboxJson.Default.Mail
                        )
                    )
            ),
            new(
                "GET",
                "sns/*",
                (request, _) =>
                    Task.FromResult(
                        new AdminResponse(
                            Encoding.UTF8.GetBytes(
                                signer.Certificate(request.Rest)
                                    ?? throw new AwsException("NotFound", $"There is no certificate {request.Rest}.", 404)
                            ),
                            "application/x-pem-file"
                        )
                    )
            ),
        ];

    /// <summary>Newest first, where <c>before</c> is given: the id of the mail that they are older than, or <c>newest</c>.</summary>
    private AdminResponse Newest(AdminRequest request, string before) =>
        Answer(
            new InboxAnswer(
                mailbox.Newest(
                    before == "newest" ? long.MaxValue : Number(request, "before", 0, 0, long.MaxValue),
                    request.Query.GetValueOrDefault("to"),
                    request.Query.GetValueOrDefault("text"),
                    (int)Number(request, "limit", 50, 1, 10_000)
                )
            ),
            InboxJson.Default.InboxAnswer
        );

    /// <summary>Oldest first; with <c>wait</c> (seconds, real ones) it answers as soon as there is one, or an empty list at the end.</summary>
    private async Task<AdminResponse> List(AdminRequest request, CancellationToken cancellation)
    {
        if (request.Query.GetValueOrDefault("before") is { Length: > 0 } before)
        {
            return Newest(request, before);
        }

        if (request.Query.GetValueOrDefault("message") is { Length: > 0 } message)
        {
            return Answer(
                new InboxAnswer(mailbox.Of(message, (int)Number(request, "limit", 50, 1, 10_000))),
                InboxJson.Default.InboxAnswer
            );
        }

        var after = Number(request, "after", 0, 0, long.MaxValue);
        var limit = (int)Number(request, "limit", 1000, 1, 10_000);
        var wait = Number(request, "wait", 0, 0, LongestWait);
        var to = request.Query.GetValueOrDefault("to");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var timer = clock
            .Wall.CreateTimer(
                static source => ((CancellationTokenSource)source!).Cancel(),
                ended,
                wait > 0 ? TimeSpan.FromSeconds(wait) : Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            )
            .ConfigureAwait(false);
        while (true)
        {
            var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var subscription = mailbox.Subscribe(() => arrived.TrySetResult());
            var mails = mailbox.List(after, to, limit);
            if (mails.Count > 0 || wait == 0 || ended.IsCancellationRequested)
            {
                return Answer(new InboxAnswer(mails), InboxJson.Default.InboxAnswer);
            }

            try
            {
                await arrived.Task.WaitAsync(ended.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The wait is over: what is there now is the answer.
            }
        }
    }

    private static long Number(AdminRequest request, string name, long otherwise, long minimum, long maximum)
    {
        if (!request.Query.TryGetValue(name, out var text) || text.Length == 0)
        {
            return otherwise;
        }

        return
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new AwsException("ValidationException", $"{name} must be a number from {minimum} to {maximum}.");
    }

    private static AdminResponse Answer<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type));
}
