using System.Globalization;
using Disa.Operations.Cost;

namespace Disa.WebConsole.Pages;

/// <summary>What AWS would have billed for what the emulator did, by line, and for a million messages like those.</summary>
internal static class CostPage
{
    public static async Task<Page> Get(Visit visit)
    {
        if (!visit.IsEmulator)
        {
            throw new UsageException($"AWS bills the usage at {visit.Session.Target.Describe()}; only the emulator counts it here.");
        }

        var usage = await visit.Session.Emulator.Usage(visit.Cancellation).ConfigureAwait(false);
        var report = CostReport.Of(usage, PriceList.UsEast1(), CostReport.Published(usage, visit.Deployment.TopicName));
        return new Page("Cost", "cost", Html.Of(
            $"""
            <h1>Cost</h1>
            <div class="tiles">
            <p class="tile"><b>{report.Messages}</b> messages since {Show.Said(report.Since)}</p>
            <p class="tile"><b>${Usd(report.Usd, 6)}</b> would be billed</p>
            <p class="tile"><b>{(report.PerMillion is { } million ? "$" + Usd(million, 2) : "–")}</b> per million such messages</p>
            <p class="tile"><b>${Usd(report.UsdMonthly, 2)}</b> per month, regardless of the number of messages</p>
            </div>
            <table class="stack">
            <caption class="hidden">What was used</caption>
            <thead><tr><th scope="col">What</th><th scope="col">Of</th><th scope="col" class="number">Units</th><th scope="col" class="number">$</th><th scope="col" class="number">$ per million</th></tr></thead>
            <tbody>{report.Lines.OrderByDescending(line => line.Usd).Select(line => Html.Of(
                $"""
                <tr{(line.IsDelivery ? Html.Of($" class=\"aside\"") : Html.None)}><th scope="row">{line.What}{Html.When(line.IsDelivery, $" (delivery)")}</th><td data-name="Of">{line.Resource}</td>
                <td data-name="Units" class="number">{Units(line.Units)}</td><td data-name="$" class="number">{Usd(line.Usd, 6)}</td><td data-name="$ per million" class="number">{(line.PerMillion is { } each ? Usd(each, 4) : "")}</td></tr>
                """))}</tbody>
            <tfoot><tr><th scope="row">without deliveries</th><td></td><td></td><td data-name="$" class="number">{Usd(report.Usd, 6)}</td><td data-name="$ per million" class="number">{(report.PerMillion is { } all ? Usd(all, 4) : "")}</td></tr>
            <tr><th scope="row">with deliveries</th><td></td><td></td><td data-name="$" class="number">{Usd(report.UsdDelivered, 6)}</td><td data-name="$ per million" class="number">{(report.PerMillionDelivered is { } delivered ? Usd(delivered, 4) : "")}</td></tr></tfoot>
            </table>
            <p>Per month: {string.Join(", ", report.Monthly.Select(line => $"{Units(line.Units)} {line.What} ${Usd(line.Usd, 2)}"))}.</p>
            <p class="hint">Prices of {report.Region}, {report.PricesOf}: list prices without the free tier. Function durations are those of this machine. Requests of these pages are included, as on AWS's bill.</p>
            {visit.Act("cost-reset", Html.Of($"""<button class="quiet">Reset counters</button>"""), ask: "Reset the counters? The counts so far are lost.")}
            """));
    }

    public static async Task<string> Reset(Visit visit)
    {
        await visit.Session.Emulator.ResetUsage(visit.Cancellation).ConfigureAwait(false);
        return visit.Back("Counters reset.", "cost");
    }

    private static string Usd(decimal usd, int digits) => usd.ToString("0." + new string('0', digits), CultureInfo.InvariantCulture);

    private static string Units(double units) => units.ToString(units < 10 ? "0.###" : "#,0.#", CultureInfo.InvariantCulture);
}
