using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Jsonata;

namespace Disa.Emulator.Sqs;

/// <summary>Which queue may send its dead letters to which.</summary>
internal static class DeadLetterQueues
{
    /// <summary>A redrive policy's target must exist, be of the same kind, account and Region, and allow this source.</summary>
    public static void CheckTarget(Transaction transaction, Queues queues, Queue source)
    {
        if (source.Redrive() is not { } redrive)
        {
            return;
        }

        var policy = source.Set["RedrivePolicy"];
        var arn = Arn.Parse(redrive.TargetArn);
        if (queues.Shelf.Get(transaction, arn.Scope, arn.Resource) is not { } target)
        {
            throw SqsErrors.InvalidParameter(policy, "RedrivePolicy", "Dead letter target does not exist.");
        }

        if (target.Fifo != source.Fifo)
        {
            throw SqsErrors.InvalidParameter(policy, "RedrivePolicy", "Dead-letter queue must be same type of queue as the source.");
        }

        if (arn.Scope != source.Scope)
        {
            throw SqsErrors.InvalidParameter(policy, "RedrivePolicy", "Dead-letter target owner should be same as the source.");
        }

        if (!Allows(target, source.Arn))
        {
            throw SqsErrors.InvalidParameter(policy, "RedrivePolicy", "Dead-letter queue does not allow this queue as its source.");
        }
    }

    private static bool Allows(Queue target, string sourceArn)
    {
        if (!target.Set.TryGetValue("RedriveAllowPolicy", out var text))
        {
            return true;
        }

        var policy = JsonInput.Parse(text);
        return policy.GetProperty("redrivePermission").GetString() switch
        {
            "denyAll" => false,
            "byQueue" => policy.GetProperty("sourceQueueArns").EnumerateArray().Any(arn => arn.GetString() == sourceArn),
            _ => true,
        };
    }
}
