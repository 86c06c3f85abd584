using System.Xml.Linq;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Settings of a bucket that are kept as they came and read back so: one document each.</summary>
/// <param name="kind">The sub-resource that names it, and what it is kept under.</param>
/// <param name="shape">S3's schema, as <see cref="XmlShape"/> reads it.</param>
/// <param name="missing">What a bucket without it answers.</param>
/// <param name="check">What S3 checks beyond the schema; before it, for what it says of other things than the form.</param>
internal sealed class BucketConfigurations(
    string kind,
    string shape,
    Func<Bucket, XElement> missing,
    Action<S3Request, Bucket, XElement>? check = null
)
{
    private readonly XmlShape form = XmlShape.Parse(shape);

    /// <summary>A document that did not come in a request, as it is kept.</summary>
    /// <exception cref="Aws.AwsException">It does not have the form that S3 asks for.</exception>
    public string Checked(XElement document)
    {
        form.Check(document);
        return Text(document);
    }

    public async Task<RestAnswer> Put(S3Request request)
    {
        var bucket = request.Bucket;
        var document = request.Xml(form.Root);
        check?.Invoke(request, bucket, document);
        form.Check(document);
        await Set(request, bucket, document.HasElements ? Text(document) : null).ConfigureAwait(false);
        return new RestAnswer();
    }

    public Task<RestAnswer> Get(S3Request request)
    {
        var bucket = request.Bucket;
        return S3Xml.Answer(Of(bucket) ?? missing(bucket));
    }

    public async Task<RestAnswer> Delete(S3Request request)
    {
        await Set(request, request.Bucket, null).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    public XElement? Of(Bucket bucket) => bucket.Configurations?.GetValueOrDefault(kind) is { } text ? XElement.Parse(text) : null;

    /// <summary>In S3's namespace, without white space between elements, whatever it came in.</summary>
    public static string Text(XElement document) => InNamespace(document).ToString(SaveOptions.DisableFormatting);

    private static XElement InNamespace(XElement element)
    {
        var copy = S3Xml.Element(element.Name.LocalName);
        foreach (var attribute in element.Attributes().Where(attribute => attribute.Name.NamespaceName.Length > 0))
        {
            copy.Add(attribute);
        }

        if (element.HasElements)
        {
            foreach (var child in element.Elements())
            {
                copy.Add(InNamespace(child));
            }
        }
        else
        {
            copy.Value = element.Value;
        }

        return copy;
    }

    private Task<Bucket> Set(S3Request request, Bucket bucket, string? text) =>
        request.Buckets.Change(bucket, current => current.With(kind, text));
}
