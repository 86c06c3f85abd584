using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Disa.Operations;

/// <summary>What the failure switch did.</summary>
internal sealed record Switched(string FunctionName, string TopicArn, string Before);

/// <summary>The documented failure test: sets the process function's SNS_TOPIC_ARN, and leaves every other variable as it is.</summary>
internal static class FailureSwitch
{
    private const string Variable = "SNS_TOPIC_ARN";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A topic that does not exist.</summary>
    public static string Missing(Deployment deployment) => deployment.TopicArn + "-does-not-exist";

    /// <summary>Whether the process function points elsewhere than at the stack's topic.</summary>
    public static async Task<bool> IsBroken(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        var configuration = await session
            .Lambda.GetFunctionConfigurationAsync(
                new GetFunctionConfigurationRequest { FunctionName = deployment.ProcessFunctionName },
                cancellation
            )
            .ConfigureAwait(false);
        return configuration.Environment?.Variables?.GetValueOrDefault(Variable) != deployment.TopicArn;
    }

    public static async Task<Switched> Set(AwsSession session, Deployment deployment, string topicArn, CancellationToken cancellation)
    {
        var name = deployment.ProcessFunctionName;
        var configuration = await session
            .Lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name }, cancellation)
            .ConfigureAwait(false);
        var variables = new Dictionary<string, string>(configuration.Environment?.Variables ?? [], StringComparer.Ordinal);
        var before = variables.GetValueOrDefault(Variable, "");
        variables[Variable] = topicArn;
        try
        {
            await session
                .Lambda.UpdateFunctionConfigurationAsync(
                    new UpdateFunctionConfigurationRequest
                    {
                        FunctionName = name,
                        Environment = new Amazon.Lambda.Model.Environment { Variables = variables },
                        RevisionId = configuration.RevisionId,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (AmazonLambdaException refused) when (refused.ErrorCode is "PreconditionFailedException" or "ResourceConflictException")
        {
            // Where the answer was lost, the SDK's repetition is refused for the revision that the call itself has made.
            var now = await session
                .Lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name }, cancellation)
                .ConfigureAwait(false);
            if (now.Environment?.Variables is not { } there || there.Count != variables.Count || there.Except(variables).Any())
            {
                throw;
            }
        }

        // The update is in progress until LastUpdateStatus says so: only then does every call see the new value.
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        for (var pause = TimeSpan.FromMilliseconds(20); TimeProvider.System.GetUtcNow() < deadline; pause *= 1.5)
        {
            configuration = await session
                .Lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name }, cancellation)
                .ConfigureAwait(false);
            switch (configuration.LastUpdateStatus)
            {
                case "Successful":
                    return new Switched(name, topicArn, before);
                case "Failed":
                    throw new FailureException($"the update of {name} failed: {configuration.LastUpdateStatusReason}");
            }

            await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        throw new FailureException($"the update of {name} is still in progress after {Patience.TotalSeconds} seconds.");
    }
}
