using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>One request to S3, as its operation sees it.</summary>
/// <param name="Brought">The checksum that came with the body, verified.</param>
internal sealed record S3Request(Buckets Buckets, RestCall Call, Caller Caller, Checksum? Brought)
{
    /// <summary>The largest XML body, in bytes: a thousand keys of the longest kind, each character escaped.</summary>
    private const int XmlLimit = 8 * 1024 * 1024;

    /// <summary>The Region of a caller whose signature names none.</summary>
    private const string NoRegion = "aws-global";

    /// <summary>How deeply an XML body may nest: what S3 knows has seven levels.</summary>
    private const int NestingLimit = 32;

    public string Key => Call.Key ?? throw new AwsException("InvalidRequest", "A key must be specified.");

    /// <summary>The bucket, if the caller may use it and asks in its Region.</summary>
    public Bucket Bucket
    {
        get
        {
            var bucket = Buckets.Find(Call.Bucket ?? throw new AwsException("InvalidRequest", "A bucket must be specified."), Caller);
            CheckOwner(bucket, "x-amz-expected-bucket-owner", "expected bucket owner");

            // Signature Version 2 names no Region.
            return Call.FromWire && bucket.Region != Caller.Region && Caller.Region != NoRegion
                ? throw S3Errors.WrongRegion(Caller.Region, bucket.Region)
                : bucket;
        }
    }

    /// <summary>The Region that the request came to.</summary>
    public string Region => Caller.Region == NoRegion ? "us-east-1" : Caller.Region;

    /// <summary>Whether a bucket is the account's that a header expects.</summary>
    /// <exception cref="AwsException">InvalidBucketOwnerAWSAccountID, AccessDenied.</exception>
    public void CheckOwner(Bucket bucket, string header, string what)
    {
        if (Header(header) is not { } owner)
        {
            return;
        }

        if (owner.Length != 12 || !owner.All(char.IsAsciiDigit))
        {
            throw new AwsException(
                "InvalidBucketOwnerAWSAccountID",
                $"The value of the {what} parameter must be an AWS Account ID... [{owner}]"
            );
        }

        if (owner != bucket.Account)
        {
            throw S3Errors.Denied();
        }
    }

    public string? Header(string name) => Call.Headers.TryGetValue(name, out var value) ? value : null;

    public string? Query(string name) => Call.Query.TryGetValue(name, out var value) ? value : null;

    public int Number(string name, int usual, int most)
    {
        if (Query(name) is not { } text)
        {
            return usual;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, most)
            : throw S3Errors.Argument($"Provided {name} not an integer or within integer range", name, text);
    }

    /// <summary>The body as XML; names are compared without their namespace, as S3 does.</summary>
    public XElement Xml(string root)
    {
        try
        {
            if (Call.Body.Length > XmlLimit)
            {
                throw new AwsException("MaxMessageLengthExceeded", "Your request was too big.");
            }

            CheckNesting();
            using var reader = Reader();
            var element = XElement.Load(reader);
            return element.Name.LocalName == root ? element : throw S3Errors.Malformed();
        }
        catch (XmlException)
        {
            throw S3Errors.Malformed();
        }
    }

    /// <summary>Looked at before anything is built: what is too deep costs no more than its first elements.</summary>
    private void CheckNesting()
    {
        using var reader = Reader();
        while (reader.Read())
        {
            if (reader.Depth > NestingLimit)
            {
                throw S3Errors.Malformed();
            }
        }
    }

    private XmlReader Reader() =>
        XmlReader.Create(new MemoryStream(Call.Body.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
}
