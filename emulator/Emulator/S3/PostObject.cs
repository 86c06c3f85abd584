using System.Text;
using System.Xml;
using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Writes an object that a browser's form brings, as its policy allows.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html; the errors as recorded on AWS in localstack's tests/aws/services/s3/test_s3.py
/// (TestS3PresignedPost).
/// </remarks>
internal static class PostObject
{
    private static readonly string[] OfV4 = ["X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"];
    private static readonly string[] OfV2 = ["signature", "AWSAccessKeyId"];

    /// <summary>Fields that are headers of the object by another name.</summary>
    private static readonly Dictionary<string, string> Headers = new(StringComparer.OrdinalIgnoreCase) { ["acl"] = "x-amz-acl" };

    /// <summary>Fields that are not the object's.</summary>
    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        "key",
        "bucket",
        "policy",
        "signature",
        "AWSAccessKeyId",
        "tagging",
        "redirect",
        "success_action_redirect",
        "success_action_status",
        "x-amz-signature",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-security-token",
    };

    private static readonly HashSet<string> Known = new(
        WrittenObject.Headers.Select(pair => pair.Split('=')[0]).Where(name => !name.StartsWith("If-", StringComparison.Ordinal)),
        StringComparer.OrdinalIgnoreCase
    );

    public static async Task<RestAnswer> Run(S3Request request)
    {
        if (request.Call.Form is not { } form)
        {
            throw request.Header("Content-Type")?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true
                ? new AwsException("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
                : S3Errors.Precondition("Bucket POST must be of the enclosure-type multipart/form-data");
        }

        if (!form.HasFile)
        {
            throw S3Errors.With(
                "InvalidArgument",
                "POST requires exactly one file upload per request.",
                400,
                ("ArgumentName", "file"),
                ("ArgumentValue", "0")
            );
        }

        if (request.Call.Key is not { Length: > 0 })
        {
            throw Missing("key");
        }

        var policy = CheckSigned(form, request.Caller);
        var bucket = request.Bucket;
        PostPolicy.Check(policy, form.Fields, bucket.Name, request.Call.Body.Length, request.Buckets.Clock.GetUtcNow());
        var version = await Write(Written(request, form), bucket, form).ConfigureAwait(false);
        return Answer(form, bucket, version);
    }

    /// <summary>The policy, which a signature must be for; what the signature is, was checked where it was read.</summary>
    private static string CheckSigned(PostedForm form, Caller caller)
    {
        var policy = PostPolicy.Field(form.Fields, "policy");
        var signed = false;
        foreach (var names in (string[][])[OfV4, OfV2])
        {
            if (policy is not null && names.Any(name => PostPolicy.Field(form.Fields, name) is not null))
            {
                signed = true;
                foreach (var name in names.Where(name => PostPolicy.Field(form.Fields, name) is null))
                {
                    throw Missing(name);
                }
            }
        }

        if (!signed || caller.Arn.Length == 0)
        {
            throw S3Errors.Denied();
        }

        return PostPolicy.IsReadable(policy!) ? policy! : throw WrongSignature(form, policy!, caller);
    }

    /// <summary>Nobody signs what cannot be read: it was changed afterwards.</summary>
    private static AwsException WrongSignature(PostedForm form, string policy, Caller caller) =>
        S3Errors.With(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
            403,
            ("AWSAccessKeyId", caller.AccessKeyId),
            ("StringToSign", policy),
            ("SignatureProvided", PostPolicy.Field(form.Fields, "x-amz-signature") ?? PostPolicy.Field(form.Fields, "signature") ?? ""),
            ("StringToSignBytes", string.Join(' ', Encoding.UTF8.GetBytes(policy).Select(each => each.ToString("x2"))))
        );

    /// <summary>The request that would have put the object.</summary>
    private static S3Request Written(S3Request request, PostedForm form)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in form.Fields.Where(field => !Others.Contains(field.Name)))
        {
            var header = Headers.GetValueOrDefault(name, name);
            if (
                Known.Contains(header)
                || header.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)
                || header.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)
            )
            {
                headers.TryAdd(header, value);
            }
            else if (header.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                throw AwsException.NotImplemented($"the field {name} of s3:PostObject");
            }
        }

        var call = new RestCall
        {
            Bucket = request.Call.Bucket,
            Key = request.Call.Key,
            Headers = headers,
            Body = request.Call.Body,
            FromWire = true,
        };
        return request with { Call = call, Brought = Checksums.Verify(call) };
    }

    private static Task<ObjectVersion> Write(S3Request request, Bucket bucket, PostedForm form)
    {
        PutObject.CheckKey(request.Key);
        var meta = new ObjectMeta
        {
            Headers = WrittenObject.KeptHeaders(request),
            Metadata = WrittenObject.Metadata(request),
            Tags = Tags(PostPolicy.Field(form.Fields, "tagging")),
            Checksum = request.Brought,
            Encryption = WrittenObject.Encryption(request, bucket),
            Envelope = null!,
            Parts = [],
        };
        return PutObject.Store(
            request.Buckets,
            bucket,
            request.Key,
            request.Call.Body,
            WrittenObject.Shaped(meta, request, bucket),
            request.Caller,
            _ => { },
            "Post"
        );
    }

    /// <summary>The field is XML, unlike the header. Of another document than <c>Tagging</c> S3 takes no tags, and says nothing.</summary>
    private static Dictionary<string, string> Tags(string? field)
    {
        if (field is null)
        {
            return [];
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(field), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var document = XElement.Load(reader);
            return document.Name.LocalName == "Tagging" ? ObjectTags.Checked(S3Xml.Tags(document)) : [];
        }
        catch (XmlException)
        {
            throw S3Errors.Malformed();
        }
    }

    private static RestAnswer Answer(PostedForm form, Bucket bucket, ObjectVersion version)
    {
        var headers = PutObject.Headers(bucket, version);
        var redirect = PostPolicy.Field(form.Fields, "success_action_redirect") ?? PostPolicy.Field(form.Fields, "redirect");
        if (Uri.TryCreate(redirect, UriKind.Absolute, out var to) && to.Scheme is "http" or "https")
        {
            var query =
                $"bucket={bucket.Name}&key={Uri.EscapeDataString(version.Key)}&etag={Uri.EscapeDataString(S3Xml.Quoted(version.ETag))}";
            headers.Add(("Location", redirect + (to.Query.Length == 0 ? "?" : "&") + query));
            return new RestAnswer { Status = 303, Headers = headers };
        }

        var location = $"{form.Address}/{Uri.EscapeDataString(version.Key)}";
        headers.Add(("Location", location));
        var status = PostPolicy.Field(form.Fields, "success_action_status");
        if (status != "201")
        {
            return new RestAnswer { Status = status == "200" ? 200 : 204, Headers = headers };
        }

        var document = new XElement(
            "PostResponse",
            new XElement("Location", location),
            new XElement("Bucket", bucket.Name),
            new XElement("Key", version.Key),
            new XElement("ETag", S3Xml.Quoted(version.ETag))
        );
        return new RestAnswer
        {
            Status = 201,
            Headers = headers,
            ContentType = S3Xml.MediaType,
            Payload = Encoding.UTF8.GetBytes(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + document.ToString(SaveOptions.DisableFormatting)
            ),
        };
    }

    private static AwsException Missing(string name) =>
        S3Errors.Argument(
            $"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields.",
            name,
            ""
        );
}
