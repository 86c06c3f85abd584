using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Tests;

/// <summary>Audits of a real table.</summary>
public abstract class AuditTests(Cloud cloud)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
    private string table = "";
    private string control = "";

    [Fact]
    public async Task Every_state_is_counted_and_what_is_accounted_for_is_no_finding()
    {
        var report = await (
            await AuditAsync(
                Item("sent", ("sendStatus", new("Successful"))),
                Item(
                    "waiting",
                    ("sendStatus", new("Failure")),
                    ("sendReason", new("SendFailed")),
                    ("sendShard", new("1")),
                    ("sendDue", new("2026-11-23T06:29:00.000Z"))
                ),
                Item(
                    "held",
                    ("sendStatus", new("Failure")),
                    ("sendReason", new("Held")),
                    ("sendShard", new("1")),
                    ("sendDue", new("2026-11-23T06:28:00.000Z"))
                ),
                Item(
                    "later",
                    ("sendStatus", new("Failure")),
                    ("sendReason", new("Scheduled")),
                    ("sendShard", new("1")),
                    ("sendDue", new("2026-11-24T06:28:00.000Z"))
                ),
                Item("parked", ("sendStatus", new("Failure")), ("sendReason", new("InvalidMessage"))),
                Item("flying", ("sendClaim", Claim("2026-11-23T06:31:00.000Z"))),
                Item(
                    "retaken",
                    ("sendStatus", new("Failure")),
                    ("sendShard", new("1")),
                    ("sendDue", new("2026-11-23T06:29:30.000Z")),
                    ("sendClaim", Claim("2026-11-23T05:00:00.000Z"))
                ),
                Item(
                    "cancelled",
                    ("sendStatus", new("Failure")),
                    ("sendReason", new("Cancelled")),
                    ("sendClaim", Claim("2026-11-23T05:00:00.000Z"))
                ),
                Item("new")
            )
        ).RunAsync(Now, Quarter, CancellationToken.None);
        Assert.Equal((9, 0, true), (report.Total, report.Unaccounted, report.Complete));
        Assert.Equal(
            "Held 1, InFlight 1, Parked 2, Scheduled 1, Successful 1, Undecided 1, Waiting 2",
            string.Join(", ", report.States.Select(pair => $"{pair.Key} {pair.Value}"))
        );
        Assert.Equal(120, report.OldestDueAgeSeconds);
    }

    [Fact]
    public async Task What_nobody_will_take_up_again_is_found()
    {
        var report = await (
            await AuditAsync(
                Item("silent", ("sendStatus", new("Failure"))),
                Item(
                    "unindexed",
                    ("sendStatus", new("Failure")),
                    ("sendReason", new("SendFailed")),
                    ("sendNextAttempt", new("2026-11-23T06:29:00.000Z"))
                ),
                Item("stuck", ("sendClaim", Claim("2026-11-23T06:14:00.000Z"))),
                Item("foreign", ("sendStatus", new("Done")))
            )
        ).RunAsync(Now, Quarter, CancellationToken.None);
        Assert.Equal(4, report.Unaccounted);
        Assert.Equal(
            ["foreign UnknownStatus", "silent NoNextAttempt", "stuck StuckInFlight", "unindexed NoNextAttempt"],
            report.Findings.Select(finding => $"{finding.Id} {finding.Kind}").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task An_item_without_a_status_is_found_once_audits_have_seen_it_so_for_longer_than_the_bound()
    {
        var audit = await AuditAsync(Item("lost"));
        Assert.Equal(0, (await audit.RunAsync(Now, Quarter, CancellationToken.None)).Unaccounted);
        Assert.Equal(0, (await audit.RunAsync(Now.AddMinutes(10), Quarter, CancellationToken.None)).Unaccounted);
        var finding = Assert.Single((await audit.RunAsync(Now.AddMinutes(15), Quarter, CancellationToken.None)).Findings);
        Assert.Equal(
            ("lost", "NoStatus", "It has had no status since 2026-11-23T06:30:00.000Z at the latest."),
            (finding.Id, finding.Kind, finding.Why)
        );
    }

    [Fact]
    public async Task A_run_that_has_to_stop_is_gone_on_with_until_the_whole_table_was_read()
    {
        await AuditAsync([.. Enumerable.Range(0, 40).Select(i => Item($"lost-{i}", ("sendStatus", new("Failure"))))]);
        using var output = new StringWriter();
        var run = Run(output);
        var stopped = await run.RunAsync(new("disa.audit", Instant.Text(Now), false, null), CancellationToken.None, TimeSpan.Zero);
        Assert.Equal((0, false, 0.0, null), (stopped.Total, stopped.Complete, stopped.Progress, stopped.CompletedAt));

        await run.RunAsync(new("disa.audit", Instant.Text(Now.AddMinutes(30)), false, null), CancellationToken.None, TimeSpan.Zero);
        Assert.Contains("\"AuditAge\":1800", output.ToString(), StringComparison.Ordinal); // Never yet, half an hour after the first try.

        // Some parts of the table are known to be done with: the next run reads the others only.
        using var client = cloud.DynamoDb();
        var record = (await client.GetItemAsync(control, new() { ["id"] = new("audit") }, true)).Item;
        record["parts"].L[0] = record["parts"].L[7] = new() { BOOL = true };
        await client.PutItemAsync(control, record);
        var rest = await run.RunAsync(new("disa.audit", Instant.Text(Now.AddHours(1)), false, null), CancellationToken.None);
        Assert.Equal((true, 1.0), (rest.Complete, rest.Progress));
        Assert.StartsWith("2026-11-23T07:30:0", rest.CompletedAt, StringComparison.Ordinal);
        Assert.Equal(rest.Total, rest.Adopted);

        // A pass that is done is followed by one from the start.
        var next = await run.RunAsync(new("disa.audit", Instant.Text(Now.AddHours(2)), false, null), CancellationToken.None);
        Assert.Equal((40, 40 - rest.Total), (next.Total, next.Adopted));
    }

    [Fact]
    public async Task The_scheduled_audit_makes_due_what_nobody_would_take_up_again_and_leaves_alone_what_has_changed_since()
    {
        await AuditAsync(
            Item("silent", ("sendStatus", new("Failure"))),
            Item("lost"),
            Item("stuck", ("sendClaim", Claim("2026-11-23T06:14:00.000Z"))),
            Item("parked", ("sendStatus", new("Failure")), ("sendReason", new("InvalidMessage"))),
            Item("foreign", ("sendStatus", new("Done")))
        );
        using var output = new StringWriter();
        var client = cloud.DynamoDb();
        var run = Run(output);
        Assert.Equal((3, 2), await Adopted(Now));
        Assert.Equal((2, 1), await Adopted(Now + Quarter));
        Assert.Equal((1, 0), await Adopted(Now + Quarter + Quarter));
        Assert.Contains("\"Adopted\":2", output.ToString(), StringComparison.Ordinal);
        foreach (var id in (string[])["silent", "lost", "stuck"])
        {
            var item = (await client.GetItemAsync(table, new() { ["sequenceNo"] = new(id) }, true)).Item;
            Assert.Equal(
                ("Failure", "Adopted", item["sendNextAttempt"].S),
                (item["sendStatus"].S, item["sendReason"].S, item["sendDue"].S)
            );
            Assert.Equal(ItemKey.Of(new Dictionary<string, AttributeValue> { ["sequenceNo"] = new(id) }).Shard, item["sendShard"].S);
        }

        Assert.False((await client.GetItemAsync(table, new() { ["sequenceNo"] = new("parked") }, true)).Item.ContainsKey("sendDue"));
        var seen = Item("lost");
        Assert.False(
            await new DueAgain(client, table, Cloud.Shape).MakeAsync(ItemKey.Of(seen), seen, "Adopted", Now, CancellationToken.None)
        );

        async Task<(int Unaccounted, int Adopted)> Adopted(DateTimeOffset now)
        {
            var report = await run.RunAsync(new("disa.audit", Instant.Text(now), false, null), CancellationToken.None);
            return (report.Unaccounted, report.Adopted);
        }
    }

    private Retry.AuditRun Run(StringWriter output)
    {
        var client = cloud.DynamoDb();
        return new(
            client,
            control,
            new Audit(client, table, Cloud.Shape),
            new DueAgain(client, table, Cloud.Shape),
            Cloud.Shape,
            Quarter,
            "disa",
            new Log(output, TimeProvider.System),
            TimeProvider.System
        );
    }

    private static AttributeValue Claim(string until) =>
        new()
        {
            M = new() { ["token"] = new("t"), ["until"] = new(until) },
        };

    private static Dictionary<string, AttributeValue> Item(string id, params (string Name, AttributeValue Value)[] attributes) =>
        attributes.Append(("sequenceNo", new(id))).ToDictionary(attribute => attribute.Item1, attribute => attribute.Item2);

    private async Task<Audit> AuditAsync(params Dictionary<string, AttributeValue>[] items)
    {
        cloud.SkipWithout();
        (table, control) = (await cloud.TableAsync(), await cloud.ControlTableAsync());
        var client = cloud.DynamoDb();
        foreach (var item in items)
        {
            await client.PutItemAsync(table, item);
        }

        return new(client, table, Cloud.Shape);
    }
}

/// <summary>The audit on the emulator.</summary>
public sealed class AuditOnTheEmulatorTests(Emulated aws) : AuditTests(aws);

/// <summary>The audit on an AWS that this project did not write.</summary>
public sealed class AuditOnMotoTests(Moto aws) : AuditTests(aws);
