#pragma warning disable RS0030 // The one place that writes to a console.
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Disa.Cli.Output;

/// <summary>
/// The door through which text for people goes, on standard output or standard error: it takes <see cref="Styled"/> texts and nothing
/// else. On a terminal they are coloured, and as wide as it is; in a pipe a line is a line, however long, without colours or frames.
/// </summary>
internal sealed class TextOutput
{
    private readonly TextWriter writer;
    private readonly IAnsiConsole console;

    /// <param name="writer">Where it goes.</param>
    /// <param name="isTerminal">Whether that is a terminal; a file or a pipe otherwise.</param>
    /// <param name="hasColors">Whether the terminal takes escape sequences.</param>
    public TextOutput(TextWriter writer, bool isTerminal, bool hasColors)
    {
        this.writer = writer;
        IsTerminal = isTerminal;
        HasColors = isTerminal && hasColors;
        console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = HasColors ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = HasColors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
    }

    /// <summary>Whether a person looks at it: long texts may be cut there.</summary>
    public bool IsTerminal { get; }

    /// <summary>Whether it takes escape sequences.</summary>
    public bool HasColors { get; }

    /// <summary>For questions and spinners.</summary>
    internal IAnsiConsole Console => console;

    public void Line() => writer.WriteLine();

    public void Line(Styled text)
    {
        if (IsTerminal)
        {
            console.MarkupLine(text.Markup);
        }
        else
        {
            writer.WriteLine(text.Plain);
        }
    }

    /// <summary>A heading between parts.</summary>
    public void Rule(Styled title)
    {
        Line();
        if (IsTerminal)
        {
            console.Write(new Rule(title.Markup).LeftJustified());
        }
        else
        {
            writer.WriteLine(title.Plain);
        }
    }

    public void Write(Listing listing)
    {
        if (IsTerminal)
        {
            var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
            for (var i = 0; i < listing.Headings.Count; i++)
            {
                table.AddColumn(
                    new TableColumn(Escape(listing.Headings[i])) { Alignment = listing.AreNumbers[i] ? Justify.Right : Justify.Left }
                );
            }

            foreach (var row in listing.Rows)
            {
                table.AddRow([.. row.Select(cell => new Markup(cell.Markup))]);
            }

            console.Write(table);
            return;
        }

        var rows = listing.Rows.Select(row => row.Select(cell => cell.Plain).ToArray()).Prepend([.. listing.Headings]).ToList();
        WriteColumns(rows, "", listing.AreNumbers);
    }

    /// <param name="fields">What to show.</param>
    /// <param name="title">Above it; in a frame on a terminal.</param>
    /// <param name="indent">How many columns it is moved to the right.</param>
    public void Write(Fields fields, Styled? title = null, int indent = 0)
    {
        if (!IsTerminal)
        {
            if (title is not null)
            {
                writer.WriteLine(title.Plain);
            }

            WriteColumns(
                [.. fields.Rows.Select(row => (string[])[row.Name.Plain, row.Value.Plain])],
                new string(' ', indent),
                [false, false]
            );
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var (name, value) in fields.Rows)
        {
            grid.AddRow($"[grey]{name.Markup}[/]", value.Markup);
        }

        IRenderable shown = title is null ? grid : new Panel(grid).Header($" {title.Markup} ").BorderColor(Color.Green);
        console.Write(indent == 0 ? shown : new Padder(shown).Padding(indent, 0, 0, 0));
    }

    public void Write(Branch root)
    {
        if (!IsTerminal)
        {
            WriteBranch(root, "");
            return;
        }

        var tree = new Tree(root.Label.Markup);
        Add(tree, root);
        console.Write(tree);

        static void Add(IHasTreeNodes to, Branch from)
        {
            foreach (var branch in from.Below)
            {
                Add(to.AddNode(branch.Label.Markup), branch);
            }
        }
    }

    /// <summary>A text under a title: framed on a terminal, indented in a pipe, so that no line of it passes for one of the program's.</summary>
    public void Boxed(Styled title, Styled text)
    {
        if (IsTerminal)
        {
            console.Write(
                new Panel(new Markup(text.Markup))
                    .Header($" {title.Markup} ")
                    .Expand()
                    .HeaderAlignment(Justify.Left)
                    .BorderColor(Color.Grey)
            );
            return;
        }

        writer.WriteLine(title.Plain);
        foreach (var line in text.Plain.Split('\n'))
        {
            writer.WriteLine("  " + line);
        }
    }

    /// <summary>Text of this program's own, written as it is: JSON, scripts.</summary>
    internal void Raw(string text) => writer.WriteLine(text);

    private void WriteBranch(Branch branch, string indent)
    {
        writer.WriteLine(indent + branch.Label.Plain);
        foreach (var below in branch.Below)
        {
            WriteBranch(below, indent + "  ");
        }
    }

    /// <summary>Columns of even width; the further lines of a cell go below its first.</summary>
    private void WriteColumns(List<string[]> rows, string indent, IReadOnlyList<bool> areNumbers)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var cells = rows.Select(row => row.Select(cell => cell.Split('\n')).ToArray()).ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => cells.Max(row => row[i].Max(line => line.Length))).ToArray();
        foreach (var row in cells)
        {
            for (var line = 0; line < row.Max(cell => cell.Length); line++)
            {
                var texts = row.Select(
                    (cell, i) =>
                    {
                        var text = line < cell.Length ? cell[line] : "";
                        return areNumbers[i] ? text.PadLeft(widths[i]) : text.PadRight(widths[i]);
                    }
                );
                writer.WriteLine((indent + string.Join("  ", texts)).TrimEnd());
            }
        }
    }

    private static string Escape(string text) => Markup.Escape(Shown.Line(text));
}
