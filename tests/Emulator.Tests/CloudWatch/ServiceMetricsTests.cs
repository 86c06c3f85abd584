using System.Text.Json;
using Disa.Emulator.CloudWatch;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>What services publish about themselves, by the names of their own guides' metric tables.</summary>
public sealed class ServiceMetricsTests
{
    private const string Topic = "arn:aws:sns:us-east-1:000000000000:t";
    private const string Queue = "arn:aws:sqs:us-east-1:000000000000:q";

    [Fact]
    public async Task A_topic_counts_what_it_accepts_delivers_and_gives_up()
    {
        await using var cloud = await Start();
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", Topic),
            ("Protocol", "sqs"),
            ("Endpoint", Queue),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true")
        );

        await Publish(cloud, 1);
        await Publish(cloud, 11); // more than SQS takes: discarded
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, await Sum(cloud, "AWS/SNS", "NumberOfMessagesPublished", "TopicName", "t"));
        Assert.Equal(1, await Sum(cloud, "AWS/SNS", "NumberOfNotificationsDelivered", "TopicName", "t"));
        Assert.Equal(1, await Sum(cloud, "AWS/SNS", "NumberOfNotificationsFailed", "TopicName", "t"));
    }

    [Fact]
    public async Task A_queue_says_every_five_minutes_how_much_is_in_it_and_once_that_it_is_empty()
    {
        await using var cloud = await Start();
        await cloud.Json("sqs", "AmazonSQS.SendMessage", """{"QueueUrl":"http://localhost/000000000000/q","MessageBody":"x"}""");

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(3, await Sum(cloud, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "q"));

        await cloud.Json("sqs", "AmazonSQS.PurgeQueue", """{"QueueUrl":"http://localhost/000000000000/q"}""");
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(3, await Sum(cloud, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "q"));
        Assert.Equal(4, await Sum(cloud, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "q", "SampleCount"));
    }

    [Fact]
    public void Many_values_of_a_minute_are_gathered_at_once_and_kept_coarsely()
    {
        var few = new Dictionary<double, double> { [1] = 2, [2.5] = 1 };
        var one = Aggregate.Of(few);
        var pairwise = Aggregate.Of(1, 2).Add(Aggregate.Of(2.5, 1));
        Assert.Equal((pairwise.Count, pairwise.Sum, pairwise.Minimum, pairwise.Maximum), (one.Count, one.Sum, one.Minimum, one.Maximum));
        Assert.Equal(pairwise.Spread, one.Spread);

        var many = Aggregate.Of(Enumerable.Range(1, 50_000).ToDictionary(value => value / 100.0, _ => 1.0));
        Assert.Equal((50_000, 0.01, 500), (many.Count, many.Minimum, many.Maximum));
        Assert.Equal(12_500_250, many.Sum, 1e-3);
        Assert.InRange(many.Spread!.Count, 1, 5000);
    }

    [Fact]
    public async Task A_reset_account_has_no_metrics_of_the_minute_before()
    {
        await using var cloud = await Start();
        await Publish(cloud, 0);

        Assert.Equal(200, (await cloud.Send(HttpMethod.Post, "disa", "/_disa/reset", "", "application/json")).Status);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(0, await Sum(cloud, "AWS/SNS", "NumberOfMessagesPublished", "TopicName", "t"));
    }

    private static async Task<TestCloud> Start()
    {
        var cloud = await TestCloud.Start(
            new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 10, 20, TimeSpan.Zero)) }
        );
        await cloud.Query("sns", "CreateTopic", ("Name", "t"));
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        return cloud;
    }

    private static Task Publish(TestCloud cloud, int attributes) =>
        cloud.Query(
            "sns",
            "Publish",
            [
                ("TopicArn", Topic),
                ("Message", "hello"),
                .. Enumerable
                    .Range(1, attributes)
                    .SelectMany(i =>
                        new (string, string)[]
                        {
                            ($"MessageAttributes.entry.{i}.Name", $"a{i}"),
                            ($"MessageAttributes.entry.{i}.Value.DataType", "String"),
                            ($"MessageAttributes.entry.{i}.Value.StringValue", "x"),
                        }
                    ),
            ]
        );

    private static async Task<double> Sum(
        TestCloud cloud,
        string ns,
        string name,
        string dimension,
        string resource,
        string statistic = "Sum"
    )
    {
        var answer = await cloud.Json(
            "monitoring",
            "GraniteServiceVersion20100801.GetMetricStatistics",
            $$"""
            {"Namespace":"{{ns}}","MetricName":"{{name}}","Dimensions":[{"Name":"{{dimension}}","Value":"{{resource}}"}],
            "StartTime":1795410000,"EndTime":1795420800,"Period":10800,"Statistics":["{{statistic}}"]}
            """
        );
        return answer
            .GetProperty("Datapoints")
            .EnumerateArray()
            .Select(point => point.GetProperty(statistic).GetDouble())
            .SingleOrDefault();
    }
}
