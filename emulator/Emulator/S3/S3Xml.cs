using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>S3's XML, both ways.</summary>
internal static class S3Xml
{
    public const string MediaType = "application/xml";
    private static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public static XElement Element(string name, params ReadOnlySpan<object?> content)
    {
        var element = new XElement(Namespace + name);
        foreach (var part in content)
        {
            element.Add(part is bool flag ? (flag ? "true" : "false") : part);
        }

        return element;
    }

    public static XElement? Optional(string name, object? value) => value is null ? null : Element(name, value);

    public static Task<RestAnswer> Answer(XElement root, params List<(string Name, string Value)> headers)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (
            var writer = XmlWriter.Create(
                text,
                new XmlWriterSettings
                {
                    OmitXmlDeclaration = true,
                    CheckCharacters = false,
                    NewLineHandling = NewLineHandling.Entitize,
                }
            )
        )
        {
            root.Save(writer);
        }

        return Task.FromResult(
            new RestAnswer
            {
                ContentType = MediaType,
                Payload = Encoding.UTF8.GetBytes(text.ToString()),
                Headers = headers,
            }
        );
    }

    public static Task<RestAnswer> Empty(int status, params List<(string Name, string Value)> headers) =>
        Task.FromResult(new RestAnswer { Status = status, Headers = headers });

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string HttpTime(DateTimeOffset time) => time.ToString("r", CultureInfo.InvariantCulture);

    public static string? Text(this XElement parent, string name) => parent.Child(name)?.Value;

    public static XElement? Child(this XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name);

    public static IEnumerable<XElement> Children(this XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    /// <summary>Refuses elements that are not honoured, by name.</summary>
    public static XElement Only(this XElement parent, params string[] names) =>
        parent.Elements().FirstOrDefault(element => !names.Contains(element.Name.LocalName)) is { } unknown
            ? throw AwsException.NotImplemented($"{unknown.Name.LocalName} in s3's {parent.Name.LocalName}")
            : parent;

    public static bool Flag(this XElement parent, string name) =>
        parent.Text(name) switch
        {
            null or "false" or "False" or "FALSE" => false,
            "true" or "True" or "TRUE" => true,
            _ => throw S3Errors.Malformed(),
        };

    public static int? Whole(this XElement parent, string name) =>
        parent.Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw S3Errors.Malformed();

    public static Dictionary<string, string> Tags(XElement tagging)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tagging.Child("TagSet")?.Children("Tag") ?? [])
        {
            var key = tag.Text("Key") ?? "";
            if (!tags.TryAdd(key, tag.Text("Value") ?? ""))
            {
                throw S3Errors.Tag("Cannot provide multiple Tags with the same key", key);
            }
        }

        return tags;
    }

    public static XElement Tagging(IReadOnlyDictionary<string, string> tags)
    {
        var set = Element("TagSet");
        foreach (var (key, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            set.Add(Element("Tag", Element("Key", key), Element("Value", value)));
        }

        return Element("Tagging", set);
    }

    /// <summary>The Regions whose answers name owners beside their ids.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/API/API_Owner.html</remarks>
    private static readonly string[] Naming =
    [
        "us-east-1",
        "us-west-1",
        "us-west-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-northeast-1",
        "eu-west-1",
        "sa-east-1",
    ];

    public static XElement Owner(Bucket bucket) => Owner(bucket.Account, bucket.Region);

    public static XElement Owner(string account, string region) =>
        Element("Owner", Element("ID", OwnerId(account)), DisplayName(account, region));

    /// <summary>An account's name, where the Region's answers have one.</summary>
    public static XElement? DisplayName(string account, string region) => Naming.Contains(region) ? Element("DisplayName", account) : null;

    /// <summary>Who began an upload: the account, for nobody else's uploads are kept apart.</summary>
    public static XElement Initiator(Bucket bucket) =>
        Element("Initiator", Element("ID", OwnerId(bucket.Account)), Element("DisplayName", bucket.Account));

    /// <summary>An account's canonical user id.</summary>
    public static string OwnerId(string account) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("canonical user of " + account)));

    public static string Quoted(string etag) => $"\"{etag}\"";
}
