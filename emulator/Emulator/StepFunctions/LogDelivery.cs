using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.StepFunctions;

/// <summary>Whether a state machine's role may have its history delivered to CloudWatch Logs.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy: these, on every resource.</remarks>
internal sealed class LogDelivery(Authorizer? rights)
{
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

    /// <exception cref="AwsException">AccessDeniedException.</exception>
    public void Check(StateMachineDocument machine)
    {
        if (machine.Logging.Level == "OFF" || rights is null)
        {
            return;
        }

        var role = Caller.Role(machine.RoleArn, "states", machine.Scope);
        foreach (var action in Needed)
        {
            rights.Require(
                role,
                new Access(action, "*"),
                denial => new AwsException(
                    "AccessDeniedException",
                    $"The state machine IAM Role is not authorized to access the Log Destination ({denial})"
                )
            );
        }
    }
}
