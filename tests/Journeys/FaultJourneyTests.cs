using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.Journeys;

/// <summary>Everything goes wrong at once, and the power again and again: no message is lost, and no duplicate is unmarked.</summary>
/// <remarks>
/// <c>DISA_FAULT_SEED</c> replays a seed: the same faults are drawn for the same calls, and the power goes at the same moments of the
/// test. <c>DISA_FAULT_JOURNEY=full</c> is 2,000 messages and 50 power cuts; without it, a tenth of each.
/// </remarks>
public sealed class FaultJourneyTests(ITestOutputHelper output)
{
    private const int AtOnce = 8;
    private const string Copies = "fault-copies";

    private static readonly string[] Faults =
    [
        "dynamodb:*=InternalServerError@0.02",
        "dynamodb:UpdateItem=ProvisionedThroughputExceededException@0.05",
        "dynamodb:UpdateItem=timeout@0.02",
        "dynamodb:BatchExecuteStatement=ProvisionedThroughputExceededException@0.05",
        "dynamodb:BatchExecuteStatement=timeout@0.02",
        "dynamodb:PutItem=timeout@0.02",
        "dynamodb:GetItem=drop@0.02",
        "dynamodb:*=latency:20ms@0.05",
        "dynamodb:Query=ThrottlingException@0.1",
        "sns:Publish=Throttled@0.05",
        "sns:Publish=InternalError@0.05",
        "sns:Publish=InternalError:after@0.03",
        "sns:PublishBatch=ServiceUnavailable:after@0.03",
        "sns:Publish=timeout@0.03",
        "sns:Publish=drop@0.02",
        "sns:PublishBatch=Throttled@0.05",
        "sns:PublishBatch=timeout@0.05",
        "sns:PublishBatch=drop@0.02",
        "states:StartExecution=ThrottlingException@0.1",
        "states:StartExecution=timeout@0.05",
        "lambda:Invoke=TooManyRequestsException@0.05",
        "lambda:Invoke=ServiceException@0.02",
        "lambda:Invoke=timeout@0.03",
        "stream:duplicate@0.1",
        "stream:reorder@0.2",
        "lambda:kill@0.1",
        "lambda:freeze=30s@0.3",
        "metrics:lost@0.2",
        "index:lag=30s@0.3",
    ];

    private static bool IsFull => Environment.GetEnvironmentVariable("DISA_FAULT_JOURNEY") == "full";

    private static int Messages => IsFull ? 2000 : 200;

    private static int PowerCuts => IsFull ? 50 : 5;

    [Fact]
    public async Task Every_fault_at_once_and_power_cuts_lose_nothing_and_every_duplicate_says_so()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("DISA_FAULT_SEED"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var given
        )
            ? given
            : RandomSeed();
        Say($"DISA_FAULT_SEED={seed} replays this run: {Messages} messages, {PowerCuts} power cuts.");
        var random = new Random(seed);
        var data = Directory.CreateTempSubdirectory("disa-faults-").FullName;
        try
        {
            await using (var disa = await RunningDisa.Up(data, "--email", ""))
            {
                await disa.SubscribeQueue(Copies);
            }

            var clock = Stopwatch.StartNew();
            var puts = new ConcurrentQueue<int>(Enumerable.Range(0, Messages));
            for (var cut = 0; cut < PowerCuts; cut++)
            {
                await using var disa = await RunningDisa.Up(data, WithFaults(seed + cut));
                var left = Messages - ((cut + 1) * Messages / (PowerCuts + 1));
                await PutUntilCut(disa, puts, left, TimeSpan.FromMilliseconds(random.Next(3000)));
            }

            Say($"{PowerCuts} power cuts after {clock.Elapsed.TotalSeconds:0} s; {puts.Count} messages are still to be put.");
            await using (var disa = await RunningDisa.Up(data, WithFaults(seed + PowerCuts)))
            {
                await PutAll(disa, puts, 0, CancellationToken.None);
                for (var steps = 0; steps < 3; steps++)
                {
                    await disa.Advance(TimeSpan.FromMinutes(5));
                }

                Say($"Faults that happened in the last run: {await disa.SwitchFaultsOff()}");
                await Decide(disa);
                Say($"All decided after {clock.Elapsed.TotalSeconds:0} s.");
                await Check(disa, await disa.Received(Copies));
                Say($"Checked after {clock.Elapsed.TotalSeconds:0} s.");
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>
    /// Whatever the system writes with, an answer that is lost, or a call that never arrives, holds up no message until an audit: two leases, two
    /// sweeps, at most.
    /// </summary>
    [Theory]
    [InlineData("dynamodb:UpdateItem=timeout@0.1")]
    [InlineData("dynamodb:UpdateItem=drop@0.1")]
    [InlineData("dynamodb:BatchExecuteStatement=timeout@0.1")]
    [InlineData("dynamodb:PutItem=timeout@0.3")]
    [InlineData("states:StartExecution=timeout@0.3")]
    [InlineData("lambda:Invoke=timeout@0.2")]
    [InlineData("sns:PublishBatch=timeout@0.1")]
    [InlineData("sns:PublishBatch=InternalError:after@0.1")]
    public async Task A_lost_answer_costs_a_quarter_of_an_hour_at_the_most(string fault)
    {
        const int count = 200;
        await using var disa = await RunningDisa.Up(null, "--email", "", "--fault", fault, "--fault-seed", "7");
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, cancellation) =>
            {
                while (!await Put(disa, i, cancellation)) { }
            }
        );
        var minutes = 0;
        for (; minutes < 15 && (await States(disa)).Keys.Any(state => state != "Successful"); minutes++)
        {
            await disa.Advance(TimeSpan.FromMinutes(1));
        }

        var states = await States(disa);
        Say(
            $"{fault}: all decided after {minutes} minutes of the emulator's clock; the slowest message took {Slowest(await Items(disa)).TotalSeconds:0} s."
        );
        Assert.True(states.Keys.All(state => state == "Successful"), string.Join(", ", states.Select(pair => $"{pair.Value} {pair.Key}")));
    }

