using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What UpdateTerminationProtection asks.</summary>
public sealed class UpdateTerminationProtectionRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public bool? EnableTerminationProtection { get; set; }
}

/// <summary>What UpdateTerminationProtection answers.</summary>
public sealed class UpdateTerminationProtectionResponse : AmazonWebServiceResponse
{
    public string? StackId { get; set; }
}
