using Amazon.DynamoDBv2;
using Amazon.SQS;
using Disa.Client;

// Nothing here knows where the AWS is: the SDK finds endpoint, Region and credentials in its own variables.
var app = WebApplication.CreateBuilder(args).Build();
var outbox = new DisaOutbox(
    new AmazonDynamoDBClient(),
    new DisaTable(app.Configuration["Disa:TableName"]!, app.Configuration["Disa:PartitionKeyName"]!)
);
var sqs = new AmazonSQSClient();
var orders = app.Configuration["AWS:Resources:OrdersUrl"];

app.MapGet("/health", () => "well");
app.MapPost(
    "/orders/{id}",
    async (string id, CancellationToken cancellation) =>
    {
        await sqs.SendMessageAsync(orders, id, cancellation);
        await outbox.PutAsync(new DisaMessage($"Order {id} was placed."), cancellationToken: cancellation);
        return Results.Accepted();
    }
);
app.Run();
