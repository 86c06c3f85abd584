namespace Disa.Operations.Cost;

/// <summary>What the emulator counted.</summary>
internal sealed record Usage(DateTimeOffset Since, IReadOnlyList<UsageLine> Lines, IReadOnlyList<UsageLine> Standing);

/// <summary>So many units of something, used by a resource.</summary>
internal sealed record UsageLine(string Service, string Resource, string Unit, double Amount);

/// <summary>One line of the bill.</summary>
/// <param name="Resource">What used it; empty where it is no resource's.</param>
/// <param name="PerMillion">For a million messages like those that were sent; null where none was.</param>
internal sealed record CostLine(string What, string Resource, double Units, decimal Usd, decimal? PerMillion, bool IsDelivery);

/// <summary>Calls of an API for each message.</summary>
internal sealed record CallsPerMessage(double CloudWatch, double StepFunctions);

/// <summary>A service's part of the bill.</summary>
/// <param name="PerMillion">US dollars for a million messages.</param>
/// <param name="Share">Of the bill without deliveries, 0 to 1.</param>
internal sealed record ServiceShare(string Service, decimal PerMillion, decimal Share);

/// <summary>The bill of messages of one size.</summary>
/// <param name="Size">Bytes of a message's text.</param>
internal sealed record SizedCost(int Size, IReadOnlyList<ServiceShare> Services, CostReport Report);

/// <summary>What AWS would have billed for what the emulator did.</summary>
/// <param name="Messages">How many were published; what the totals are scaled by.</param>
/// <param name="Usd">Without what the deliveries cost.</param>
/// <param name="UsdDelivered">With it.</param>
/// <param name="Monthly">What is billed by the month, however many messages there are.</param>
internal sealed record CostReport(
    string Region,
    string PricesOf,
    DateTimeOffset Since,
    long Messages,
    IReadOnlyList<CostLine> Lines,
    decimal Usd,
    decimal UsdDelivered,
    decimal? PerMillion,
    decimal? PerMillionDelivered,
    IReadOnlyList<CostLine> Monthly,
    decimal UsdMonthly,
    CallsPerMessage? Calls
)
{
    private const decimal Million = 1_000_000;

    /// <param name="usage">What was used.</param>
    /// <param name="prices">What it costs.</param>
    /// <param name="sent">How many messages it was.</param>
    public static CostReport Of(Usage usage, PriceList prices, long sent)
    {
        decimal? Scaled(decimal usd) => sent == 0 ? null : usd * Million / sent;
        var lines = (
            from price in prices.Prices
            from line in usage.Lines
            where line.Service == price.Service && line.Unit == price.Unit && line.Amount > 0
            select new CostLine(
                price.Label,
                line.Resource,
                line.Amount,
                price.Of(line.Amount),
                Scaled(price.Of(line.Amount)),
                price.IsDelivery
            )
        ).ToList();
        var monthly = (
            from price in prices.Monthly
            from line in usage.Standing
            where line.Service == price.Service && line.Unit == price.Unit && line.Amount > 0
            select new CostLine(price.Label, line.Resource, line.Amount, price.Of(line.Amount), null, false)
        ).ToList();
        var usd = lines.Where(line => !line.IsDelivery).Sum(line => line.Usd);
        var delivered = lines.Sum(line => line.Usd);
        return new CostReport(
            prices.Region,
            prices.Date,
            usage.Since,
            sent,
            lines,
            usd,
            delivered,
            Scaled(usd),
            Scaled(delivered),
            monthly,
            monthly.Sum(line => line.Usd),
            sent == 0 ? null : new CallsPerMessage(Sum(usage, "cloudwatch", "Calls") / sent, Sum(usage, "sfn", "Calls") / sent)
        );
    }

    /// <summary>What each service bills for a million messages, deliveries left out, the largest first.</summary>
    public static IReadOnlyList<ServiceShare> Shares(Usage usage, PriceList prices, long sent)
    {
        var services = prices
            .Prices.Where(price => !price.IsDelivery)
            .GroupBy(price => price.Service)
            .Select(same => (same.Key, Usd: same.Sum(price => price.Of(Sum(usage, price.Service, price.Unit)))))
            .Where(service => service.Usd > 0)
            .ToList();
        var all = services.Sum(service => service.Usd);
        return
        [
            .. services
                .OrderByDescending(service => service.Usd)
                .Select(service => new ServiceShare(NameOf(service.Key), service.Usd * Million / sent, service.Usd / all)),
        ];
    }

    /// <summary>How many messages a topic accepted.</summary>
    public static long Published(Usage usage, string topicName) =>
        (long)
            usage.Lines.Where(line => line is { Service: "sns", Unit: "Messages" } && line.Resource == topicName).Sum(line => line.Amount);

    private static string NameOf(string service) =>
        service switch
        {
            "dynamodb" => "DynamoDB",
            "lambda" => "Lambda",
            "states" => "Step Functions",
            "cloudwatch" => "CloudWatch",
            "logs" => "Logs",
            "scheduler" => "Scheduler",
            "events" => "EventBridge",
            _ => service.ToUpperInvariant(),
        };

    private static double Sum(Usage usage, string service, string unit) =>
        usage.Lines.Where(line => line.Service == service && line.Unit == unit).Sum(line => line.Amount);
}
