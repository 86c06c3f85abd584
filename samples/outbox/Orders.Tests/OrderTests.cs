using System.Net;
using System.Net.Http.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders;

/// <summary>The service, with an AWS of each test's own.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task An_order_and_its_message_are_written_together()
    {
        await using var aws = await LocalAws.StartAsync();
        await aws.DeployAsync("tables.yaml");
        using var dynamo = new AmazonDynamoDBClient(aws.Credentials, aws.Configure(new AmazonDynamoDBConfig()));

        Assert.Equal(HttpStatusCode.Created, await Place(dynamo, new Order("17", "Ada")));

        Assert.Equal("Ada", Assert.Single((await dynamo.ScanAsync(new ScanRequest("orders"))).Items)["customer"].S);
        Assert.Equal(
            "Order 17 of Ada was placed.",
            Assert.Single((await dynamo.ScanAsync(new ScanRequest("messages"))).Items)["message"].S
        );
    }

    [Fact]
    public async Task An_order_that_is_there_already_sends_no_message()
    {
        await using var aws = await LocalAws.StartAsync();
        await aws.DeployAsync("tables.yaml");
        using var dynamo = new AmazonDynamoDBClient(aws.Credentials, aws.Configure(new AmazonDynamoDBConfig()));
        await Place(dynamo, new Order("17", "Ada"));

        Assert.Equal(HttpStatusCode.Conflict, await Place(dynamo, new Order("17", "Grace")));

        Assert.Equal(1, (await dynamo.ScanAsync(new ScanRequest("messages"))).Count);
    }

    [Fact]
    public async Task What_DynamoDB_refuses_leaves_neither()
    {
        await using var aws = await LocalAws.StartAsync();
        await aws.DeployAsync("tables.yaml");
        using var dynamo = new AmazonDynamoDBClient(aws.Credentials, aws.Configure(new AmazonDynamoDBConfig { MaxErrorRetry = 0 }));
        aws.Faults.Add("dynamodb:TransactWriteItems=InternalServerError@1");

        Assert.Equal(HttpStatusCode.InternalServerError, await Place(dynamo, new Order("17", "Ada")));

        Assert.Equal(0, (await dynamo.ScanAsync(new ScanRequest("orders"))).Count);
        Assert.Equal(0, (await dynamo.ScanAsync(new ScanRequest("messages"))).Count);
    }

    private static async Task<HttpStatusCode> Place(IAmazonDynamoDB dynamo, Order order)
    {
        await using var service = OrderService.Build(["--urls", "http://127.0.0.1:0"], dynamo);
        await service.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };
        return (await http.PostAsJsonAsync("/orders", order)).StatusCode;
    }
}
