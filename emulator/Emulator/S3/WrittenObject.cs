using System.Security.Cryptography;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;

namespace Disa.Emulator.S3;

/// <summary>What a request says of the object that it writes: headers, metadata, tags, encryption.</summary>
internal static class WrittenObject
{
    /// <summary>Headers that every writing operation honours.</summary>
    public static readonly string[] Headers =
    [
        "Content-Type=ContentType",
        "Cache-Control=CacheControl",
        "Content-Disposition=ContentDisposition",
        "Content-Encoding=ContentEncoding",
        "Content-Language=ContentLanguage",
        "Expires=Expires",
        "Content-MD5=ContentMD5",
        "If-Match=IfMatch",
        "If-None-Match=IfNoneMatch",
        "x-amz-meta-=Metadata",
        "x-amz-tagging=Tagging",
        .. Acls.Headers,
        .. ObjectLocks.Headers,
        "x-amz-website-redirect-location=WebsiteRedirectLocation",
        "x-amz-storage-class=StorageClass",
        "x-amz-server-side-encryption=ServerSideEncryption",
        "x-amz-server-side-encryption-aws-kms-key-id=SSEKMSKeyId",
        "x-amz-server-side-encryption-bucket-key-enabled=BucketKeyEnabled",
    ];

    private static readonly string[] Kept =
    [
        "Content-Type",
        "Cache-Control",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Expires",
    ];

