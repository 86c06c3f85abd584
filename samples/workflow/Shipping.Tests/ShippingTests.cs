using Amazon.SQS;
using Shipping;

/// <summary>Functions behind a queue and in a workflow; they run in this process, where a breakpoint in them stops the test.</summary>
public sealed class ShippingTests
{
    private readonly List<int> orders = [];

    [Fact]
    public async Task Orders_are_taken_and_what_is_none_is_rejected()
    {
        await using var aws = await Start();
        using var sqs = new AmazonSQSClient(aws.Credentials, aws.Configure(new AmazonSQSConfig()));
        var stack = await aws.DeployAsync("shipping.yaml");

        await sqs.SendMessageAsync(stack.Outputs["Incoming"], "17");
        await sqs.SendMessageAsync(stack.Outputs["Incoming"], "seventeen");
        await aws.SettledAsync();
        await aws.Time.AdvanceAsync(TimeSpan.FromMinutes(5)); // two attempts, a minute apart
        await aws.SettledAsync();

        Assert.Equal([17], orders);
        Assert.Equal("seventeen", Assert.Single((await sqs.ReceiveMessageAsync(stack.Outputs["Rejected"])).Messages).Body);
    }

    [Fact]
    public async Task A_parcel_is_labelled_an_hour_later_and_a_heavy_one_refused()
    {
        await using var aws = await Start();
        using var sqs = new AmazonSQSClient(aws.Credentials, aws.Configure(new AmazonSQSConfig()));
        var stack = await aws.DeployAsync("shipping.yaml");

        await aws.Time.AdvanceAsync(TimeSpan.FromHours(2)); // the schedules begin at once, and wait an hour
        await aws.SettledAsync();

        var label = Assert.Single((await sqs.ReceiveMessageAsync(stack.Outputs["Labels"])).Messages);
        Assert.Equal("""{"order":"17","carrier":"truck"}""", label.Body);
        var executions = await aws.ExecutionsAsync("ship");
        Assert.Equal(["FAILED", "SUCCEEDED"], executions.Select(execution => execution.Status).Order());
        Assert.Contains("70 kg are too heavy.", executions.Single(execution => execution.Error == "Refused").Cause);
    }

    private async Task<LocalAws> Start()
    {
        var aws = await LocalAws.StartAsync();
        await aws.AddFunctionAsync<QueueEvent, BatchResult>("intake", (batch, _) => Task.FromResult(Functions.Intake(batch, orders)));
        await aws.AddFunctionAsync<Parcel, Label>("choose", (parcel, _) => Task.FromResult(Functions.Choose(parcel)));
        return aws;
    }
}
