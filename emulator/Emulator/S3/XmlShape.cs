using System.Globalization;
using System.Xml.Linq;

namespace Disa.Emulator.S3;

/// <summary>
/// The form that an XML body must have. Written <c>Name(Child,Child?,Child*,Child+,Child=A|B)</c>: how often an element occurs, what is in it,
/// and which texts it may hold; <c>=#</c> is a whole number, <c>=!</c> a Boolean. The order of elements is free, as S3 takes them.
/// </summary>
internal sealed class XmlShape
{
    private readonly string name;
    private readonly int least;
    private readonly int most;
    private readonly string[] texts;
    private readonly IReadOnlyList<XmlShape>? children;

    private XmlShape(string name, char howOften, string[] texts, IReadOnlyList<XmlShape>? children)
    {
        this.name = name;
        this.texts = texts;
        this.children = children;
        least = howOften is '?' or '*' ? 0 : 1;
        most = howOften is '*' or '+' ? int.MaxValue : 1;
    }

    public string Root => name;

    public static XmlShape Parse(string text)
    {
        var at = 0;
        return Parse(text, ref at);
    }

    /// <exception cref="Aws.AwsException">MalformedXML.</exception>
    public void Check(XElement element)
    {
        if (element.Name.LocalName != name || !Fits(element))
        {
            throw S3Errors.Malformed();
        }
    }

    private bool Fits(XElement element)
    {
        if (children is null)
        {
            return !element.HasElements && IsText(element.Value);
        }

        return element.Elements().All(child => children.Any(shape => shape.name == child.Name.LocalName))
            && children.All(shape =>
            {
                var found = element.Children(shape.name).ToList();
                return found.Count >= shape.least && found.Count <= shape.most && found.TrueForAll(shape.Fits);
            });
    }

    private bool IsText(string text) =>
        texts switch
        {
            [] => true,
            ["#"] => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            ["!"] => text is "true" or "false",
            _ => texts.Contains(text),
        };

    private static XmlShape Parse(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '-'))
        {
            at++;
        }

        var name = text[start..at];
        List<XmlShape>? children = null;
        if (at < text.Length && text[at] == '(')
        {
            children = [];
            do
            {
                at++;
                children.Add(Parse(text, ref at));
            } while (text[at] == ',');
            at++;
        }

        var howOften = at < text.Length && text[at] is '?' or '*' or '+' ? text[at++] : ' ';
        var texts = "";
        if (at < text.Length && text[at] == '=')
        {
            start = ++at;
            while (at < text.Length && text[at] is not (',' or ')'))
            {
                at++;
            }

            texts = text[start..at];
        }

        return new(name, howOften, texts.Split('|', StringSplitOptions.RemoveEmptyEntries), children);
    }
}
