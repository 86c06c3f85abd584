using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

internal sealed record DescribeActivityRequest
{
    public string? ActivityArn { get; init; }
}

internal sealed record DescribeActivityResponse(
    string ActivityArn,
    string Name,
    DateTimeOffset CreationDate,
    EncryptionConfiguration EncryptionConfiguration
);

/// <summary>Shows an activity.</summary>
internal sealed class DescribeActivity(Activities activities)
{
    public DescribeActivityResponse Run(DescribeActivityRequest request, Caller caller)
    {
        var activity = activities.Find(request.ActivityArn);
        return new(activity.Arn, activity.Name, activity.Created, new EncryptionConfiguration { Type = "AWS_OWNED_KEY" });
    }
}
