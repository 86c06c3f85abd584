using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>Makes a bucket.</summary>
internal static class CreateBucket
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        var name = request.Call.Bucket!;
        var region = Region(request);
        if (request.Header("x-amz-acl") is { } acl and not "private")
        {
            throw new AwsException("InvalidBucketAclWithBlockPublicAccessError", $"Bucket cannot have public ACLs set with BlockPublicAccess enabled: {acl}");
        }

        var made = new Bucket
        {
            Name = name,
            Account = request.Caller.Account,
            Region = region,
            CreationDate = request.Buckets.Clock.GetUtcNow(),
            ObjectOwnership = request.Header("x-amz-object-ownership") ?? "BucketOwnerEnforced",
        };
        await request.Buckets.Database.Write(transaction => Make(transaction, request.Buckets, made, request.Caller.Region)).ConfigureAwait(false);
        return new RestAnswer { Headers = [("Location", region == "us-east-1" ? $"/{name}" : $"http://{name}.s3.amazonaws.com/")] };
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
                : region == "us-east-1" && existing.Region == region ? existing
                : throw S3Errors.Owned(made.Name);
        }

        buckets.Put(transaction, made);
        return made;
    }

    private static string Region(S3Request request)
    {
        var own = request.Caller.Region;
        if (request.Call.Body.IsEmpty)
        {
            return own == "us-east-1" ? own : throw Illegal("unspecified");
        }

        var configuration = request.Xml("CreateBucketConfiguration").Only("LocationConstraint");
        var asked = configuration.Text("LocationConstraint");
        return string.IsNullOrEmpty(asked) ? own == "us-east-1" ? own : throw Illegal("unspecified")
            : asked == "us-east-1" ? throw new AwsException("InvalidLocationConstraint", "The specified location-constraint is not valid")
            : asked == "EU" ? "eu-west-1"
            : own == "us-east-1" || own == asked ? asked
            : throw Illegal(asked);
    }

    private static AwsException Illegal(string location) => new("IllegalLocationConstraintException",
        $"The {location} location constraint is incompatible for the region specific endpoint this request was sent to.");
}
