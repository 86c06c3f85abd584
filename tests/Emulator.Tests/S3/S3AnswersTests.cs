using System.Net;
using System.Net.Sockets;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.S3;

/// <summary>Answers that S3 gives word for word: recorded on AWS where no page is cited.</summary>
public sealed class S3AnswersTests : WithRawBuckets
{
    [Theory]
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
    [InlineData("DELETE", "/bucket/k", "If-Match: \"other\"", "", 412, "<Condition>If-Match</Condition>")]
    [InlineData("DELETE", "/bucket/none", "If-Match: *", "", 404, "NoSuchKey")]
    [InlineData("DELETE", "/versioned/gone", "If-Match: *", "", 404, "NoSuchKey")]
    [InlineData(
        "POST",
        "/bucket?delete",
        "",
        "<Delete><Object><Key>k</Key><ETag>other</ETag></Object></Delete>",
        200,
        "<Code>PreconditionFailed</Code>"
    )]
    [InlineData(
        "POST",
        "/bucket?delete",
        "",
        "<Delete><Object><Key>none</Key><ETag>*</ETag></Object></Delete>",
        200,
        "<Code>NoSuchKey</Code>"
    )]
    [InlineData("DELETE", "/versioned/k?versionId=" + MissingId, "", "", 400, "<Message>Invalid version id specified</Message>")]
    [InlineData(
        "POST",
        "/versioned?delete",
        "",
        "<Delete><Object><Key>k</Key><VersionId>" + MissingId + "</VersionId></Object></Delete>",
        200,
        "<Code>NoSuchVersion</Code>"
    )]
    [InlineData("GET", "/bucket/k?versionId=" + MissingId, "", "", 400, "<ArgumentName>versionId</ArgumentName>")]
    [InlineData("DELETE", "/bucket/k?versionId=" + MissingId, "", "", 400, "<ArgumentName>versionId</ArgumentName>")]
    // RFC 9110, 14.1.1 and 13.1.3
    [InlineData("GET", "/bucket/k", "Range: bytes=1-0", "", 200, "data")]
    [InlineData("GET", "/bucket/k", "Range: bytes=9-", "", 416, "InvalidRange")]
    [InlineData("GET", "/bucket/k", "If-Modified-Since: Tue, 01 Jan 2999 00:00:00 GMT", "", 200, "data")]
    // Copies
    [InlineData("PUT", "/bucket/k", "x-amz-copy-source: bucket/k", "", 400, "This copy request is illegal")]
    [InlineData("PUT", "/bucket/k", "x-amz-copy-source: bucket/k|x-amz-storage-class: STANDARD", "", 200, "CopyObjectResult")]
    [InlineData("PUT", "/bucket/k", "x-amz-copy-source: bucket/k|x-amz-checksum-algorithm: SHA256", "", 200, "<ChecksumSHA256>")]
    [InlineData("PUT", "/bucket/c", "x-amz-copy-source: wrongformat", "", 400, "<ArgumentValue>x-amz-copy-source</ArgumentValue>")]
    [InlineData(
        "PUT",
        "/bucket/c",
        "x-amz-copy-source: bucket/k|x-amz-copy-source-if-none-match: 8d777f385d3dfec8815d20f7496026dc",
        "",
        412,
        "<Condition>x-amz-copy-source-If-None-Match</Condition>"
    )]
    [InlineData(
        "PUT",
        "/bucket/c",
        "x-amz-copy-source: bucket/k|x-amz-copy-source-if-match: other",
        "",
        412,
        "<Condition>x-amz-copy-source-If-Match</Condition>"
    )]
    [InlineData(
        "PUT",
        "/bucket/c",
        "x-amz-copy-source: bucket/k|x-amz-copy-source-if-unmodified-since: Sat, 01 Jan 2000 00:00:00 GMT",
        "",
        412,
        "x-amz-copy-source-If-Unmodified-Since"
    )]
    [InlineData(
        "PUT",
        "/bucket/c",
        "x-amz-copy-source: bucket/k|x-amz-copy-source-if-modified-since: Tue, 01 Jan 2999 00:00:00 GMT",
        "",
        200,
        "CopyObjectResult"
    )]
    [InlineData(
        "PUT",
        "/bucket/c",
        "x-amz-copy-source: bucket/k|x-amz-source-expected-bucket-owner: abcd",
        "",
        400,
        "<Code>InvalidBucketOwnerAWSAccountID</Code>"
    )]
    // Whose bucket it is
    [InlineData(
        "GET",
        "/bucket/k",
        "x-amz-expected-bucket-owner: 0000",
        "",
        400,
        "The value of the expected bucket owner parameter must be an AWS Account ID... [0000]"
    )]
    [InlineData("GET", "/bucket?location", "x-amz-expected-bucket-owner: abcd", "", 400, "<Code>InvalidBucketOwnerAWSAccountID</Code>")]
    [InlineData(
        "GET",
        "/bucket?versioning",
        "x-amz-expected-bucket-owner: 1234567890123",
        "",
        400,
        "<Code>InvalidBucketOwnerAWSAccountID</Code>"
    )]
    [InlineData("GET", "/bucket?versioning", "x-amz-expected-bucket-owner: 111111111111", "", 403, "AccessDenied")]
    // Digests
    [InlineData("PUT", "/bucket/d", "Content-MD5: zz", "x", 400, "<Content-MD5>zz</Content-MD5>")]
    [InlineData(
        "PUT",
        "/bucket/d",
        "Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==",
        "x",
        400,
        "<ExpectedDigest>1B2M2Y8AsgTpgAmY7PhCfg==</ExpectedDigest><CalculatedDigest>ndTkYSaMgDT1yFZOFVxnpg==</CalculatedDigest>"
    )]
    // Where a bucket lies
    [InlineData(
        "PUT",
        "/foo",
        "",
        "<CreateBucketConfiguration><LocationConstraint>foo</LocationConstraint></CreateBucketConfiguration>",
        400,
        "<LocationConstraint>foo</LocationConstraint>"
    )]
    [InlineData(
        "PUT",
        "/own",
        "",
        "<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>",
        400,
        "InvalidLocationConstraint"
    )]
    [InlineData("GET", "/?bucket-region=nonsense", "", "", 400, "Argument value nonsense is not a valid AWS Region")]
    // Configurations
    [InlineData(
        "PUT",
        "/bucket?versioning",
        "",
        "<VersioningConfiguration/>",
        400,
        "<Code>IllegalVersioningConfigurationException</Code><Message>The Versioning element must be specified</Message>"
    )]
    [InlineData("PUT", "/bucket?ownershipControls", "", "<OwnershipControls/>", 400, "MalformedXML")]
    [InlineData(
        "PUT",
        "/bucket?ownershipControls",
        "",
        "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
        400,
        "MalformedXML"
    )]
    [InlineData("DELETE", "/bucket", "", "", 409, "<Message>The bucket you tried to delete is not empty</Message>")]
    [InlineData(
        "DELETE",
        "/versioned",
        "",
        "",
        409,
        "<Message>The bucket you tried to delete is not empty. You must delete all versions in the bucket.</Message>"
    )]
    // Tags
    [InlineData("PUT", "/bucket?tagging", "", "<Tagging><TagSet><Tag><Key>a</Key><Value/></Tag></TagSet></Tagging>", 204, "")]
    [InlineData("PUT", "/bucket?tagging", "", "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>", 204, "")]
    [InlineData(
        "PUT",
        "/bucket?tagging",
        "",
        "<Tagging><TagSet><Tag><Key>a*</Key><Value/></Tag></TagSet></Tagging>",
        400,
        "The TagKey you have provided is invalid"
    )]
    [InlineData(
        "PUT",
        "/bucket/k?tagging",
        "",
        "<Tagging><TagSet><Tag><Key>a</Key><Value>*</Value></Tag></TagSet></Tagging>",
        400,
        "The TagValue you have provided is invalid"
    )]
    [InlineData(
        "PUT",
        "/bucket/k?tagging",
        "",
        "<Tagging><TagSet><Tag><Key>aws:a</Key><Value/></Tag></TagSet></Tagging>",
        400,
        "Your TagKey cannot be prefixed with aws:"
    )]
    [InlineData(
        "PUT",
        "/bucket?tagging",
        "",
        "<Tagging><TagSet><Tag><Key>aws:a</Key><Value/></Tag></TagSet></Tagging>",
        400,
        "System tags cannot be added/updated by requester"
    )]
    [InlineData("PUT", "/bucket/t", "x-amz-tagging: aws:a=1", "x", 400, "<Message>Your TagKey cannot be prefixed with aws:</Message>")]
    [InlineData("PUT", "/versioned/gone?tagging", "", "<Tagging><TagSet/></Tagging>", 405, "<Method>PUT</Method>")]
    [InlineData("DELETE", "/versioned/gone?tagging", "", "", 405, "<Method>DELETE</Method>")]
    [InlineData("PUT", "/bucket?policy", "", "{}", 400, "Missing required field Statement")]
    // Uploads
    [InlineData("POST", "/bucket/k?uploadId=none", "", "", 404, "<UploadId>none</UploadId>")]
    [InlineData("GET", "/bucket?uploads", "", "", 200, "<NextKeyMarker></NextKeyMarker><NextUploadIdMarker></NextUploadIdMarker>")]
    public async Task An_answer_is_S3s(string method, string path, string headers, string body, int status, string part)
    {
        var (answered, text) = await Send(method, path, headers, body);

        Assert.Contains(part, text);
        Assert.Equal(status, answered);
    }

