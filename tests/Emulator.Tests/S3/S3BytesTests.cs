using System.Net;
using System.Net.Sockets;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.S3;

/// <summary>S3 byte for byte: headers, bodies, and who may go on sending.</summary>
public sealed class S3BytesTests : WithRawBuckets
{
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
}
