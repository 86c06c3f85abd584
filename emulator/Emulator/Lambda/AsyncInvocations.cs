using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Jsonata;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>
/// The queue of asynchronous invocations (type Event), in a table: what was accepted runs, also after a stop. Delivery is at least
/// once; an event's natural key is its request id, which a function sees as its own on every attempt.
/// </summary>
internal sealed partial class AsyncInvocations(FunctionStore functions, Invoker invoker, Destinations destinations, ILogger logger)
{
    public static readonly Migration[] Migrations =
    [
        new(
            "lambda",
            2,
            """
            CREATE TABLE lambda_async (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, function TEXT NOT NULL, qualifier TEXT,
                payload BLOB NOT NULL, created INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL, throttles INTEGER NOT NULL);
            CREATE INDEX lambda_async_due ON lambda_async (due)
            """
        ),
        new("lambda", 4, "ALTER TABLE lambda_async ADD COLUMN trace TEXT"),
    ];

    private const int DefaultRetries = 2;
    private const int DefaultAge = 21600;
    private const int AtOnce = 64;

    private readonly ConcurrentDictionary<string, Task> running = new(StringComparer.Ordinal);

    /// <summary>After a commit that made something due.</summary>
    public Action Signal { get; set; } = () => { };

    public Task Enqueue(FunctionReference function, ReadOnlyMemory<byte> payload, Caller caller) =>
        functions.Database.Write(transaction =>
        {
            var now = functions.Clock.GetUtcNow().ToUnixTimeMilliseconds();
            // A caller may repeat its request id (a retried schedule): each is an invocation of its own.
            var id =
                transaction.Number("SELECT count(*) FROM lambda_async WHERE id = $1", caller.RequestId) > 0
                || !Guid.TryParse(caller.RequestId, out _)
                    ? Guid.NewGuid().ToString()
                    : caller.RequestId;
            transaction.Execute(
                "INSERT INTO lambda_async VALUES ($1, $2, $3, $4, $5, seal('lambda_async', $6), $7, $7, 0, 0, $8)",
                id,
                function.Scope.Account,
                function.Scope.Region,
                function.Name,
                function.Qualifier,
                payload.IsEmpty ? "{}"u8.ToArray() : payload.ToArray(),
                now,
                caller.TraceHeader
            );
            transaction.AfterCommit(Signal);
        });

    /// <summary>Invocations that failed or were throttled and are tried again, the earliest first.</summary>
    public List<Upcoming> Upcoming(string account, int limit) =>
        functions.Database.Read(transaction =>
            transaction.Query(
                "SELECT function, due FROM lambda_async WHERE account = $1 AND attempts + throttles > 0 ORDER BY due LIMIT $2",
                row => new Upcoming("lambda", "retry", row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
                account,
                limit
            )
        );

    /// <summary>Starts what is due; answers when the next is.</summary>
    public ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = functions.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var waiting = functions.Database.Read(transaction =>
            transaction.Query(
                "SELECT id, account, region, function, qualifier, open('lambda_async', payload), created, due, attempts, throttles, trace FROM lambda_async ORDER BY due LIMIT 1000",
                Read
            )
        );
        foreach (var entry in waiting.Where(entry => entry.Due <= now && !running.ContainsKey(entry.Id)).Take(AtOnce - running.Count))
        {
            var busy = functions.Clock.Work("an asynchronous invocation");
            // It starts once it is in the table: one that ended before would stay there for ever.
            var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            running[entry.Id] = Run(entry, busy, known.Task, cancellation);
            known.SetResult();
        }

        var next = waiting.Where(entry => entry.Due > now).Select(entry => (long?)entry.Due).FirstOrDefault();
        return ValueTask.FromResult<DateTimeOffset?>(next is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null);
    }

    public Task WhenIdle() => Task.WhenAll(running.Values);

