using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Sqs;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>
/// An SQS queue handed to a function. Delivery is at least once; a message's natural key is its id. What the function took is
/// deleted; what it did not comes again when the queue's visibility timeout is over.
/// </summary>
internal sealed partial class QueueMapping : IMappingRunner
{
    /// <summary>Batches at a time, where the mapping does not say: the five pollers that AWS starts with.</summary>
    private const int DefaultConcurrency = 5;
    private const int ReceiveLimit = 10;

    private readonly Clock clock;
    private readonly Invoker invoker;
    private readonly QueueReader queues;
    private readonly ILogger logger;
    private readonly Worker worker;
    private readonly List<EventPattern> filters;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<Task> running = [];
    private readonly List<ReceivedMessage> gathered = [];
    private IDisposable? subscription;
    private readonly ExecutionRoles roles;
    private DateTimeOffset? windowEnds;

    public QueueMapping(Mapping mapping, Clock clock, Invoker invoker, QueueReader queues, ExecutionRoles roles, ILogger logger)
    {
        Mapping = mapping;
        this.clock = clock;
        this.invoker = invoker;
        this.queues = queues;
        this.logger = logger;
        this.roles = roles;
        filters = [.. mapping.Filters.Select(filter => EventPattern.Parse(filter, PatternDialect.Lambda))];
        worker = new Worker($"mapping {mapping.Id}", clock, logger, Step);
    }

    public Mapping Mapping { get; }

    public void Start()
    {
        subscription = queues.Subscribe(Mapping.EventSourceArn, worker.Signal);
        worker.Start();
    }

    public async ValueTask DisposeAsync()
    {
        subscription?.Dispose();
        await stopping.CancelAsync().ConfigureAwait(false);
        await worker.DisposeAsync().ConfigureAwait(false);
        Task[] left;
        lock (gate)
        {
            left = [.. running];
        }

        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var queue = Mapping.EventSourceArn;
        if (!queues.Exists(queue))
        {
            return null;
        }

        if (roles.Denial(Mapping) is not null)
        {
            return clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        }

        while (Running() < (Mapping.MaximumConcurrency ?? DefaultConcurrency))
        {
            cancellation.ThrowIfCancellationRequested();
            var wanted = Math.Min(ReceiveLimit, Mapping.BatchSize - gathered.Count);
            var received = wanted > 0 ? await queues.Receive(queue, wanted).ConfigureAwait(false) : [];
            gathered.AddRange(await Filter(received).ConfigureAwait(false));
            if (gathered.Count == 0)
            {
                windowEnds = null;
                if (received.Count == 0)
                {
                    return queues.NextVisible(queue);
                }

                continue;
            }

            if (gathered.Count < Mapping.BatchSize && Mapping.BatchingWindow > 0)
            {
                windowEnds ??= clock.GetUtcNow().AddSeconds(Mapping.BatchingWindow);
                if (windowEnds > clock.GetUtcNow())
                {
                    if (received.Count > 0)
                    {
                        continue;
                    }

                    return windowEnds;
                }
            }

            var batch = gathered.ToList();
            gathered.Clear();
            windowEnds = null;
            var busy = clock.Work("an event source mapping of a queue");
            lock (gate)
            {
                running.Add(Run(batch, busy));
            }
        }

        return null;
    }

    private int Running()
    {
        lock (gate)
        {
            running.RemoveAll(task => task.IsCompleted);
            return running.Count;
        }
    }

    private async Task Run(List<ReceivedMessage> batch, Clock.Busy busy)
    {
        await Task.Yield();
        using (busy)
        {
            try
            {
                await Deliver(batch).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                // The mapping stops; the messages come again.
            }
            catch (Exception failure) when (failure is AwsException or IOException)
            {
                LogFailed(Mapping.Id, failure);
            }
        }

        // Later than the task's end, so that the worker counts it as over.
        _ = Task.Run(worker.Signal);
    }

    private static IEnumerable<string?>? Traces(List<ReceivedMessage> batch) =>
        Telemetry.IsOn ? batch.Select(message => message.SystemAttributes.GetValueOrDefault("AWSTraceHeader")) : null;

