using System.Globalization;
using Spectre.Console;

namespace Disa.Cli;

/// <summary>A message's way, for a terminal.</summary>
internal static class JourneyTable
{
    public static Table Of(IReadOnlyList<JourneyStep> steps)
    {
        var table = new Table().AddColumns("time (UTC)", "where", "what").Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var step in steps)
        {
            table.AddRow(step.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture), Markup.Escape(step.Where), Markup.Escape(step.What));
        }

        return table;
    }
}