    private async Task Run(Entry entry, IDisposable busy, Task known, CancellationToken cancellation)
    {
        await known.ConfigureAwait(false);
        using (busy)
        {
            try
            {
                await Attempt(entry, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                // The emulator stops: the row is there when it starts again.
            }
            catch (Exception failure) when (failure is AwsException or IOException)
            {
                LogFailed(entry.Id, entry.Function, failure);
                await Pause(cancellation).ConfigureAwait(false);
            }
            finally
            {
                running.TryRemove(entry.Id, out _);
                Signal();
            }
        }
    }

    /// <summary>What cannot be recorded now is tried again in a second.</summary>
    private async Task Pause(CancellationToken cancellation) =>
        await Task.Delay(TimeSpan.FromSeconds(1), functions.Clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task Attempt(Entry entry, CancellationToken cancellation)
    {
        var reference = new FunctionReference(new Scope(entry.Account, entry.Region), entry.Function, entry.Qualifier);
        var config = functions
            .Functions.Get(reference.Scope, reference.Name)
            ?.EventInvoke.GetValueOrDefault(reference.Qualifier is null or FunctionVersion.Unpublished ? "" : reference.Qualifier);
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(entry.Created).AddSeconds(config?.MaximumEventAgeInSeconds ?? DefaultAge);
        if (functions.Clock.GetUtcNow() >= expires)
        {
            await GiveUp(entry, reference, config, "EventAgeExceeded", null).ConfigureAwait(false);
            return;
        }

        Invocation result;
        try
        {
            result = await invoker
                .Invoke(
                    reference,
                    entry.Payload,
                    InvocationType.RequestResponse,
                    null,
                    Caller.Service("lambda.amazonaws.com", reference.Scope) with
                    {
                        TraceHeader = entry.Trace,
                    },
                    entry.Id,
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (AwsException failure) when (failure.Code == "ResourceNotFoundException")
        {
            await Remove(entry).ConfigureAwait(false);
            return;
        }
        catch (AwsException)
        {
            // Throttles, and functions that cannot be invoked now, are no attempts: it is tried again for up to the event's age, 1 s to 5 min apart.
            var wait = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, entry.Throttles)));
            await Later(entry.Id, wait, entry.Attempts, entry.Throttles + 1).ConfigureAwait(false);
            return;
        }

        if (result.FunctionError is null)
        {
            if (config?.OnSuccess is { } success)
            {
                await destinations
                    .Send(success, Record(entry, reference, "Success", result), reference.Arn, reference.Scope)
                    .ConfigureAwait(false);
            }

            await Remove(entry).ConfigureAwait(false);
        }
        else if (entry.Attempts >= (config?.MaximumRetryAttempts ?? DefaultRetries))
        {
            await GiveUp(entry with { Attempts = entry.Attempts + 1 }, reference, config, "RetriesExhausted", result).ConfigureAwait(false);
        }
        else
        {
            await Later(entry.Id, TimeSpan.FromMinutes(entry.Attempts + 1), entry.Attempts + 1, entry.Throttles).ConfigureAwait(false);
        }
    }

    private Task<int> Later(string id, TimeSpan wait, int attempts, int throttles)
    {
        var due = functions.Clock.GetUtcNow() + wait;
        return functions.Database.Write(transaction =>
            transaction.Execute(
                "UPDATE lambda_async SET due = $2, attempts = $3, throttles = $4 WHERE id = $1",
                id,
                due.ToUnixTimeMilliseconds(),
                attempts,
                throttles
            )
        );
    }

    private async Task GiveUp(Entry entry, FunctionReference reference, EventInvokeConfig? config, string condition, Invocation? result)
    {
        if (functions.Functions.Get(reference.Scope, reference.Name)?.Resolve(reference.Qualifier)?.DeadLetterTarget is { } deadLetters)
        {
            // A dead letter is the event itself, with what went wrong as attributes.
            await destinations
                .SendDeadLetter(
                    deadLetters,
                    Encoding.UTF8.GetString(entry.Payload),
                    entry.Id,
                    result is null ? "" : ErrorMessage(result),
                    reference.Arn,
                    reference.Scope
                )
                .ConfigureAwait(false);
        }

        if (config?.OnFailure is { } failure)
        {
            await destinations
                .Send(failure, Record(entry, reference, condition, result), reference.Arn, reference.Scope)
                .ConfigureAwait(false);
        }

        await Remove(entry).ConfigureAwait(false);
    }

    private Task<int> Remove(Entry entry) =>
        functions.Database.Write(transaction => transaction.Execute("DELETE FROM lambda_async WHERE id = $1", entry.Id));

    private string Record(Entry entry, FunctionReference reference, string condition, Invocation? result) =>
        JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("version", "1.0");
            writer.WriteString(
                "timestamp",
                functions.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)
            );
            writer.WriteStartObject("requestContext");
            writer.WriteString("requestId", entry.Id);
            writer.WriteString(
                "functionArn",
                FunctionReference.ArnOf(reference.Scope, reference.Name, reference.Qualifier ?? FunctionVersion.Unpublished)
            );
            writer.WriteString("condition", condition);
            writer.WriteNumber("approximateInvokeCount", condition == "Success" ? entry.Attempts + 1 : entry.Attempts);
            writer.WriteEndObject();
            writer.WritePropertyName("requestPayload");
            writer.WriteRawValue(entry.Payload);
            if (result is not null)
            {
                writer.WriteStartObject("responseContext");
                writer.WriteNumber("statusCode", 200);
                writer.WriteString("executedVersion", result.ExecutedVersion);
                if (result.FunctionError is { } error)
                {
                    writer.WriteString("functionError", error);
                }

                writer.WriteEndObject();
                writer.WritePropertyName("responsePayload");
                JsonText.WriteValue(writer, result.Payload);
            }

            writer.WriteEndObject();
        });

    private static string ErrorMessage(Invocation result)
    {
        try
        {
            using var json = JsonInput.Document(result.Payload);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("errorMessage", out var message)
                ? message.ToString()
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static Entry Read(SqliteDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.GetFieldValue<byte[]>(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetInt32(8),
            row.GetInt32(9),
            row.IsDBNull(10) ? null : row.GetString(10)
        );

    [LoggerMessage(Level = LogLevel.Error, Message = "the asynchronous invocation {Id} of {Function} could not be finished")]
    private partial void LogFailed(string id, string function, Exception failure);

    private sealed record Entry(
        string Id,
        string Account,
        string Region,
        string Function,
        string? Qualifier,
        byte[] Payload,
        long Created,
        long Due,
        int Attempts,
        int Throttles,
        string? Trace
    );
}
