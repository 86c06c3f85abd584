using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Emulator.Tests.DynamoDb;
using Disa.Emulator.Tests.Lambda;

namespace Disa.Emulator.Tests.Usage;

/// <summary>What AWS would bill, unit by unit.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Write_units_are_a_kilobyte_each_with_those_of_indexes_and_twice_in_transactions()
    {
        await using var dynamo = await Table();
        var cloud = dynamo.Cloud;

        await dynamo.Put("table", ("pk", Dynamo.S("1")));
        Assert.Equal(1, await Amount(cloud, "dynamodb", "table", "WriteRequestUnits"));

        await dynamo.Put("table", ("pk", Dynamo.S("2")), ("big", Dynamo.S(new string('x', 1500))));
        Assert.Equal(3, await Amount(cloud, "dynamodb", "table", "WriteRequestUnits"));

        // Into the index is one unit, from one place in it to another two, out of it one.
        await dynamo.Put("table", ("pk", Dynamo.S("1")), ("status", Dynamo.S("a")));
        Assert.Equal(1, await Amount(cloud, "dynamodb", "table/byStatus", "WriteRequestUnits"));
        await dynamo.Put("table", ("pk", Dynamo.S("1")), ("status", Dynamo.S("b")));
        Assert.Equal(3, await Amount(cloud, "dynamodb", "table/byStatus", "WriteRequestUnits"));
        await dynamo.Put("table", ("pk", Dynamo.S("1")));
        Assert.Equal(4, await Amount(cloud, "dynamodb", "table/byStatus", "WriteRequestUnits"));

        await Reset(cloud);
        await dynamo.Client.TransactWriteItemsAsync(
            new()
            {
                TransactItems =
                [
                    new()
                    {
                        Put = new() { TableName = "table", Item = Dynamo.Item(("pk", Dynamo.S("3"))) },
                    },
                ],
            }
        );
        Assert.Equal(2, await Amount(cloud, "dynamodb", "table", "WriteRequestUnits"));
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_costs_a_write_all_the_same()
    {
        await using var dynamo = await Table();
        await dynamo.Put("table", ("pk", Dynamo.S("1")), ("big", Dynamo.S(new string('x', 1500))));
        await Reset(dynamo.Cloud);

        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() =>
            dynamo.Client.PutItemAsync(
                new PutItemRequest("table", Dynamo.Item(("pk", Dynamo.S("1")))) { ConditionExpression = "attribute_not_exists(pk)" }
            )
        );

        Assert.Equal(2, await Amount(dynamo.Cloud, "dynamodb", "table", "WriteRequestUnits"));
    }

    [Fact]
    public async Task Read_units_are_four_kilobytes_each_half_where_eventually_consistent_and_twice_in_transactions()
    {
        await using var dynamo = await Table();
        var cloud = dynamo.Cloud;
        var key = Dynamo.Item(("pk", Dynamo.S("1")));
        await dynamo.Put("table", ("pk", Dynamo.S("1")), ("status", Dynamo.S("a")), ("big", Dynamo.S(new string('x', 5000))));

        await dynamo.Client.GetItemAsync(new GetItemRequest("table", key) { ConsistentRead = true });
        Assert.Equal(2, await Amount(cloud, "dynamodb", "table", "ReadRequestUnits"));
        await dynamo.Client.GetItemAsync(new GetItemRequest("table", key));
        Assert.Equal(3, await Amount(cloud, "dynamodb", "table", "ReadRequestUnits"));
        await dynamo.Client.TransactGetItemsAsync(
            new()
            {
                TransactItems =
                [
                    new()
                    {
                        Get = new() { TableName = "table", Key = key },
                    },
                ],
            }
        );
        Assert.Equal(7, await Amount(cloud, "dynamodb", "table", "ReadRequestUnits"));
        await dynamo.Client.QueryAsync(
            new QueryRequest("table")
            {
                IndexName = "byStatus",
                KeyConditionExpression = "#s = :s",
                ExpressionAttributeNames = new() { ["#s"] = "status" },
                ExpressionAttributeValues = new() { [":s"] = Dynamo.S("a") },
            }
        );
        Assert.Equal(0.5, await Amount(cloud, "dynamodb", "table/byStatus", "ReadRequestUnits"));
    }

    [Fact]
    public async Task An_invocation_is_a_request_and_its_milliseconds_at_the_memory_that_is_configured()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "f",
            "import time\ndef handler(event, context):\n    time.sleep(0.25)\n",
            "\"MemorySize\":1024,\"Architectures\":[\"arm64\"]"
        );

        var log = (await cloud.Invoke("f", "{}", ("X-Amz-Log-Type", "Tail"))).Log;

        Assert.Equal(1, await Amount(cloud, "lambda", "f", "Requests"));
        var billed = double.Parse(log[(log.IndexOf("Billed Duration: ", StringComparison.Ordinal) + 17)..].Split(' ')[0]);
        Assert.Equal(billed / 1000, await Amount(cloud, "lambda", "f", "GBSecondsArm"), 9);
        Assert.InRange(billed, 250, 60_000);
        Assert.Equal(0, await Amount(cloud, "lambda", "f", "GBSecondsX86"));
    }

    [Theory]
    [InlineData("STANDARD", "StateTransitions", 4)]
    [InlineData("EXPRESS", "ExpressRequests", 1)]
    public async Task Executions_cost_transitions_with_their_retries_or_a_request_and_its_time(string type, string unit, double amount)
    {
        await using var cloud = await TestCloud.Start();
        const string definition = """
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Next":"B"},
              "B":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem","Parameters":{"TableName":"none","Key":{"id":{"S":"1"}}},
                   "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":1,"MaxAttempts":1}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},
              "C":{"Type":"Succeed"}}}
            """;
        var machine = (
            await cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                JsonSerializer.Serialize(
                    new
                    {
                        name = "m",
                        type,
                        roleArn = "arn:aws:iam::000000000000:role/workflow",
                        definition,
                    }
                )
            )
        ).GetProperty("stateMachineArn").GetString();

        await cloud.Json("states", "AWSStepFunctions.StartExecution", JsonSerializer.Serialize(new { stateMachineArn = machine }));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(amount, await Amount(cloud, "states", "m", unit));
        if (type == "EXPRESS")
        {
            var steps = await Amount(cloud, "states", "m", "ExpressGBSeconds") / (64.0 / 1024) * 10;
            Assert.InRange(steps, 10 - 1e-6, 100);
            Assert.Equal(Math.Round(steps), steps, 6);
        }
    }

    [Fact]
    public async Task A_publish_is_a_request_for_each_64_KB_and_a_batch_is_one_of_all_its_entries()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Query("sns", "CreateTopic", ("Name", "t"));
        const string topic = "arn:aws:sns:us-east-1:000000000000:t";

        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", "short"));
        Assert.Equal(1, await Amount(cloud, "sns", "t", "PublishRequests"));
        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", new string('x', 70_000)));
        Assert.Equal(3, await Amount(cloud, "sns", "t", "PublishRequests"));
        await cloud.Query(
            "sns",
            "PublishBatch",
            [
                ("TopicArn", topic),
                .. Enumerable
                    .Range(1, 10)
                    .SelectMany(i =>
                        new[]
                        {
                            ($"PublishBatchRequestEntries.member.{i}.Id", $"e{i}"),
                            ($"PublishBatchRequestEntries.member.{i}.Message", "short"),
                        }
                    ),
            ]
        );
        Assert.Equal(4, await Amount(cloud, "sns", "t", "PublishRequests"));
        Assert.Equal(12, await Amount(cloud, "sns", "t", "Messages"));
    }

    [Fact]
    public async Task Deliveries_are_counted_by_what_they_are_delivered_to()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Query("sns", "CreateTopic", ("Name", "t"));
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", "arn:aws:sns:us-east-1:000000000000:t"),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:q")
        );

        await cloud.Query("sns", "Publish", ("TopicArn", "arn:aws:sns:us-east-1:000000000000:t"), ("Message", "m"));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        Assert.Equal(1, await Amount(cloud, "sns", "t", "QueueDeliveries"));
        Assert.Equal(0, await Amount(cloud, "sns", "t", "EmailDeliveries"));
        Assert.Equal(1, await Amount(cloud, "sqs", "", "Requests"));
        await cloud.Json(
            "sqs",
            "AmazonSQS.SendMessage",
            JsonSerializer.Serialize(new { QueueUrl = new Uri(cloud.Endpoint, "000000000000/q"), MessageBody = new string('x', 70_000) })
        );
        Assert.Equal(3, await Amount(cloud, "sqs", "", "Requests"));
    }

    [Fact]
    public async Task Metrics_are_calls_and_what_is_billed_by_the_month()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Query(
            "monitoring",
            "PutMetricData",
            ("Namespace", "Disa"),
            ("MetricData.member.1.MetricName", "Sent"),
            ("MetricData.member.1.Value", "1")
        );
        await cloud.Query(
            "monitoring",
            "PutMetricAlarm",
            ("AlarmName", "a"),
            ("Namespace", "Disa"),
            ("MetricName", "Sent"),
            ("Period", "60"),
            ("EvaluationPeriods", "1"),
            ("Threshold", "1"),
            ("ComparisonOperator", "GreaterThanOrEqualToThreshold"),
            ("Statistic", "Sum")
        );
        await cloud.Query("monitoring", "DescribeAlarms");

        Assert.Equal(1, await Amount(cloud, "cloudwatch", "", "PutMetricDataRequests"));
        Assert.Equal(2, await Amount(cloud, "cloudwatch", "", "Requests"));
        Assert.Equal(1, await Amount(cloud, "cloudwatch", "DescribeAlarms", "Calls"));
        var standing = (await Get(cloud))
            .GetProperty("standing")
            .EnumerateArray()
            .ToDictionary(line => line.GetProperty("unit").GetString()!, line => line.GetProperty("amount").GetDouble());
        Assert.Equal(1, standing["Alarms"]);
        Assert.Equal(1, standing["CustomMetrics"]);
    }

    [Fact]
    public async Task A_log_event_is_its_bytes_and_26_more()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"g"}""");
        await cloud.Json("logs", "Logs_20140328.CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""");
        var now = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cloud.Json(
            "logs",
            "Logs_20140328.PutLogEvents",
            JsonSerializer.Serialize(
                new
                {
                    logGroupName = "g",
                    logStreamName = "s",
                    logEvents = new[] { new { timestamp = now, message = "größe" }, new { timestamp = now, message = "x" } },
                }
            )
        );

        Assert.Equal(7 + 1 + 52, await Amount(cloud, "logs", "g", "IngestedBytes"));
    }

    [Fact]
    public async Task A_service_asks_KMS_again_after_five_minutes_and_keys_that_AWS_owns_cost_nothing()
    {
        await using var cloud = await TestCloud.Start();
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("KeyId").GetString()!;
        await cloud.Query(
            "sns",
            "CreateTopic",
            ("Name", "sealed"),
            ("Attributes.entry.1.key", "KmsMasterKeyId"),
            ("Attributes.entry.1.value", key)
        );
        await cloud.Query("sns", "CreateTopic", ("Name", "plain"));
        await Reset(cloud);

        await Publish("plain");
        await Publish("sealed");
        await Publish("sealed");
        var first = await Amount(cloud, "kms", key, "Requests");
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(6));
        await Publish("sealed");

        Assert.InRange(first, 1, 2);
        Assert.InRange(await Amount(cloud, "kms", key, "Requests"), first + 1, 2 * first);

        Task Publish(string topic) =>
            cloud.Query("sns", "Publish", ("TopicArn", $"arn:aws:sns:us-east-1:000000000000:{topic}"), ("Message", "m"));
    }

    [Fact]
    public async Task Objects_are_put_and_got_at_two_prices_and_deleted_for_nothing()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await Reset(cloud);

        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", "text");
        await cloud.Rest(HttpMethod.Get, "s3", "/bucket/key");
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket/key");

        Assert.Equal(1, await Amount(cloud, "s3", "", "PutRequests"));
        Assert.Equal(1, await Amount(cloud, "s3", "", "GetRequests"));
    }

    [Fact]
    public async Task What_was_counted_is_there_after_a_stop_until_it_is_reset()
    {
        var directory = Directory.CreateTempSubdirectory("disa-usage-").FullName;
        try
        {
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
            {
                await cloud.Json("dynamodb", "DynamoDB_20120810.ListTables", "{}");
            }

            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
            {
                await cloud.Json("dynamodb", "DynamoDB_20120810.ListTables", "{}");
                Assert.Equal(2, await Amount(cloud, "dynamodb", "ListTables", "Calls"));
                await Reset(cloud);
                Assert.Empty((await Get(cloud)).GetProperty("lines").EnumerateArray());
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Dynamo> Table()
    {
        var dynamo = await Dynamo.Start();
        await dynamo.Table(change: request =>
        {
            request.AttributeDefinitions.Add(new("status", ScalarAttributeType.S));
            request.GlobalSecondaryIndexes =
            [
                new()
                {
                    IndexName = "byStatus",
                    KeySchema = [new("status", KeyType.HASH)],
                    Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                },
            ];
        });
        return dynamo;
    }

    private static async Task<JsonElement> Get(TestCloud cloud)
    {
        var (status, text) = await cloud.Send(HttpMethod.Get, "x", "/_disa/usage", "", "application/json");
        Assert.Equal(200, status);
        return JsonElement.Parse(text);
    }

    private static Task Reset(TestCloud cloud) => cloud.Send(HttpMethod.Post, "x", "/_disa/usage/reset", "", "application/json");

    private static async Task<double> Amount(TestCloud cloud, string service, string resource, string unit) =>
        (await Get(cloud))
            .GetProperty("lines")
            .EnumerateArray()
            .Where(line =>
                line.GetProperty("service").GetString() == service
                && line.GetProperty("resource").GetString() == resource
                && line.GetProperty("unit").GetString() == unit
            )
            .Sum(line => line.GetProperty("amount").GetDouble());
}
