using System.Text.RegularExpressions;

namespace Disa.Emulator.Tests.S3;

/// <summary>Settings of buckets and objects that are documents: ACLs, CORS, websites, locks, classes.</summary>
/// <remarks>The answers are as recorded on AWS in localstack, tests/aws/services/s3/test_s3.snapshot.json and test_s3_api.snapshot.json (2023 to 2025).</remarks>
public sealed class BucketDocumentTests : WithRawBuckets
{
    private const string Malformed = "<Code>MalformedXML</Code>";
    private const string Lock = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>";

    [Theory]
    [InlineData("GET", "/bucket?cors", "", "", 404, "<Code>NoSuchCORSConfiguration</Code>")]
    [InlineData("PUT", "/bucket?cors", "", "<CORSConfiguration/>", 400, Malformed)]
    [InlineData(
        "PUT",
        "/bucket?cors",
        "",
        "<CORSConfiguration><CORSRule><AllowedMethod>OPTIONS</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
        400,
        "Found unsupported HTTP method in CORS config. Unsupported method is OPTIONS"
    )]
    [InlineData("GET", "/bucket?website", "", "", 404, "<Code>NoSuchWebsiteConfiguration</Code>")]
    [InlineData(
        "PUT",
        "/bucket?website",
        "",
        "<WebsiteConfiguration><IndexDocument><Suffix>/i</Suffix></IndexDocument></WebsiteConfiguration>",
        400,
        "The IndexDocument Suffix is not well formed"
    )]
    [InlineData("PUT", "/bucket?website", "", "<WebsiteConfiguration/>", 400, "<ArgumentValue>null</ArgumentValue>")]
    [InlineData("GET", "/bucket?object-lock", "", "", 404, "<Code>ObjectLockConfigurationNotFoundError</Code>")]
    [InlineData("PUT", "/bucket?object-lock", "", Lock + "</ObjectLockConfiguration>", 409, "Versioning must be 'Enabled'")]
    [InlineData("PUT", "/versioned?object-lock", "", Lock + "<Rule/></ObjectLockConfiguration>", 400, Malformed)]
    [InlineData(
        "PUT",
        "/bucket?accelerate",
        "",
        "<AccelerateConfiguration><Status>enabled</Status></AccelerateConfiguration>",
        400,
        Malformed
    )]
    [InlineData(
        "PUT",
        "/bucket?requestPayment",
        "",
        "<RequestPaymentConfiguration><Payer>Me</Payer></RequestPaymentConfiguration>",
        400,
        Malformed
    )]
    [InlineData("GET", "/bucket?requestPayment", "", "", 200, "<Payer>BucketOwner</Payer>")]
    [InlineData(
        "PUT",
        "/bucket?logging",
        "",
        "<BucketLoggingStatus><LoggingEnabled><TargetBucket>no-such</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>",
        400,
        "<Code>InvalidTargetBucketForLogging</Code>"
    )]
    [InlineData("GET", "/bucket?metrics&id=m", "", "", 404, "<Code>NoSuchConfiguration</Code>")]
    [InlineData("PUT", "/bucket?metrics&id=m", "", "<MetricsConfiguration><Id>other</Id></MetricsConfiguration>", 400, Malformed)]
    [InlineData("GET", "/bucket?replication", "", "", 404, "<Code>ReplicationConfigurationNotFoundError</Code>")]
    [InlineData("PUT", "/bucket?acl", "x-amz-acl: public-read", "", 400, "<Code>AccessControlListNotSupported</Code>")]
    [InlineData("PUT", "/bucket?acl", "", "", 400, "<MissingHeaderName>x-amz-acl</MissingHeaderName>")]
    [InlineData("PUT", "/bucket?acl", "", "<AccessControlPolicy/>", 400, "<Code>MalformedACLError</Code>")]
    [InlineData("PUT", "/bucket?acl", "x-amz-grant-read: id=\"wrong\"", "", 400, "<Message>Invalid id</Message>")]
    [InlineData("PUT", "/bucket?acl", "x-amz-grant-read: who=\"me\"", "", 400, "<Message>Argument format not recognized</Message>")]
    [InlineData("PUT", "/bucket/c", "x-amz-storage-class: OUTPOSTS", "", 400, "<StorageClassRequested>OUTPOSTS</StorageClassRequested>")]
    [InlineData(
        "DELETE",
        "/bucket/k",
        "x-amz-bypass-governance-retention: true",
        "",
        400,
        "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets."
    )]
    [InlineData("PUT", "/new", "x-amz-object-ownership: Mine", "", 400, "Invalid x-amz-object-ownership header: Mine")]
    [InlineData("PUT", "/bucket/c", "If-None-Match: other", "", 501, "We don't accept the provided value of If-None-Match header")]
    [InlineData("PUT", "/bucket/c", "x-amz-tagging: a=1,b=2", "", 400, "shall be encoded as UTF-8")]
    [InlineData("GET", "/bucket/none?tagging", "", "", 404, "<Key>bucket/none</Key>")]
    [InlineData("PUT", "/none?encryption", "", "<ServerSideEncryptionConfiguration/>", 404, "<Code>NoSuchBucket</Code>")]
    [InlineData("GET", "/bucket/k?partNumber=2", "", "", 416, "<ActualPartCount>1</ActualPartCount>")]
    public async Task What_is_asked_wrongly_is_refused_as_on_AWS(
        string method,
        string path,
        string headers,
        string body,
        int status,
        string answer
    )
    {
        var (got, text) = await Send(method, path, headers, body);
        Assert.Equal(status, got);
        Assert.Contains(answer, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "cors",
        "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>"
    )]
    [InlineData(
        "website",
        "<WebsiteConfiguration><IndexDocument><Suffix>i.html</Suffix></IndexDocument><RoutingRules><RoutingRule><Redirect><HostName>h</HostName></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>"
    )]
    [InlineData("metrics&id=m", "<MetricsConfiguration><Id>m</Id></MetricsConfiguration>")]
    [InlineData("accelerate", "<AccelerateConfiguration><Status>Suspended</Status></AccelerateConfiguration>")]
    public async Task A_document_is_read_back_as_it_came(string place, string document)
    {
        Assert.Equal(200, (await Send("PUT", "/bucket?" + place, "", document)).Status);
        var (_, text) = await Send("GET", "/bucket?" + place, "", "");
        Assert.Contains(document, text.Replace(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bucket_that_allows_lists_keeps_the_grants_it_is_given()
    {
        Assert.Equal(204, (await Send("DELETE", "/bucket?ownershipControls", "", "")).Status);
        Assert.Equal(403, (await Send("PUT", "/bucket?acl", "x-amz-acl: public-read", "")).Status);
        await Send("DELETE", "/bucket?publicAccessBlock", "", "");
        Assert.Equal(200, (await Send("PUT", "/bucket?acl", "x-amz-acl: public-read", "")).Status);
        var (_, text) = await Send("GET", "/bucket?acl", "", "");
        Assert.Equal(
            ["FULL_CONTROL", "READ"],
            Regex.Matches(text, "<Permission>(.*?)</Permission>").Select(match => match.Groups[1].Value)
        );
        Assert.Contains("<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>", text, StringComparison.Ordinal);

        // Owners are named in the Regions where AWS named them when it was recorded (21-01-2025).
        Assert.Contains("<DisplayName>000000000000</DisplayName>", text, StringComparison.Ordinal);
    }

    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html: TooManyConfigurations.</summary>
    [Fact]
    public async Task A_bucket_has_a_thousand_settings_of_a_kind_and_lists_them_by_tokens_of_its_own()
    {
        for (var n = 0; n < 1000; n++)
        {
            Assert.Equal(200, (await Metrics(n)).Status);
        }

        Assert.Contains("<Code>TooManyConfigurations</Code>", (await Metrics(1000)).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await Metrics(5)).Status);
        var first = (await Send("GET", "/bucket?metrics", "", "")).Text;
        Assert.Equal(100, Regex.Count(first, "<Id>"));
        var token = Uri.EscapeDataString(Regex.Match(first, "<NextContinuationToken>(.*?)</").Groups[1].Value);
        var second = (await Send("GET", "/bucket?continuation-token=" + token + "&metrics", "", "")).Text;
        Assert.Contains("<Id>m0100</Id>", second, StringComparison.Ordinal);
        Assert.Equal(400, (await Send("GET", "/bucket?continuation-token=" + token + "&inventory", "", "")).Status);
        Assert.Equal(400, (await Send("GET", "/bucket?continuation-token=m0099&metrics", "", "")).Status);

        Task<(int Status, string Text)> Metrics(int n) =>
            Send("PUT", $"/bucket?id=m{n:D4}&metrics", "", $"<MetricsConfiguration><Id>m{n:D4}</Id></MetricsConfiguration>");
    }

    [Fact]
    public async Task A_locked_version_is_not_deleted()
    {
        Assert.Equal(200, (await Send("PUT", "/locked", "x-amz-bucket-object-lock-enabled: true", "")).Status);
        Assert.Equal(
            409,
            (
                await Send("PUT", "/locked?versioning", "", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>")
            ).Status
        );
        var rule =
            Lock + "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>";
        Assert.Equal(200, (await Send("PUT", "/locked?object-lock", "", rule)).Status);
        using var made = await Answer(HttpMethod.Put, "/locked/k");
        var path = "/locked/k?versionId=" + made.Headers.GetValues("x-amz-version-id").Single();

        var (status, text) = await Send("DELETE", path, "", "");
        Assert.Equal(403, status);
        Assert.Contains("Access Denied because object protected by object lock.", text, StringComparison.Ordinal);
        Assert.Equal(204, (await Send("DELETE", path, "x-amz-bypass-governance-retention: true", "")).Status);
    }

    [Fact]
    public async Task An_archived_object_is_read_once_it_is_restored()
    {
        await Send("PUT", "/bucket/a", "x-amz-storage-class: DEEP_ARCHIVE", "old");
        Assert.Contains("InvalidObjectState", (await Send("GET", "/bucket/a", "", "")).Text, StringComparison.Ordinal);
        const string restore = "<RestoreRequest><Days>1</Days></RestoreRequest>";
        Assert.Equal(202, (await Send("POST", "/bucket/a?restore", "", restore)).Status);
        Assert.Equal(409, (await Send("POST", "/bucket/a?restore", "", restore)).Status);

        await cloud.Cloud.Advance(TimeSpan.FromHours(13));
        Assert.Equal("old", (await Send("GET", "/bucket/a", "", "")).Text);
        using var head = await Head("/bucket/a");
        Assert.StartsWith("ongoing-request=\"false\"", head.Headers.GetValues("x-amz-restore").Single(), StringComparison.Ordinal);
        await cloud.Cloud.Advance(TimeSpan.FromDays(3));
        Assert.Equal(403, (await Send("GET", "/bucket/a", "", "")).Status);
    }

    [Fact]
    public async Task A_lifecycle_rule_says_when_an_object_goes()
    {
        const string rule =
            "<LifecycleConfiguration><Rule><ID>r 1</ID><Status>Enabled</Status><Filter><Tag><Key>a</Key><Value>1</Value></Tag></Filter><Expiration><Days>7</Days></Expiration></Rule></LifecycleConfiguration>";
        Assert.Equal(200, (await Send("PUT", "/bucket?lifecycle", "", rule)).Status);
        Assert.Contains("<Tag><Key>a</Key><Value>1</Value></Tag>", (await Send("GET", "/bucket?lifecycle", "", "")).Text);
        using var plain = await Answer(HttpMethod.Put, "/bucket/plain");
        using var tagged = await Answer(HttpMethod.Put, "/bucket/tagged", ("x-amz-tagging", "a=1"));
        Assert.False(plain.Headers.Contains("x-amz-expiration"));
        Assert.Contains("rule-id=\"r%201\"", tagged.Headers.GetValues("x-amz-expiration").Single(), StringComparison.Ordinal);
    }
}