    [Theory]
    [InlineData(
        "us-west-1",
        "us-east-1",
        400,
        "The us-east-1 location constraint is incompatible for the region specific endpoint this request was sent to."
    )]
    [InlineData("us-east-2", "EU", 400, "The EU location constraint is incompatible")]
    [InlineData("eu-west-1", "EU", 200, "")]
    public async Task A_bucket_is_made_where_its_endpoint_is(string region, string constraint, int status, string part)
    {
        await using var there = await TestCloud.StartIn(region);
        var (answered, text) = await there.Send(
            HttpMethod.Put,
            "s3",
            "/eu-bucket",
            $"<CreateBucketConfiguration><LocationConstraint>{constraint}</LocationConstraint></CreateBucketConfiguration>",
            "application/xml"
        );

        Assert.Equal((status, true), (answered, text.Contains(part, StringComparison.Ordinal)));
        if (status == 200)
        {
            Assert.Contains(">EU<", await there.Rest(HttpMethod.Get, "s3", "/eu-bucket?location"));
        }
    }

    [Fact]
    public async Task An_upload_is_not_completed_over_what_happened_since_it_began()
    {
        var id = Between(await cloud.Rest(HttpMethod.Post, "s3", "/bucket/k?uploads"), "<UploadId>", "</UploadId>");
        await cloud.Rest(HttpMethod.Put, "s3", $"/bucket/k?partNumber=1&uploadId={id}", "part");
        const string complete =
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>1819d1a8700e59901a48215b8577ac07</ETag></Part></CompleteMultipartUpload>";
        var etag = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData("part"u8));
        var body = complete.Replace("1819d1a8700e59901a48215b8577ac07", etag, StringComparison.Ordinal);

