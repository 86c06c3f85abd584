using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Client;
using Orders;

await OrderService.Build(args, new AmazonDynamoDBClient()).RunAsync();

namespace Orders
{
    /// <summary>What a customer sends.</summary>
    public sealed record Order(string Id, string Customer);

    /// <summary>Takes orders: each is kept and told of, or neither.</summary>
    public static class OrderService
    {
        public const string OrderTable = "orders";
        public const string MessageTable = "messages"; // of Disa's stack: its output TableName

        public static WebApplication Build(string[] args, IAmazonDynamoDB dynamo)
        {
            var app = WebApplication.CreateBuilder(args).Build();
            var outbox = new DisaOutbox(dynamo, new DisaTable(MessageTable));
            app.MapPost(
                "/orders",
                async (Order order, CancellationToken cancellation) =>
                {
                    var message = outbox.Entry(new DisaMessage($"Order {order.Id} of {order.Customer} was placed."), out var key);
                    try
                    {
                        await dynamo.TransactWriteItemsAsync(
                            new TransactWriteItemsRequest { TransactItems = [Put(order), message] },
                            cancellation
                        );
                    }
                    catch (TransactionCanceledException)
                    {
                        return Results.Conflict();
                    }

                    return Results.Created($"/orders/{order.Id}", new { order.Id, Message = key.ToString() });
                }
            );
            return app;
        }

        private static TransactWriteItem Put(Order order) =>
            new()
            {
                Put = new Put
                {
                    TableName = OrderTable,
                    Item = new() { ["id"] = new(order.Id), ["customer"] = new(order.Customer) },
                    ConditionExpression = "attribute_not_exists(id)",
                },
            };
    }
}
