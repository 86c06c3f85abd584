using System.Net;
using Amazon.SQS;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

/// <summary>The whole application: Aspire starts the shop as a process, and its AWS is in the test's own.</summary>
public sealed class ShopTests
{
    [Fact]
    public async Task An_order_is_queued_and_its_message_is_sent()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_AppHost>();
        await using var app = await builder.BuildAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await app.StartAsync(patience.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("shop", patience.Token);
        var aws = builder.Resources.OfType<DisaResource>().Single().Aws; // its clock, faults, mailbox, logs
        using var shop = app.CreateHttpClient("shop");

        Assert.Equal(HttpStatusCode.Accepted, (await shop.PostAsync("/orders/17", null)).StatusCode);
        await aws.SettledAsync();

        Assert.Contains(aws.Mailbox, mail => mail.Body.StartsWith("Order 17 was placed."));
        using var sqs = new AmazonSQSClient(aws.Credentials, aws.Configure(new AmazonSQSConfig()));
        var url = (await sqs.GetQueueUrlAsync("orders-local")).QueueUrl;
        Assert.Equal("17", Assert.Single((await sqs.ReceiveMessageAsync(url)).Messages).Body);
    }
}
