using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.CloudWatch;

public sealed class AlarmCrashTests
{
    private const string Alarm = """
        {"AlarmName":"a","Namespace":"N","MetricName":"m","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,
        "ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"ignore"}
        """;

    [Fact]
    public async Task A_power_cut_before_any_write_loses_no_event_of_an_alarm()
    {
        var happened = true;
        for (var cut = 1; happened; cut++)
        {
            var directory = Directory.CreateTempSubdirectory("disa-test-").FullName;
            try
            {
                var wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero));
                await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory, Wall = wall }))
                {
                    await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
                    await cloud.Json("events", "AWSEvents.PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"aws.cloudwatch\"]}"}""");
                    await cloud.Json(
                        "events",
                        "AWSEvents.PutTargets",
                        """{"Rule":"r","Targets":[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:q"}]}"""
                    );
                    await Monitoring(cloud, "PutMetricAlarm", Alarm);
                }

                var acknowledged = false;
                var power = new PowerCut(cut);
                try
                {
                    await using var cloud = await TestCloud.Start(
                        new LocalCloudOptions
                        {
                            DataDirectory = directory,
                            Wall = wall,
                            BeforeWrite = power.BeforeWrite,
                        }
                    );
                    await Monitoring(cloud, "PutMetricData", """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1}]}""");
                    acknowledged = true;
                    await cloud.Clock.Advance(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
                }
                catch (Exception) when (power.Happened.Task.IsCompleted)
                {
                    // The power is gone while it started, or while the request was in progress.
                }

                happened = power.Happened.Task.IsCompleted;
                await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory, Wall = wall }))
                {
                    if (!acknowledged)
                    {
                        await Monitoring(cloud, "PutMetricData", """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1}]}""");
                    }

                    await cloud.Cloud.Advance(TimeSpan.FromMinutes(2));
                    Assert.Contains("\"StateValue\":\"ALARM\"", (await Monitoring(cloud, "DescribeAlarms", "{}")).GetRawText());
                    var url = (await cloud.Json("sqs", "AmazonSQS.GetQueueUrl", """{"QueueName":"q"}"""))
                        .GetProperty("QueueUrl")
                        .GetString();
                    var messages = await cloud.Json(
                        "sqs",
                        "AmazonSQS.ReceiveMessage",
                        $$"""{"QueueUrl":"{{url}}","MaxNumberOfMessages":10}"""
                    );
                    Assert.True(messages.TryGetProperty("Messages", out _), $"the event is lost when the power goes before write {cut}");
                }
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }

            Assert.True(cut < 30, "the journey has few writes");
        }
    }

    private static Task<System.Text.Json.JsonElement> Monitoring(TestCloud cloud, string operation, string body) =>
        cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);
}
