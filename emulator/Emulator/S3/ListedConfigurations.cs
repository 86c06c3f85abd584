using System.Xml.Linq;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Settings of a bucket of which there may be many, each under an id: of analytics, inventories, metrics and tiering. They are kept and read back; no report is made.</summary>
/// <param name="kind">The sub-resource that names them.</param>
/// <param name="shape">S3's schema, as <see cref="XmlShape"/> reads it.</param>
/// <param name="list">The root of a list's answer.</param>
internal sealed class ListedConfigurations(string kind, string shape, string list, Action<XElement>? check = null)
{
    private const int Page = 100;
    private readonly XmlShape form = XmlShape.Parse(shape);

    public async Task<RestAnswer> Put(S3Request request)
    {
        var bucket = request.Bucket;
        var document = request.Xml(form.Root);
        form.Check(document);
        if (document.Text("Id") != request.Query("id"))
        {
            throw S3Errors.Malformed();
        }

        check?.Invoke(document);
        await request
            .Buckets.Change(bucket, current => current.With(Name(request), BucketConfigurations.Text(document)))
            .ConfigureAwait(false);
        return new RestAnswer();
    }

    public Task<RestAnswer> Get(S3Request request) =>
        S3Xml.Answer(
            request.Bucket.Configurations?.GetValueOrDefault(Name(request)) is { } text ? XElement.Parse(text) : throw NoConfiguration()
        );

    public async Task<RestAnswer> Delete(S3Request request)
    {
        await request
            .Buckets.Change(
                request.Bucket,
                current =>
                    current.Configurations?.ContainsKey(Name(request)) == true ? current.With(Name(request), null) : throw NoConfiguration()
            )
            .ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    public Task<RestAnswer> List(S3Request request)
    {
        var found = (request.Bucket.Configurations ?? new Dictionary<string, string>())
            .Where(one => one.Key.StartsWith(kind + "/", StringComparison.Ordinal))
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Where(one => request.Query("continuation-token") is not { } token || string.CompareOrdinal(one.Key, kind + "/" + token) > 0)
            .ToList();
        var root = S3Xml.Element(list, S3Xml.Element("IsTruncated", found.Count > Page));
        if (found.Count > Page)
        {
            root.Add(S3Xml.Element("NextContinuationToken", found[Page - 1].Key[(kind.Length + 1)..]));
        }

        foreach (var one in found.Take(Page))
        {
            root.Add(XElement.Parse(one.Value));
        }

        return S3Xml.Answer(root);
    }

    private string Name(S3Request request) => kind + "/" + request.Query("id");

    private static Aws.AwsException NoConfiguration() => new("NoSuchConfiguration", "The specified configuration does not exist.", 404);
}
