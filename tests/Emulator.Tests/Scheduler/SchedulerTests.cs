using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Scheduler;

public sealed class SchedulerTests
{
    private const string Role = "arn:aws:iam::000000000000:role/r";

    [Theory]
    [InlineData("cron(0 1 * * * *)")]
    [InlineData("cron(7 20 * * NOT *)")]
    [InlineData("cron(INVALID)")]
    [InlineData("cron(0 dummy ? * MON-FRI *)")]
    [InlineData("cron(71 8 1 * ? *)")]
    [InlineData("cron()")]
    [InlineData("rate(10 seconds)")]
    [InlineData("rate(10 years)")]
    [InlineData("rate()")]
    [InlineData("rate(10)")]
    [InlineData("rate(10 minutess)")]
    [InlineData("rate(foo minutes)")]
    [InlineData("rate(-10 minutes)")]
    [InlineData("rate( 10 minutes )")]
    [InlineData(" rate(10 minutes)")]
    [InlineData("at(2021-12-31T23:59:59Z)")]
    [InlineData("at(2021-12-31)")]
    public async Task An_expression_that_AWS_refused_on_2025_01_26_is_refused_in_its_words(string expression)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Create(cloud, expression, "arn:aws:sqs:us-east-1:000000000000:q"));

        Assert.Equal(400, error.Status);
        Assert.Contains($"Invalid Schedule Expression {expression}.", error.Body);
    }

    [Fact]
    public async Task A_rate_runs_at_once_and_then_each_interval()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud);
        await Create(
            cloud,
            "rate(5 minutes)",
            queue,
            "\"Input\":\"{\\\"time\\\":\\\"<aws.scheduler.scheduled-time>\\\",\\\"attempt\\\":\\\"<aws.scheduler.attempt-number>\\\"}\""
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        Assert.Equal("""{"time":"2026-11-23T06:30:20Z","attempt":"1"}""", Assert.Single(await Bodies(cloud)));

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(
            ["""{"time":"2026-11-23T06:35:20Z","attempt":"1"}""", """{"time":"2026-11-23T06:40:20Z","attempt":"1"}"""],
            (await Bodies(cloud)).Order()
        );
    }

    [Fact]
    public async Task Each_occurrence_of_a_rate_fires_once_however_finely_the_clock_counts_when_it_is_created()
    {
        // Real clocks stand between two milliseconds, and the due times are stored in whole ones.
        await using var cloud = await TestCloud.Start(
            new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero).AddTicks(5_678)) }
        );
        var queue = await Queue(cloud);
        await Create(cloud, "rate(1 minutes)", queue, "\"Input\":\"<aws.scheduler.scheduled-time>\"");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(Enumerable.Range(30, 5).Select(minute => $"2026-11-23T06:{minute}:20Z"), (await Bodies(cloud)).Order());
    }

    [Fact]
    public async Task A_rate_with_a_start_date_starts_there_and_ends_at_its_end_date()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud);
        var start = cloud.Clock.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds();
        await Create(cloud, "rate(5 minutes)", queue, further: $"\"StartDate\":{start},\"EndDate\":{start + 400}");

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await Bodies(cloud));
        await cloud.Cloud.Advance(TimeSpan.FromHours(1));

        Assert.Equal(2, (await Bodies(cloud)).Count);
    }

    [Fact]
    public async Task A_cron_runs_in_its_time_zone()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud);
        await Create(
            cloud,
            "cron(0 8 ? * MON-FRI *)",
            queue,
            "\"Input\":\"<aws.scheduler.scheduled-time>\"",
            "\"ScheduleExpressionTimezone\":\"Europe/Berlin\""
        );

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("2026-11-23T07:00:00Z", Assert.Single(await Bodies(cloud)));
    }

    [Fact]
    public async Task A_schedule_that_runs_once_is_deleted_after_it_if_asked()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud);
        await Create(cloud, "at(2026-11-23T06:31:00)", queue, further: "\"ActionAfterCompletion\":\"DELETE\"");

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));

        Assert.Single(await Bodies(cloud));
        Assert.Equal(404, (await Assert.ThrowsAsync<TestAwsException>(() => Get(cloud, "/schedules/s"))).Status);
    }

    [Fact]
    public async Task Times_missed_while_stopped_are_made_up_for_once()
    {
        var directory = Directory.CreateTempSubdirectory("disa-test-").FullName;
        try
        {
            var wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero));
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory, Wall = wall }))
            {
                await Create(cloud, "rate(5 minutes)", await Queue(cloud));
                await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
                Assert.Single(await Bodies(cloud));
            }

            wall.Advance(TimeSpan.FromHours(1));
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory, Wall = wall }))
            {
                await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
                Assert.Single(await Bodies(cloud));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_universal_target_calls_any_operation_and_an_unknown_one_is_refused_when_set()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Queue(cloud);
        var url = $"{cloud.Endpoint}000000000000/q";
        await Create(
            cloud,
            "rate(1 day)",
            "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            $$"""
            "Input":"{\"QueueUrl\":\"{{url}}\",\"MessageBody\":\"hello\"}"
            """
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        Assert.Equal("hello", Assert.Single(await Bodies(cloud)));
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            Create(cloud, "rate(1 day)", "arn:aws:scheduler:::aws-sdk:athena:startQuery", name: "t")
        );
        Assert.Contains("athena", error.Body);
    }

    [Fact]
    public async Task A_target_that_is_not_there_goes_to_the_dead_letter_queue()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud);
        await Create(
            cloud,
            "rate(1 day)",
            "arn:aws:lambda:us-east-1:000000000000:function:none",
            $"\"Input\":\"{{}}\",\"DeadLetterConfig\":{{\"Arn\":\"{queue}\"}}"
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var message = Assert.Single(await Messages(cloud));
        Assert.Equal("{}", message.GetProperty("Body").GetString());
        Assert.Equal(
            "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s",
            message.GetProperty("MessageAttributes").GetProperty("SCHEDULE_ARN").GetProperty("StringValue").GetString()
        );
        Assert.Equal(
            "2026-11-23T06:30:20Z",
            message.GetProperty("MessageAttributes").GetProperty("SCHEDULED_TIME").GetProperty("StringValue").GetString()
        );
    }

    [Fact]
    public async Task Schedules_are_created_read_updated_listed_and_deleted_in_groups()
    {
        await using var cloud = await TestCloud.Start(Still());
        await cloud.Rest(HttpMethod.Post, "scheduler", "/schedule-groups/g", """{"Tags":[{"Key":"a","Value":"1"}],"ClientToken":"t"}""");
        await cloud.Rest(HttpMethod.Post, "scheduler", "/schedule-groups/g", """{"ClientToken":"t"}""");
        Assert.Equal(
            409,
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Post, "scheduler", "/schedule-groups/g", "{}"))).Status
        );
        await Create(cloud, "rate(1 day)", "arn:aws:sqs:us-east-1:000000000000:q", further: "\"GroupName\":\"g\",\"State\":\"DISABLED\"");

        var read = await Get(cloud, "/schedules/s?groupName=g");
        Assert.Equal("UTC", read.GetProperty("ScheduleExpressionTimezone").GetString());
        Assert.Equal(185, read.GetProperty("Target").GetProperty("RetryPolicy").GetProperty("MaximumRetryAttempts").GetInt32());
        Assert.Equal("NONE", read.GetProperty("ActionAfterCompletion").GetString());
        Assert.Single(
            (await Get(cloud, "/schedules?ScheduleGroup=g&State=DISABLED&MaxResults=5")).GetProperty("Schedules").EnumerateArray()
        );
        var arn = Uri.EscapeDataString("arn:aws:scheduler:us-east-1:000000000000:schedule-group/g");
        Assert.Equal("a", (await Get(cloud, $"/tags/{arn}")).GetProperty("Tags")[0].GetProperty("Key").GetString());
        await cloud.Rest(
            HttpMethod.Put,
            "scheduler",
            "/schedules/s",
            Body("rate(2 days)", "arn:aws:sqs:us-east-1:000000000000:q", "", "\"GroupName\":\"g\"")
        );
        Assert.Equal("ENABLED", (await Get(cloud, "/schedules/s?groupName=g")).GetProperty("State").GetString());
        await cloud.Rest(HttpMethod.Delete, "scheduler", "/schedule-groups/g");
        Assert.Contains(
            "Schedule s does not exist.",
            (await Assert.ThrowsAsync<TestAwsException>(() => Get(cloud, "/schedules/s?groupName=g"))).Body
        );
    }

    private static LocalCloudOptions Still() =>
        new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero)) };

    private static Task<string> Create(
        TestCloud cloud,
        string expression,
        string target,
        string ofTarget = "",
        string further = "",
        string name = "s"
    ) => cloud.Rest(HttpMethod.Post, "scheduler", $"/schedules/{name}", Body(expression, target, ofTarget, further));

    private static string Body(string expression, string target, string ofTarget, string further) =>
        $$$"""
            {"ScheduleExpression":"{{{expression}}}","FlexibleTimeWindow":{"Mode":"OFF"},"Target":{"Arn":"{{{target}}}","RoleArn":"{{{Role}}}"{{{(
                ofTarget.Length > 0 ? "," + ofTarget : ""
            )}}}}{{{(further.Length > 0 ? "," + further : "")}}}}
            """;

    private static async Task<JsonElement> Get(TestCloud cloud, string path) =>
        JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "scheduler", path));

    private static async Task<string> Queue(TestCloud cloud)
    {
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        return "arn:aws:sqs:us-east-1:000000000000:q";
    }

    /// <summary>Takes what is in the queue, and deletes it.</summary>
    private static async Task<List<JsonElement>> Messages(TestCloud cloud)
    {
        var url = (await cloud.Json("sqs", "AmazonSQS.GetQueueUrl", """{"QueueName":"q"}""")).GetProperty("QueueUrl").GetString();
        var answer = await cloud.Json(
            "sqs",
            "AmazonSQS.ReceiveMessage",
            $$"""{"QueueUrl":"{{url}}","MaxNumberOfMessages":10,"MessageAttributeNames":["All"],"VisibilityTimeout":30}"""
        );
        List<JsonElement> messages = answer.TryGetProperty("Messages", out var found) ? [.. found.EnumerateArray()] : [];
        foreach (var message in messages)
        {
            await cloud.Json(
                "sqs",
                "AmazonSQS.DeleteMessage",
                $$"""{"QueueUrl":"{{url}}","ReceiptHandle":"{{message.GetProperty("ReceiptHandle").GetString()}}"}"""
            );
        }

        return messages;
    }

    private static async Task<List<string>> Bodies(TestCloud cloud) =>
        (await Messages(cloud)).Select(message => message.GetProperty("Body").GetString()!).ToList();
}