    /// <summary>On the emulator's clock, from the item's stream record to its publish.</summary>
    private static TimeSpan Slowest(Dictionary<string, Dictionary<string, AttributeValue>> items) =>
        items.Values.Max(item => Time(item, "sentAt") - Time(item, "sendSeenAt"));

    private static DateTimeOffset Time(Dictionary<string, AttributeValue> item, string name) =>
        DateTimeOffset.Parse(item[name].S, CultureInfo.InvariantCulture);

    private static string[] WithFaults(int seed) =>
        [
            "--email",
            "",
            .. Faults.SelectMany(fault => new[] { "--fault", fault }),
            "--fault-seed",
            seed.ToString(CultureInfo.InvariantCulture),
        ];

    /// <summary>Puts messages until so few are left; the power goes so long after half of them, also in the middle of a put.</summary>
    private static async Task PutUntilCut(RunningDisa disa, ConcurrentQueue<int> puts, int left, TimeSpan moment)
    {
        using var cut = new CancellationTokenSource();
        var half = PutAll(disa, puts, (puts.Count + left) / 2, cut.Token);
        await Task.WhenAny(half, Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System));
        var rest = PutAll(disa, puts, left, cut.Token);
        await Task.Delay(moment, TimeProvider.System);
        await disa.Kill();
        await cut.CancelAsync();
        await Task.WhenAll(half, rest);
    }

    /// <summary>Puts messages, each until it is acknowledged or known to be there, until so few are left.</summary>
    private static Task PutAll(RunningDisa disa, ConcurrentQueue<int> puts, int left, CancellationToken cut) =>
        Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (puts.Count > left && !cut.IsCancellationRequested && puts.TryDequeue(out var number))
                        {
                            if (!await Put(disa, number, cut))
                            {
                                puts.Enqueue(number);
                            }
                        }
                    })
                )
        );

    /// <summary>False where nobody knows: it is put again, and never over itself.</summary>
    private static async Task<bool> Put(RunningDisa disa, int number, CancellationToken cancellation)
    {
        try
        {
            await disa.DynamoDb.PutItemAsync(
                new PutItemRequest(
                    disa.Table,
                    new()
                    {
                        ["sequenceNo"] = new() { S = Id(number) },
                        ["message"] = new() { S = Text(number) },
                    }
                )
                {
                    ConditionExpression = "attribute_not_exists(sequenceNo)",
                },
                cancellation
            );
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return true;
        }
        catch (Exception unknown)
            when (unknown
                    is AmazonServiceException
                        or AmazonClientException
                        or HttpRequestException
                        or IOException
                        or OperationCanceledException
            )
        {
            return false;
        }
    }

    /// <summary>
    /// Lets time pass, from one sweep to the next, until every message is Successful; what was given up on the way is redriven. Two hours are
    /// what the retry policy may need for a message that fails again and again; the audit, each hour, is not needed for any.
    /// </summary>
    private async Task Decide(RunningDisa disa)
    {
        var left = new Dictionary<string, int>();
        for (var steps = 0; steps < 24; steps++)
        {
            await disa.Advance(TimeSpan.FromMinutes(5));
            left = await States(disa);
            if (left.Keys.All(state => state == "Successful"))
            {
                return;
            }

            if (left.Keys.All(state => state is "Successful" or "Failure, parked"))
            {
                Assert.Equal(0, (await disa.Disa("redrive", "--yes", "--rate", "1000", "--stop-at-failures", "1")).ExitCode);
            }
        }

        Assert.Fail($"After two hours: {string.Join(", ", left.Select(pair => $"{pair.Value} {pair.Key}"))}");
    }

    private static async Task<Dictionary<string, int>> States(RunningDisa disa) =>
        (await Items(disa))
            .Values.GroupBy(item =>
                (item.GetValueOrDefault("sendStatus")?.S ?? "undecided")
                + (item.GetValueOrDefault("sendStatus")?.S == "Failure" && !item.ContainsKey("sendDue") ? ", parked" : "")
            )
            .ToDictionary(state => state.Key, state => state.Count());

    private async Task Check(RunningDisa disa, List<Copy> copies)
    {
        var items = await Items(disa);
        Assert.Equal(Enumerable.Range(0, Messages).Select(Id).Order(StringComparer.Ordinal), items.Keys.Order(StringComparer.Ordinal));
        var audited = (await disa.Disa("audit", "--json")).Json();
        Say($"The slowest message took {Slowest(items).TotalMinutes:0} minutes of the emulator's clock.");
        Assert.Equal((Messages, 0), (audited.GetProperty("total").GetInt32(), audited.GetProperty("unaccounted").GetInt32()));

        // SNS and SQS may repeat a message too, under the same MessageId: those are not Disa's.
        var published = copies
            .DistinctBy(copy => copy.MessageId)
            .GroupBy(copy => copy.Id)
            .ToDictionary(group => group.Key, group => group.OrderBy(copy => copy.Attempt).ToList());
        var wrong = new List<string>();
        foreach (var number in Enumerable.Range(0, Messages))
        {
            var (id, item) = (Id(number), items[Id(number)]);
            if (!published.TryGetValue(id, out var all))
            {
                wrong.Add($"{id} says {item["sendStatus"].S} and was never delivered");
                continue;
            }

            if (all.Any(copy => copy.Text != Text(number)))
            {
                wrong.Add($"{id} was delivered with another text");
            }

            if (!all.Any(copy => copy.MessageId == item["sendMessageId"].S))
            {
                wrong.Add($"{id} names a message that was not delivered");
            }

            if (all.Count(copy => !copy.MayBeDuplicate) > 1)
            {
                wrong.Add(
                    $"{id} was delivered {all.Count} times, and more than one does not say that it may be a duplicate: {string.Join("; ", all)}; {JsonSerializer.Serialize(item.GetValueOrDefault("sendHistory")?.L?.Select(entry => entry.M.ToDictionary(pair => pair.Key, pair => pair.Value.S ?? pair.Value.N)))}"
                );
            }
        }

        Say(
            $"{published.Values.Sum(all => all.Count)} publications of {Messages} messages, {published.Values.Count(all => all.Count > 1)} of them more than once, {copies.Count(copy => copy.MayBeDuplicate)} marked."
        );
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20).Prepend($"{wrong.Count} of {Messages} messages:")));
    }

    private static async Task<Dictionary<string, Dictionary<string, AttributeValue>>> Items(RunningDisa disa)
    {
        var items = new Dictionary<string, Dictionary<string, AttributeValue>>(StringComparer.Ordinal);
        var request = new ScanRequest(disa.Table) { ConsistentRead = true };
        do
        {
            var page = await disa.DynamoDb.ScanAsync(request);
            foreach (var item in page.Items)
            {
                items.Add(item["sequenceNo"].S, item);
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });
        return items;
    }

    private static string Id(int number) => $"m-{number:D5}";

    private static string Text(int number) => $"Message {number} of the fault journey.";

    private static int RandomSeed() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000_000_000);

    private void Say(string text) => output.WriteLine(text);
}
