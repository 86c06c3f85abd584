using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Sns;

internal sealed record PublishInput(
    string? TopicArn,
    string? TargetArn,
    string? PhoneNumber,
    string? Message,
    string? Subject,
    string? MessageStructure,
    IReadOnlyDictionary<string, MessageAttribute>? MessageAttributes,
    string? MessageDeduplicationId,
    string? MessageGroupId
);

internal sealed record PublishResponse(string MessageId, string? SequenceNumber);

/// <summary>Publishes one message to a topic; answered once the message and its deliveries are durable.</summary>
internal sealed class Publish(Topics topics, Publisher publisher, Mailbox mailbox)
{
    /// <summary>What no topic takes.</summary>
    private const int MostBytes = 1_048_576;

    public async Task<PublishResponse> Run(PublishInput input, Caller caller, CancellationToken cancellation)
    {
        if (input.PhoneNumber is { } number)
        {
            return await Text(number, input, caller).ConfigureAwait(false);
        }

        if (input.TopicArn is null && input.TargetArn is null)
        {
            throw SnsErrors.Invalid("TopicArn or TargetArn Reason: no value for required parameter");
        }

        if (input.TargetArn?.Contains(":endpoint/", StringComparison.Ordinal) == true)
        {
            throw SnsErrors.Invalid("TargetArn Reason: No endpoint found for the target arn specified");
        }

        PublicationCheck.Message(input.Message, MostBytes, input.MessageAttributes);
        PublicationCheck.Subject(input.Subject);
        var structured = PublicationCheck.Structure(input.MessageStructure, input.Message);
        PublicationCheck.Attributes(input.MessageAttributes);
        var topic = topics.Find(input.TopicArn ?? input.TargetArn, caller, "Publish", input.TopicArn is null ? "TargetArn" : "TopicArn");
        PublicationCheck.Message(input.Message, topic.MaximumMessageSize, input.MessageAttributes);
        PublicationCheck.Fifo(topic, input.MessageGroupId, input.MessageDeduplicationId);
        var draft = publisher.Draft(
            topic,
            input.Message!,
            input.Subject,
            structured,
            input.MessageAttributes,
            input.MessageGroupId,
            input.MessageDeduplicationId
        ) with
        {
            TraceHeader = caller.TraceHeader,
        };
        var (id, sequence) = (await publisher.Accept(topic, [draft], caller).ConfigureAwait(false))[0];
        return new(id, sequence);
    }

    /// <summary>A text message is of no topic, and is in the mailbox when the request is answered.</summary>
    private async Task<PublishResponse> Text(string number, PublishInput input, Caller caller)
    {
        PhoneNumbers.CheckNumber(number);
        PublicationCheck.Message(input.Message, MostBytes, input.MessageAttributes);
        PublicationCheck.Attributes(input.MessageAttributes);
        var id = Guid.NewGuid().ToString();
        await mailbox.Text(caller.Scope, $"sms-{id}", number, input.Message!, id, null).ConfigureAwait(false);
        return new(id, null);
    }
}
