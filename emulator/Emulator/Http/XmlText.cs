using System.Xml;

namespace Disa.Emulator.Http;

/// <summary>Text that XML can hold: a control character of someone's data must not make a whole answer unreadable.</summary>
internal static class XmlText
{
    /// <summary>Entities for carriage returns, which a reader would else take for line feeds (https://www.w3.org/TR/xml/#sec-line-ends).</summary>
    public static readonly XmlWriterSettings Settings = new()
    {
        CheckCharacters = false,
        OmitXmlDeclaration = true,
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>The text, with U+FFFD for each character that XML 1.0 has no form for (https://www.w3.org/TR/xml/#charsets).</summary>
    public static string Valid(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsValid(text, i, out var pair))
            {
                return Replaced(text);
            }

            i += pair ? 1 : 0;
        }

        return text;
    }

    private static string Replaced(string text) =>
        string.Create(
            text.Length,
            text,
            static (target, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    var valid = IsValid(source, i, out var pair);
                    target[i] = valid ? source[i] : '\uFFFD';
                    if (pair)
                    {
                        target[++i] = source[i];
                    }
                }
            }
        );

    private static bool IsValid(string text, int at, out bool pair)
    {
        pair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
        return pair || XmlConvert.IsXmlChar(text[at]);
    }
}
