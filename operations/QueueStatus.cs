using System.Globalization;

namespace Disa.Operations;

/// <summary>The dead-letter queue's depth, as SQS estimates it.</summary>
internal sealed record QueueStatus(string Url, long Messages, long InFlight)
{
    public static async Task<QueueStatus> OfDeadLetters(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        var url = deployment.Output("DeadLetterQueueUrl");
        var answer = await session
            .Sqs.GetQueueAttributesAsync(url, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"], cancellation)
            .ConfigureAwait(false);
        long Number(string name) => long.Parse(answer.Attributes.GetValueOrDefault(name, "0"), CultureInfo.InvariantCulture);
        return new(url, Number("ApproximateNumberOfMessages"), Number("ApproximateNumberOfMessagesNotVisible"));
    }
}