    /// <summary>The headers to keep; the encoding that only carried the body is none of the object's.</summary>
    public static Dictionary<string, string> KeptHeaders(S3Request request)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Kept)
        {
            var value = request.Header(name);
            if (name == "Content-Encoding" && value is not null)
            {
                value = string.Join(',', value.Split(',', StringSplitOptions.TrimEntries).Where(part => part != "aws-chunked"));
            }

            if (!string.IsNullOrEmpty(value))
            {
                CheckHeader(name, value);
                kept[name] = value;
            }
        }

        kept.TryAdd("Content-Type", "binary/octet-stream");
        return kept;
    }

    /// <exception cref="AwsException">MetadataTooLarge: over 2 KB.</exception>
    public static Dictionary<string, string> Metadata(S3Request request)
    {
        const string prefix = "x-amz-meta-";
        var metadata = request
            .Call.Headers.Where(header =>
                header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && header.Key.Length > prefix.Length
            )
            .ToDictionary(
                header => header.Key[prefix.Length..].ToLowerInvariant(),
                header => EncodedWord.Text(header.Value),
                StringComparer.Ordinal
            );
        foreach (var (name, value) in metadata)
        {
            CheckHeader(prefix + name, value);
        }

        return metadata.Sum(pair => pair.Key.Length + System.Text.Encoding.UTF8.GetByteCount(pair.Value)) <= 2048
            ? metadata
            : throw new AwsException("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
    }

    /// <summary>What is kept goes out as a header again, and control characters cannot. How AWS words the refusal is not known.</summary>
    /// <exception cref="AwsException">InvalidArgument.</exception>
    public static void CheckHeader(string name, string value)
    {
        if (value.Any(char.IsControl))
        {
            throw S3Errors.Argument("Header value must not contain control characters.", name, value);
        }
    }

    /// <summary>Who may read it, how it is stored, whether it is locked.</summary>
    public static ObjectMeta Shaped(ObjectMeta meta, S3Request request, Bucket bucket) =>
        ObjectLocks.With(
            meta with
            {
                Acl = Acls.Asked(request, bucket, isUpdate: false),
                StorageClass = StorageClasses.Asked(request),
                WebsiteRedirect = request.Header("x-amz-website-redirect-location"),
            },
            request,
            bucket
        );

    public static BucketEncryption Encryption(S3Request request, Bucket bucket)
    {
        var algorithm = request.Header("x-amz-server-side-encryption");
        var key = request.Header("x-amz-server-side-encryption-aws-kms-key-id");
        var bucketKey = request.Header("x-amz-server-side-encryption-bucket-key-enabled");
        if (key is not null && algorithm != "aws:kms")
        {
            throw S3Errors.Argument(
                "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
                "x-amz-server-side-encryption",
                algorithm ?? "null"
            );
        }

        return algorithm switch
        {
            null => bucketKey is null ? bucket.Encryption : bucket.Encryption with { BucketKeyEnabled = bucketKey == "true" },
            "AES256" => BucketEncryption.S3Managed,
            "aws:kms" => new(
                "aws:kms",
                key ?? (bucket.Encryption.Algorithm == "aws:kms" ? bucket.Encryption.KmsKey : null),
                bucketKey is null ? bucket.Encryption.BucketKeyEnabled : bucketKey == "true"
            ),
            "aws:kms:dsse" => throw AwsException.NotImplemented("the encryption aws:kms:dsse of s3"),
            _ => throw S3Errors.Argument("The encryption method specified is not supported", "x-amz-server-side-encryption", algorithm),
        };
    }

    /// <summary>A data key for the object; under SSE-S3 from a key that AWS owns.</summary>
    public static async Task<DataKey> NewKey(Buckets buckets, Bucket bucket, string key, BucketEncryption encryption, Caller caller)
    {
        var context = new Dictionary<string, string> { ["aws:s3:arn"] = encryption.BucketKeyEnabled ? bucket.Arn : $"{bucket.Arn}/{key}" };
        var inRegion = caller with { Account = bucket.Account, Region = bucket.Region };
        try
        {
            return await buckets
                .Keys.Generate(
                    encryption.Algorithm == "aws:kms" ? encryption.KmsKey ?? "alias/aws/s3" : DataKeys.AwsOwned,
                    inRegion,
                    "s3",
                    context
                )
                .ConfigureAwait(false);
        }
        catch (AwsException failure)
        {
            throw OfKms(failure);
        }
    }

    /// <param name="caller">Who reads, and needs kms:Decrypt; null where S3 itself does.</param>
    public static DataKey OpenKey(Buckets buckets, Bucket bucket, ObjectMeta meta, Caller? caller)
    {
        try
        {
            var scope = new Scope(bucket.Account, bucket.Region);
            return caller is null ? buckets.Keys.Open(meta.Envelope, scope) : buckets.Keys.Open(meta.Envelope, scope, caller, "s3");
        }
        catch (AwsException failure)
        {
            throw OfKms(failure);
        }
    }

    /// <summary>With a KMS key, an ETag is no digest of the bytes.</summary>
    public static string ETag(BucketEncryption encryption, ReadOnlySpan<byte> body) =>
        Convert.ToHexStringLower(encryption.Algorithm == "aws:kms" ? RandomNumberGenerator.GetBytes(16) : MD5.HashData(body));

    public static List<(string Name, string Value)> EncryptionHeaders(ObjectMeta meta)
    {
        var headers = new List<(string, string)> { ("x-amz-server-side-encryption", meta.Encryption.Algorithm) };
        if (meta.Encryption.Algorithm == "aws:kms")
        {
            headers.Add(("x-amz-server-side-encryption-aws-kms-key-id", meta.Envelope.KeyArn));
            if (meta.Encryption.BucketKeyEnabled)
            {
                headers.Add(("x-amz-server-side-encryption-bucket-key-enabled", "true"));
            }
        }

        return headers;
    }

    public static byte[] Json(ObjectMeta meta) => JsonSerializer.SerializeToUtf8Bytes(meta, S3Documents.Default.ObjectMeta);

    /// <summary>If-None-Match and If-Match of a write, within it.</summary>
    public static void CheckConditions(S3Request request, ObjectVersion? latest)
    {
        var present = latest is { IsMarker: false };
        if (request.Header("If-None-Match") is not null && request.Header("If-Match") is not null)
        {
            throw S3Errors.UnknownCondition("If-Match,If-None-Match", "Multiple conditional request headers present in the request");
        }

        if (request.Header("If-None-Match") is { } none)
        {
            if (none != "*")
            {
                throw S3Errors.UnknownCondition("If-None-Match", "We don't accept the provided value of If-None-Match header for this API");
            }

            if (present)
            {
                throw S3Errors.Precondition("If-None-Match");
            }
        }

        if (request.Header("If-Match") is { } match)
        {
            if (match == "*")
            {
                throw S3Errors.UnknownCondition("If-Match", "We don't accept the provided value of If-Match header for this API");
            }

            if (!present)
            {
                throw S3Errors.NoKey(request.Key);
            }

            if (match.Trim('"') != latest!.ETag)
            {
                throw S3Errors.Precondition("If-Match");
            }
        }
    }

    private static AwsException OfKms(AwsException failure) =>
        failure.Code == "AccessDeniedException" ? new("AccessDenied", failure.Message, 403) : new("KMS." + failure.Code, failure.Message);
}
