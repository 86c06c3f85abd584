namespace Disa.Bench;

/// <summary>The whole flow: from PutItem until the message is delivered and the item says Successful.</summary>
internal static class FlowPart
{
    /// <param name="bench">The bench.</param>
    /// <param name="sizes">How many items lie in the table when the flow is measured again.</param>
    public static async Task Run(Bench bench, IReadOnlyList<int> sizes)
    {
        var (small, large, median, slow, commits, loopback) = (
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>()
        );
        var (spentSmall, spentLarge) = (new List<ProcessorTime>(), new List<ProcessorTime>());
        for (var run = 0; run < bench.Repeats; run++)
        {
            commits.Add(Yardsticks.DurableCommits(bench.Span));
            loopback.Add(
                (
                    await Yardsticks
                        .Loopback(
                            bench.Servers,
                            16,
                            Call.Dynamo("localhost", "PutItem", new string('x', 150)),
                            bench.Span,
                            bench.Cancellation
                        )
                        .ConfigureAwait(false)
                ).PerSecond
            );
            using var data = new TemporaryDirectory();
            using var server = await bench.Servers.Disa(data.FullName).ConfigureAwait(false);
            using var stack = await Stack.Of(server.Address, bench.Cancellation).ConfigureAwait(false);
            await stack.ToMailbox(10).ConfigureAwait(false);
            var times = new LoadResult(0, await stack.ToMailbox(bench.Repeats > 1 ? 60 : 30).ConfigureAwait(false));
            median.Add(times.Percentile(0.5));
            slow.Add(times.Percentile(0.99));
            await stack.WithoutMail().ConfigureAwait(false);
            await stack.Burst(300, 16).ConfigureAwait(false);
            small.Add(await Measured(server, stack, 1000, spentSmall).ConfigureAwait(false));
            large.Add(await Measured(server, stack, 10_000, spentLarge).ConfigureAwait(false));
        }

        bench.Add(new Figure("flow", "one message, PutItem to mailbox, p50", "ms", [.. median], Aim: "under 50 ms"));
        bench.Add(new Figure("flow", "one message, PutItem to mailbox, p99", "ms", [.. slow]));
        bench.Add(new Figure("flow", "burst of 1,000", "/s", [.. small], "durable commits", [.. commits], "1,000/s"));
        bench.Add(new Figure("flow", "burst of 10,000", "/s", [.. large], "durable commits", [.. commits], "1,000/s"));
        bench.Add(new Figure("flow", "burst of 10,000", "/s", [.. large], "loopback", [.. loopback]));
        Say(bench, "burst of 1,000", spentSmall);
        Say(bench, "burst of 10,000", spentLarge);
        if (sizes.Count > 0)
        {
            await Grow(bench, sizes).ConfigureAwait(false);
        }
    }

    /// <summary>Messages a second of one burst through an emulator that runs already.</summary>
    public static async Task<double> Burst(int port, int messages, CancellationToken cancellation)
    {
        using var stack = await Stack
            .Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port), cancellation)
            .ConfigureAwait(false);
        await stack.WithoutMail().ConfigureAwait(false);
        var rate = await stack.Burst(messages, 16).ConfigureAwait(false);
        await stack.WithoutQueue().ConfigureAwait(false);
        return rate;
    }

    /// <summary>A burst's rate; what it cost of the processors is added, in microseconds a message.</summary>
    private static async Task<double> Measured(ServerProcess server, Stack stack, int messages, List<ProcessorTime> spent)
    {
        var before = server.Processors;
        var rate = await stack.Burst(messages, 16).ConfigureAwait(false);
        if (before is { } then && server.Processors is { } now)
        {
            var all = now.Since(then);
            spent.Add(new ProcessorTime(all.Server / messages, all.Functions / messages, all.Client / messages));
        }

        return rate;
    }

    private static void Say(Bench bench, string name, List<ProcessorTime> spent)
    {
        if (spent.Count == 0)
        {
            return;
        }

        bench.Add(
            new Figure(
                "flow",
                $"{name}, processor time a message, emulator and functions",
                "us",
                [.. spent.Select(time => time.Server + time.Functions)],
                Aim: "900 us"
            )
        );
        bench.Add(new Figure("flow", $"{name}, processor time a message, emulator", "us", [.. spent.Select(time => time.Server)]));
        bench.Add(new Figure("flow", $"{name}, processor time a message, functions", "us", [.. spent.Select(time => time.Functions)]));
        bench.Add(new Figure("flow", $"{name}, processor time a message, client", "us", [.. spent.Select(time => time.Client)]));
    }

    private static async Task Grow(Bench bench, IReadOnlyList<int> sizes)
    {
        using var data = new TemporaryDirectory();
        using var server = await bench.Servers.Disa(data.FullName).ConfigureAwait(false);
        using var stack = await Stack.Of(server.Address, bench.Cancellation).ConfigureAwait(false);
        await stack.WithoutMail().ConfigureAwait(false);
        await stack.Burst(1000, 16).ConfigureAwait(false);
        var (empty, full) = (await Bursts().ConfigureAwait(false), 0);
        foreach (var size in sizes)
        {
            await stack.Fill(size - full).ConfigureAwait(false);
            full = size;

            // The items went through the stream too: a message that is delivered is behind the last of them.
            await stack.Burst(1000, 16).ConfigureAwait(false);
            bench.Add(
                new Figure(
                    "flow",
                    $"burst of 1,000, {size:N0} items in the table",
                    "/s",
                    await Bursts().ConfigureAwait(false),
                    "an empty table",
                    empty
                )
            );
            bench.Add(new Figure("flow", $"memory with {size:N0} items in the table", "MB", [server.Megabytes]));
            bench.Add(new Figure("flow", $"disk an item, {size:N0} in the table", "B", [(double)data.Bytes / size]));
        }

        async Task<double[]> Bursts()
        {
            var values = new double[bench.Repeats];
            for (var run = 0; run < values.Length; run++)
            {
                values[run] = await stack.Burst(1000, 16).ConfigureAwait(false);
            }

            return values;
        }
    }
}
