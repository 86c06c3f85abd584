using System.Collections.Concurrent;

namespace Disa.Emulator.Aws;

/// <summary>So many units of something that AWS bills.</summary>
/// <param name="Service">As the price list has it: <c>dynamodb</c>, <c>lambda</c>, <c>states</c>, …</param>
/// <param name="Resource">What used them: a table, a function, an operation.</param>
/// <param name="Unit">What is counted, such as <c>WriteRequestUnits</c>.</param>
/// <param name="Amount">How many.</param>
public sealed record UsageLine(string Service, string Resource, string Unit, double Amount);

/// <summary>Counts what AWS would bill, in memory: an addition for each use.</summary>
public sealed class UsageMeter(TimeProvider clock)
{
    /// <summary>For how long services go on with a key that KMS gave them, at most.</summary>
    /// <remarks>
    /// DynamoDB keeps a table key for each principal, for five minutes without use (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html),
    /// SNS a data key for up to five, for each publishing principal (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html), S3 a bucket key "for a time-limited period".
    /// </remarks>
    private static readonly TimeSpan KeyLife = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Service, string Resource, string Unit), Counter> counters = new();
    private readonly ConcurrentDictionary<(string Key, string Purpose, string Principal), DateTimeOffset> keys = new();
    private readonly ConcurrentDictionary<(string Service, string Unit), Func<int>> standing = new();
    private readonly AsyncLocal<string?> principal = new();

    /// <summary>What services publish about themselves besides what they bill.</summary>
    public ServiceMetrics Metrics { get; } = new(clock);

    /// <summary>Since when it counts.</summary>
    public DateTimeOffset Since { get; private set; } = clock.GetUtcNow();

    /// <summary>Called after each count: it must cost nothing.</summary>
    public Action Counted { get; set; } = () => { };

    /// <summary>What there is and is billed by the month, in alphabetical order.</summary>
    public IReadOnlyList<UsageLine> Standing =>
        [
            .. standing
                .Select(entry => new UsageLine(entry.Key.Service, "", entry.Key.Unit, entry.Value()))
                .OrderBy(line => line.Service, StringComparer.Ordinal),
        ];

    /// <summary>What was used, in alphabetical order.</summary>
    public IReadOnlyList<UsageLine> Lines =>
        [
            .. counters
                .Select(entry => new UsageLine(entry.Key.Service, entry.Key.Resource, entry.Key.Unit, entry.Value.Value))
                .OrderBy(line => line.Service, StringComparer.Ordinal)
                .ThenBy(line => line.Unit, StringComparer.Ordinal)
                .ThenBy(line => line.Resource, StringComparer.Ordinal),
        ];

    /// <summary>Requests of 64 KB each: how SNS, SQS and EventBridge count.</summary>
    public static long Chunks(long bytes) => Math.Max(1, (bytes + 65535) / 65536);

    public void Add(string service, string resource, string unit, double amount = 1)
    {
        counters.GetOrAdd((service, resource, unit), static _ => new Counter()).Add(amount);
        Counted();
    }

    /// <summary>Names what is billed by the month, with how much of it there is.</summary>
    public void Stands(string service, string unit, Func<int> amount) => standing[(service, unit)] = amount;

    /// <summary>Whose call is being answered from here on: services keep keys for each principal. Sessions of a role are one.</summary>
    public void Calls(string arn) =>
        principal.Value = arn.Contains(":assumed-role/", StringComparison.Ordinal) ? arn[..arn.LastIndexOf('/')] : arn;

    /// <summary>A service needs a KMS key: a request to KMS, unless it asked for the same caller and purpose lately.</summary>
    /// <param name="keyArn">The key.</param>
    /// <param name="purpose">What for: the encryption context, and whether to make a data key or to open one.</param>
    public void UsesKey(string keyArn, string purpose)
    {
        var now = clock.GetUtcNow();
        var use = (keyArn, purpose, principal.Value ?? "");
        if (keys.TryGetValue(use, out var last) && now - last < KeyLife)
        {
            return;
        }

        keys[use] = now;
        Add("kms", keyArn[(keyArn.LastIndexOf('/') + 1)..], "Requests");
    }

    /// <summary>From now on it counts from nothing.</summary>
    public void Reset() => Restore([], clock.GetUtcNow());

    /// <summary>Goes on from what was counted before.</summary>
    public void Restore(IEnumerable<UsageLine> lines, DateTimeOffset since)
    {
        counters.Clear();
        keys.Clear();
        Since = since;
        foreach (var line in lines)
        {
            counters.GetOrAdd((line.Service, line.Resource, line.Unit), static _ => new Counter()).Add(line.Amount);
        }
    }

    private sealed class Counter
    {
        private double value;

        public double Value => Volatile.Read(ref value);

        public void Add(double amount)
        {
            for (var seen = Value; ; )
            {
                var before = Interlocked.CompareExchange(ref value, seen + amount, seen);
                if (before.Equals(seen))
                {
                    return;
                }

                seen = before;
            }
        }
    }
}
