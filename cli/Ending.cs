using System.Net.Sockets;
using System.Text.Json;
using System.Xml;
using Amazon.Runtime;

namespace Disa.Cli;

/// <summary>How a command ends that did not do what it was asked to: an exit code, and one sentence that says why.</summary>
/// <param name="ExitCode">See <see cref="DisaCommand"/>.</param>
/// <param name="Code">Stays the same when the words change: Usage, Unreachable, Failed, Interrupted, Unexpected, or AWS's own code.</param>
/// <param name="Sentence">Why.</param>
internal sealed record Ending(int ExitCode, string Code, string Sentence)
{
    /// <param name="exception">What went wrong.</param>
    /// <param name="where">Names the endpoint, for a sentence.</param>
    /// <param name="isStopping">Whether someone has asked to stop.</param>
    public static Ending Of(Exception exception, string where, bool isStopping) =>
        exception switch
        {
            AggregateException { InnerExceptions: [var only] } => Of(only, where, isStopping),
            EndedException ended => ended.Ending,
            UsageException => new(DisaCommand.UsageError, "Usage", exception.Message),
            UnreachableException => new(DisaCommand.UsageError, "Unreachable", exception.Message),
            InterruptedException => new(DisaCommand.Interrupted, "Interrupted", exception.Message),
            FailureException => new(DisaCommand.DidNotHappen, "Failed", exception.Message),
            OperationCanceledException when isStopping => new(DisaCommand.Interrupted, "Interrupted", "stopped."),
            AmazonServiceException refused when IsAwsError(refused) => new(
                DisaCommand.DidNotHappen,
                refused.ErrorCode,
                $"{refused.ErrorCode}: {refused.Message}"
            ),
            AmazonUnmarshallingException or AmazonServiceException { StatusCode: not 0 } or JsonException or XmlException => new(
                DisaCommand.UsageError,
                "Unreachable",
                UnreachableException.Stranger(where).Message
            ),
            AmazonClientException { InnerException: AmazonServiceException refused } when IsAwsError(refused) => Of(
                refused,
                where,
                isStopping
            ),
            _ when IsNoAnswer(exception) => new(
                DisaCommand.UsageError,
                "Unreachable",
                $"{where} does not answer ({Reason(exception)}). {UnreachableException.Elsewhere}"
            ),
            IOException or UnauthorizedAccessException => new(DisaCommand.DidNotHappen, "Failed", $"{exception.Message.TrimEnd('.')}."),
            _ => new(
                DisaCommand.DidNotHappen,
                "Unexpected",
                $"unexpected error: {exception.GetType().Name}: {exception.Message.TrimEnd('.')}. DISA_DEBUG=1 shows a stack trace; please report it."
            ),
        };

    /// <summary>AWS's errors have a code; what a proxy or another program answers has none, or one that the SDK made up from the status.</summary>
    private static bool IsAwsError(AmazonServiceException refused) =>
        refused is not AmazonUnmarshallingException
        && refused.StatusCode != 0
        && refused.ErrorCode is { Length: > 0 } code
        && code != refused.StatusCode.ToString()
        && char.IsAsciiLetter(code[0]);

    private static bool IsNoAnswer(Exception exception) =>
        exception
            is HttpRequestException
                or HttpIOException
                or SocketException
                or TimeoutException
                or OperationCanceledException
                or AmazonClientException
                or AmazonServiceException
                or IOException { InnerException: SocketException }
        || exception.GetType().Namespace?.StartsWith("Amazon.", StringComparison.Ordinal) == true;

    private static string Reason(Exception exception)
    {
        for (; ; exception = exception.InnerException)
        {
            if (exception is TimeoutException or OperationCanceledException)
            {
                return "no answer in time";
            }

            if (exception.InnerException is null)
            {
                return exception.Message.TrimEnd('.');
            }
        }
    }
}

/// <summary>Ends the command in that way.</summary>
internal sealed class EndedException(Ending ending, Exception? inner = null) : Exception(ending.Sentence, inner)
{
    public Ending Ending { get; } = ending;
}
