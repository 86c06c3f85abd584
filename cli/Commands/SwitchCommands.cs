using System.CommandLine;
using Amazon.Lambda.Model;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa break</c> and <c>disa mend</c> did.</summary>
internal sealed record Switched(string FunctionName, string TopicArn, string Before);

/// <summary><c>disa break</c>: the documented failure test. The process function's SNS_TOPIC_ARN points at a topic that does not exist.</summary>
internal static class BreakCommand
{
    public const string Missing = "-does-not-exist";

    public static Command Create()
    {
        var command = new Command("break", "Make sending fail: point the process function at a topic that does not exist");
        command.Does((parsed, cancellation) => FailureSwitch.Run(parsed, deployment => deployment.TopicArn + Missing,
            "Sending fails from now on. `disa mend` points it back.", cancellation));
        return command;
    }
}

/// <summary><c>disa mend</c>: and back.</summary>
internal static class MendCommand
{
    public static Command Create()
    {
        var command = new Command("mend", "Make sending work again: point the process function back at the stack's topic");
        command.Does((parsed, cancellation) => FailureSwitch.Run(parsed, deployment => deployment.TopicArn,
            "Sending works again. Failed messages go out when they are due; `disa retry` does not wait for the schedule.", cancellation));
        return command;
    }
}

/// <summary>Sets SNS_TOPIC_ARN, and leaves every other variable as it is.</summary>
internal static class FailureSwitch
{
    private const string Variable = "SNS_TOPIC_ARN";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<int> Run(ParseResult parsed, Func<Deployment, string> topic, string remark, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var switched = await Terminal.Progress("Updating the process function", _ => Set(session, deployment, topic(deployment), cancellation)).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(switched, CliJson.Readable.Switched);
        }
        else
        {
            Terminal.Remark(remark);
        }

        return DisaCommand.Done;
    }

    public static async Task<Switched> Set(AwsSession session, Deployment deployment, string topicArn, CancellationToken cancellation)
    {
        var name = deployment.ProcessFunctionName;
        var configuration = await session.Lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name }, cancellation).ConfigureAwait(false);
        var variables = new Dictionary<string, string>(configuration.Environment?.Variables ?? [], StringComparer.Ordinal);
        var before = variables.GetValueOrDefault(Variable, "");
        variables[Variable] = topicArn;
        await session.Lambda.UpdateFunctionConfigurationAsync(new UpdateFunctionConfigurationRequest
        {
            FunctionName = name,
            Environment = new Amazon.Lambda.Model.Environment { Variables = variables },
            RevisionId = configuration.RevisionId,
        }, cancellation).ConfigureAwait(false);

        // The update is under way until LastUpdateStatus says so: only then does every call see the new value.
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        for (var pause = TimeSpan.FromMilliseconds(20); TimeProvider.System.GetUtcNow() < deadline; pause *= 1.5)
        {
            configuration = await session.Lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name }, cancellation).ConfigureAwait(false);
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
