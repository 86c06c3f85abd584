using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Disa.Journeys;

/// <summary>A <c>disa up</c> of a test's own: a process, on a free port.</summary>
public sealed class RunningDisa : IAsyncDisposable
{
    /// <summary>How long a test waits for what takes a second on a quiet machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly string program;
    private readonly HttpClient http;

    private RunningDisa(Process process, string program, JsonElement report, Task<string> errors)
    {
        this.process = process;
        this.program = program;
        Errors = errors;
        Endpoint = new Uri(report.GetProperty("endpoint").GetString()!);
        Outputs = report.GetProperty("outputs").EnumerateObject().ToDictionary(output => output.Name, output => output.Value.GetString()!);
        SecondsToReady = report.GetProperty("seconds").GetDouble();
        http = new HttpClient { BaseAddress = Endpoint };
        DynamoDb = new AmazonDynamoDBClient(Credentials, Configure(new AmazonDynamoDBConfig()));
    }

    public static BasicAWSCredentials Credentials { get; } = new("000000000000", "secret");

    public Uri Endpoint { get; }

    public IReadOnlyDictionary<string, string> Outputs { get; }

    public double SecondsToReady { get; }

    public Task<string> Errors { get; }

    /// <summary>The real client of the table.</summary>
    public AmazonDynamoDBClient DynamoDb { get; }

    public string Table => Outputs["TableName"];

    /// <summary>What an AWS tool needs in its environment to come here.</summary>
    public Dictionary<string, string> AwsEnvironment =>
        new()
        {
            ["AWS_ENDPOINT_URL"] = Endpoint.ToString().TrimEnd('/'),
            ["AWS_ACCESS_KEY_ID"] = "000000000000",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_DEFAULT_REGION"] = "us-east-1",
            ["AWS_PAGER"] = "",
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };

    /// <param name="data">Where it keeps everything; null for in memory.</param>
    /// <param name="further">More arguments.</param>
    public static Task<RunningDisa> Up(string? data = null, params string[] further) => With(null, data, further);

    /// <param name="environment">Variables of its own.</param>
    /// <param name="data">Where it keeps everything; null for in memory.</param>
    /// <param name="further">More arguments.</param>
    public static Task<RunningDisa> With(IReadOnlyDictionary<string, string>? environment, string? data = null, params string[] further) =>
        Of(Program.DisaPath, environment, data is null ? ["--in-memory", .. further] : ["--data", data, .. further]);

    /// <param name="program">Another command than the one that the same build made.</param>
    /// <param name="environment">Variables of its own.</param>
    /// <param name="further">More arguments; one of them says where it keeps everything.</param>
    public static async Task<RunningDisa> Of(string program, IReadOnlyDictionary<string, string>? environment, params string[] further)
    {
        var process = Program.Start(program, ["up", "--port", "0", "--json", .. further], environment, null);
        var errors = process.StandardError.ReadToEndAsync();
        var text = new StringBuilder();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                text.AppendLine(line);
                if (line == "}")
                {
                    _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                    return new RunningDisa(process, program, JsonElement.Parse(text.ToString()), errors);
                }
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        throw new InvalidOperationException($"disa up did not come up: {text} {await errors}");
    }

    public T Configure<T>(T config)
        where T : ClientConfig
    {
        config.ServiceURL = Endpoint.ToString();
        config.AuthenticationRegion = "us-east-1";
        return config;
    }

    /// <summary>Runs the command against this emulator.</summary>
    public Task<Ended> Disa(params string[] arguments) => Program.Run(program, [.. arguments, "--endpoint-url", Endpoint.ToString()]);

    /// <summary>A page of its console; fails where that is not one.</summary>
    public Task<string> Page(string path) => http.GetStringAsync(new Uri("/_disa/console/" + path, UriKind.Relative));

    /// <summary>Runs the AWS CLI against this emulator; the test is skipped where there is none. The endpoint is an argument: before 2.13 the CLI knows no AWS_ENDPOINT_URL.</summary>
    public async Task<Ended> Aws(params string[] arguments)
    {
        var aws = Program.OnPath("aws");
        Assert.SkipWhen(aws is null, "The AWS CLI is not on PATH.");
        return await Program.Run(
            aws!,
            [.. arguments, "--output", "json", "--endpoint-url", AwsEnvironment["AWS_ENDPOINT_URL"]],
            AwsEnvironment
        );
    }

    public Task Put(string id, string message) =>
        Put(
            new Dictionary<string, AttributeValue>
            {
                ["sequenceNo"] = new() { S = id },
                ["message"] = new() { S = message },
            }
        );

    public Task Put(Dictionary<string, AttributeValue> item) => DynamoDb.PutItemAsync(Table, item);

    public async Task<Dictionary<string, AttributeValue>> Item(string id) =>
        (
            await DynamoDb.GetItemAsync(new GetItemRequest(Table, new() { ["sequenceNo"] = new() { S = id } }) { ConsistentRead = true })
        ).Item;

    /// <summary>Waits until the item has a status, and is as wanted.</summary>
    public async Task<Dictionary<string, AttributeValue>> Decided(string id, Func<Dictionary<string, AttributeValue>, bool>? wanted = null)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var item = await Item(id);
            if (
                item is not null
                && item.ContainsKey("sendStatus")
                && (wanted?.Invoke(item) ?? item.GetValueOrDefault("sendReason")?.S is not ("Paced" or "Blocked" or "FunctionChanged"))
            )
            {
                return item;
            }

