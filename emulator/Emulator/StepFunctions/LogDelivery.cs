using System.Text.Json;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

/// <summary>Whether a state machine's history can be delivered to CloudWatch Logs: its role may do that, and the log group is there.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy: these, on every resource.</remarks>
internal sealed class LogDelivery(Neighbours neighbours, ServiceDirectory services, Clock clock)
{
    private const string Logs = "cloudwatchlogs";

    /// <summary>The stream that AWS makes when a delivery begins, and the line that it writes there.</summary>
    private const string Validation = "log_stream_created_by_aws_to_validate_log_delivery_subscriptions";

    private const string Validated =
        "Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while creating a subscription.";

    private static readonly string[] Needed =
    [
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ];

    private bool HasLogs => services.Services.Any(service => service.SdkName == Logs);

    /// <summary>Checks it, and leaves the line that shows it in the log group.</summary>
    /// <remarks>
    /// The tests that were recorded on AWS wait for two streams, this one and the executions' (localstack/localstack,
    /// stepfunctions/v2/logs/test_logs.py).
    /// </remarks>
    /// <exception cref="AwsException">AccessDeniedException, InvalidLoggingConfiguration.</exception>
    public async Task Begin(StateMachineDocument machine, CancellationToken cancellation)
    {
        await Check(machine, cancellation).ConfigureAwait(false);
        if (machine.Logging.Level != "OFF" && machine.LogGroup is var (scope, group) && HasLogs)
        {
            await neighbours.Log(scope, group, Validation, [(clock.GetUtcNow(), Validated)]).ConfigureAwait(false);
        }
    }

    /// <exception cref="AwsException">AccessDeniedException, InvalidLoggingConfiguration.</exception>
    public async Task Check(StateMachineDocument machine, CancellationToken cancellation)
    {
        if (machine.Logging.Level == "OFF")
        {
            return;
        }

        var role = Caller.Role(machine.RoleArn, "states", machine.Scope);
        foreach (var action in Needed)
        {
            neighbours.Rights?.Require(
                role,
                new Access(action, "*"),
                denial => new AwsException(
                    "AccessDeniedException",
                    $"The state machine IAM Role is not authorized to access the Log Destination ({denial})"
                )
            );
        }

        if (machine.LogGroup is var (_, group) && HasLogs && !await IsThere(group, role, cancellation).ConfigureAwait(false))
        {
            throw StepFunctionsErrors.InvalidLoggingConfiguration("Log Destination not found.");
        }
    }

    private async Task<bool> IsThere(string group, Caller role, CancellationToken cancellation)
    {
        var request = Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("logGroupNamePrefix", group);
            w.WriteEndObject();
        });
        var answer = await services.Call(Logs, "DescribeLogGroups", request, role, cancellation).ConfigureAwait(false);
        return answer.TryGetProperty("logGroups", out var groups)
            && groups.EnumerateArray().Any(found => found.GetProperty("logGroupName").GetString() == group);
    }
}
