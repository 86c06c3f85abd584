using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Disa.Bench;

/// <summary>The audit of a large table: every message that nobody would take up again is found, run after run, and sent.</summary>
/// <remarks>
/// The stream's mapping is off while the table is filled, and the stream forgets its records after a day: what is left are items that were sent
/// long ago and, among them, messages that nobody knows of.
/// </remarks>
internal static class AuditPart
{
    private const int Orphans = 200;
    private const int MostRuns = 50;

    public static async Task Run(Bench bench, int items)
    {
        using var data = new TemporaryDirectory();
        using var server = await bench
            .Servers.Disa(data.FullName, "--email", "", "--param", "AuditSchedule=rate(300 days)")
            .ConfigureAwait(false);
        using var stack = await Stack.Of(server.Address, bench.Cancellation).ConfigureAwait(false);
        var outputs = stack.Outputs("EventSourceMappingId", "RetryFunctionName", "TableName");
        await Stream(bench, server, outputs[0], on: false).ConfigureAwait(false);
        var filling = Stopwatch.StartNew();
        await stack.Fill(items - Orphans).ConfigureAwait(false);
        var lost = await stack.PutOnly(Orphans).ConfigureAwait(false);
        Console.WriteLine($"{items:N0} items after {filling.Elapsed.TotalSeconds:0} s, {Orphans} of them known to nobody.");
        await Forward(bench, server, TimeSpan.FromHours(25)).ConfigureAwait(false);
        await Stream(bench, server, outputs[0], on: true).ConfigureAwait(false);

        var (before, spent, clock) = (
            await Units(bench, server, outputs[2]).ConfigureAwait(false),
            server.Processors,
            Stopwatch.StartNew()
        );
        var (runs, passes, adopted, total) = (0, 0, 0, 0);
        while (adopted < Orphans && runs < MostRuns)
        {
            var report = await Audit(bench, server, outputs[1]).ConfigureAwait(false);
            runs++;
            adopted += report.GetProperty("adopted").GetInt32();
            if (report.GetProperty("complete").GetBoolean())
            {
                passes++;
                total = report.GetProperty("total").GetInt32();

                // An item without a time of its own is unaccounted for once it was seen before, a quarter of an hour ago.
                await Forward(bench, server, TimeSpan.FromMinutes(20)).ConfigureAwait(false);
            }
        }

        var took = clock.Elapsed.TotalSeconds;
        var units = await Units(bench, server, outputs[2]).ConfigureAwait(false) - before;
        await Forward(bench, server, TimeSpan.FromMinutes(15)).ConfigureAwait(false);
        var sent = 0;
        foreach (var hundred in lost.Chunk(100))
        {
            sent += await stack.Successful(hundred).ConfigureAwait(false);
        }

        var name = $"audit of {items:N0} items";
        bench.Add(new Figure("audit", $"{name}, items counted by a full pass", "", [total]));
        bench.Add(new Figure("audit", $"{name}, orphans adopted, of {Orphans}", "", [adopted], Aim: $"{Orphans}"));
        bench.Add(new Figure("audit", $"{name}, orphans sent afterwards", "", [sent], Aim: $"{Orphans}"));
        bench.Add(new Figure("audit", $"{name}, runs of the function for {passes} passes", "", [runs]));
        bench.Add(new Figure("audit", $"{name}, a pass", "s", [took / Math.Max(1, passes)]));
        bench.Add(new Figure("audit", $"{name}, read units a pass", "", [units / Math.Max(1, passes)]));
        bench.Add(new Figure("audit", $"{name}, memory of the emulator", "MB", [server.Megabytes]));
        bench.Add(new Figure("audit", $"{name}, largest memory of a function", "MB", [server.LargestChild]));
        if (spent is { } then && server.Processors is { } now)
        {
            bench.Add(
                new Figure("audit", $"{name}, processor time of all", "s", [(now.Since(then).Server + now.Since(then).Functions) / 1e6])
            );
        }
    }

    private static async Task<JsonElement> Audit(Bench bench, ServerProcess server, string function)
    {
        var now = (await bench.Ask(server, Call.Rest(server.Host, "disa", "GET", "/_disa/health")).ConfigureAwait(false))
            .GetProperty("now")
            .GetString();
        return await bench
            .Ask(
                server,
                Call.Rest(
                    server.Host,
                    "lambda",
                    "POST",
                    $"/2015-03-31/functions/{function}/invocations",
                    $$"""{"source":"disa.audit","time":"{{now}}"}"""
                )
            )
            .ConfigureAwait(false);
    }

    private static Task<JsonElement> Forward(Bench bench, ServerProcess server, TimeSpan span) =>
        bench.Ask(
            server,
            Call.Rest(
                server.Host,
                "disa",
                "POST",
                "/_disa/time",
                string.Create(CultureInfo.InvariantCulture, $$"""{"seconds":{{span.TotalSeconds}}}"""),
                "Content-Type: application/json"
            )
        );

    private static async Task Stream(Bench bench, ServerProcess server, string mapping, bool on)
    {
        var path = $"/2015-03-31/event-source-mappings/{mapping}";
        await bench
            .Ask(server, Call.Rest(server.Host, "lambda", "PUT", path, on ? """{"Enabled":true}""" : """{"Enabled":false}"""))
            .ConfigureAwait(false);
        while (
            (await bench.Ask(server, Call.Rest(server.Host, "lambda", "GET", path)).ConfigureAwait(false)).GetProperty("State").GetString()
            != (on ? "Enabled" : "Disabled")
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, bench.Cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<double> Units(Bench bench, ServerProcess server, string table) =>
        (await bench.Ask(server, Call.Rest(server.Host, "disa", "GET", "/_disa/usage")).ConfigureAwait(false))
            .GetProperty("lines")
            .EnumerateArray()
            .Where(line => line.GetProperty("unit").GetString() == "ReadRequestUnits" && line.GetProperty("resource").GetString() == table)
            .Sum(line => line.GetProperty("amount").GetDouble());
}
