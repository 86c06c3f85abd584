using Amazon.Runtime;
using Amazon.SimpleNotificationService.Model;

namespace Disa.Functions.Process;

/// <summary>What an error means for the message.</summary>
public enum FaultClass
{
    /// <summary>It will pass: try again.</summary>
    Transient,

    /// <summary>Perhaps published: try again, and say that it may be a duplicate.</summary>
    Unknown,

    /// <summary>The topic, its key or the rights are at fault, not the message: try again for as long as it takes.</summary>
    Configuration,

    /// <summary>The message is at fault: no attempt will ever succeed.</summary>
    Permanent,
}

/// <summary>Why a publish failed.</summary>
/// <remarks>Codes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors</remarks>
public sealed record Fault(FaultClass Class, string Code, string Text)
{
    /// <summary>Whether the service answered at all.</summary>
    public bool Answered { get; init; } = true;

    /// <summary>
    /// Whether it speaks against the topic: then the breaker counts it. A throttle is back-pressure, and silence may be this function's
    /// own; neither opens the breaker.
    /// </summary>
    public bool IsOfTheTopic => Class == FaultClass.Configuration || (Class == FaultClass.Unknown && Answered);

    public static Fault Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error switch
        {
            AmazonServiceException { ErrorCode: { Length: > 0 } code } service => new(
                Classify(code, (int)service.StatusCode, service.Message),
                code,
                service.Message
            ),

            // Nothing listens, or the name is unknown: it did not get out of the house.
            _ when Find<HttpRequestException>(error)
                    is {
                        HttpRequestError: HttpRequestError.ConnectionError
                            or HttpRequestError.NameResolutionError
                            or HttpRequestError.SecureConnectionError
                    } refused => new(FaultClass.Transient, "ConnectionError", refused.Message) { Answered = false },
            _ => new(
                FaultClass.Unknown,
                error is OperationCanceledException or TimeoutException ? "Timeout" : error.GetType().Name,
                error.Message
            )
            {
                Answered = false,
            },
        };
    }

    /// <summary>Why one entry of a batch failed.</summary>
    public static Fault Of(BatchResultErrorEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (code, text) = (entry.Code ?? "Unknown", entry.Message ?? "");
        return new(Classify(code, entry.SenderFault == true ? 400 : 500, text), code, text);
    }

    private static FaultClass Classify(string code, int status, string text) =>
        code switch
        {
            "NotFound" or "NotFoundException" or "TopicNotFound" => FaultClass.Configuration,
            "AuthorizationError" or "AuthorizationErrorException" or "AccessDenied" or "AccessDeniedException" => FaultClass.Configuration,
            "KMSAccessDenied"
            or "KMSAccessDeniedException"
            or "KMSDisabled"
            or "KMSDisabledException"
            or "KMSInvalidState"
            or "KMSInvalidStateException"
            or "KMSNotFound"
            or "KMSNotFoundException"
            or "KMSOptInRequired"
            or "EndpointDisabled"
            or "EndpointDisabledException" => FaultClass.Configuration,
            "InvalidClientTokenId"
            or "UnrecognizedClientException"
            or "SignatureDoesNotMatch"
            or "ExpiredToken"
            or "ExpiredTokenException"
            or "InvalidSecurity" => FaultClass.Configuration,

            // SNS answers the same code for a message and for an ARN that it cannot read; the ARN is ours.
            "InvalidParameter" or "InvalidParameterException" when text.Contains("TopicArn", StringComparison.OrdinalIgnoreCase) =>
                FaultClass.Configuration,
            "Throttled"
            or "ThrottledException"
            or "Throttling"
            or "ThrottlingException"
            or "KMSThrottling"
            or "KMSThrottlingException"
            or "RequestLimitExceeded" => FaultClass.Transient,
            "RequestExpired" or "RequestTimeTooSkewed" => FaultClass.Transient,
            _ when status == 429 => FaultClass.Transient,
            _ when status is >= 400 and < 500 and not 408 => FaultClass.Permanent,

            // SNS may have accepted the message before it answered 5xx: nobody knows.
            _ => FaultClass.Unknown,
        };

    private static T? Find<T>(Exception? error)
        where T : Exception => error is null ? null : error as T ?? Find<T>(error.InnerException);
}
