using System.Net;
using System.Net.Sockets;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator.Tests.Limits;

/// <summary>What a request may announce, and what it must not cost before it has arrived.</summary>
public class BodyTests
{
    [Fact]
    public async Task A_buffer_grows_with_what_arrives_and_not_with_what_is_announced()
    {
        var stream = new Trickle(200_000);

        var body = await RequestBody.Read(stream, 256 * 1024 * 1024, 256 * 1024 * 1024);

        Assert.Equal(200_000, body.Length);
        Assert.True(stream.Largest <= 256 * 1024, $"{stream.Largest} bytes were set aside");
        Assert.True(stream.First <= 64 * 1024);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task A_body_is_read_whole_announced_or_not(int size)
    {
        Assert.Equal(size, (await RequestBody.Read(new Trickle(size), size, 2_000_000)).Length);
        Assert.Equal(size, (await RequestBody.Read(new Trickle(size), null, 2_000_000)).Length);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_announced_or_not() =>
        Assert.Equal(413, (await Assert.ThrowsAsync<AwsException>(() => RequestBody.Read(new Trickle(1001), null, 1000))).StatusCode);

    [Fact]
    public async Task Whoever_goes_away_in_the_middle_of_a_body_is_no_bug()
    {
        var log = new LogLines();
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { Loggers = log });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, cloud.Endpoint.Port);
            await client
                .GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\nContent-Length: 1000\r\n\r\n{"
                    )
                );
            client.LingerState = new LingerOption(true, 0);
        }

        Assert.Contains("499", await log.Next("499"), StringComparison.Ordinal);
        Assert.DoesNotContain(log.All, line => line.Contains("bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_there_are_too_many_connections_the_one_idle_longest_is_closed()
    {
        await using var server = await HttpServer.Start(
            new IPEndPoint(IPAddress.Loopback, 0),
            context =>
            {
                context.Response.ContentLength = 2; // No chunk comes after the text.
                return context.Response.WriteAsync("ok");
            },
            NullLoggerFactory.Instance,
            CancellationToken.None,
            mostConnections: 3
        );
        var clients = new List<TcpClient>();
        for (var i = 0; i < 4; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(server.Address);
            clients.Add(client);
            await Ask(client);
        }

        Assert.Equal(0, await Read(clients[0]));
        foreach (var client in clients.Skip(1))
        {
            await Ask(client);
        }

        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_broken_gzip_body_is_the_callers_mistake()
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        using var request = cloud.Signed(
            HttpMethod.Post,
            "monitoring",
            "/",
            "",
            [("X-Amz-Target", "GraniteServiceVersion20100801.PutMetricData")]
        );
        request.Content = new ByteArrayContent([1, 2, 3, 4]);
        request.Content.Headers.ContentEncoding.Add("gzip");

        Assert.Equal(400, (int)(await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_form_of_255_MiB_is_refused()
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        using var request = cloud.Signed(HttpMethod.Post, "sns", "/", "", []);
        request.Content = new ByteArrayContent(new byte[255 * 1024 * 1024]);

        Assert.Equal(413, (int)(await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public void A_chunk_of_2_GiB_is_malformed() =>
        Assert.Equal(
            "InvalidRequest",
            Assert.Throws<AwsException>(() => ChunkedBody.Decode("7fffffff\r\nabc\r\n0\r\n\r\n"u8.ToArray(), [])).Code
        );

    [Theory]
    [InlineData("3bffffffffffffffff")] // -2^64
    [InlineData("1bffffffffffffffff")]
    [InlineData("c249ffffffffffffffffff")] // a bignum
    [InlineData("fb7ff0000000000000")] // infinity
    [InlineData("62c328")] // no UTF-8
    public async Task A_CBOR_value_that_JSON_does_not_know_is_no_empty_500(string value)
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        using var request = cloud.Signed(
            HttpMethod.Post,
            "monitoring",
            "/service/GraniteServiceVersion20100801/operation/PutMetricData",
            "",
            []
        );
        request.Content = new ByteArrayContent([0xa1, 0x69, .. "Namespace"u8, .. Convert.FromHexString(value)]);

        Assert.Equal(400, (int)(await http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("response-content-disposition=a%0d%0ab%3a c")]
    [InlineData("response-content-type=a%01b")]
    [InlineData("response-cache-control=%00")]
    [InlineData("response-content-language=%e2%82%ac")]
    public async Task A_header_that_cannot_be_is_refused(string query)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", "x");

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(HttpMethod.Get, "s3", "/bucket/key?" + query.Replace(" ", "%20", StringComparison.Ordinal))
        );

        Assert.Equal(400, refused.Status);
        Assert.Contains("InvalidArgument", refused.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cache-Control")]
    [InlineData("Content-Disposition")]
    [InlineData("x-amz-meta-name")]
    public async Task A_header_beyond_ASCII_comes_back_as_it_was_sent_and_a_control_character_is_refused(string name)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        async Task<string> Raw(string method, string header)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, cloud.Endpoint.Port);
            var signed = cloud.Signed(new HttpMethod(method), "s3", "/bucket/key", "", []);
            var lines = string.Concat(signed.Headers.Select(pair => $"{pair.Key}: {string.Join(',', pair.Value)}\r\n"));
            await client
                .GetStream()
                .WriteAsync(
                    Encoding.UTF8.GetBytes(
                        $"{method} /bucket/key HTTP/1.1\r\nHost: {cloud.Endpoint.Authority}\r\n{lines}{header}Content-Length: 0\r\nConnection: close\r\n\r\n"
                    )
                );
            using var all = new MemoryStream();
            await client.GetStream().CopyToAsync(all);
            return Encoding.UTF8.GetString(all.ToArray());
        }

        Assert.StartsWith("HTTP/1.1 200", await Raw("PUT", $"{name}: attachment; héllo.txt\r\n"), StringComparison.Ordinal);
        var read = await Raw("GET", "");
        Assert.StartsWith("HTTP/1.1 200", read, StringComparison.Ordinal);
        Assert.Contains(
            name.StartsWith("x-amz", StringComparison.Ordinal) ? "=?UTF-8?B?" : "attachment; héllo.txt",
            read,
            StringComparison.Ordinal
        );
        var refused = await Raw("PUT", $"{name}: a\u0001b\r\n");
        Assert.StartsWith("HTTP/1.1 400", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_character_leaves_XML_readable()
    {
        await using var cloud = await TestCloud.Start();
        var answer = await cloud.Query(
            "cloudformation",
            "ValidateTemplate",
            ("TemplateBody", "Description: \"a\\0b\\x01c\"\nResources: {A: {Type: 'T::T::T'}}")
        );

        Assert.Equal(
            "a\uFFFDb\uFFFDc",
            System.Xml.Linq.XElement.Parse(answer).Descendants().First(element => element.Name.LocalName == "Description").Value
        );
    }

    [Theory]
    [InlineData("arn:aws:events:us-east-1:000000000000:x")]
    [InlineData("arn:aws:events:us-east-1:000000000000:event-bus")]
    public async Task An_ARN_of_no_bus_is_no_bug(string arn)
    {
        await using var cloud = await TestCloud.Start();

        foreach (
            var (operation, body) in new[]
            {
                ("ListTargetsByRule", $$"""{"Rule":"r","EventBusName":"{{arn}}"}"""),
                ("DescribeRule", $$"""{"Name":"r","EventBusName":"{{arn}}"}"""),
            }
        )
        {
            Assert.Equal(
                400,
                (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("events", "AWSEvents." + operation, body))).Status
            );
        }
    }

    [Fact]
    public async Task A_line_break_at_the_end_of_a_name_is_a_part_of_it()
    {
        await using var cloud = await TestCloud.Start();

        await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query("sts", "AssumeRole", ("RoleArn", "arn:aws:iam::000000000000:role/r"), ("RoleSessionName", "root\n"))
        );
        await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("iam", "CreateUser", ("UserName", "root\n")));
        await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query(
                "cloudformation",
                "CreateStack",
                ("StackName", "a\n"),
                ("TemplateBody", "Resources: {A: {Type: 'AWS::SQS::Queue'}}")
            )
        );
        await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"a\n"}"""));
    }

    private static async Task Ask(TcpClient client)
    {
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        var answer = new StringBuilder();
        while (!answer.ToString().EndsWith("ok", StringComparison.Ordinal))
        {
            var buffer = new byte[4096];
            var count = await client.GetStream().ReadAsync(buffer);
            Assert.True(count > 0);
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }

    private static async Task<int> Read(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[4096]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>So many bytes, at most ten thousand at a time; notes how much room it was given.</summary>
    private sealed class Trickle(int left) : MemoryStream
    {
        private int left = left;

        public int Largest { get; private set; }

        public int First { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            First = First == 0 ? buffer.Length : First;
            Largest = Math.Max(Largest, buffer.Length);
            var read = Math.Min(Math.Min(left, 10_000), buffer.Length);
            left -= read;
            return ValueTask.FromResult(read);
        }
    }
}
