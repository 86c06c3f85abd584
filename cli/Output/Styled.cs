#pragma warning disable RS0030 // Spectre writes nothing here: its markup is escaped and removed.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Disa.Cli.Output;

/// <summary>
/// A text for people, written as an interpolated string: its literal parts are Spectre's markup, and whatever is inserted is shown as it
/// is, never read as markup and never obeyed by a terminal. There is no other way to write to <see cref="TextOutput"/>.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Styled
{
    private readonly StringBuilder markup;

    /// <summary>Called by the compiler.</summary>
    public Styled(int literalLength, int formattedCount) => markup = new(literalLength + (formattedCount * 16));

    private Styled(string markup) => this.markup = new(markup);

    public static Styled Empty { get; } = new("");

    /// <summary>A text from anywhere, on one line.</summary>
    public static Styled Of(string? text) => new(Escape(Shown.Line(text)));

    /// <summary>A text from anywhere, with its line breaks.</summary>
    public static Styled Block(string? text) => new(Escape(Shown.Block(text)));

    /// <summary>The parts, with a separator of the program's own between them.</summary>
    public static Styled Join(string separator, IEnumerable<Styled> parts) =>
        new(string.Join(Escape(separator), parts.Select(part => part.Markup)));

    public bool IsEmpty => markup.Length == 0;

    /// <summary>As Spectre reads it.</summary>
    public string Markup => markup.ToString();

    /// <summary>Without colours.</summary>
    public string Plain => Spectre.Console.Markup.Remove(Markup);

    public void AppendLiteral(string literal) => markup.Append(literal);

    public void AppendFormatted(Styled? inner) => markup.Append(inner?.Markup);

    public void AppendFormatted(string? text) => markup.Append(Escape(Shown.Line(text)));

    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    public void AppendFormatted<T>(T value, string? format) =>
        AppendFormatted(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => Plain;

    private static string Escape(string text) => Spectre.Console.Markup.Escape(text);
}
