using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary>Where a template's text comes from: the request, or S3.</summary>
internal sealed class TemplateSource(EmulatorEndpoint endpoint, ReadObject readObject)
{
    private const string See = "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";

    /// <summary>The text of whichever of the two a request gives.</summary>
    public async Task<string> Read(string? body, string? url, Caller caller, CancellationToken cancellation)
    {
        if (body is not null && url is not null)
        {
            throw StackErrors.Validation("Only one of Template URL and Template Body may be specified.");
        }

        if (url is not null)
        {
            return await Read(url, caller, cancellation).ConfigureAwait(false);
        }

        TemplateParser.CheckSize(body ?? throw StackErrors.NoTemplate(), fromUrl: false);
        return body;
    }

    /// <summary>What a template includes, by an address in S3 of either form.</summary>
    public async Task<string> Include(string location, Caller caller, CancellationToken cancellation)
    {
        const string failed = "Transform AWS::Include failed with: ";
        const string scheme = "s3://";
        var (bucket, key) =
            location.StartsWith(scheme, StringComparison.Ordinal)
            && location[scheme.Length..].Split('/', 2) is [var named, { Length: > 0 } path]
                ? (named, path)
            : S3Url.TryParse(location, endpoint.Uri) is { } place ? (place.Bucket, place.Key)
            : throw StackErrors.Validation(failed + "The specified S3 object's content should be valid Yaml/JSON");
        try
        {
            var bytes = await readObject(bucket, key, null, caller, cancellation).ConfigureAwait(false);
            var text = Encoding.UTF8.GetString(bytes.Span);
            TemplateParser.CheckSize(text, fromUrl: true);
            return text.TrimStart('\uFEFF');
        }
        catch (AwsException missing) when (missing.Code is "NoSuchKey" or "NoSuchBucket" or "AccessDenied")
        {
            throw StackErrors.Validation($"{failed}S3 bucket [{bucket}] or key [{key}] not found or not accessible");
        }
    }

    public async Task<string> Read(string url, Caller caller, CancellationToken cancellation)
    {
        if (url.StartsWith("s3:", StringComparison.Ordinal))
        {
            throw StackErrors.Validation(
                $"S3 error: Domain name specified in {url.Split('/').ElementAtOrDefault(2)} is not a valid S3 domain"
            );
        }

        var place = S3Url.TryParse(url, endpoint.Uri) ?? throw StackErrors.Validation("TemplateURL must be a supported URL.");
        try
        {
            var bytes = await readObject(place.Bucket, place.Key, place.VersionId, caller, cancellation).ConfigureAwait(false);
            var text = Encoding.UTF8.GetString(bytes.Span);
            TemplateParser.CheckSize(text, fromUrl: true);
            return text.TrimStart('\uFEFF');
        }
        catch (AwsException missing) when (missing.Code is "NoSuchKey" or "NoSuchBucket" or "AccessDenied")
        {
            throw StackErrors.Validation($"S3 error: {missing.Message.TrimEnd('.')}{(missing.Code == "AccessDenied" ? "" : ".")}{See}");
        }
    }
}
