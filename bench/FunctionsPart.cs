using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Disa.Bench;

/// <summary>The three packages: cold start, warm invocation, memory, size. The lines come from Lambda's own REPORT.</summary>
internal static partial class FunctionsPart
{
    private static readonly (string Package, string Payload)[] Functions =
    [
        ("disa_init_process", """{"Records":[]}"""),
        ("disa_process", """{"execution":"bench","batch":{"items":[]}}"""),
        ("disa_retry", "{}"),
    ];

    public static async Task Run(Bench bench)
    {
        var (cold, warm, memory, sizes, bare) = (Lists(), Lists(), Lists(), Lists(), new List<double>());
        for (var run = 0; run < bench.Repeats; run++)
        {
            var started = Stopwatch.GetTimestamp();
            using (await bench.Servers.Loopback().ConfigureAwait(false))
            {
                bare.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            using var data = new TemporaryDirectory();
            using var server = await bench.Servers.Disa(data.FullName).ConfigureAwait(false);
            var all = (await bench.Ask(server, Call.Rest(server.Host, "lambda", "GET", "/2015-03-31/functions/")).ConfigureAwait(false))
                .GetProperty("Functions")
                .EnumerateArray()
                .ToList();
            foreach (var (package, payload) in Functions)
            {
                // By its handler: names are the stack's own matter.
                var function = all.Single(candidate => candidate.GetProperty("Handler").GetString() == package);
                var name = function.GetProperty("FunctionName").GetString()!;
                sizes[package].Add(function.GetProperty("CodeSize").GetInt64() / 1e3);
                using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Host}") };
                await MakeCold(bench, server, name).ConfigureAwait(false);
                started = Stopwatch.GetTimestamp();
                var report = await Invoke(client, name, payload, bench.Cancellation).ConfigureAwait(false);
                cold[package].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                memory[package].Add(double.Parse(UsedMemory().Match(report).Groups[1].Value, CultureInfo.InvariantCulture));
                var load = await Load.For(
                        bench.Span,
                        server.Address,
                        1,
                        Call.Rest(
                            server.Host,
                            "lambda",
                            "POST",
                            $"/2015-03-31/functions/{name}/invocations",
                            payload,
                            "Content-Type: application/json"
                        ),
                        bench.Cancellation
                    )
                    .ConfigureAwait(false);
                warm[package].Add(load.Percentile(0.5));
            }
        }

        foreach (var (package, _) in Functions)
        {
            bench.Add(
                new Figure("functions", $"{package}, cold: Invoke to answer", "ms", [.. cold[package]], "a bare Kestrel's start", [.. bare])
            );
            bench.Add(new Figure("functions", $"{package}, warm: Invoke to answer, p50", "ms", [.. warm[package]]));
            bench.Add(new Figure("functions", $"{package}, Max Memory Used", "MB", [.. memory[package]]));
            bench.Add(new Figure("functions", $"{package}, size of the package", "kB", [.. sizes[package]]));
        }

        static Dictionary<string, List<double>> Lists() => Functions.ToDictionary(function => function.Package, _ => new List<double>());
    }

    /// <summary>A new revision: no sandbox of it runs yet, whatever the stack has called since it was deployed.</summary>
    private static async Task MakeCold(Bench bench, ServerProcess server, string function)
    {
        var path = $"/2015-03-31/functions/{function}/configuration";
        await bench
            .Ask(server, Call.Rest(server.Host, "lambda", "PUT", path, """{"Description":"measured"}""", "Content-Type: application/json"))
            .ConfigureAwait(false);
        while (
            (await bench.Ask(server, Call.Rest(server.Host, "lambda", "GET", path)).ConfigureAwait(false))
                .GetProperty("LastUpdateStatus")
                .GetString() == "InProgress"
        ) { }
    }

    private static async Task<string> Invoke(HttpClient client, string function, string payload, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/2015-03-31/functions/{function}/invocations")
        {
            Content = new StringContent(payload),
        };
        request.Headers.Add("X-Amz-Log-Type", "Tail");
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}"
        );
        using var response = await client.SendAsync(request, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var report = Encoding.UTF8.GetString(Convert.FromBase64String(response.Headers.GetValues("X-Amz-Log-Result").Single()));
        return response.Headers.Contains("X-Amz-Function-Error") || !report.Contains("Init Duration", StringComparison.Ordinal)
            ? throw new InvalidOperationException(
                $"{function}: {await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false)} {report}"
            )
            : report;
    }

    [GeneratedRegex(@"Max Memory Used: (\d+) MB")]
    private static partial Regex UsedMemory();
}
