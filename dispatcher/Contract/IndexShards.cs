using System.Globalization;

namespace Disa.Contract;

/// <summary>The parts that each partition of Disa's indexes is spread over: one partition would be one hot key.</summary>
public static class IndexShards
{
    public const int Count = 16;

    /// <summary>As they are written on items, from 0 on.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. Enumerable.Range(0, Count).Select(shard => shard.ToString(CultureInfo.InvariantCulture)),
    ];
}
