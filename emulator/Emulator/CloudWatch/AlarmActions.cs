using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Disa.Jsonata;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.CloudWatch;

/// <summary>Whom alarms tell: given by the composition root, so that this room knows no other.</summary>
/// <param name="Publish">To a topic: ARN, subject, message.</param>
/// <param name="Invoke">A function, asynchronously: ARN, payload.</param>
/// <param name="PutEvent">To the default bus: source, detail type, detail, resources.</param>
public sealed record AlarmAudience(
    Func<string, string, string, Caller, Task>? Publish,
    Func<string, ReadOnlyMemory<byte>, Caller, CancellationToken, Task>? Invoke,
    Func<Scope, string, string, JsonElement, IReadOnlyList<string>, Task>? PutEvent
);

/// <summary>Tells topics, functions and the bus of state changes, from rows that a restart finds again. The key is the row: told at least once.</summary>
internal sealed class AlarmActions : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly Database database;
    private readonly AlarmAudience audience;
    private readonly Clock clock;
    private readonly Worker worker;

    public AlarmActions(Database database, AlarmAudience audience, Clock clock, ILogger logger)
    {
        this.database = database;
        this.audience = audience;
        this.clock = clock;
        worker = new Worker("CloudWatch alarm actions", clock, logger, Step);
    }

    public void Start() => worker.Start();

    public void Signal() => worker.Signal();

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var rows = database.Read(transaction =>
            transaction.Query(
                "SELECT id, account, region, alarm, target, open('cloudwatch_action', subject), open('cloudwatch_action', body), changed, attempts FROM cloudwatch_action WHERE due <= $1 ORDER BY id LIMIT 100",
                row => new Told(
                    row.GetInt64(0),
                    new Scope(row.GetString(1), row.GetString(2)),
                    row.GetString(3),
                    row.GetString(4),
                    row.GetString(5),
                    row.GetString(6),
                    row.GetInt64(7),
                    row.GetInt32(8)
                ),
                clock.GetUtcNow().ToUnixTimeMilliseconds()
            )
        );
        foreach (var row in rows)
        {
            await Tell(row, cancellation).ConfigureAwait(false);
        }

        return database.Read(transaction => transaction.Number("SELECT min(due) FROM cloudwatch_action")) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of an action: its failure is a fact for the history.")]
    private async Task Tell(Told row, CancellationToken cancellation)
    {
        string? error = null;
        var again = false;
        try
        {
            await Send(row, cancellation).ConfigureAwait(false);
        }
        catch (AwsException refusal)
        {
            error = $"{refusal.Code}: {refusal.Message}";
            again = refusal.StatusCode is 429 or >= 500 && refusal.Code != "NotImplemented" && row.Attempts + 1 < Attempts;
        }
        catch (Exception failure)
            when (!cancellation.IsCancellationRequested && failure is not (ObjectDisposedException or StoreUnavailableException))
        {
            error = failure.Message;
            again = row.Attempts + 1 < Attempts;
        }

        var now = clock.GetUtcNow();
        await database
            .Write(transaction =>
            {
                if (again)
                {
                    transaction.Execute(
                        "UPDATE cloudwatch_action SET attempts = attempts + 1, due = $2 WHERE id = $1",
                        row.Id,
                        now.AddSeconds(Math.Pow(2, row.Attempts)).ToUnixTimeMilliseconds()
                    );
                    return;
                }

                transaction.Execute("DELETE FROM cloudwatch_action WHERE id = $1", row.Id);
                if (row.Target != AlarmStates.Bus)
                {
                    Record(transaction, row, error, now);
                }
            })
            .ConfigureAwait(false);
    }

    private static void Record(Transaction transaction, Told row, string? error, DateTimeOffset now)
    {
        var data = new ActionHistory(
            error is null ? "Succeeded" : "Failed",
            row.Target,
            row.Changed,
            error is null ? row.Body : null,
            error
        );
        AlarmHistory.Add(
            transaction,
            row.Scope,
            row.Alarm,
            now,
            "Action",
            error is null
                ? $"Successfully executed action {row.Target}"
                : Cut($"Failed to execute action {row.Target}. Received error: \"{error}\""),
            JsonSerializer.Serialize(data, CloudWatchText.Plain.ActionHistory),
            AlarmHistory.IsComposite(transaction, row.Scope, row.Alarm)
        );
    }

    private static string Cut(string summary) => summary.Length <= 255 ? summary : summary[..255];

    private Task Send(Told row, CancellationToken cancellation)
    {
        var caller = Caller.Service("cloudwatch.amazonaws.com", row.Scope) with
        {
            SourceArn = Arn.Of("cloudwatch", row.Scope, $"alarm:{row.Alarm}"),
        };
        if (row.Target == AlarmStates.Bus)
        {
            var arn = Arn.Of("cloudwatch", row.Scope, $"alarm:{row.Alarm}");
            return audience.PutEvent is { } put
                ? put(row.Scope, "aws.cloudwatch", "CloudWatch Alarm State Change", JsonInput.Parse(row.Body), [arn])
                : Task.CompletedTask;
        }

        return Arn.TryParse(row.Target)?.Service switch
        {
            "sns" when audience.Publish is { } publish => publish(row.Target, row.Subject, row.Body, caller),
            "lambda" when audience.Invoke is { } invoke => invoke(
                row.Target,
                System.Text.Encoding.UTF8.GetBytes(row.Body),
                caller with
                {
                    Principal = Principal.Service("lambda.alarms.cloudwatch.amazonaws.com"),
                },
                cancellation
            ),
            _ => throw AwsException.NotImplemented($"the alarm action {row.Target}"),
        };
    }

    private sealed record Told(long Id, Scope Scope, string Alarm, string Target, string Subject, string Body, long Changed, int Attempts);
}
