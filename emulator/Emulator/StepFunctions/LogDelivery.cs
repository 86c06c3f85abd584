using System.Text.Json;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

/// <summary>Whether a state machine's history can be delivered to CloudWatch Logs: its role may do that, and the log group is there.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy: these, on every resource.</remarks>
internal sealed class LogDelivery(Authorizer? rights, ServiceDirectory services)
{
    private const string Logs = "cloudwatchlogs";

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
            rights?.Require(
                role,
                new Access(action, "*"),
                denial => new AwsException(
                    "AccessDeniedException",
                    $"The state machine IAM Role is not authorized to access the Log Destination ({denial})"
                )
            );
        }

        if (
            machine.LogGroup is var (_, group)
            && services.Services.Any(service => service.SdkName == Logs)
            && !await IsThere(group, role, cancellation).ConfigureAwait(false)
        )
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
