using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Disa.Functions.Tests;

/// <summary>What a function exports, and that it does so before it answers.</summary>
public sealed class SpansTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 6, 30, 0, TimeSpan.Zero);
    private readonly ConcurrentQueue<JsonElement> exported = new();
    private HttpStatusCode status = HttpStatusCode.OK;

    /// <summary>https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: ids in hexadecimal, enumerations as numbers, 64 bits as strings.</summary>
    [Fact]
    public async Task An_invocation_and_its_messages_are_exported_as_OTLP()
    {
        var spans = Spans();
        spans.Begin("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
        spans.Add(
            new(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                "00f067aa0ba902b7",
                "publish t",
                Span.Producer,
                Now,
                Now.AddMilliseconds(5),
                [new("disa.id", "1"), new("disa.attempt", 2)]
            )
            {
                Error = "throttled",
            }
        );

        Assert.Null(await spans.EndAsync(Of("request-1"), Now, new TimeoutException(), CancellationToken.None));

        var resource = Assert.Single(exported).GetProperty("resourceSpans")[0];
        Assert.Equal(
            """[{"key":"service.name","value":{"stringValue":"disa-process"}},{"key":"cloud.region","value":{"stringValue":"eu-west-1"}}]""",
            resource.GetProperty("resource").GetProperty("attributes").GetRawText()
        );
        var both = resource.GetProperty("scopeSpans")[0].GetProperty("spans");
        var invocation = both[1].GetProperty("spanId").GetString();
        Assert.Equal(
            """{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","parentSpanId":"00f067aa0ba902b7","name":"publish t","kind":4,"startTimeUnixNano":"1795933800000000000","endTimeUnixNano":"1795933800005000000","attributes":[{"key":"disa.id","value":{"stringValue":"1"}},{"key":"disa.attempt","value":{"intValue":"2"}}],"""
                + $$$"""
                "links":[{"traceId":"5759e988bd862e3fe1be46a994272793","spanId":"{{{invocation}}}"}],"status":{"code":2,"message":"throttled"}}
                """,
            both[0].GetRawText()
        );
        Assert.Equal(
            $$$"""
            {"traceId":"5759e988bd862e3fe1be46a994272793","spanId":"{{{invocation}}}","parentSpanId":"53995c3f42cd8ad8","name":"disa-process","kind":2,"startTimeUnixNano":"1795933800000000000","endTimeUnixNano":"1795933801000000000","attributes":[{"key":"faas.invocation_id","value":{"stringValue":"request-1"}}],"status":{"code":2,"message":"TimeoutException"}}
            """,
            both[1].GetRawText()
        );
    }

    [Theory]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793")]
    [InlineData(null)]
    public async Task An_invocation_that_is_not_sampled_is_not_exported(string? header)
    {
        var spans = Spans();
        spans.Begin(header);
        Assert.Null(await spans.EndAsync(Of("request-1"), Now, null, CancellationToken.None));
        Assert.Empty(exported);
    }

    [Fact]
    public async Task What_cannot_be_exported_fails_nothing_and_is_not_kept()
    {
        status = HttpStatusCode.ServiceUnavailable;
        var spans = Spans();
        spans.Begin("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
        Assert.Equal("HTTP 503", await spans.EndAsync(Of("request-1"), Now, null, CancellationToken.None));
        spans.Begin(null);
        Assert.Null(await spans.EndAsync(Of("request-2"), Now, null, CancellationToken.None));
        Assert.Single(exported);
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "b7ad6b7169203331", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "b7ad6b7169203331", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0b", "b7ad6b7169203331", true)]
    [InlineData("nonsense", null, true)]
    [InlineData(null, null, true)]
    public void A_message_is_below_its_producers_span(string? traceParent, string? producer, bool isSampled)
    {
        var trace = TraceContext.Of(traceParent, new(Disa.Contract.ItemKey.Parse(JsonElement.Parse("""{"id":{"S":"1"}}""")), Now));
        Assert.Equal((producer, isSampled), (trace.Producer, trace.IsSampled));
        Assert.Equal($"00-{trace.TraceId}-{trace.SpanOf(3)}-{trace.Flags}", trace.ParentOf(3));
        Assert.NotEqual(trace.SpanOf(3), trace.SpanOf(4));
    }

    [Fact]
    public async Task Spans_go_out_before_the_answer_because_a_function_is_frozen_after_it()
    {
        await using var api = await RuntimeApi.StartAsync();
        using var stop = new CancellationTokenSource();
        using var client = new HttpClient { BaseAddress = new($"http://{api.Address}/2018-06-01/runtime/") };
        var spans = Spans();
        var running = new LambdaRuntime(client, new Log(TextWriter.Null, TimeProvider.System), spans).RunAsync(
            (LambdaRuntimeTests.Ping ping, Invocation _, CancellationToken _) =>
            {
                spans.Add(new("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", null, "publish t", Span.Producer, Now, Now, []));
                return Task.FromResult(new LambdaRuntimeTests.Pong(ping.Number));
            },
            LambdaRuntimeTests.PingJson.Default.Ping,
            LambdaRuntimeTests.PingJson.Default.Pong,
            stop.Token
        );

        Assert.Equal("invocation/request-1/response", (await api.InvokeAsync("""{"Number":1}""")).Path);

        Assert.Single(exported);
        await stop.CancelAsync();
        Assert.Equal(0, await running);
    }

    private Spans Spans() =>
        new(
            new OtlpExporter(
                new HttpClient(new Collector(this)),
                new Uri("http://collector:4318/"),
                "disa-process",
                [("cloud.region", "eu-west-1")]
            ),
            () => Now.AddSeconds(1)
        );

    private static Invocation Of(string requestId) => new(requestId, Now.AddMinutes(1), "arn:f", null);

    private sealed class Collector(SpansTests tests) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("http://collector:4318/v1/traces", request.RequestUri!.ToString());
            Assert.Equal("application/json", request.Content!.Headers.ContentType!.ToString());
            tests.exported.Enqueue(JsonElement.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken)));
            return new(tests.status);
        }
    }
}
