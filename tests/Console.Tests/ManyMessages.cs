using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Disa.Journeys;

namespace Disa.WebConsole.Tests;

/// <summary>An emulator with ten thousand messages in its table, as a stack has them after a while: most sent, some held, failed, parked or undecided.</summary>
/// <remarks>They are written past the dispatcher: the stream's mapping is off while they are put.</remarks>
public sealed class ManyMessages : IAsyncLifetime
{
    public const int Count = 10_000;

    /// <summary>A message that a browser would run if a page let it.</summary>
    public const string Hostile = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\"'>&";

    public RunningDisa Disa { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>The page of the execution that took the hostile message.</summary>
    public string Execution { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Disa = await RunningDisa.Up();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(Disa.Endpoint, ConsoleSite.Path),
        };
        await Disa.Put("hostile", Hostile);
        await Disa.Decided("hostile");
        Execution = await LinkToExecution();
        await SwitchMappingOff();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count).Chunk(25),
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
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Disa is not null)
        {
            await Disa.DisposeAsync();
        }
    }

    private static Dictionary<string, AttributeValue> Item(int number)
    {
        var seen = string.Create(CultureInfo.InvariantCulture, $"2026-01-{1 + (number % 28):00}T{number % 24:00}:00:00.000Z");
        var item = new Dictionary<string, AttributeValue>
        {
            ["sequenceNo"] = new() { S = string.Create(CultureInfo.InvariantCulture, $"many-{number:00000}") },
            ["message"] = new()
            {
                S = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Message number {number} of many: about as long as a notification is in the mean, that is a line or two."
                ),
            },
            ["sendSeenAt"] = new() { S = seen },
        };
        switch (number % 100)
        {
            case 0:
                break;
            case < 5:
                (item["sendStatus"], item["sendReason"], item["sendNextAttempt"], item["sendDue"]) = (
                    new() { S = "Failure" },
                    new() { S = "Held" },
                    new() { S = "2999-01-01T00:00:00.000Z" },
                    new() { S = "2999-01-01T00:00:00.000Z" }
                );
                item["sendShard"] = new() { S = (number % 16).ToString(CultureInfo.InvariantCulture) };
                break;
            case < 10:
                (item["sendStatus"], item["sendReason"], item["sendAttempts"]) = (
                    new() { S = "Failure" },
                    new() { S = "AttemptsExhausted" },
                    new() { N = "24" }
                );
                break;
            default:
                (item["sendStatus"], item["sendAttempts"], item["sentAt"]) = (
                    new() { S = "Successful" },
                    new() { N = "1" },
                    new() { S = seen }
                );
                break;
        }

        if (number % 100 > 0)
        {
            var state = (number % 100) switch
            {
                < 5 => "Held",
                < 10 => "Parked",
                _ => "Sent",
            };
            (item["sendList"], item["sendListedAt"]) = (
                new() { S = $"{state}-{(number % 16).ToString(CultureInfo.InvariantCulture)}" },
                new() { S = seen }
            );
        }

        return item;
    }

    private async Task<string> LinkToExecution()
    {
        const string Start = "href=\"" + ConsoleSite.Path + "execution?";
        var text = await Http.GetStringAsync("message?id=hostile");
        var link = text.IndexOf(Start, StringComparison.Ordinal);
        Assert.True(link >= 0, text);
        link += "href=\"".Length;
        return System.Net.WebUtility.HtmlDecode(text[link..text.IndexOf('"', link)]);
    }

    private async Task SwitchMappingOff()
    {
        using var http = new HttpClient { BaseAddress = Disa.Endpoint };
        using var request = new HttpRequestMessage(
            HttpMethod.Put,
            $"/2015-03-31/event-source-mappings/{Disa.Outputs["EventSourceMappingId"]}"
        )
        {
            Content = new StringContent("""{"Enabled":false}"""),
        };
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00"
        );
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class ManyMessagesCollection : ICollectionFixture<ManyMessages>, ICollectionFixture<Browser>
{
    public const string Name = "ten thousand messages";
}
