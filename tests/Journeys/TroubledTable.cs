using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>An emulator whose stack is in trouble: many messages in its table, 200 failures of five kinds, 50 parked, and an open breaker that holds twenty.</summary>
/// <remarks>Two thousand messages; <c>DISA_TESTS_MESSAGES=100000</c> makes it more. All but twenty-five are written past the dispatcher, as it would have left them.</remarks>
public sealed class TroubledTable : IAsyncLifetime
{
    public const int Failed = 200;
    public const int Parked = 50;

    /// <summary>As put. Every two minutes a probe takes one of them, the first one first, and fails: Failed and Held together stay the same.</summary>
    public const int Held = 20;

    /// <summary>Really sent to a topic that does not exist: they open the breaker.</summary>
    public const int Broken = 5;

    private const string Later = "2999-01-01T00:00:00.000Z";

    private static readonly (string Class, string Code, string Text)[] Kinds =
    [
        ("configuration", "AuthorizationError", "User is not authorized to perform: SNS:Publish on resource: orders-{0}"),
        ("configuration", "KMSDisabled", "The ciphertext references a key that is disabled, request {0}."),
        ("transient", "Throttled", "Rate exceeded"),
        ("unknown", "InternalError", "An internal service error occurred while request {0} was processed."),
        ("unknown", "Timeout", "No answer within 5 s."),
    ];

    public static int Many { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("DISA_TESTS_MESSAGES"), CultureInfo.InvariantCulture, out var many) ? many : 2_000;

    /// <summary>All that were put.</summary>
    public static int All => Many + Broken + Held;

    public RunningDisa Disa { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Disa = await RunningDisa.Up(null, "--param", "ProbeIntervalSeconds=120");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Many).Chunk(25),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (numbers, cancellation) =>
                await Disa.DynamoDb.BatchWriteItemAsync(
                    new Dictionary<string, List<WriteRequest>>
                    {
                        [Disa.Table] = [.. numbers.Select(number => new WriteRequest(new PutRequest(Item(number))))],
                    },
                    cancellation
                )
        );
        Assert.Equal(0, (await Disa.Disa("break")).ExitCode);
        for (var i = 0; i < Broken; i++)
        {
            await Disa.Put($"broken-{i}", "Into the void.");
        }

        for (var i = 0; i < Broken; i++)
        {
            await Disa.Decided($"broken-{i}");
        }

        // Past their next attempts, which find the topic missing too.
        await Disa.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < Held; i++)
        {
            await Disa.Put($"held-{i}", "Not now.");
        }

        for (var i = 0; i < Held; i++)
        {
            Assert.Equal("Held", (await Disa.Decided($"held-{i}"))["sendReason"].S);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Disa is not null)
        {
            await Disa.DisposeAsync();
        }
    }

    private static Dictionary<string, AttributeValue> Item(int number)
    {
        var at = Text(DateTimeOffset.Parse("2026-11-01T00:00:00Z", CultureInfo.InvariantCulture) + TimeSpan.FromSeconds(number));
        var state =
            number < Failed ? "Failed"
            : number < Failed + Parked ? "Parked"
            : "Sent";
        var shard = (number % 16).ToString(CultureInfo.InvariantCulture);
        var item = new Dictionary<string, AttributeValue>
        {
            ["sequenceNo"] = new() { S = string.Create(CultureInfo.InvariantCulture, $"many-{number:000000}") },
            ["message"] = new()
            {
                S = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Message number {number} of many: about as long as a notification is in the mean, that is a line or two."
                ),
            },
            ["sendSeenAt"] = new() { S = at },
            ["sendAttempts"] = new() { N = state == "Parked" ? "24" : "1" },
            ["sendList"] = new() { S = $"{state}-{shard}" },
            ["sendListedAt"] = new() { S = at },
            ["sendStatus"] = new() { S = state == "Sent" ? "Successful" : "Failure" },
        };
        switch (state)
        {
            case "Sent":
                item["sentAt"] = new() { S = at };
                break;
            case "Parked":
                item["sendReason"] = new() { S = "AttemptsExhausted" };
                item["sendError"] = Error(Kinds[2], number);
                break;
            default:
                item["sendReason"] = new() { S = "SendFailed" };
                item["sendError"] = Error(Kinds[number % Kinds.Length], number);
                (item["sendNextAttempt"], item["sendDue"], item["sendShard"]) = (
                    new() { S = Later },
                    new() { S = Later },
                    new() { S = shard }
                );
                break;
        }

        return item;
    }

    private static AttributeValue Error((string Class, string Code, string Text) kind, int number) =>
        new()
        {
            M = new()
            {
                ["class"] = new() { S = kind.Class },
                ["code"] = new() { S = kind.Code },
                ["text"] = new() { S = string.Format(CultureInfo.InvariantCulture, kind.Text, number) },
            },
        };

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
