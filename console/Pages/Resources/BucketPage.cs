using System.Globalization;
using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.WebConsole.Pages.Resources;

/// <summary>A bucket as folders and objects, and the start of an object that is text.</summary>
internal static class BucketPage
{
    private const int Listed = 100;

    /// <summary>How much of an object is shown, in bytes.</summary>
    private const int Shown = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<Html> List(Visit visit)
    {
        var answer = await visit.Session.S3.ListBucketsAsync(visit.Cancellation).ConfigureAwait(false);
        return ResourcesPage.Table("Buckets", ["Made"], [.. (answer.Buckets ?? []).Take(ResourcesPage.Listed).Select(bucket => (
            Html.Of($"""<a href="{Links.To("bucket", ("name", bucket.BucketName))}">{bucket.BucketName}</a>"""),
            (Html[])[Show.Time(bucket.CreationDate)]))]);
    }

    public static async Task<Page> Get(Visit visit)
    {
        var name = visit.QueryValue("name") ?? throw new UsageException("the address names no bucket (name=…).");
        var prefix = visit.QueryValue("prefix") ?? "";
        ListObjectsV2Response listed;
        try
        {
            listed = await visit.Session.S3.ListObjectsV2Async(
                new ListObjectsV2Request
                {
                    BucketName = name, Prefix = prefix, Delimiter = "/", MaxKeys = Listed, ContinuationToken = visit.QueryValue("after"),
                },
                visit.Cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception none) when (none.ErrorCode == "NoSuchBucket")
        {
            return Page.Saying("No such bucket", $"There is no bucket {name}.", 404) with { Place = "resources" };
        }

        var folders = (listed.CommonPrefixes ?? []).Select(folder => (
            Html.Of($"""<a href="{Links.To("bucket", ("name", name), ("prefix", folder))}">{folder[prefix.Length..]}</a>"""),
            (Html[])[Html.None, Html.None]));
        var objects = (listed.S3Objects ?? []).Select(entry => (
            Html.Of($"""<a href="{Links.To("object", ("bucket", name), ("key", entry.Key))}">{entry.Key[prefix.Length..]}</a>"""),
            (Html[])[Html.Of($"{Bytes(entry.Size ?? 0)}"), Show.Time(entry.LastModified)]));
        return new Page(name, "resources", Html.Of(
            $"""
            {ResourcesPage.Crumbs()}
            <h1>{name}</h1>
            <p class="crumbs">{Path(name, prefix)}</p>
            {ResourcesPage.Table("Objects", ["Size", "Last modified"], [.. folders, .. objects])}
            {Html.When(listed.NextContinuationToken is not null, $"""
                <nav class="pages" aria-label="Pages of the list">
                <a rel="next" href="{Links.To("bucket", ("name", name), ("prefix", prefix), ("after", listed.NextContinuationToken))}">Next page</a></nav>
                """)}
            """));
    }

    public static async Task<Page> GetObject(Visit visit)
    {
        var bucket = visit.QueryValue("bucket") ?? throw new UsageException("the address names no bucket (bucket=…).");
        var key = visit.QueryValue("key") ?? throw new UsageException("the address names no object (key=…).");
        GetObjectMetadataResponse head;
        try
        {
            head = await visit.Session.S3.GetObjectMetadataAsync(bucket, key, visit.Cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception none) when (none.StatusCode == HttpStatusCode.NotFound)
        {
            return Page.Saying("No such object", $"There is no object {key} in {bucket}.", 404) with { Place = "resources" };
        }

        return new Page(key, "resources", Html.Of(
            $"""
            {ResourcesPage.Crumbs()}
            <h1>{key}</h1>
            <p class="crumbs">{Path(bucket, key[..(key.LastIndexOf('/') + 1)])}</p>
            {Show.Facts(
                ("size", Html.Of($"{Bytes(head.ContentLength)}")),
                ("type", Html.Of($"{head.Headers.ContentType}")),
                ("last modified", Show.Time(head.LastModified)),
                ("ETag", Html.Of($"<code>{head.ETag}</code>")),
                ("version", Html.Of($"{head.VersionId}")),
                ("metadata", Html.Join(head.Metadata.Keys.Select(name => Html.Of($"<span class=\"chip\">{name} {head.Metadata[name]}</span> ")))))}
            {(head.ContentLength == 0 ? Html.Of($"""<p class="empty">The object is empty.</p>""") : await Start(visit, bucket, key, head.ContentLength).ConfigureAwait(false))}
            """));
    }

    private static async Task<Html> Start(Visit visit, string bucket, string key, long size)
    {
        using var answer = await visit.Session.S3.GetObjectAsync(
            new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(0, Math.Min(size, Shown) - 1) }, visit.Cancellation)
            .ConfigureAwait(false);
        using var buffer = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(buffer, visit.Cancellation).ConfigureAwait(false);
        return TextOf(buffer.ToArray(), isCut: size > Shown) is { } text
            ? Html.Of(
                $"""
                <pre class="text" tabindex="0" aria-label="The object's text">{text}</pre>
                {Html.When(size > Shown, $"""<p class="hint">The first {Bytes(Shown)} of {Bytes(size)}.</p>""")}
                """)
            : Html.Of($"""<p class="empty">The object is not text.</p>""");
    }

    /// <summary>The bytes as text; null where they are none. What was cut off inside a character loses that character.</summary>
    internal static string? TextOf(byte[] bytes, bool isCut)
    {
        for (var length = bytes.Length; length >= 0 && length >= bytes.Length - (isCut ? 3 : 0); length--)
        {
            try
            {
                var text = Strict.GetString(bytes, 0, length);
                return text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')) ? null : text;
            }
            catch (DecoderFallbackException)
            {
                // The next shorter one may end with a whole character.
            }
        }

        return null;
    }

    /// <summary>The bucket and each folder on the way down, as links.</summary>
    private static Html Path(string bucket, string prefix)
    {
        var links = new List<Html> { Html.Of($"""<a href="{Links.To("bucket", ("name", bucket))}">{bucket}</a>""") };
        for (var end = prefix.IndexOf('/', StringComparison.Ordinal); end >= 0; end = prefix.IndexOf('/', end + 1))
        {
            var folder = prefix[..(end + 1)];
            links.Add(Html.Of($""" / <a href="{Links.To("bucket", ("name", bucket), ("prefix", folder))}">{folder.TrimEnd('/').Split('/')[^1]}</a>"""));
        }

        return Html.Join(links);
    }

    private static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MB"),
    };
}