        Assert.Contains("You must specify at least one part", (await Send("POST", $"/bucket/k?uploadId={id}", "", "")).Text);
        await Put("/bucket/k", "data");
        var (status, text) = await Send("POST", $"/bucket/k?uploadId={id}", "If-Match: 8d777f385d3dfec8815d20f7496026dc", body);
        Assert.Equal((409, "If-Match"), (status, Between(text, "<Condition>", "</Condition>")));
        await cloud.Rest(HttpMethod.Delete, "s3", "/bucket/k");
        (status, text) = await Send("POST", $"/bucket/k?uploadId={id}", "If-None-Match: *", body);
        Assert.Equal((409, "ConditionalRequestConflict"), (status, Between(text, "<Code>", "</Code>")));
        Assert.Equal(200, (await Send("POST", $"/bucket/k?uploadId={id}", "", body)).Status);
    }

    [Theory]
    [InlineData("bytes=0-1", 200, "CopyPartResult")]
    [InlineData("0-1", 400, "must be of the form bytes=first-last")]
    [InlineData("bytes=2-1", 400, "must be of the form bytes=first-last")]
    [InlineData("bytes=0-4", 400, "Range specified is not valid for source object of size: 4")]
    public async Task A_part_is_copied_from_a_range_that_is_there(string range, int status, string part)
    {
        var id = Between(await cloud.Rest(HttpMethod.Post, "s3", "/bucket/p?uploads"), "<UploadId>", "</UploadId>");

        var (answered, text) = await Send(
            "PUT",
            $"/bucket/p?partNumber=1&uploadId={id}",
            "x-amz-copy-source: bucket/k|x-amz-copy-source-range: " + range,
            ""
        );

        Assert.Contains(part, text);
        Assert.Equal(status, answered);
        Assert.DoesNotContain("Checksum", text + await cloud.Rest(HttpMethod.Get, "s3", $"/bucket/p?uploadId={id}"));
        Assert.Contains("<Initiator><ID>", await cloud.Rest(HttpMethod.Get, "s3", "/bucket?uploads"));
    }

    [Fact]
    public async Task A_stranger_is_told_that_a_bucket_does_not_exist()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(cloud.Endpoint, "/no-such-bucket/k"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("NoSuchBucket", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_null_version_has_no_id_in_answers_to_writes()
    {
        await Put("/versioned?versioning", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>");

        using var put = await Answer(HttpMethod.Put, "/versioned/k");
        using var copy = await Answer(HttpMethod.Put, "/versioned/c", ("x-amz-copy-source", "versioned/k"));

        Assert.False(put.Headers.Contains("x-amz-version-id"));
        Assert.False(copy.Headers.Contains("x-amz-copy-source-version-id"));
    }
}
