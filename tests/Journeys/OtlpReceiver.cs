using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Disa.Journeys;

/// <summary>A span as a receiver sees it.</summary>
internal sealed record ReceivedSpan(
    string Service,
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    IReadOnlyList<(string TraceId, string SpanId)> Links
);

/// <summary>Takes what is exported by OTLP over HTTP, as protobuf and as JSON: as much of it as the tests look at.</summary>
/// <remarks>https://github.com/open-telemetry/opentelemetry-proto: trace.proto; https://protobuf.dev/programming-guides/encoding/</remarks>
internal sealed class OtlpReceiver : IDisposable
{
    /// <summary>What a request must have in its header <c>api-key</c>; without it, it is refused.</summary>
    private const string Key = "a key with=signs";

    private readonly HttpListener listener = new();
    private readonly Lock gate = new();
    private TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OtlpReceiver()
    {
        Endpoint = new Uri($"http://127.0.0.1:{FreePort()}/");
        listener.Prefixes.Add(Endpoint.ToString());
        listener.Start();
        _ = Take();
    }

    public Uri Endpoint { get; }

    /// <summary>As <c>OTEL_EXPORTER_OTLP_HEADERS</c> has it.</summary>
    public static string Headers => "api-key=" + Uri.EscapeDataString(Key);

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>The bodies of what was posted to /v1/metrics, as Latin-1: names are readable in them.</summary>
    public ConcurrentQueue<string> Metrics { get; } = new();

    /// <summary>Completes once a span like this has come.</summary>
    public async Task<ReceivedSpan> Span(Func<ReceivedSpan, bool> wanted)
    {
        var patience = RunningDisa.Patience;
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task next;
            lock (gate)
            {
                next = arrived.Task;
            }

            if (Spans.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            var left = patience - TimeProvider.System.GetElapsedTime(began);
            try
            {
                await next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
            catch (TimeoutException)
            {
                throw new InvalidOperationException($"No such span came: {string.Join('\n', Spans)}");
            }
        }
    }

    public void Dispose() => listener.Close();

    private async Task Take()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            if (context.Request.Headers["api-key"] != Key)
            {
                context.Response.StatusCode = 401;
                context.Response.Close();
                continue;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (context.Request.Url!.AbsolutePath == "/v1/metrics")
            {
                Metrics.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
            }
            else if (context.Request.ContentType == "application/json")
            {
                ReadJson(JsonElement.Parse(body.ToArray()));
            }
            else
            {
                ReadProtobuf(body.ToArray());
            }

            context.Response.ContentType = context.Request.ContentType;
            context.Response.Close();
            lock (gate)
            {
                arrived.SetResult();
                arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void ReadJson(JsonElement request)
    {
        foreach (var resource in request.GetProperty("resourceSpans").EnumerateArray())
        {
            var service = resource
                .GetProperty("resource")
                .GetProperty("attributes")
                .EnumerateArray()
                .Single(attribute => attribute.GetProperty("key").GetString() == "service.name")
                .GetProperty("value")
                .GetProperty("stringValue")
                .GetString()!;
            foreach (var span in resource.GetProperty("scopeSpans")[0].GetProperty("spans").EnumerateArray())
            {
                Spans.Enqueue(
                    new(
                        service,
                        Text(span, "traceId"),
                        Text(span, "spanId"),
                        Text(span, "parentSpanId"),
                        Text(span, "name"),
                        span.TryGetProperty("links", out var links)
                            ? [.. links.EnumerateArray().Select(link => (Text(link, "traceId"), Text(link, "spanId")))]
                            : []
                    )
                );
            }
        }

        static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString()! : "";
    }

    private void ReadProtobuf(byte[] request)
    {
        foreach (var resource in Fields(request).Where(field => field.Number == 1))
        {
            var service = Fields(resource.Bytes)
                .Where(field => field.Number == 1)
                .SelectMany(field => Fields(field.Bytes))
                .Select(attribute =>
                    (Key: Text(attribute.Bytes, 1), Value: Fields(attribute.Bytes).First(field => field.Number == 2).Bytes)
                )
                .Single(attribute => attribute.Key == "service.name")
                .Value;
            foreach (var scope in Fields(resource.Bytes).Where(field => field.Number == 2))
            {
                foreach (var span in Fields(scope.Bytes).Where(field => field.Number == 2))
                {
                    Spans.Enqueue(
                        new(
                            Text(service, 1),
                            Hex(span.Bytes, 1),
                            Hex(span.Bytes, 2),
                            Hex(span.Bytes, 4),
                            Text(span.Bytes, 5),
                            [
                                .. Fields(span.Bytes)
                                    .Where(field => field.Number == 13)
                                    .Select(link => (Hex(link.Bytes, 1), Hex(link.Bytes, 2))),
                            ]
                        )
                    );
                }
            }
        }

        static byte[] Of(byte[] message, int number) => Fields(message).FirstOrDefault(field => field.Number == number).Bytes ?? [];
        static string Text(byte[] message, int number) => Encoding.UTF8.GetString(Of(message, number));
        static string Hex(byte[] message, int number) => Convert.ToHexStringLower(Of(message, number));
    }

    /// <summary>The fields of a message; of numbers only that they are there.</summary>
    private static List<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[])>();
        for (var at = 0; at < message.Length; )
        {
            var tag = (int)Varint(message, ref at);
            var length = (tag & 7) switch
            {
                0 => -1,
                1 => 8,
                5 => 4,
                _ => (int)Varint(message, ref at),
            };
            if (length < 0)
            {
                Varint(message, ref at);
                continue;
            }

            fields.Add((tag >> 3, message[at..(at + length)]));
            at += length;
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private static int FreePort()
    {
        using var port = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        port.Start();
        return ((IPEndPoint)port.LocalEndpoint).Port;
    }
}
