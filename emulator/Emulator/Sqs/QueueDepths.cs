using System.Diagnostics.Metrics;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

/// <summary>How many messages each queue has, for OpenTelemetry: counted when a reader of metrics asks.</summary>
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

    private List<Measurement<long>> Read()
    {
        try
        {
            return
            [
                .. queues
                    .Shelf.All()
                    .SelectMany(queue =>
                    {
                        var count = database.Read(transaction => Messages.Count(transaction, queue.Value, queues.Now));
                        return new[]
                        {
                            Of(queue.Name, "visible", count.Visible),
                            Of(queue.Name, "in_flight", count.InFlight),
                            Of(queue.Name, "delayed", count.Delayed),
                        };
                    }),
            ];
        }
        catch (Exception closed) when (closed is StoreClosedException or StoreUnavailableException or ObjectDisposedException)
        {
            return [];
        }
    }

    private static Measurement<long> Of(string queue, string state, long count) =>
        new(count, new("messaging.destination.name", queue), new KeyValuePair<string, object?>("state", state));
}
