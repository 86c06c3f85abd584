using Amazon.Runtime;

namespace Amazon.CloudWatch.Model;

/// <summary>What SetAlarmState asks.</summary>
public sealed class SetAlarmStateRequest : AmazonWebServiceRequest
{
    public string? AlarmName { get; set; }

    public string? StateValue { get; set; }

    public string? StateReason { get; set; }

    public string? StateReasonData { get; set; }
}

/// <summary>What SetAlarmState answers: nothing but that it is done.</summary>
public sealed class SetAlarmStateResponse : AmazonWebServiceResponse;