    private async Task Deliver(List<ReceivedMessage> batch)
    {
        using var span = Telemetry.Batch("aws_sqs", Mapping.EventSourceArn, batch.Count, Traces(batch));
        var invocation = await invoker
            .Invoke(
                Mapping.FunctionArn,
                null,
                Payload(batch),
                InvocationType.RequestResponse,
                Caller.Service("lambda.amazonaws.com", Mapping.Scope),
                stopping.Token
            )
            .ConfigureAwait(false);
        if (invocation.FunctionError is not null)
        {
            return;
        }

        var done = batch;
        if (Mapping.ReportsItemFailures)
        {
            if (ItemFailures.Read(invocation.Payload, batch.ConvertAll(message => message.MessageId)) is not { } failed)
            {
                return;
            }

            done = [.. batch.Where((_, index) => !failed.Contains(index))];
        }

        await queues.Delete(Mapping.EventSourceArn, done.ConvertAll(message => message.ReceiptHandle)).ConfigureAwait(false);
    }

    /// <summary>What the filter drops is deleted from the queue, as on AWS.</summary>
    private async Task<List<ReceivedMessage>> Filter(IReadOnlyList<ReceivedMessage> received)
    {
        if (filters.Count == 0 || received.Count == 0)
        {
            return [.. received];
        }

        var wanted = received
            .Where(message =>
                filters.Exists(filter =>
                    filter.Matches(Describe(message, parseBody: true)) || filter.Matches(Describe(message, parseBody: false))
                )
            )
            .ToList();
        var dropped = received.Except(wanted).Select(message => message.ReceiptHandle).ToList();
        if (dropped.Count > 0)
        {
            await queues.Delete(Mapping.EventSourceArn, dropped).ConfigureAwait(false);
        }

        return wanted;
    }

    private JsonElement Describe(ReceivedMessage message, bool parseBody) =>
        OwnJson.Parse(JsonText.Bytes(writer => Write(writer, message, parseBody)).Span);

    private ReadOnlyMemory<byte> Payload(List<ReceivedMessage> batch) =>
        JsonText.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("Records");
            batch.ForEach(message => Write(writer, message, parseBody: false));
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private void Write(Utf8JsonWriter writer, ReceivedMessage message, bool parseBody)
    {
        writer.WriteStartObject();
        writer.WriteString("messageId", message.MessageId);
        writer.WriteString("receiptHandle", message.ReceiptHandle);
        if (parseBody)
        {
            writer.WritePropertyName("body");
            JsonText.WriteValue(writer, System.Text.Encoding.UTF8.GetBytes(message.Body));
        }
        else
        {
            writer.WriteString("body", message.Body);
        }

        writer.WriteStartObject("attributes");
        foreach (var (name, value) in message.SystemAttributes)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("messageAttributes");
        foreach (var (name, value) in message.Attributes ?? new Dictionary<string, MessageAttribute>())
        {
            writer.WriteStartObject(name);
            if (value.StringValue is { } text)
            {
                writer.WriteString("stringValue", text);
            }

            if (value.BinaryValue is { } bytes)
            {
                writer.WriteBase64String("binaryValue", bytes);
            }

            writer.WriteStartArray("stringListValues");
            writer.WriteEndArray();
            writer.WriteStartArray("binaryListValues");
            writer.WriteEndArray();
            writer.WriteString("dataType", value.DataType);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteString("md5OfBody", message.Md5OfBody);
        if (MessageAttribute.Md5(message.Attributes) is { } digest)
        {
            writer.WriteString("md5OfMessageAttributes", digest);
        }

        writer.WriteString("eventSource", "aws:sqs");
        writer.WriteString("eventSourceARN", Mapping.EventSourceArn);
        writer.WriteString("awsRegion", Mapping.Region);
        writer.WriteEndObject();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the event source mapping {Mapping} could not deliver a batch; it comes again")]
    private partial void LogFailed(string mapping, Exception failure);
}
