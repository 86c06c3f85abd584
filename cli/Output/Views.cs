namespace Disa.Cli.Output;

/// <summary>Rows under headings.</summary>
/// <param name="headings">One for each column; one that starts with <c>></c> is of a column of numbers.</param>
internal sealed class Listing(params string[] headings)
{
    private readonly List<Styled[]> rows = [];

    /// <summary>The columns' headings.</summary>
    public IReadOnlyList<string> Headings { get; } = [.. headings.Select(heading => heading.TrimStart('>'))];

    /// <summary>Whether each column is of numbers.</summary>
    public IReadOnlyList<bool> AreNumbers { get; } = [.. headings.Select(heading => heading.StartsWith('>'))];

    public IReadOnlyList<Styled[]> Rows => rows;

    /// <summary>Adds a row with a cell for each heading.</summary>
    public Listing Add(params Styled[] cells)
    {
        if (cells.Length != Headings.Count)
        {
            throw new ArgumentException($"A row of {cells.Length} cells does not fit under {Headings.Count} headings.", nameof(cells));
        }

        rows.Add(cells);
        return this;
    }

    /// <summary>Adds a row of nothing, which sets what follows apart.</summary>
    public Listing AddGap() => Add([.. Headings.Select(_ => Styled.Empty)]);
}

/// <summary>Names and what they are, a line each.</summary>
internal sealed class Fields
{
    private readonly List<(Styled Name, Styled Value)> rows = [];

    public IReadOnlyList<(Styled Name, Styled Value)> Rows => rows;

    /// <summary>Adds a line; nothing where there is no value.</summary>
    public Fields Add(Styled name, Styled value)
    {
        if (!value.IsEmpty)
        {
            rows.Add((name, value));
        }

        return this;
    }
}

/// <summary>A line of a tree, and what is below it.</summary>
internal sealed class Branch(Styled label)
{
    private readonly List<Branch> below = [];

    public Styled Label { get; } = label;

    public IReadOnlyList<Branch> Below => below;

    public Branch Add(Styled line)
    {
        var branch = new Branch(line);
        below.Add(branch);
        return branch;
    }
}
