using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Amazon.SQS.Model;

namespace Disa.Emulator.Tests.Sns;

/// <summary>
/// Subscriptions by HTTP and HTTPS: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html and
/// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html.
/// </summary>
public sealed class HttpDeliveryTests : WithSubscribers
{
    /// <summary>The examples of "HTTP/HTTPS subscription confirmation JSON format", "… notification JSON format" and "… headers".</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task An_endpoint_confirms_and_gets_signed_messages_until_it_is_unsubscribed(string version)
    {
        using var endpoint = new Subscriber();
        var topic = await Topic("news", ("SignatureVersion", version));
        Assert.Contains("<SubscriptionArn>pending confirmation<", await Subscribe(topic, "http", endpoint.Url));

        var asked = await endpoint.Next();
        Assert.Equal("POST /sns?of=me HTTP/1.1", asked.Line);
        Assert.Equal(
            ("SubscriptionConfirmation", asked.Json.GetProperty("MessageId").GetString(), topic),
            (asked.Type, asked.Headers["x-amz-sns-message-id"], asked.Headers["x-amz-sns-topic-arn"])
        );
        Assert.False(asked.Headers.ContainsKey("x-amz-sns-subscription-arn"));
        Assert.Equal("text/plain; charset=UTF-8", asked.Headers["Content-Type"]);
        Assert.Equal("Amazon Simple Notification Service Agent", asked.Headers["User-Agent"]);
        Assert.Equal(
            [
                "Type",
                "MessageId",
                "Token",
                "TopicArn",
                "Message",
                "SubscribeURL",
                "Timestamp",
                "SignatureVersion",
                "Signature",
                "SigningCertURL",
            ],
            asked.Json.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(
            $"You have chosen to subscribe to the topic {topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message.",
            Text(asked.Json, "Message")
        );
        await Verify(asked.Json, version, "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

        // Nothing comes before the endpoint has confirmed.
        await Publish(topic, "too early");
        var confirmed = await Open(Text(asked.Json, "SubscribeURL"), "*/*");
        var subscription = Value(confirmed, "SubscriptionArn");
        var id = await Publish(topic, "Hello", ("Subject", "News"));
        var got = await endpoint.Next();
        Assert.Equal(
            ("Notification", id, topic, subscription),
            (got.Type, got.Headers["x-amz-sns-message-id"], got.Headers["x-amz-sns-topic-arn"], got.Headers["x-amz-sns-subscription-arn"])
        );
        Assert.Equal(
            ("Hello", "News", version),
            (Text(got.Json, "Message"), Text(got.Json, "Subject"), Text(got.Json, "SignatureVersion"))
        );
        await Verify(got.Json, version, "Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");

        await Open(Text(got.Json, "UnsubscribeURL"), "*/*");
        var ended = await endpoint.Next();
        Assert.Equal(("UnsubscribeConfirmation", subscription), (ended.Type, ended.Headers["x-amz-sns-subscription-arn"]));
        Assert.StartsWith($"You have chosen to deactivate subscription {subscription}.\n", Text(ended.Json, "Message"));
        await Verify(ended.Json, version, "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
        await Publish(topic, "to nobody");
        Assert.False(endpoint.Posts.Reader.TryPeek(out _));

        // "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
        Assert.Equal(subscription, Value(await Open(Text(ended.Json, "SubscribeURL"), "*/*"), "SubscriptionArn"));
        await Publish(topic, "again");
        Assert.Equal("again", Text((await endpoint.Next()).Json, "Message"));
    }

    /// <summary>
    /// https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html: "This call requires an AWS signature only when the
    /// AuthenticateOnUnsubscribe flag is set to 'true'."
    /// </summary>
    [Fact]
    public async Task Only_a_signed_call_confirms_so_that_only_signed_calls_unsubscribe()
    {
        using var endpoint = new Subscriber();
        var topic = await Topic("news");
        await Subscribe(topic, "http", endpoint.Url);
        var token = Text((await endpoint.Next()).Json, "Token");
        var link = $"{cloud.Endpoint}?Action=ConfirmSubscription&TopicArn={topic}&Token={token}&AuthenticateOnUnsubscribe=true";
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(link)).StatusCode);

        var arn = Value(
            await cloud.Query("sns", "ConfirmSubscription", ("TopicArn", topic), ("Token", token), ("AuthenticateOnUnsubscribe", "true")),
            "SubscriptionArn"
        );
        var unsubscribe = $"{cloud.Endpoint}?Action=Unsubscribe&SubscriptionArn={arn}";
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(unsubscribe)).StatusCode);
        Assert.Equal("true", Attributes(await Described(arn))["ConfirmationWasAuthenticated"]);
        await cloud.Query("sns", "Unsubscribe", ("SubscriptionArn", arn));
        Assert.Equal("UnsubscribeConfirmation", (await endpoint.Next()).Type);
    }

    /// <summary>https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html: the body alone, and no attributes.</summary>
    [Fact]
    public async Task A_raw_message_comes_as_it_was_published_and_says_so()
    {
        using var endpoint = new Subscriber();
        var topic = await Topic("news");
        await Confirmed(
            topic,
            endpoint,
            ("RawMessageDelivery", "true"),
            ("DeliveryPolicy", """{"requestPolicy":{"headerContentType":"application/xml"}}""")
        );
        await Publish(
            topic,
            """{"default":"no","http":"<yes/>"}""",
            ("MessageStructure", "json"),
            ("MessageAttributes.entry.1.Name", "a"),
            ("MessageAttributes.entry.1.Value.DataType", "String"),
            ("MessageAttributes.entry.1.Value.StringValue", "b")
        );
        var got = await endpoint.Next();
        Assert.Equal(("<yes/>", "true", "application/xml"), (got.Body, got.Headers["x-amz-sns-rawdelivery"], got.Headers["Content-Type"]));
        Assert.Equal(
            ["message-id", "message-type", "rawdelivery", "subscription-arn", "topic-arn"],
            got.Headers.Keys.Where(name => name.StartsWith("x-amz-sns-")).Select(name => name[10..]).Order()
        );
    }

    /// <summary>"By default […] Amazon SNS attempts up to three retries with a delay between failed attempts set at 20 seconds."</summary>
    [Theory]
    [InlineData("500 Oops")]
    [InlineData("503 Busy")]
    [InlineData("429 Slow down")]
    public async Task What_the_endpoint_cannot_take_now_is_tried_three_times_more_and_goes_to_the_dead_letter_queue(string answer)
    {
        using var endpoint = new Subscriber();
        var topic = await Topic("news");
        var dead = await Queue("dead");
        await Confirmed(topic, endpoint, ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}"""));
        for (var i = 0; i < 4; i++)
        {
            endpoint.Answers.Enqueue(answer);
        }

        var id = await Publish(topic, "Hello");
        Assert.Equal(id, (await endpoint.Next()).Headers["x-amz-sns-message-id"]);
        for (var i = 0; i < 3; i++)
        {
            await cloud.Cloud.Advance(TimeSpan.FromSeconds(19));
            Assert.False(endpoint.Posts.Reader.TryPeek(out _));
            await cloud.Cloud.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(id, (await endpoint.Next()).Headers["x-amz-sns-message-id"]);
        }

        Assert.Equal("Hello", Text(JsonDocument.Parse((await Receive(dead)).Body).RootElement, "Message"));
        await cloud.Cloud.Advance(TimeSpan.FromHours(1));
        Assert.False(endpoint.Posts.Reader.TryPeek(out _));
    }

    /// <summary>"All other errors are considered permanent failures of delivery", redirects among them: none is followed.</summary>
    [Theory]
    [InlineData("400 No")]
    [InlineData("404 Gone")]
    [InlineData("301 There\r\nLocation: http://localhost:1/")]
    public async Task What_the_endpoint_refuses_goes_to_the_dead_letter_queue_at_once(string answer)
    {
        using var endpoint = new Subscriber();
        var topic = await Topic("news");
        var dead = await Queue("dead");
        await Confirmed(
            topic,
            endpoint,
            ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}"""),
            ("RawMessageDelivery", "true")
        );
        endpoint.Answers.Enqueue(answer);
        await Publish(topic, "Hello");
        await endpoint.Next();
        Assert.Equal("Hello", (await Receive(dead)).Body);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(5));
        Assert.False(endpoint.Posts.Reader.TryPeek(out _));
    }

    /// <summary>"This applies to all messages, including the subscription confirmation message."</summary>
    [Fact]
    public async Task A_confirmation_is_tried_again_too()
    {
        using var endpoint = new Subscriber();
        endpoint.Answers.Enqueue("500 Not yet");
        await Subscribe(await Topic("news"), "http", endpoint.Url);
        var first = await endpoint.Next();
        Assert.True(await cloud.Clock.Settle(Patience));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(first.Body, (await endpoint.Next()).Body);
    }

    [Fact]
    public async Task An_endpoint_that_is_down_is_tried_again()
    {
        int port;
        using (var gone = new Subscriber())
        {
            port = gone.Port;
        }

        await Subscribe(await Topic("news"), "http", $"http://127.0.0.1:{port}/");
        Assert.True(await cloud.Clock.Settle(Patience));
        using var back = new Subscriber(port: port);
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal("SubscriptionConfirmation", (await back.Next()).Type);
    }

    /// <summary>An emulator that a test runs does not reach beyond its machine.</summary>
    [Theory]
    [InlineData("http", "http://example.com/", 501)]
    [InlineData("https", "https://169.254.169.254/latest", 501)]
    [InlineData("http", "http://localhost.example.com/", 501)]
    [InlineData("http", "http://0.0.0.0/", 501)]
    [InlineData("http", "http://user:secret@localhost/", 501)]
    [InlineData("http", "https://localhost/", 400)]
    [InlineData("http", "http://", 400)]
    [InlineData("http", "http://localhost/ \r\nX: y", 400)]
    public async Task Only_loopback_addresses_are_posted_to(string protocol, string endpoint, int status)
    {
        var topic = await Topic("news");
        Assert.Equal(status, (await Assert.ThrowsAsync<TestAwsException>(() => Subscribe(topic, protocol, endpoint))).Status);
    }

    [Fact]
    public async Task A_host_that_was_named_is_posted_to_and_no_longer_once_it_is_not()
    {
        var directory = Directory.CreateTempSubdirectory("disa-sns-");
        try
        {
            var options = new LocalCloudOptions { DataDirectory = directory.FullName };
            await using (var first = await TestCloud.Start(options with { DeliverTo = [".example.test", "192.0.2.1"] }))
            {
                await first.Query("sns", "CreateTopic", ("Name", "news"));
                foreach (var endpoint in (string[])["http://a.example.test/", "http://192.0.2.1/"])
                {
                    await first.Query(
                        "sns",
                        "Subscribe",
                        ("TopicArn", "arn:aws:sns:us-east-1:000000000000:news"),
                        ("Protocol", "http"),
                        ("Endpoint", endpoint)
                    );
                }
            }

            await using var second = await TestCloud.Start(options);
            await second.Cloud.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(0, second.Clock.UnderWay);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>"SNS will only send messages to HTTPS endpoints that have a server certificate signed by a CA trusted by Amazon SNS."</summary>
    [Fact]
    public async Task A_certificate_is_to_be_from_an_authority_that_is_trusted()
    {
        using var authority = Certificate("CN=an authority", null);
        using var trusted = Certificate("CN=localhost", authority);
        using var unknown = Certificate("CN=localhost", null);
        await using var strict = await TestCloud.Start(new LocalCloudOptions { TrustedAuthority = authority });
        using var good = new Subscriber(trusted);
        using var bad = new Subscriber(unknown);
        await strict.Query("sns", "CreateTopic", ("Name", "news"));
        foreach (var endpoint in (Subscriber[])[bad, good])
        {
            await strict.Query(
                "sns",
                "Subscribe",
                ("TopicArn", "arn:aws:sns:us-east-1:000000000000:news"),
                ("Protocol", "https"),
                ("Endpoint", endpoint.Url)
            );
        }

        Assert.Equal("SubscriptionConfirmation", (await good.Next()).Type);
        Assert.True(await strict.Clock.Settle(Patience));
        Assert.False(bad.Posts.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task What_was_not_delivered_yet_is_after_a_restart()
    {
        using var endpoint = new Subscriber();
        var directory = Directory.CreateTempSubdirectory("disa-sns-");
        try
        {
            var options = new LocalCloudOptions { DataDirectory = directory.FullName };
            var topic = "arn:aws:sns:us-east-1:000000000000:news";
            await using (var first = await TestCloud.Start(options))
            {
                await first.Query("sns", "CreateTopic", ("Name", "news"));
                await first.Query("sns", "Subscribe", ("TopicArn", topic), ("Protocol", "http"), ("Endpoint", endpoint.Url));
                await browser.GetStringAsync(Text((await endpoint.Next()).Json, "SubscribeURL"));
                endpoint.Answers.Enqueue("500 Oops");
                await first.Query("sns", "Publish", ("TopicArn", topic), ("Message", "Hello"));
                await endpoint.Next();
                Assert.True(await first.Clock.Settle(Patience));
            }

            await using var second = await TestCloud.Start(options);
            await second.Cloud.Advance(TimeSpan.FromSeconds(21));
            Assert.Equal("Hello", Text((await endpoint.Next()).Json, "Message"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>One that says nothing has fifteen seconds; nobody else waits for it.</summary>
    [Fact]
    public async Task A_slow_endpoint_holds_up_nobody_else()
    {
        using var slow = new Subscriber();
        using var quick = new Subscriber();
        var topic = await Topic("news");
        await Confirmed(topic, slow);
        await Confirmed(topic, quick);
        slow.Answers.Enqueue("");
        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", "first"));
        await slow.Next();
        Assert.Equal("first", Text((await quick.Next()).Json, "Message"));
        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", "second"));
        Assert.Equal("second", Text((await quick.Next()).Json, "Message"));
        Assert.Equal("second", Text((await slow.Next()).Json, "Message"));
        Assert.Contains("sns post", cloud.Clock.InProgress);
    }

    private async Task Verify(JsonElement message, string version, params string[] signed)
    {
        var text = string.Concat(signed.Select(name => $"{name}\n{Text(message, name)}\n"));
        using var certificate = X509Certificate2.CreateFromPem(await browser.GetStringAsync(Text(message, "SigningCertURL")));
        using var key = certificate.GetRSAPublicKey()!;
        Assert.Equal(version, Text(message, "SignatureVersion"));
        Assert.True(
            key.VerifyData(
                Encoding.UTF8.GetBytes(text),
                Convert.FromBase64String(Text(message, "Signature")),
                version == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            )
        );
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return Exported(request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1)));
        }

        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(issuer, now.AddHours(-1), now.AddHours(1), [1, 2, 3]);
        return Exported(bare.CopyWithPrivateKey(key));
    }

    private static X509Certificate2 Exported(X509Certificate2 made) =>
        X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
}
