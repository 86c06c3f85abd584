namespace Disa.Cli;

/// <summary>A message's way, for people.</summary>
internal static class JourneyTable
{
    public static Listing Of(IReadOnlyList<JourneyStep> steps)
    {
        var table = new Listing("time (UTC)", "where", "what");
        foreach (var step in steps)
        {
            table.Add((Styled)$"{step.At.UtcDateTime:HH:mm:ss.fff}", Styled.Of(step.Where), Styled.Of(step.What));
        }

        return table;
    }
}
