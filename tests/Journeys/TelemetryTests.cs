using System.Diagnostics;
using Amazon.SQS;
using Amazon.SQS.Model;
using Disa.Client;

namespace Disa.Journeys;

/// <summary>One trace from the producer's request to the consumer.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_message_has_one_trace_from_its_producer_to_its_consumer()
    {
        using var receiver = new OtlpReceiver();
        await using var disa = await RunningDisa.With(
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint.ToString().TrimEnd('/'),
                ["OTEL_EXPORTER_OTLP_HEADERS"] = OtlpReceiver.Headers,
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            }
        );
        using var sqs = new AmazonSQSClient(RunningDisa.Credentials, disa.Configure(new AmazonSQSConfig()));
        var queue = (
            await sqs.CreateQueueAsync(
                new CreateQueueRequest("consumer")
                {
                    Attributes = new()
                    {
                        ["Policy"] =
                            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}]}""",
                    },
                }
            )
        ).QueueUrl;
        await disa.Aws(
            "sns",
            "subscribe",
            "--topic-arn",
            disa.Outputs["TopicArn"],
            "--protocol",
            "sqs",
            "--notification-endpoint",
            "arn:aws:sqs:us-east-1:000000000000:consumer",
            "--attributes",
            "RawMessageDelivery=true"
        );

        using var producer = new Activity("an order").SetIdFormat(ActivityIdFormat.W3C);
        producer.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        producer.Start();
        var key = await new DisaOutbox(disa.DynamoDb, new DisaTable(disa.Table)).PutAsync(new DisaMessage("Followed."));
        producer.Stop();
        var received = await sqs.Next(
            new ReceiveMessageRequest(queue) { MessageAttributeNames = ["All"], MessageSystemAttributeNames = ["AWSTraceHeader"] }
        );

        // What the consumer goes on from.
        Assert.True(ActivityContext.TryParse(received.MessageAttributes["traceparent"].StringValue, null, out var consumer));
        Assert.Equal(producer.TraceId, consumer.TraceId);
        var publish = await receiver.Span(span => span.SpanId == consumer.SpanId.ToString());
        Assert.Equal(producer.TraceId.ToString(), publish.TraceId);
        Assert.Equal(producer.SpanId.ToString(), publish.ParentId);
        Assert.StartsWith("publish ", publish.Name, StringComparison.Ordinal);
        Assert.Equal("disa-process", publish.Service);

        // The producer's request is in the same trace: HttpClient sends its traceparent.
        var put = await receiver.Span(span => span.Name == "dynamodb.PutItem" && span.TraceId == publish.TraceId);
        Assert.Equal("disa-emulator", put.Service);

        // The trace that AWS's own headers carry, linked to that of the message: stream, function, workflow, function, publish, queue.
        var (trace, process) = Assert.Single(publish.Links);
        var own = await receiver.Span(span => span.SpanId == process);
        Assert.Equal(("disa-process", "disa-process"), (own.Service, own.Name));
        foreach (var name in (string[])["states.StartExecution", "disa-dispatch", "sns.PublishBatch"])
        {
            await receiver.Span(span =>
                span.TraceId == trace && (span.Name == name || (name == "sns.PublishBatch" && span.Name == "sns.Publish"))
            );
        }

        await receiver.Span(span => span.TraceId == trace && span is { Name: "disa-init-process", Service: "disa-init-process" });
        Assert.Contains(trace[8..], received.Attributes["AWSTraceHeader"], StringComparison.Ordinal);
        Assert.Equal(key.ToString(), received.MessageAttributes["disa-id"].StringValue);
        Assert.Contains(receiver.Metrics, metrics => metrics.Contains("rpc.server.call.duration", StringComparison.Ordinal));
    }
}
