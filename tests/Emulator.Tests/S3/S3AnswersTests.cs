using System.Net;
using System.Net.Sockets;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.S3;

/// <summary>Answers that S3 gives word for word: recorded on AWS where no page is cited.</summary>
public sealed class S3AnswersTests : IAsyncLifetime
{
    private const string MissingId = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await Put("/bucket");
        await Put("/bucket/k", "data");
        await Put("/versioned");
        await Put("/versioned?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        await Put("/versioned/k", "data");
        await Put("/versioned/gone", "data");
        await cloud.Rest(HttpMethod.Delete, "s3", "/versioned/gone");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

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
        "System tags cannot be added/updated by requester"
    )]
    [InlineData("PUT", "/bucket/t", "x-amz-tagging: aws:a=1", "x", 400, "<Message>Your TagKey cannot be prefixed with aws:</Message>")]
    [InlineData("PUT", "/versioned/gone?tagging", "", "<Tagging><TagSet/></Tagging>", 405, "<Method>PUT</Method>")]
    [InlineData("DELETE", "/versioned/gone?tagging", "", "", 405, "<Method>DELETE</Method>")]
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

    [Theory]
    [InlineData("=?UTF-8?B?YWJj?=", "abc")]
    [InlineData("=?UTF-8?Q?actually-ascii?=", "actually-ascii")]
    [InlineData("=?UTF-8?Q?a_=3D?=", "a =")]
    [InlineData("=?UTF-8?Q?=C3=A9?=", "=?UTF-8?B?w6k=?=")]
    [InlineData("=?no word", "=?no word")]
    public async Task Metadata_in_encoded_words_is_decoded_where_it_is_ASCII(string sent, string answered)
    {
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/m", "x", ("x-amz-meta-a", sent));

        using var response = await Head("/bucket/m");

        Assert.Equal(answered, response.Headers.GetValues("x-amz-meta-a").Single());
    }

    /// <summary>Every header that an object keeps or a request overrides, whatever its bytes.</summary>
    [Theory]
    [InlineData("Cache-Control")]
    [InlineData("Content-Disposition")]
    [InlineData("Content-Encoding")]
    [InlineData("Content-Language")]
    [InlineData("Content-Type")]
    public async Task A_header_beyond_ASCII_comes_back_with_the_same_bytes(string header)
    {
        foreach (
            var value in (byte[][])
                [
                    [.. "h\u00E9llo \u20AC"u8],
                    [(byte)'h', 0xE9, (byte)'x'],
                ]
        )
        {
            var put = await Raw($"PUT /bucket/{header} HTTP/1.1\r\nContent-Length: 0\r\n{header}: ", value);
            var got = await Raw($"GET /bucket/{header} HTTP/1.1\r\nX-Nothing: ", [(byte)'x']);

            Assert.StartsWith("HTTP/1.1 200", Encoding.Latin1.GetString(put));
            Assert.True(got.AsSpan().IndexOf(value) > 0, Encoding.Latin1.GetString(got));
        }

        var overridden = await Raw(
            $"GET /bucket/{header}?response-{header.ToLowerInvariant()}=%C3%A9 HTTP/1.1\r\nX-Nothing: ",
            [(byte)'x']
        );
        Assert.Contains($"{header}: \u00C3\u00A9\r\n", Encoding.Latin1.GetString(overridden));
    }

    [Fact]
    public async Task A_client_that_asks_whether_to_go_on_is_told_so_even_with_nothing_to_send()
    {
        var answer = Encoding.Latin1.GetString(
            await Raw("PUT /bucket/empty HTTP/1.1\r\nContent-Length: 0\r\nExpect: ", "100-continue"u8.ToArray())
        );

        Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", answer);
    }

    [Fact]
    public async Task A_client_that_is_refused_before_it_is_told_to_go_on_gets_no_further_answer_on_its_connection()
    {
        var answer = Encoding.Latin1.GetString(
            await Raw("PUT /bucket/x HTTP/1.1\r\nContent-Length: 0\r\nExpect: ", "100-continue"u8.ToArray(), "elsewhere.example")
        );

        Assert.StartsWith("HTTP/1.1 403", answer);
        Assert.Contains("Connection: close", answer);
    }

    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html</remarks>
    [Fact]
    public async Task Answers_name_the_server_the_bucket_and_its_Region()
    {
        using var list = await Answer(HttpMethod.Get, "/bucket?list-type=2");
        using var head = await Head("/bucket");
        using var made = await Answer(HttpMethod.Put, "/another");

        Assert.Equal("AmazonS3", list.Headers.Server.ToString());
        Assert.Equal("us-east-1", list.Headers.GetValues("x-amz-bucket-region").Single());
        Assert.False(list.Headers.Contains("x-amzn-RequestId"));
        Assert.Equal("application/xml", head.Content.Headers.ContentType!.MediaType);
        Assert.Equal("arn:aws:s3:::another", made.Headers.GetValues("x-amz-bucket-arn").Single());
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

    [Fact]
    public async Task A_stranger_is_told_that_a_bucket_does_not_exist()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(cloud.Endpoint, "/no-such-bucket/k"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("NoSuchBucket", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_large_body_comes_back_whole()
    {
        var body = new string('x', 3_000_000);
        await Put("/bucket/large", body);

        Assert.Equal(body, await cloud.Rest(HttpMethod.Get, "s3", "/bucket/large"));
    }

    [Fact]
    public void The_memory_of_a_large_body_is_given_back_once()
    {
        ReadOnlyMemory<byte> body = new LargeBuffer(LargeBuffer.Least).Memory[..5];

        LargeBuffer.Release(body);
        LargeBuffer.Release(body);
        LargeBuffer.Release(new byte[5]);

        Assert.Throws<ObjectDisposedException>(() => body.Span.Length);
    }

    [Fact]
    public async Task A_carriage_return_in_a_key_survives_a_listing()
    {
        await Put("/bucket/a%0Db", "x");

        Assert.Contains("<Key>a&#xD;b</Key>", await cloud.Rest(HttpMethod.Get, "s3", "/bucket?list-type=2"));
    }

    private Task Put(string path, string body = "") => cloud.Rest(HttpMethod.Put, "s3", path, body);

    private Task<HttpResponseMessage> Head(string path) => Answer(HttpMethod.Head, path);

    private async Task<HttpResponseMessage> Answer(HttpMethod method, string path, params (string, string)[] headers)
    {
        using var http = new HttpClient();
        using var request = cloud.Signed(method, "s3", path, "", headers);
        return await http.SendAsync(request);
    }

    private async Task<(int Status, string Text)> Send(string method, string path, string headers, string body)
    {
        (string Name, string Value)[] pairs =
        [
            .. headers
                .Split('|', StringSplitOptions.RemoveEmptyEntries)
                .Select(header => (header.Split(": ")[0], header.Split(": ", 2)[1])),
        ];
        using var http = new HttpClient();
        using var request = cloud.Signed(new HttpMethod(method), "s3", path, body, pairs, "application/xml");
        if (pairs.FirstOrDefault(pair => pair.Name == "Content-MD5") is { Value: { } digest })
        {
            request.Content!.Headers.TryAddWithoutValidation("Content-MD5", digest);
        }

        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A request by hand, from a key that is not checked; all that comes until the connection ends.</summary>
    private async Task<byte[]> Raw(string head, byte[] value, string? host = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(cloud.Endpoint.Host, cloud.Endpoint.Port);
        var stream = client.GetStream();
        byte[] request =
        [
            .. Encoding.ASCII.GetBytes(head),
            .. value,
            .. Encoding.ASCII.GetBytes(
                $"\r\nHost: {host ?? cloud.Endpoint.Authority}\r\nConnection: {(host is null ? "close" : "keep-alive")}\r\n"
                    + "Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00\r\n\r\n"
            ),
        ];
        await stream.WriteAsync(request);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return answer.ToArray();
    }

    private static string Between(string text, string before, string after)
    {
        var from = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[from..text.IndexOf(after, from, StringComparison.Ordinal)];
    }
}
