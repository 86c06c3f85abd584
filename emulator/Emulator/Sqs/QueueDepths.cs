using System.Diagnostics.Metrics;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

/// <summary>How many messages each queue has: counted when CloudWatch samples it, and when a reader of OpenTelemetry asks.</summary>
internal sealed class QueueDepths : IDisposable
{
    private readonly Meter meter = new(Telemetry.Name);
    private readonly Database database;
    private readonly Queues queues;

    public QueueDepths(Database database, Queues queues)
    {
        (this.database, this.queues) = (database, queues);
        meter.CreateObservableGauge("aws.sqs.messages", Read, "{message}", "Messages of a queue: visible, in flight, delayed.");
    }

    public void Dispose() => meter.Dispose();

    /// <summary>What is in each queue that is not empty, for CloudWatch.</summary>
    public IReadOnlyList<Gauge> Gauges(Transaction transaction) =>
        [
            .. Count(transaction, queue => !Messages.IsEmpty(transaction, queue))
                .SelectMany(one =>
                    new Gauge[]
                    {
                        new(one.Queue.Metric("ApproximateNumberOfMessagesVisible"), one.Visible),
                        new(one.Queue.Metric("ApproximateNumberOfMessagesNotVisible"), one.InFlight),
                        new(one.Queue.Metric("ApproximateNumberOfMessagesDelayed"), one.Delayed),
                    }
                ),
        ];

    private List<Measurement<long>> Read()
    {
        try
        {
            return
            [
                .. database
                    .Read(transaction => Count(transaction, _ => true).ToList())
                    .SelectMany(one =>
                        new[]
                        {
                            Of(one.Name, "visible", one.Visible),
                            Of(one.Name, "in_flight", one.InFlight),
                            Of(one.Name, "delayed", one.Delayed),
                        }
                    ),
            ];
        }
        catch (Exception closed) when (closed is StoreClosedException or StoreUnavailableException or ObjectDisposedException)
        {
            return [];
        }
    }

    private IEnumerable<(string Name, Queue Queue, long Visible, long InFlight, long Delayed)> Count(
        Transaction transaction,
        Func<Queue, bool> isWanted
    ) =>
        from entry in queues.Shelf.All()
        where isWanted(entry.Value)
        let count = Messages.Count(transaction, entry.Value, queues.Now)
        select (entry.Name, entry.Value, count.Visible, count.InFlight, count.Delayed);

    private static Measurement<long> Of(string queue, string state, long count) =>
        new(count, new("messaging.destination.name", queue), new KeyValuePair<string, object?>("state", state));
}
