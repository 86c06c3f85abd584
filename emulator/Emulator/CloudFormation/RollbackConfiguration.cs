using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

/// <summary>The alarms that an operation is watched by, and for how long after everything is deployed.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html</remarks>
internal sealed record RollbackConfiguration
{
    private const int MostTriggers = 5;
    private const int LongestTime = 180;

    public static readonly RollbackConfiguration None = new();

    public List<RollbackTrigger>? RollbackTriggers { get; init; }

    /// <summary>At most 180; none where it is not given.</summary>
    public int? MonitoringTimeInMinutes { get; init; }

    /// <summary>What a request makes of what the stack has: triggers that it does not name stay as they are, an empty list removes them.</summary>
    /// <exception cref="AwsException">ValidationError.</exception>
    public static RollbackConfiguration? Of(RollbackConfiguration? given, RollbackConfiguration? before)
    {
        if (given is null)
        {
            return before;
        }

        var triggers = given.RollbackTriggers ?? before?.RollbackTriggers ?? [];
        if (triggers.Count > MostTriggers)
        {
            throw StackErrors.Constraint(
                $"[{triggers.Count} triggers]",
                "rollbackConfiguration.rollbackTriggers",
                $"Member must have length less than or equal to {MostTriggers}"
            );
        }

        for (var i = 0; i < triggers.Count; i++)
        {
            var member = $"rollbackConfiguration.rollbackTriggers.{i + 1}.member.";
            var arn = triggers[i].Arn ?? throw StackErrors.Missing(member + "arn");
            var type = triggers[i].Type ?? throw StackErrors.Missing(member + "type");
            if (type is not (RollbackTrigger.MetricAlarm or RollbackTrigger.CompositeAlarm))
            {
                throw StackErrors.Validation("Rollback Trigger Type not supported");
            }

            if (arn.Split(':') is { Length: >= 6 } parts && (parts.Length < 7 || parts[5] != "alarm"))
            {
                throw StackErrors.Validation("RelativeId of a Rollback Trigger's ARN is incorrect");
            }
        }

        return given.MonitoringTimeInMinutes is < 0 or > LongestTime
            ? throw StackErrors.Constraint(
                $"{given.MonitoringTimeInMinutes}",
                "rollbackConfiguration.monitoringTimeInMinutes",
                given.MonitoringTimeInMinutes < 0
                    ? "Member must have value greater than or equal to 0"
                    : $"Member must have value less than or equal to {LongestTime}"
            )
            : new RollbackConfiguration
            {
                RollbackTriggers = triggers.Count == 0 ? null : triggers,
                MonitoringTimeInMinutes = given.MonitoringTimeInMinutes ?? before?.MonitoringTimeInMinutes,
            };
    }
}

/// <param name="Type"><c>AWS::CloudWatch::Alarm</c> or <c>AWS::CloudWatch::CompositeAlarm</c>.</param>
internal sealed record RollbackTrigger(string? Arn, string? Type)
{
    public const string MetricAlarm = "AWS::CloudWatch::Alarm";
    public const string CompositeAlarm = "AWS::CloudWatch::CompositeAlarm";
}
