using System.Text.Json;

namespace Disa.Operations.Cost;

/// <summary>What a number of units of something costs.</summary>
/// <param name="Service">As the emulator's usage has it.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Label">For people.</param>
/// <param name="Usd">US dollars.</param>
/// <param name="Per">For so many units.</param>
/// <param name="IsDelivery">What the subscribers cost, not the dispatcher.</param>
internal sealed record Price(string Service, string Unit, string Label, decimal Usd, decimal Per, bool IsDelivery = false)
{
    public decimal Of(double amount) => (decimal)amount * Usd / Per;
}

/// <summary>A Region's prices on a day, from a file inside the command.</summary>
internal sealed record PriceList(string Region, string Date, string Source, IReadOnlyList<Price> Prices, IReadOnlyList<Price> Monthly)
{
    /// <summary>The one Region whose prices are known.</summary>
    public static PriceList UsEast1()
    {
        using var file = typeof(PriceList).Assembly.GetManifestResourceStream("prices/us-east-1.json")!;
        return JsonSerializer.Deserialize(file, OperationsJson.Default.PriceList)!;
    }
}
