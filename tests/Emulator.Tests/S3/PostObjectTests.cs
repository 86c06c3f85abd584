using System.Security.Cryptography;
using System.Text;

namespace Disa.Emulator.Tests.S3;

/// <summary>Forms of browsers, and the policies that sign them.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html and sigv4-HTTPPOSTConstructPolicy.html; statuses and errors as recorded on
/// AWS in localstack's tests/aws/services/s3/test_s3.py, TestS3PresignedPost.
/// </remarks>
public sealed class PostObjectTests : IAsyncLifetime
{
    private const string End = "2999-01-01T00:00:00Z";
    private readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false });
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task A_form_writes_its_file_with_what_its_fields_say()
    {
        using var answer = await Post(
            Form(
                ("key", "in/${filename}"),
                ("Content-Type", "text/plain"),
                ("x-amz-meta-a", "b"),
                ("tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>")
            )
        );

        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal($"{cloud.Endpoint}bucket/in%2Fname.txt", answer.Headers.GetValues("Location").Single());
        Assert.Equal("the file", await cloud.Rest(HttpMethod.Get, "s3", "/bucket/in/name.txt"));
        Assert.Contains("<Key>k</Key>", await cloud.Rest(HttpMethod.Get, "s3", "/bucket/in/name.txt?tagging"));
    }

    [Theory]
    [InlineData("success_action_status", "200", 200, "")]
    [InlineData("success_action_status", "201", 201, "<PostResponse><Location>")]
    [InlineData("success_action_status", "418", 204, "")]
    [InlineData("success_action_redirect", "/relative", 204, "")]
    public async Task A_form_says_how_it_is_answered(string field, string value, int status, string text)
    {
        using var answer = await Post(Form(("key", "k"), (field, value)));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(text, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_browser_is_sent_where_the_form_says()
    {
        using var answer = await Post(Form(("key", "k"), ("success_action_redirect", "http://there.test/page?a=b")));

        Assert.Equal(303, (int)answer.StatusCode);
        Assert.StartsWith("http://there.test/page?a=b&bucket=bucket&key=k&etag=%22", answer.Headers.GetValues("Location").Single());
    }

    [Theory]
    [InlineData("""["eq", "$key", "other"]""", 403, """Policy Condition failed: ["eq", "$key", "other"]""")]
    [InlineData("""{"key": "other"}""", 403, """Policy Condition failed: ["eq", "$key", "other"]""")]
    [InlineData("""["starts-with", "$key", "x"]""", 403, """Policy Condition failed: ["starts-with", "$key", "x"]""")]
    [InlineData("""{"key": "k", "a": "b"}""", 400, "Simple-Conditions must have exactly one property specified.")]
    [InlineData("""["content-length-range", 1, 5]""", 400, "<Code>EntityTooLarge</Code>")]
    [InlineData("""["content-length-range", 10, 50]""", 400, "<MinSizeAllowed>10</MinSizeAllowed>")]
    [InlineData("""["starts-with", "$key", ""]""", 204, "")]
    public async Task A_policy_says_what_fields_and_file_may_be(string condition, int status, string text)
    {
        var fields = Form(("key", "k"));
        fields["policy"] = Policy(
            End,
            fields
                .Keys.Where(name => name is not ("key" or "policy" or "x-amz-signature"))
                .Select(Equal)
                .Append(condition)
                .Append("""["starts-with", "$key", ""]""")
        );

        using var answer = await Post(fields);

        Assert.Contains(text, (await answer.Content.ReadAsStringAsync()).Replace("&quot;", "\""));
        Assert.Equal(status, (int)answer.StatusCode);

        string Equal(string name) => $$"""{"{{name}}": "{{fields[name]}}"}""";
    }

    [Fact]
    public async Task A_policy_ends_and_speaks_of_every_field()
    {
        var late = Form(("key", "k"));
        late["policy"] = Policy("2020-01-01T00:00:00Z", []);
        using var ended = await Post(late);
        Assert.Contains("Invalid according to Policy: Policy expired.", await ended.Content.ReadAsStringAsync());

        var more = Form(("key", "k"));
        more["x-amz-meta-more"] = "1";
        using var extra = await Post(more);
        Assert.Contains("Invalid according to Policy: Extra input fields: x-amz-meta-more", await extra.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("x-amz-signature", 400, "field named 'X-Amz-Signature'")]
    [InlineData("x-amz-algorithm", 400, "field named 'X-Amz-Algorithm'")]
    [InlineData("key", 400, "field named 'key'")]
    [InlineData("policy", 403, "<Message>Access Denied</Message>")]
    public async Task What_is_missing_is_told_by_its_name(string field, int status, string text)
    {
        var fields = Form(("key", "k"));
        fields.Remove(field);

        using var answer = await Post(fields);

        Assert.Contains(text, await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_policy_that_was_changed_is_not_the_one_that_was_signed()
    {
        var fields = Form(("key", "k"));
        fields["policy"] = fields["policy"][..^3];

        using var answer = await Post(fields);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", text);
        Assert.Contains($"<StringToSign>{fields["policy"]}</StringToSign>", text);
    }

    [Fact]
    public async Task The_signature_of_a_key_that_was_issued_here_is_checked()
    {
        var key = await cloud.Cloud.RootCredentials("us-east-1");
        var fields = Form(("key", "k"), ("x-amz-security-token", key.SessionToken));
        fields["x-amz-credential"] = $"{key.AccessKeyId}/20260101/us-east-1/s3/aws4_request";
        fields["policy"] = Policy(
            End,
            fields.Keys.Where(name => name != "policy").Select(name => $$"""["starts-with", "${{name}}", ""]""")
        );

        using var wrong = await Post(fields);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", await wrong.Content.ReadAsStringAsync());

        var secret = Encoding.UTF8.GetBytes("AWS4" + key.SecretAccessKey);
        foreach (var part in (string[])["20260101", "us-east-1", "s3", "aws4_request"])
        {
            secret = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part));
        }

        fields["x-amz-signature"] = Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(fields["policy"])));
        using var right = await Post(fields);
        Assert.Equal(204, (int)right.StatusCode);
    }

    /// <summary>A policy is for an object, and what signs it opens nothing else.</summary>
    [Theory]
    [InlineData("/bucket/k?uploads")]
    [InlineData("/bucket?delete")]
    public async Task A_forms_signature_is_for_no_other_operation(string path)
    {
        using var answer = await Post(Form(("key", "k")), path);

        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_refused()
    {
        using var urlencoded = new FormUrlEncodedContent(new Dictionary<string, string> { ["key"] = "k" });
        using var other = await http.PostAsync(new Uri(cloud.Endpoint, "/bucket"), urlencoded);
        Assert.Equal(412, (int)other.StatusCode);

        using var broken = new StringContent("nothing");
        broken.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var answer = await http.PostAsync(new Uri(cloud.Endpoint, "/bucket"), broken);
        Assert.Contains("<Code>MalformedPOSTRequest</Code>", await answer.Content.ReadAsStringAsync());

        using var large = await Post(Form(("key", "k"), ("x-amz-meta-a", new string('a', 30_000))));
        Assert.Equal(400, (int)large.StatusCode);
    }

    private static Dictionary<string, string> Form(params (string Name, string Value)[] own)
    {
        var fields = own.ToDictionary(field => field.Name, field => field.Value);
        fields["x-amz-algorithm"] = "AWS4-HMAC-SHA256";
        fields["x-amz-credential"] = "000000000000/20260101/us-east-1/s3/aws4_request";
        fields["x-amz-date"] = "20260101T000000Z";
        fields["policy"] = Policy(End, fields.Keys.Select(name => $$"""["starts-with", "${{name}}", ""]"""));
        fields["x-amz-signature"] = new string('0', 64);
        return fields;
    }

    private static string Policy(string end, IEnumerable<string> conditions) =>
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes($$"""{"expiration": "{{end}}", "conditions": [{{string.Join(", ", conditions)}}]}""")
        );

    private async Task<HttpResponseMessage> Post(Dictionary<string, string> fields, string path = "/bucket")
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), $"\"{name}\"");
        }

        form.Add(new ByteArrayContent("the file"u8.ToArray()), "\"file\"", "\"C:\\dir\\name.txt\"");
        return await http.PostAsync(new Uri(cloud.Endpoint, path), form);
    }
}
