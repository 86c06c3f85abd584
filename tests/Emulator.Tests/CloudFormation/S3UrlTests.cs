using Disa.Emulator.CloudFormation;

namespace Disa.Emulator.Tests.CloudFormation;

public class S3UrlTests
{
    [Theory]
    [InlineData("https://my-bucket.s3.amazonaws.com/a/b.yaml", "my-bucket a/b.yaml")]
    [InlineData("https://my.bucket.s3.eu-west-1.amazonaws.com/a/b.yaml", "my.bucket a/b.yaml")]
    [InlineData("https://my-bucket.s3-eu-west-1.amazonaws.com/a%20b.yaml", "my-bucket a b.yaml")]
    [InlineData("https://my-bucket.s3.dualstack.eu-west-1.amazonaws.com/b.yaml", "my-bucket b.yaml")]
    [InlineData("https://s3.amazonaws.com/my-bucket/a/b.yaml", "my-bucket a/b.yaml")]
    [InlineData("https://s3.eu-west-1.amazonaws.com/my-bucket/b.yaml", "my-bucket b.yaml")]
    [InlineData("https://s3-eu-west-1.amazonaws.com/my-bucket/b.yaml", "my-bucket b.yaml")]
    [InlineData("https://s3.dualstack.eu-west-1.amazonaws.com/my-bucket/b.yaml", "my-bucket b.yaml")]
    [InlineData("https://s3.cn-north-1.amazonaws.com.cn/my-bucket/b.yaml", "my-bucket b.yaml")]
    [InlineData("https://my-bucket.s3.amazonaws.com/b.yaml?versionId=v1", "my-bucket b.yaml v1")]
    [InlineData("http://127.0.0.1:4566/my-bucket/a/b.yaml", "my-bucket a/b.yaml")]
    [InlineData("http://localhost:4566/my-bucket/b.yaml", "my-bucket b.yaml")]
    [InlineData("http://my-bucket.s3.localhost:4566/b.yaml", "my-bucket b.yaml")]
    [InlineData("http://my-bucket.localhost:4566/b.yaml", "my-bucket b.yaml")]
    [InlineData("http://s3.localhost:4566/my-bucket/b.yaml", "my-bucket b.yaml")]
    [InlineData("https://my-bucket.s3.cn-north-1.amazonaws.com.cn/b.yaml", "my-bucket b.yaml")]
    [InlineData("s3://my-bucket/b.yaml", null)]
    [InlineData("https://example.com/my-bucket/b.yaml", null)]
    [InlineData("http://127.0.0.1:4567/my-bucket/b.yaml", null)]
    [InlineData("https://s3.amazonaws.com/my-bucket", null)]
    [InlineData("b.yaml", null)]
    public void An_object_is_found_by_every_form_of_its_URL(string url, string? expected)
    {
        var found = S3Url.TryParse(url, new Uri("http://127.0.0.1:4566"));
        Assert.Equal(expected, found is null ? null : $"{found.Bucket} {found.Key} {found.VersionId}".TrimEnd());
    }
}
