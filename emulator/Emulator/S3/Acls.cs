using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The access control lists of buckets and objects: canned ones, grants in headers, and documents.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html; the errors as recorded on AWS in localstack's tests/aws/services/s3.</remarks>
internal static class Acls
{
    private const string FullControl = "FULL_CONTROL";
    private const string Groups = "http://acs.amazonaws.com/groups/";
    private const string AllUsers = Groups + "global/AllUsers";
    private const string AuthenticatedUsers = Groups + "global/AuthenticatedUsers";
    private const string LogDelivery = Groups + "s3/LogDelivery";
    private static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Headers that every operation that makes something honours.</summary>
    public static readonly string[] Headers =
    [
        "x-amz-acl=ACL",
        "x-amz-grant-full-control=GrantFullControl",
        "x-amz-grant-read=GrantRead",
        "x-amz-grant-read-acp=GrantReadACP",
        "x-amz-grant-write=GrantWrite",
        "x-amz-grant-write-acp=GrantWriteACP",
    ];

    private static readonly (string Header, string Permission)[] Grants =
    [
        ("x-amz-grant-full-control", FullControl),
        ("x-amz-grant-read", "READ"),
        ("x-amz-grant-read-acp", "READ_ACP"),
        ("x-amz-grant-write", "WRITE"),
        ("x-amz-grant-write-acp", "WRITE_ACP"),
    ];

    public static async Task<RestAnswer> PutBucket(S3Request request)
    {
        var bucket = request.Bucket;
        var acl = Asked(request, bucket, isUpdate: true);
        await request.Buckets.Change(bucket, current => current with { Acl = acl }).ConfigureAwait(false);
        return new RestAnswer();
    }

    public static Task<RestAnswer> GetBucket(S3Request request)
    {
        var bucket = request.Bucket;
        return S3Xml.Answer(Document(bucket, bucket.Acl));
    }

    public static async Task<RestAnswer> PutObject(S3Request request)
    {
        var bucket = request.Bucket;
        var version = await request
            .Buckets.Database.Write(transaction =>
            {
                var found = GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"), "PUT");
                var meta = found.Meta;
                var acl = Asked(request, bucket, isUpdate: true);
                Versions.SetMeta(transaction, found, meta with { Acl = acl });
                if (!Effective(bucket, acl).SequenceEqual(Effective(bucket, meta.Acl)))
                {
                    request.Buckets.Notifications.Add(
                        transaction,
                        request.Buckets.Find(transaction, bucket),
                        BucketEvent
                            .Of("ObjectAcl:Put", request.Caller, request.Key, request.Buckets.Clock.GetUtcNow())
                            .On(found, withSize: false)
                    );
                }

                return found;
            })
            .ConfigureAwait(false);
        return new RestAnswer { Headers = Tagging.VersionHeader(bucket, version) };
    }

    public static Task<RestAnswer> OfObject(S3Request request)
    {
        var bucket = request.Bucket;
        var version = request.Buckets.Database.Read(transaction =>
            GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"))
        );
        return S3Xml.Answer(Document(bucket, version.Meta.Acl), Tagging.VersionHeader(bucket, version));
    }

    /// <summary>The list that a request wants of what it makes or changes; null for the owner's alone.</summary>
    /// <param name="isUpdate">Whether the list is all that the request is about: then it must name one.</param>
    /// <exception cref="AwsException">The list is not understood, or not allowed in this bucket.</exception>
    public static IReadOnlyList<AclGrant>? Asked(S3Request request, Bucket bucket, bool isUpdate)
    {
        var canned = request.Header("x-amz-acl");
        var granted = Grants.Any(grant => request.Header(grant.Header) is not null);
        var hasDocument = isUpdate && !request.Call.Body.IsEmpty;
        if (canned is not null && granted)
        {
            throw new AwsException("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed");
        }

        if (hasDocument && (canned is not null || granted))
        {
            throw new AwsException("UnexpectedContent", "This request does not support content");
        }

        if (canned is null && !granted && !hasDocument)
        {
            return !isUpdate
                ? null
                : throw S3Errors.With(
                    "MissingSecurityHeader",
                    "Your request was missing a required header",
                    400,
                    ("MissingHeaderName", "x-amz-acl")
                );
        }

        var owner = S3Xml.OwnerId(bucket.Account);
        var acl =
            canned is not null ? Canned(canned, owner)
            : granted ? Grants.SelectMany(grant => OfHeader(request, grant.Header, grant.Permission)).ToList()
            : OfDocument(request.Xml("AccessControlPolicy"));
        if (bucket.ObjectOwnership == "BucketOwnerEnforced")
        {
            // A list that gives the owner everything changes nothing, and is let pass with an object.
            return canned == "bucket-owner-full-control" || (canned == "private" && !isUpdate)
                ? null
                : throw new AwsException("AccessControlListNotSupported", "The bucket does not allow ACLs");
        }

        return bucket.PublicAccessBlock?.BlockPublicAcls == true && acl.Any(IsPublic) ? throw S3Errors.Denied() : acl;
    }

