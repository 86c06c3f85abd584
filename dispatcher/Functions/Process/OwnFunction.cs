using Amazon.Lambda;
using Amazon.Runtime;

namespace Disa.Functions.Process;

/// <summary>The function that this process is an environment of, as it is set now.</summary>
/// <remarks>
/// An environment keeps the variables that it was started with, and an invocation in it goes on while the function is changed. When an update
/// of the stack replaces the topic, the old one is deleted at its end, and an invocation may still be about to publish to it.
/// </remarks>
public sealed class OwnFunction(Func<AmazonLambdaClient> client, string name, string version, string topicArn, Log log)
{
    /// <summary>How long the one call may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly Lazy<AmazonLambdaClient> lambda = new(client);

    /// <summary>Whether the function has another topic by now. Where nobody can say, it has not.</summary>
    public async Task<bool> IsOutdatedAsync(CancellationToken cancellation)
    {
        try
        {
            var now = await lambda
                .Value.GetFunctionConfigurationAsync(new() { FunctionName = name, Qualifier = version }, cancellation)
                .ConfigureAwait(false);
            return now.Environment?.Variables?.GetValueOrDefault("SNS_TOPIC_ARN") is { } topic && topic != topicArn;
        }
        catch (Exception e) when (CallFailure.Is(e))
        {
            log.Write(
                "warn",
                "Whether the function was changed meanwhile is not known.",
                ("code", (e as AmazonServiceException)?.ErrorCode ?? e.GetType().Name),
                ("text", e.Message)
            );
            return false;
        }
    }
}
