using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Disa.WebConsole;

/// <summary>
/// A piece of a page. It is made of literals of this program and of encoded text, and of nothing else: a message cannot become
/// markup, because there is no way to put a string into it that does not encode it.
/// </summary>
/// <remarks>Attributes are always in double quotes, and addresses come from <see cref="Links.To"/>.</remarks>
internal readonly struct Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string? markup;

    private Html(string markup) => this.markup = markup;

    public static Html None => default;

    public bool IsEmpty => string.IsNullOrEmpty(markup);

    /// <summary>Markup with holes: <c>Html.Of($"&lt;b&gt;{text}&lt;/b&gt;")</c>.</summary>
    public static Html Of(Builder builder) => new(builder.Markup());

    public static Html When(bool condition, Builder builder) => condition ? Of(builder) : None;

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.markup)));

    public override string ToString() => markup ?? "";

    /// <summary>What the compiler makes of an interpolated string: literals as they are, holes encoded unless they are markup already.</summary>
    [InterpolatedStringHandler]
    public readonly struct Builder(int literalLength, int holes)
    {
        private readonly StringBuilder text = new(literalLength + (holes * 16));

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(Html piece) => text.Append(piece.markup);

        public void AppendFormatted(IEnumerable<Html> pieces)
        {
            foreach (var piece in pieces)
            {
                text.Append(piece.markup);
            }
        }

        public void AppendFormatted(string? value) => text.Append(value is null ? "" : Encoder.Encode(value));

        public void AppendFormatted(int value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(long value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double value) => text.Append(value.ToString("0.##", CultureInfo.InvariantCulture));

        internal string Markup() => text.ToString();
    }
}
