using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Tests.Lambda;

namespace Disa.Emulator.Tests.Aws;

/// <summary>Not beside other tests: whoever listens hears all emulators of the process.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryCollection;

/// <summary>Spans and metrics of the emulator.</summary>
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests
{
    private const string Trace = "5759e988bd862e3fe1be46a994272793";
    private const string XRay = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    /// <summary>https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader</summary>
    [Theory]
    [InlineData(XRay, Trace, "53995c3f42cd8ad8", true)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0", Trace, "53995c3f42cd8ad8", false)]
    [InlineData("Self=1-67891234-12456789abcdef012345678;" + XRay + ";Lineage=a87bd80c:1", Trace, "53995c3f42cd8ad8", true)]
    [InlineData("Sampled=1; Parent=53995c3f42cd8ad8; Root=1-5759e988-bd862e3fe1be46a994272793", Trace, "53995c3f42cd8ad8", true)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793", null, null, false)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995C3F42CD8AD8", null, null, false)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a9942727;Parent=53995c3f42cd8ad8", null, null, false)]
    [InlineData("Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8", null, null, false)]
    [InlineData("", null, null, false)]
    [InlineData(null, null, null, false)]
    public void A_trace_header_is_a_trace_context(string? header, string? trace, string? parent, bool isSampled)
    {
        var context = TraceHeader.Parse(header);

        Assert.Equal((trace, parent), trace is null ? (null, null) : (context.TraceId.ToString(), context.SpanId.ToString()));
        Assert.Equal(trace is not null, context != default);
        Assert.Equal(isSampled, context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
    }

    [Theory]
    [InlineData("traceparent", $"00-{Trace}-53995c3f42cd8ad8-01")]
    [InlineData("X-Amzn-Trace-Id", XRay)]
    public async Task A_request_is_a_span_of_its_callers_trace(string header, string value)
    {
        await using var cloud = await TestCloud.Start();
        using var spans = new Spans();

        var (status, _) = await cloud.Send(
            HttpMethod.Post,
            "sqs",
            "/",
            """{"QueueName":"orders"}""",
            "application/x-amz-json-1.0",
            null,
            ("X-Amz-Target", "AmazonSQS.CreateQueue"),
            (header, value)
        );

        Assert.Equal(200, status);
        var span = Assert.Single(spans.All);
        Assert.Equal("sqs.CreateQueue", span.DisplayName);
        Assert.Equal(ActivityKind.Server, span.Kind);
        Assert.Equal((Trace, "53995c3f42cd8ad8"), (span.TraceId.ToString(), span.ParentSpanId.ToString()));
        Assert.Equal("aws-api", span.GetTagItem("rpc.system"));
        Assert.Equal("sqs", span.GetTagItem("rpc.service"));
        Assert.Equal("CreateQueue", span.GetTagItem("rpc.method"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Equal(36, ((string)span.GetTagItem("aws.request_id")!).Length);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    /// <summary>
    /// A topic hands the trace on in AWSTraceHeader, and a function that polls a queue has a trace of its own, linked to those of its messages:
    /// https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sns.html, …/xray-services-sqs.html.
    /// </summary>
    [Fact]
    public async Task A_publish_goes_on_into_the_queue_and_is_linked_by_the_function_that_reads_it()
    {
        await using var cloud = await TestCloud.Start();
        var seen = await Host(cloud, "worker");
        await Call(cloud, "sqs", "AmazonSQS.CreateQueue", """{"QueueName":"orders"}""");
        await cloud.Query("sns", "CreateTopic", ("Name", "placed"));
        const string topic = "arn:aws:sns:us-east-1:000000000000:placed";
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:orders")
        );
        await Host(cloud, "notified");
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "lambda"),
            ("Endpoint", "arn:aws:lambda:us-east-1:000000000000:function:notified")
        );
        await cloud.Rest(
            HttpMethod.Post,
            "lambda",
            "/2015-03-31/event-source-mappings",
            """{"FunctionName":"worker","EventSourceArn":"arn:aws:sqs:us-east-1:000000000000:orders"}"""
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        using var spans = new Spans();

        await cloud.Send(
            HttpMethod.Post,
            "sns",
            "/",
            $"Action=Publish&Message=hello&TopicArn={topic}",
            "application/x-www-form-urlencoded",
            null,
            ("X-Amzn-Trace-Id", XRay)
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));

        var publish = spans.Named("sns.Publish");
        var delivery = spans.Named("deliver placed");
        Assert.Equal((Trace, publish.SpanId), (delivery.TraceId.ToString(), delivery.ParentSpanId));
        Assert.Equal((delivery.TraceId, delivery.SpanId), (spans.Named("notified").TraceId, spans.Named("notified").ParentSpanId));
        var batch = spans.Named("process orders");
        Assert.NotEqual(Trace, batch.TraceId.ToString());
        Assert.Equal(default, batch.ParentSpanId);
        Assert.Equal(
            (publish.TraceId, publish.SpanId),
            Assert.Single(batch.Links.Select(link => (link.Context.TraceId, link.Context.SpanId)))
        );
        Assert.Equal(1, batch.GetTagItem("messaging.batch.message_count"));
        var invocation = spans.Named("worker");
        Assert.Equal((batch.TraceId, batch.SpanId), (invocation.TraceId, invocation.ParentSpanId));
        var handed = TraceHeader.Parse(Assert.Single(seen));
        Assert.Equal((invocation.TraceId, invocation.SpanId), (handed.TraceId, handed.SpanId));
        Assert.True(handed.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
    }

    /// <summary>
    /// A topic passes the header that it gets on to its subscribers, unless told otherwise:
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html, TracingConfig PassThrough.
    /// </summary>
    [Fact]
    public async Task A_function_gets_its_publishers_trace_where_nobody_listens()
    {
        await using var cloud = await TestCloud.Start();
        var seen = await Host(cloud, "notified");
        await cloud.Query("sns", "CreateTopic", ("Name", "placed"));
        const string topic = "arn:aws:sns:us-east-1:000000000000:placed";
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "lambda"),
            ("Endpoint", "arn:aws:lambda:us-east-1:000000000000:function:notified")
        );

        await cloud.Send(
            HttpMethod.Post,
            "sns",
            "/",
            $"Action=Publish&Message=hello&TopicArn={topic}",
            "application/x-www-form-urlencoded",
            null,
            ("X-Amzn-Trace-Id", XRay)
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));

        Assert.Equal([XRay], seen);
    }

    [Fact]
    public async Task An_execution_is_a_span_as_long_as_it_took_and_its_functions_are_in_its_trace()
    {
        await using var cloud = await TestCloud.Start();
        await Host(cloud, "worker");
        var definition = """
            {"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":3600,"Next":"Work"},"Work":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:worker","End":true}}}
            """;
        await Call(
            cloud,
            "states",
            "AWSStepFunctions.CreateStateMachine",
            $$"""{"name":"later","roleArn":"{{FunctionFixture.Role}}","definition":{{System.Text.Json.JsonSerializer.Serialize(definition)}}}"""
        );
        using var spans = new Spans();

        await cloud.Send(
            HttpMethod.Post,
            "states",
            "/",
            """{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:later","name":"one"}""",
            "application/x-amz-json-1.0",
            null,
            ("X-Amz-Target", "AWSStepFunctions.StartExecution"),
            ("X-Amzn-Trace-Id", XRay)
        );
        await cloud.Cloud.Advance(TimeSpan.FromHours(1.1));

        var start = spans.Named("states.StartExecution");
        var execution = spans.Named("later");
        Assert.Equal((start.TraceId, start.SpanId), (execution.TraceId, execution.ParentSpanId));
        Assert.InRange(execution.Duration, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(67));
        Assert.Equal("SUCCEEDED", execution.GetTagItem("aws.step_functions.execution.status"));
        Assert.Equal((start.TraceId, start.SpanId), (spans.Named("worker").TraceId, spans.Named("worker").ParentSpanId));
    }

    [Fact]
    public async Task Requests_functions_and_queues_are_measured()
    {
        await using var cloud = await TestCloud.Start();
        await Host(cloud, "worker");
        var measured = new ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, [.. tags, new("value", value)]));
        listener.Start();

        await Call(cloud, "sqs", "AmazonSQS.CreateQueue", """{"QueueName":"orders"}""");
        await Call(cloud, "sqs", "AmazonSQS.SendMessage", $$"""{"QueueUrl":"{{cloud.Endpoint}}000000000000/orders","MessageBody":"one"}""");
        await cloud.Invoke("worker", "{}");
        listener.RecordObservableInstruments();

        Assert.Contains(
            "rpc.server.call.duration rpc.system=aws-api rpc.service=sqs rpc.method=SendMessage http.response.status_code=200",
            measured
        );
        Assert.Contains("faas.invoke_duration faas.name=worker", measured);
        Assert.Contains("aws.sqs.messages messaging.destination.name=orders state=visible value=1", measured);
    }

    [Fact]
    public void Where_nobody_listens_nothing_is_allocated()
    {
        static void Everything()
        {
            var span = Telemetry.IsOn ? Telemetry.Request(null, null) : null;
            Telemetry.Answered(span, "sqs", "SendMessage", 200, "id", TimeSpan.FromSeconds(1));
            Telemetry.Invoked(Telemetry.Invocation("worker", "arn", "id", null), "worker", null, TimeSpan.FromSeconds(1));
            Telemetry.Batch("aws_sqs", "arn:aws:sqs:us-east-1:000000000000:orders", 1)?.Dispose();
            Telemetry.Delivery("placed", "sqs", "id", null)?.Dispose();
            Telemetry.Execution("later", "arn", "SUCCEEDED", default, default, null);
            _ = Telemetry.Onwards(span, null);
        }

        Everything();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Everything();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Task<System.Text.Json.JsonElement> Call(TestCloud cloud, string service, string target, string body) =>
        cloud.Json(service, target, body);

    private static async Task<ConcurrentQueue<string>> Host(TestCloud cloud, string name)
    {
        var seen = new ConcurrentQueue<string>();
        cloud.Cloud.HostedFunctions.Set(
            new("000000000000", "us-east-1"),
            name,
            (invocation, _) =>
            {
                seen.Enqueue(invocation.TraceHeader);
                return Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
            }
        );
        await cloud.CreateFunction(name, "provided.al2023", "handler", FunctionFixture.Zip(("bootstrap", "")));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        return seen;
    }

    /// <summary>Hears every span that the emulator ends.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> ended = new();
        private readonly ActivityListener listener;

        public Spans()
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Telemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = ended.Enqueue,
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IReadOnlyCollection<Activity> All => ended;

        public Activity Named(string name) =>
            ended.Where(span => span.DisplayName == name).ToList() is [var only]
                ? only
                : throw new InvalidOperationException($"{name}: {string.Join(", ", ended.Select(span => span.DisplayName))}");

        public void Dispose() => listener.Dispose();
    }
}
