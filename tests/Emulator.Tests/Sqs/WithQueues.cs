using System.Text;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.Emulator.Tests.Sqs;

/// <summary>An SQS client on an emulator of its own.</summary>
public abstract class WithQueues : IAsyncLifetime
{
    private protected TestCloud cloud = null!;
    private protected AmazonSQSClient sqs = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        sqs = SqsTests.Client(cloud);
    }

    public async ValueTask DisposeAsync()
    {
        sqs.Dispose();
        await cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> Create(string name, params (string Name, string Value)[] attributes) =>
        (
            await sqs.CreateQueueAsync(
                new CreateQueueRequest { QueueName = name, Attributes = attributes.ToDictionary(entry => entry.Name, entry => entry.Value) }
            )
        ).QueueUrl;

    private protected async Task<Dictionary<string, string>> Counts(string url) =>
        (await sqs.GetQueueAttributesAsync(url, ["All"])).Attributes;

    private protected static async Task Fails(string code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAnyAsync<AmazonSQSException>(call)).ErrorCode);
}
