using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

/// <summary>The answers of queues and functions, as SNS passes them on in a delivery's status.</summary>
/// <remarks>
/// Recorded on AWS: dynatrace-oss/dynatrace-aws-log-forwarder, tests (SQS); a queue's refusal with status 403 and
/// <c>"sqsRequestId":"Unrecoverable"</c> (2021-06-19); a function's <c>{"lambdaRequestId":…}</c> with status 202 (2024-08-27).
/// </remarks>
internal static class EndpointAnswers
{
    public static EndpointAnswer OfQueue(string messageId) =>
        new(200, Write(("sqsRequestId", Guid.NewGuid().ToString()), ("sqsMessageId", messageId)));

    public static EndpointAnswer OfFunction(string requestId) => new(202, Write(("lambdaRequestId", requestId)));

    public static EndpointAnswer Of(string protocol, AwsException error) =>
        new(
            error.StatusCode,
            Write(
                ("ErrorCode", error.Code),
                ("ErrorMessage", error.Message),
                (protocol == "sqs" ? "sqsRequestId" : "lambdaRequestId", protocol == "sqs" ? "Unrecoverable" : Guid.NewGuid().ToString())
            )
        );

    private static string Write(params ReadOnlySpan<(string Name, string Value)> members)
    {
        var all = members.ToArray();
        return JsonText.Write(
            JsonText.Compact,
            writer =>
            {
                writer.WriteStartObject();
                foreach (var (name, value) in all)
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
            }
        );
    }
}
