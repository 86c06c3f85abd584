using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Makes a bucket.</summary>
internal static partial class CreateBucket
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        var name = request.Call.Bucket!;
        var (region, constraint) = Region(request);
        var ownership = request.Header("x-amz-object-ownership") ?? "BucketOwnerEnforced";
        if (ownership is not ("BucketOwnerEnforced" or "BucketOwnerPreferred" or "ObjectWriter"))
        {
            throw S3Errors.With(
                "InvalidArgument",
                $"Invalid x-amz-object-ownership header: {ownership}",
                400,
                ("ArgumentName", "x-amz-object-ownership")
            );
        }

        var tags = FirstTags(request);
        var isLocking = string.Equals(request.Header("x-amz-bucket-object-lock-enabled"), "true", StringComparison.OrdinalIgnoreCase);
        var made = new Bucket
        {
            Name = name,
            Account = request.Caller.Account,
            Region = region,
            LocationConstraint = constraint,
            CreationDate = request.Buckets.Clock.GetUtcNow(),
            ObjectOwnership = ownership,
            Tags = tags,
            ObjectLock = isLocking,
            Versioning = isLocking ? "Enabled" : null,
        };
        made = made with { Acl = FirstAcl(request, made) };
        await request.Buckets.Database.Write(transaction => Make(transaction, request.Buckets, made, request.Region)).ConfigureAwait(false);
        return new RestAnswer
        {
            Headers =
            [
                ("Location", region == "us-east-1" ? $"/{name}" : $"http://{name}.s3.amazonaws.com/"),
                ("x-amz-bucket-arn", made.Arn),
            ],
        };
    }

    private static Dictionary<string, string>? FirstTags(S3Request request)
    {
        if (request.Call.Body.IsEmpty || request.Xml("CreateBucketConfiguration").Child("Tags") is not { HasElements: true } list)
        {
            return null;
        }

        return ObjectTags.Checked(
            S3Xml.Tags(new System.Xml.Linq.XElement("Tagging", new System.Xml.Linq.XElement("TagSet", list.Elements()))),
            50
        );
    }

    private static IReadOnlyList<AclGrant>? FirstAcl(S3Request request, Bucket made)
    {
        if (made.ObjectOwnership == "BucketOwnerEnforced" && request.Header("x-amz-acl") is not (null or "private"))
        {
            throw Acls.NotWithOwnership();
        }

        var acl = Acls.Asked(request, made with { PublicAccessBlock = null }, isUpdate: false);
        return acl?.Any(Acls.IsPublic) == true ? throw Acls.NotWithBlock() : acl;
    }

    public static Bucket Make(Store.Transaction transaction, Buckets buckets, Bucket made, string region)
    {
        if (!BucketName.IsValid(made.Name))
        {
            throw S3Errors.InvalidName(made.Name);
        }

        if (buckets.Get(transaction, made.Name) is { } existing)
        {
            // In us-east-1 a bucket of one's own may be created again, for the sake of old clients.
            return existing.Account != made.Account ? throw S3Errors.Taken(made.Name)
                : region == "us-east-1" && existing.Region == region && made.Tags is null ? existing
                : throw S3Errors.Owned(made.Name);
        }

        buckets.Put(transaction, made);
        return made;
    }

    /// <summary>Whether it has the form of a Region's name.</summary>
    public static bool IsRegion(string text) => Regions().IsMatch(text);

    [GeneratedRegex(
        @"^(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us|us-gov|us-iso[a-z]?)-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d\z"
    )]
    private static partial Regex Regions();

    /// <summary>Where the bucket will be, and what it was called where that is another name.</summary>
    private static (string Region, string? Constraint) Region(S3Request request)
    {
        var own = request.Region;
        if (request.Call.Body.IsEmpty)
        {
            return own == "us-east-1" ? (own, null) : throw Illegal("unspecified");
        }

        var configuration = request.Xml("CreateBucketConfiguration").Only("LocationConstraint", "Tags");
        var asked = configuration.Text("LocationConstraint");
        if (string.IsNullOrEmpty(asked))
        {
            return own == "us-east-1" ? (own, null) : throw Illegal("unspecified");
        }

        var region = asked == "EU" ? "eu-west-1" : asked;
        if (own != "us-east-1")
        {
            return own == region ? (region, asked == region ? null : asked) : throw Illegal(asked);
        }

        // The oldest endpoint makes buckets everywhere; to lie with it is said by saying nothing.
        return region == "us-east-1" || !IsRegion(region)
            ? throw S3Errors.With(
                "InvalidLocationConstraint",
                "The specified location-constraint is not valid",
                400,
                ("LocationConstraint", asked)
            )
            : (region, asked == region ? null : asked);
    }

    private static AwsException Illegal(string location) =>
        new(
            "IllegalLocationConstraintException",
            $"The {location} location constraint is incompatible for the region specific endpoint this request was sent to."
        );
}
