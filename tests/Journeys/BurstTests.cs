using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>A thousand messages at once, through the one shard that a new table's stream has.</summary>
[Collection(nameof(Alone))]
public sealed class BurstTests(ITestOutputHelper output)
{
    private const int Messages = 1000;

    [Fact]
    public async Task A_burst_through_one_shard_loses_nothing_to_throttling()
    {
        await using var disa = await RunningDisa.Up(null, "--email", "");
        await disa.Put("warm", "Warm.");
        await disa.Decided("warm");
        await disa.ResetUsage();

        await Parallel.ForAsync(
            0,
            Messages,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) => await disa.Put($"b-{i}", $"Burst {i}.")
        );
        for (var i = 0; i < Messages; i++)
        {
            // On a busy machine a function may run out of time: such a message is tried again.
            var item = await disa.Decided($"b-{i}", item => item["sendStatus"].S == "Successful" || IsThrottled(item));
            Assert.False(
                IsThrottled(item),
                $"b-{i}: {item.GetValueOrDefault("sendReason")?.S} {item.GetValueOrDefault("sendError")?.M["code"].S} {item.GetValueOrDefault("sendError")?.M["text"].S}"
            );
        }

        // Of this topic alone: the operators' topic hears of alarms when a minute ends.
        Assert.Equal(Messages, await disa.Used("sns", "Messages", disa.Outputs["TopicArn"].Split(':')[^1]));
        var (cloudWatch, stepFunctions) = (await disa.Used("cloudwatch", "Calls"), await disa.Used("sfn", "Calls"));
        output.WriteLine(
            $"Calls a message: CloudWatch {cloudWatch / Messages:0.####}, Step Functions {stepFunctions / Messages:0.####}; publish requests {await disa.Used("sns", "PublishRequests") / Messages:0.####}."
        );
        Assert.True(cloudWatch / Messages < 0.1, $"{cloudWatch} calls of CloudWatch");
        Assert.True(stepFunctions / Messages < 0.5, $"{stepFunctions} calls of Step Functions");
    }

    private static bool IsThrottled(Dictionary<string, AttributeValue> item) =>
        item.GetValueOrDefault("sendError")?.M.GetValueOrDefault("code")?.S is { } code
        && (
            code.Contains("Throttl", StringComparison.Ordinal)
            || code is "TooManyRequestsException" or "ProvisionedThroughputExceededException"
        );
}
