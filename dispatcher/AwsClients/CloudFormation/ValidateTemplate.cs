using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What ValidateTemplate asks.</summary>
public sealed class ValidateTemplateRequest : AmazonWebServiceRequest
{
    public string? TemplateBody { get; set; }

    public string? TemplateURL { get; set; }
}

/// <summary>What ValidateTemplate answers.</summary>
public sealed class ValidateTemplateResponse : AmazonWebServiceResponse
{
    public List<TemplateParameter> Parameters { get; set; } = [];

    public string? Description { get; set; }

    public List<string> Capabilities { get; set; } = [];

    public string? CapabilitiesReason { get; set; }

    public List<string> DeclaredTransforms { get; set; } = [];
}

/// <summary>Part of ValidateTemplate.</summary>
public sealed class TemplateParameter
{
    public string? ParameterKey { get; set; }

    public string? DefaultValue { get; set; }

    public bool? NoEcho { get; set; }

    public string? Description { get; set; }
}
