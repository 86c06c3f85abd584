using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Settings of a bucket of which there may be many, each under an id: of analytics, inventories, metrics and tiering. They are kept and read back; no report is made.</summary>
/// <param name="kind">The sub-resource that names them.</param>
/// <param name="shape">S3's schema, as <see cref="XmlShape"/> reads it.</param>
/// <param name="list">The root of a list's answer.</param>
internal sealed class ListedConfigurations(string kind, string shape, string list, Action<XElement>? check = null)
{
    private const int Page = 100;

    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAnalyticsConfiguration.html</summary>
    private const int Most = 1000;
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
            .Buckets.Change(bucket, current => Room(current, Name(request)).With(Name(request), BucketConfigurations.Text(document)))
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
        var tokens = request.Buckets.Lists.Of("ListBucketConfigurations", Scope.Global(request.Caller.Account), request.Bucket.Name, kind);
        var (found, next) = tokens.Page(
            Of(request.Bucket).OrderBy(one => one.Key, StringComparer.Ordinal),
            one => one.Key,
            Page,
            request.Query("continuation-token")
        );
        var root = S3Xml.Element(list, S3Xml.Element("IsTruncated", next is not null), S3Xml.Optional("NextContinuationToken", next));

        foreach (var one in found)
        {
            root.Add(XElement.Parse(one.Value));
        }

        return S3Xml.Answer(root);
    }

    private IEnumerable<KeyValuePair<string, string>> Of(Bucket bucket) =>
        (bucket.Configurations ?? new Dictionary<string, string>()).Where(one => one.Key.StartsWith(kind + "/", StringComparison.Ordinal));

    private Bucket Room(Bucket bucket, string name) =>
        bucket.Configurations?.ContainsKey(name) == true || Of(bucket).Count() < Most
            ? bucket
            : throw new AwsException(
                "TooManyConfigurations",
                "You are attempting to create a new configuration but have already reached the 1,000-configuration limit."
            );

    private string Name(S3Request request) => kind + "/" + request.Query("id");

    private static AwsException NoConfiguration() => new("NoSuchConfiguration", "The specified configuration does not exist.", 404);
}