    /// <summary>The canned list that a template names.</summary>
    /// <exception cref="AwsException">The bucket does not allow lists, or no public ones.</exception>
    public static IReadOnlyList<AclGrant>? OfTemplate(Bucket bucket, string? name)
    {
        if (TemplateDocuments.Canned(name) is not { } canned || canned is "private" or "bucket-owner-full-control")
        {
            return null;
        }

        if (bucket.ObjectOwnership == "BucketOwnerEnforced")
        {
            throw NotWithOwnership();
        }

        var acl = Canned(canned, S3Xml.OwnerId(bucket.Account));
        return bucket.PublicAccessBlock?.BlockPublicAcls == true && acl.Exists(IsPublic) ? throw NotWithBlock() : acl;
    }

    public static AwsException NotWithOwnership() =>
        new("InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");

    public static AwsException NotWithBlock() =>
        new("InvalidBucketAclWithBlockPublicAccessError", "Bucket cannot have public ACLs set with BlockPublicAccess enabled");

    public static bool IsPublic(AclGrant grant) => grant.Uri is AllUsers or AuthenticatedUsers;

    private static List<AclGrant> Canned(string name, string owner)
    {
        AclGrant own = new(owner, null, FullControl);
        return name switch
        {
            "private" or "bucket-owner-read" or "bucket-owner-full-control" => [own],
            "public-read" => [own, new(null, AllUsers, "READ")],
            "public-read-write" => [own, new(null, AllUsers, "READ"), new(null, AllUsers, "WRITE")],
            "authenticated-read" => [own, new(null, AuthenticatedUsers, "READ")],
            "log-delivery-write" => [own, new(null, LogDelivery, "READ_ACP"), new(null, LogDelivery, "WRITE")],
            "aws-exec-read" => throw AwsException.NotImplemented("the ACL aws-exec-read of s3"),
            _ => throw S3Errors.Argument("", "x-amz-acl", name),
        };
    }

    /// <summary>The form <c>uri="…", id="…"</c>.</summary>
    private static IEnumerable<AclGrant> OfHeader(S3Request request, string header, string permission)
    {
        foreach (
            var part in (request.Header(header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (kind, value) = equals < 0 ? ("", "") : (part[..equals], part[(equals + 1)..].Trim('"', '\''));
            yield return kind switch
            {
                "uri" => new(null, Group(value, "uri"), permission),
                "id" => new(User(value, "id"), null, permission),
                "emailAddress" => throw AwsException.NotImplemented("ACL grants to e-mail addresses of s3"),
                _ => throw S3Errors.Argument("Argument format not recognized", header, part),
            };
        }
    }

    private static List<AclGrant> OfDocument(XElement document)
    {
        if (document.Child("Owner")?.Text("ID") is not { } owner || document.Child("AccessControlList") is not { } list)
        {
            throw MalformedAcl();
        }

        User(owner, "CanonicalUser/ID");
        return
        [
            .. list.Children("Grant")
                .Select(grant =>
                {
                    var permission = grant.Text("Permission");
                    if (grant.Child("Grantee") is not { } grantee || Grants.All(known => known.Permission != permission))
                    {
                        throw MalformedAcl();
                    }

                    return grantee.Attribute(Xsi + "type")?.Value switch
                    {
                        "CanonicalUser" => new AclGrant(
                            User(grantee.Text("ID") ?? throw MalformedAcl(), "CanonicalUser/ID"),
                            null,
                            permission!
                        ),
                        "Group" => new AclGrant(null, Group(grantee.Text("URI") ?? throw MalformedAcl(), "Group/URI"), permission!),
                        "AmazonCustomerByEmail" => throw AwsException.NotImplemented("ACL grants to e-mail addresses of s3"),
                        _ => throw MalformedAcl(),
                    };
                }),
        ];
    }

    private static string Group(string uri, string argument) =>
        uri is AllUsers or AuthenticatedUsers or LogDelivery ? uri : throw S3Errors.Argument("Invalid group uri", argument, uri);

    private static string User(string id, string argument) =>
        id.Length == 64 && id.All(char.IsAsciiHexDigitLower) ? id : throw S3Errors.Argument("Invalid id", argument, id);

    private static AwsException MalformedAcl() => new("MalformedACLError", S3Errors.Malformed().Message);

    private static IReadOnlyList<AclGrant> Effective(Bucket bucket, IReadOnlyList<AclGrant>? acl) =>
        acl ?? [new(S3Xml.OwnerId(bucket.Account), null, FullControl)];

    private static XElement Document(Bucket bucket, IReadOnlyList<AclGrant>? acl)
    {
        var list = S3Xml.Element("AccessControlList");
        var isEnforced = bucket.ObjectOwnership == "BucketOwnerEnforced";
        foreach (var grant in Effective(bucket, isEnforced ? null : acl))
        {
            var grantee = grant.Uri is { } uri
                ? S3Xml.Element("Grantee", S3Xml.Element("URI", uri))
                : S3Xml.Element(
                    "Grantee",
                    S3Xml.Element("ID", grant.Id),
                    grant.Id == S3Xml.OwnerId(bucket.Account) ? S3Xml.DisplayName(bucket.Account, bucket.Region) : null
                );
            grantee.SetAttributeValue(XNamespace.Xmlns + "xsi", Xsi.NamespaceName);
            grantee.SetAttributeValue(Xsi + "type", grant.Uri is null ? "CanonicalUser" : "Group");
            list.Add(S3Xml.Element("Grant", grantee, S3Xml.Element("Permission", grant.Permission)));
        }

        return S3Xml.Element("AccessControlPolicy", S3Xml.Owner(bucket), list);
    }
}
