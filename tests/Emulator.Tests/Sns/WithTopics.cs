using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Amazon.SQS;
using Amazon.SQS.Model;
using Disa.Emulator.Tests.Sqs;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Sns;

/// <summary>SNS through signed Query calls, its mailbox as a reader has it, its queues through Amazon's client.</summary>
public abstract class WithTopics : IAsyncLifetime
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private protected HttpClient browser = new();
    private protected TestCloud cloud = null!;
    private protected AmazonSQSClient sqs = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        sqs = SqsTests.Client(cloud);
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        sqs.Dispose();
        await cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> Topic(string name, params (string Name, string Value)[] attributes) =>
        Value(await cloud.Query("sns", "CreateTopic", [("Name", name), .. Entries(attributes)]), "TopicArn");

    private protected Task<string> Subscribe(
        string topic,
        string protocol,
        string endpoint,
        params (string Name, string Value)[] attributes
    ) => cloud.Query("sns", "Subscribe", [("TopicArn", topic), ("Protocol", protocol), ("Endpoint", endpoint), .. Entries(attributes)]);

    private protected Task<string> SetAttribute(string topic, string name, string value) =>
        cloud.Query("sns", "SetTopicAttributes", ("TopicArn", topic), ("AttributeName", name), ("AttributeValue", value));

    private protected static IEnumerable<(string, string)> Entries((string Name, string Value)[] attributes) =>
        attributes.SelectMany(
            (attribute, i) =>
                new[] { ($"Attributes.entry.{i + 1}.key", attribute.Name), ($"Attributes.entry.{i + 1}.value", attribute.Value) }
        );

    private protected async Task Confirm(string topic, string address)
    {
        await Subscribe(topic, "email", address);
        await Open(Link(Text((await Inbox(address)).Last(), "body"), "ConfirmSubscription"), "*/*");
    }

    private protected async Task<string> Publish(string topic, string message, params (string Name, string Value)[] more)
    {
        var id = Value(await cloud.Query("sns", "Publish", [("TopicArn", topic), ("Message", message), .. more]), "MessageId");
        Assert.True(await cloud.Clock.Settle(Patience));
        return id;
    }

    private protected async Task<string> Queue(string name) => (await sqs.CreateQueueAsync(name)).QueueUrl;

    private protected async Task<Message> Receive(string url) =>
        Assert.Single(
            (
                await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MessageAttributeNames = ["All"], WaitTimeSeconds = 5 })
            ).Messages
        );

    private protected async Task<List<JsonElement>> Inbox(string? to = null, string? after = null)
    {
        Assert.True(await cloud.Clock.Settle(Patience));
        return
        [
            .. JsonDocument
                .Parse(await browser.GetStringAsync(new Uri(cloud.Endpoint, $"/_disa/inbox?to={to}&after={after}".Replace("to=&", ""))))
                .RootElement.GetProperty("mails")
                .EnumerateArray(),
        ];
    }

    private protected async Task<string> Open(string link, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await browser.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private protected async Task VerifySignature(JsonElement envelope)
    {
        var text = new StringBuilder();
        foreach (var name in (string[])["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"])
        {
            text.Append(name).Append('\n').Append(Text(envelope, name)).Append('\n');
        }

        using var certificate = X509Certificate2.CreateFromPem(await browser.GetStringAsync(Text(envelope, "SigningCertURL")));
        using var key = certificate.GetRSAPublicKey()!;
        Assert.True(
            key.VerifyData(
                Encoding.UTF8.GetBytes(text.ToString()),
                Convert.FromBase64String(Text(envelope, "Signature")),
                HashAlgorithmName.SHA1,
                RSASignaturePadding.Pkcs1
            )
        );
    }

    private protected async Task Fails(string code, string message, string action, params (string, string)[] parameters)
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sns", action, parameters));
        Assert.Equal((code, message), (Value(error.Body, "Code"), Value(error.Body, "Message")));
    }

    private protected static string Link(string body, string action) => Regex.Match(body, $@"http://\S+Action={action}\S+").Value;

    private protected static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private protected static string Value(string xml, string name) =>
        XDocument.Parse(xml).Descendants().First(element => element.Name.LocalName == name).Value;

    private protected static Dictionary<string, string> Attributes(string xml) =>
        XDocument
            .Parse(xml)
            .Descendants()
            .Where(element => element.Name.LocalName == "entry")
            .ToDictionary(entry => entry.Elements().First().Value, entry => entry.Elements().Last().Value);
}