            Assert.True(
                TimeProvider.System.GetUtcNow() < deadline,
                $"{id} is still {(item is null ? "missing" : string.Join(", ", item.Select(pair => $"{pair.Key}={pair.Value.S ?? pair.Value.N}")))}"
            );
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Waits until a message is sent; fails, saying why, where it is decided otherwise.</summary>
    public async Task<Dictionary<string, AttributeValue>> Sent(string id)
    {
        var item = await Decided(id);
        Assert.True(
            item["sendStatus"].S == "Successful",
            $"{id}: {string.Join(", ", item.Select(pair => $"{pair.Key}={Shown(pair.Value)}"))}"
        );
        return item;

        static string? Shown(AttributeValue value) =>
            value.S
            ?? value.N
            ?? (value.M is { } map ? $"({string.Join(", ", map.Select(pair => $"{pair.Key}={Shown(pair.Value)}"))})" : "...");
    }

    public async Task<IReadOnlyList<JsonElement>> Inbox() =>
        [.. (await http.GetFromJsonAsync<JsonElement>("/_disa/inbox?limit=10000")).GetProperty("mails").EnumerateArray()];

    /// <summary>Waits for another mail, ten seconds at the most.</summary>
    public async Task NextMail(CancellationToken cancellation)
    {
        var newest = (await http.GetFromJsonAsync<JsonElement>("/_disa/inbox?before=newest&limit=1", cancellation))
            .GetProperty("mails")
            .EnumerateArray()
            .Select(mail => mail.GetProperty("id").GetString())
            .FirstOrDefault("0");
        await http.GetStringAsync(new Uri($"/_disa/inbox?after={newest}&wait=10&limit=1", UriKind.Relative), cancellation);
    }

    /// <summary>How many mails carry this message.</summary>
    public async Task<int> MailsWith(string message) =>
        (await Inbox()).Count(mail => mail.GetProperty("body").GetString()!.StartsWith(message + "\n", StringComparison.Ordinal));

    /// <summary>The second of the emulator's minute.</summary>
    public async Task<int> Second() =>
        (await http.GetFromJsonAsync<JsonElement>("/_disa/health")).GetProperty("now").GetDateTimeOffset().Second;

    public async Task Advance(TimeSpan span)
    {
        using var response = await http.PostAsJsonAsync("/_disa/time", new { seconds = span.TotalSeconds });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What was used so far, by service and unit, of all resources or of one.</summary>
    public async Task<double> Used(string service, string unit, string? resource = null) =>
        (await http.GetFromJsonAsync<JsonElement>("/_disa/usage"))
            .GetProperty("lines")
            .EnumerateArray()
            .Where(line =>
                line.GetProperty("service").GetString() == service
                && line.GetProperty("unit").GetString() == unit
                && (resource is null || line.GetProperty("resource").GetString() == resource)
            )
            .Sum(line => line.GetProperty("amount").GetDouble());

    /// <summary>The states that an alarm has come into, newest first, as its history has them.</summary>
    public async Task<IReadOnlyList<string>> AlarmStates(string alarm)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(
                JsonSerializer.Serialize(new { AlarmName = alarm, HistoryItemType = "StateUpdate" }),
                Encoding.UTF8,
                "application/x-amz-json-1.0"
            ),
        };
        request.Headers.Add("X-Amz-Target", "GraniteServiceVersion20100801.DescribeAlarmHistory");
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0"
        );
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return
        [
            .. JsonElement
                .Parse(text)
                .GetProperty("AlarmHistoryItems")
                .EnumerateArray()
                .Select(item => item.GetProperty("HistorySummary").GetString()!.Split(' ')[^1]),
        ];
    }

    /// <summary>From now on nothing fails that would not by itself; answers how often each fault happened.</summary>
    public async Task<string> SwitchFaultsOff()
    {
        var shown = (await http.GetFromJsonAsync<JsonElement>("/_disa/faults"))
            .GetProperty("faults")
            .EnumerateArray()
            .Select(fault =>
                $"{fault.GetProperty("hits").GetInt64()} of {fault.GetProperty("calls").GetInt64()} {fault.GetProperty("fault").GetString()}"
            )
            .ToList();
        using var response = await http.DeleteAsync("/_disa/faults");
        response.EnsureSuccessStatusCode();
        return string.Join(", ", shown);
    }

    /// <summary>Counts from nothing.</summary>
    public async Task ResetUsage()
    {
        using var response = await http.PostAsync("/_disa/usage/reset", null);
        response.EnsureSuccessStatusCode();
    }

    public async Task<int> Health() => (int)(await http.GetAsync("/_disa/health")).StatusCode;

    /// <summary>The number of its process.</summary>
    public int ProcessId => process.Id;

    /// <summary>Waits until it has ended by itself, and answers how.</summary>
    public async Task<int> ExitCode(TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(atMost);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>The power goes.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        DynamoDb.Dispose();
        http.Dispose();
        process.Dispose();
    }
}

/// <summary>One emulator for the tests of a class that do not move its clock or break it.</summary>
public sealed class SharedDisa : IAsyncLifetime
{
    public RunningDisa Disa { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Disa = await RunningDisa.Up();

    public async ValueTask DisposeAsync()
    {
        if (Disa is not null)
        {
            await Disa.DisposeAsync();
        }
    }
}
