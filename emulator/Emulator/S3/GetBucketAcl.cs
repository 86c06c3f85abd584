using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The ACL of a bucket or an object: everything is its owner's alone, and no other can be set here.</summary>
internal static class GetBucketAcl
{
    public static Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        System.Xml.Linq.XNamespace xsi = "http://www.w3.org/2001/XMLSchema-instance";
        var grantee = S3Xml.Element("Grantee", S3Xml.Element("ID", S3Xml.OwnerId(bucket.Account)));
        grantee.SetAttributeValue(System.Xml.Linq.XNamespace.Xmlns + "xsi", xsi.NamespaceName);
        grantee.SetAttributeValue(xsi + "type", "CanonicalUser");
        return S3Xml.Answer(
            S3Xml.Element(
                "AccessControlPolicy",
                S3Xml.Owner(bucket),
                S3Xml.Element("AccessControlList", S3Xml.Element("Grant", grantee, S3Xml.Element("Permission", "FULL_CONTROL")))
            )
        );
    }
}
