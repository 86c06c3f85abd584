using Disa.Emulator.S3;

namespace Disa.Emulator.Tests.S3;

public sealed class S3UrlTests
{
    private static readonly Uri Endpoint = new("http://127.0.0.1:4566");

    [Theory]
    [InlineData("https://b-1.s3.amazonaws.com/a/k.yaml")]
    [InlineData("https://b-1.s3.eu-west-1.amazonaws.com/a/k.yaml")]
    [InlineData("https://b-1.s3-eu-west-1.amazonaws.com/a/k.yaml")]
    [InlineData("https://b-1.s3.dualstack.eu-west-1.amazonaws.com/a/k.yaml")]
    [InlineData("https://s3.amazonaws.com/b-1/a/k.yaml")]
    [InlineData("https://s3.eu-west-1.amazonaws.com/b-1/a/k.yaml")]
    [InlineData("https://s3-eu-west-1.amazonaws.com/b-1/a/k.yaml")]
    [InlineData("https://b-1.s3.cn-north-1.amazonaws.com.cn/a/k.yaml")]
    [InlineData("http://127.0.0.1:4566/b-1/a/k.yaml")]
    [InlineData("http://localhost:4566/b-1/a/k.yaml")]
    [InlineData("http://b-1.localhost:4566/a/k.yaml")]
    [InlineData("http://b-1.s3.localhost:4566/a/k.yaml")]
    [InlineData("s3://b-1/a/k.yaml")]
    public void Every_form_names_bucket_and_key(string url)
    {
        Assert.True(S3Url.TryParse(url, Endpoint, out var bucket, out var key, out var version));
        Assert.Equal(("b-1", "a/k.yaml", null), (bucket, key, version));
        Assert.True(S3Url.TryParse(url + "?versionId=v", Endpoint, out _, out _, out version));
        Assert.Equal("v", version);
    }

    [Theory]
    [InlineData("https://example.com/b/k")]
    [InlineData("http://localhost:1/b/k")]
    [InlineData("https://s3.amazonaws.com/b")]
    [InlineData("k")]
    public void Anything_else_is_none(string url) => Assert.False(S3Url.TryParse(url, Endpoint, out _, out _, out _));
}
